"""Merge the findings of preflight with the state of the resource."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from atlan_pulumi.lifecycle import (
    Checked,
    EntityKey,
    InputProblem,
    ManyLifecycle,
    Props,
    ResourceLifecycle,
    is_ours,
    must_be_named,
    resource_of,
    takeover_note,
)
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.text import enumerate_first


def merge_report(
    lifecycle: ResourceLifecycle, olds: Props, checked: Checked, findings: Findings
) -> tuple[list[InputProblem], list[str]]:
    """Return all problems, and the notes to print.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: The result of its check.
        findings: The findings of preflight.
    """
    absent, later = _absent(checked, findings)
    unchanged = _unchanged_sides(lifecycle, olds, checked, findings)
    later += _left_as_it_is(findings, unchanged)
    if_written = [each for each in findings.problems_if_written if each.property not in unchanged]
    problems = [*checked.problems, *findings.problems, *if_written, *absent]
    before, now = olds.get("qualified_name"), checked.inputs.get("qualified_name")
    if before == now:
        lost = _lost(lifecycle, olds, checked.inputs, findings)
        notes = [] if lost else _takeover(lifecycle, olds, checked, findings)
        return [*problems, *lost], [*notes, *findings.notes, *later]
    notes = [*findings.notes_if_new, *_takeover(lifecycle, {}, checked, findings), *findings.notes, *later]
    if isinstance(before, str) and isinstance(now, str):
        notes.append(_replacement(lifecycle, olds, checked.inputs))
    return [*problems, *findings.problems_if_new], notes


def _absent(checked: Checked, findings: Findings) -> tuple[list[InputProblem], list[str]]:
    """Return missing names as problems, or as notes if resources of other kinds may create them."""
    if not findings.waits_for_others:
        return list(checked.absent), []
    advice = "it must exist when this is deployed"
    return [], [f"{each.property}: {each.reason}; {advice}" for each in checked.absent]


def _unchanged_sides(
    lifecycle: ResourceLifecycle, olds: Props, checked: Checked, findings: Findings
) -> frozenset[str]:
    """Return which of inputs and outputs are not written, if findings depend on it."""
    news = checked.inputs
    if not (findings.problems_if_written or findings.missing):
        return frozenset()
    if not olds or olds.get("qualified_name") != news.get("qualified_name"):
        return frozenset()
    return lifecycle.asset_properties.difference(lifecycle.diff(olds, news, checked.plan).changed)


def _left_as_it_is(findings: Findings, unchanged: frozenset[str]) -> list[str]:
    """Return notes on what unchanged properties refer to that Atlan does not have, or has archived."""
    redacted = dict.fromkeys(findings.secret, "an asset is archived in Atlan")
    kept = [each for each in findings.problems_if_written if each.property in unchanged]
    reasons = dict.fromkeys((name, redacted.get(name, reason)) for name, reason in kept)
    notes = [f"{name}: {reason}; nothing is written, since {name} did not change" for name, reason in reasons]
    for name, count in findings.missing.items():
        if name in unchanged:
            what = "the missing asset is" if count == 1 else f"the {count:,} missing assets are"
            advice = "run `pulumi up --refresh`"
            notes.append(f"{name}: {what} not written, since {name} did not change: {advice}")
    return notes


def _lost(lifecycle: ResourceLifecycle, olds: Props, news: Props, findings: Findings) -> list[InputProblem]:
    """Return a problem if another stack took the entity over and no refresh has shown it yet."""
    unseen = [each for mark, each in findings.problems_if_changed.items() if mark != olds.get("managed_by")]
    return unseen if unseen and lifecycle.diff(olds, news).changed else []


def _takeover(lifecycle: ResourceLifecycle, olds: Props, checked: Checked, findings: Findings) -> list[str]:
    """Return the note that names an existing entity and its owner, if this resource starts writing to it."""
    if not findings.existing or checked.problems or findings.problems:
        return []
    from atlan_pulumi.client import Entity  # noqa: PLC0415 - only a takeover needs it

    entity, news = Entity.model_validate(findings.existing), checked.inputs
    if olds and not (must_be_named(entity, olds, news) and lifecycle.diff(olds, news).changed):
        return []
    if not olds and (findings.problems_if_new or not isinstance(news.get("qualified_name"), str)):
        return []
    findings.named.append(str(entity.guid))
    note = takeover_note(entity, news)
    return [f"{note}: {findings.adoption}" if findings.adoption and not is_ours(entity, news) else note]


def _replacement(lifecycle: ResourceLifecycle, olds: Props, news: Props) -> str:
    changed = [name for name in lifecycle.identity if olds.get(name) != news.get(name)]
    made, former = _entities(lifecycle, news), _entities(lifecycle, olds)
    return (
        f"{' and '.join(changed)} changed, and with it the identity: {_listed(list(map(str, made)))} "
        f"will be made{_former(lifecycle, former, news)}"
    )


def _entities(lifecycle: ResourceLifecycle, props: Props) -> list[EntityKey]:
    """Return what a resource has in Atlan: its own entity, or each of many as far as they are known."""
    if isinstance(lifecycle, ManyLifecycle):
        return list(lifecycle.entities(props))
    return [EntityKey(lifecycle.type_name, props["qualified_name"])]


def _former(lifecycle: ResourceLifecycle, former: Sequence[EntityKey], news: Props) -> str:
    """Return what happens to the former entities. Resources that are checked later may declare them too."""
    owners = lifecycle.declared.elsewhere(news.get("managed_by"), former)
    going = [repr(key.qualified_name) for key in former if key not in owners]
    staying = [repr(key.qualified_name) for key in former if key in owners]
    text = ""
    if going:
        has_it = "has it" if len(going) == 1 else "has them"
        text = f", and then {_listed(going)} removed, unless another resource or stack {has_it} by then"
    if staying:
        verb = "stays" if len(staying) == 1 else "stay"
        text += f"; {_listed(staying)} {verb}: now declared by {_listed(_names(owners.values()))}"
    return text


def _names(marks: Iterable[str]) -> list[str]:
    return [repr(name) for name in sorted({str(resource_of(mark)) for mark in marks})]


def _listed(names: Sequence[str]) -> str:
    return enumerate_first(names) or "lineage that is not known yet"
