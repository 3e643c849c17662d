"""A review as sections, which every form of it shows.

Markdown and HTML render the same sections, so that no reader sees more than another.
Every text is plain: a renderer escapes it for its own format.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from atlan_pulumi.engine import label_of
from atlan_pulumi.review import _table_rows as _rows
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import SETTINGS, property_of
from atlan_pulumi.review._impact import Impact
from atlan_pulumi.review._impact_rows import impact_lines, impact_rows, impact_summary
from atlan_pulumi.review._origins import EdgeOrigins
from atlan_pulumi.review._preview import Message, Preview, Violation
from atlan_pulumi.review._table_rows import AssetNames
from atlan_pulumi.text import counted, printable

_LEVELS = ("mandatory", "remediate", "advisory")
_SEVERITIES = ("critical", "high", "medium", "low")
_SEVERE = _SEVERITIES[:2]
"""The severities in the summary, at any level: an advisory violation does not stop a deployment."""
ERRORS = "Errors"
FIRST = (ERRORS, "Policies")
"""The sections before the diagram."""
_ASSETS_STAY = "If a process or column mapping is removed, its assets lose an edge, and stay in Atlan."


@dataclass(frozen=True)
class Section:
    """A titled table, or only an introduction if it has no heads."""

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    intro: str = ""


def policies_section(preview: Preview) -> Section:
    """Return the table of violations, with a row per rule and resource. Several packs are named."""
    if not preview.has_policies:
        intro = "This form of input has no policy results: use the file of --event-log."
        return Section("Policies", (), [], intro)
    several = len({each.pack for each in preview.violations}) > 1
    graded = any(each.severity for each in preview.violations)
    descriptions = _descriptions(preview.violations)
    rows: list[tuple[str, ...]] = []
    for _, of_one in groupby(sorted(preview.violations, key=_sort_key), lambda each: _sort_key(each)[:-1]):
        found = list(of_one)
        one = found[0]
        rule = printable(f"{one.policy} ({one.pack})" if several else one.policy)
        messages = "\n".join(_message(each, descriptions) for each in found)
        severity = (printable(one.severity),) if graded else ()
        rows.append((_level(one), *severity, rule, label_of(one.urn), messages))
    heads = ("Level", *(("Severity",) if graded else ()), "Rule", "Resource", "Message")
    return Section("Policies", heads, rows)


def _sort_key(found: Violation) -> tuple[int, str, tuple[str, ...], int, str, str, str, str, str]:
    level, severity = _rank(found.level, _LEVELS), _rank(found.severity, _SEVERITIES)
    of = (found.policy, found.pack, found.urn, found.message)
    return level, found.level, found.exceptions, severity, found.severity, *of


def _rank(name: str, known: Sequence[str]) -> int:
    """Return the position of a name among the known ones; unknown names come last."""
    return known.index(name) if name in known else len(known)


def _level(found: Violation) -> str:
    """Return the level, with the exceptions that allow the violation."""
    allowed = f" (excepted by {', '.join(found.exceptions)})" if found.exceptions else ""
    return printable(f"{found.level}{allowed}")


def _descriptions(violations: Sequence[Violation]) -> dict[tuple[str, str], str]:
    """Return the description of each rule. The engine puts it before the messages of the rule."""
    messages: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in violations:
        if each.level != "remediate":
            messages[each.pack, each.policy].append(each.message)
    firsts = {rule: {text.partition("\n")[0] for text in texts} for rule, texts in messages.items()}
    return {rule: next(iter(lines)) for rule, lines in firsts.items() if len(lines) == 1}


def _message(found: Violation, descriptions: dict[tuple[str, str], str]) -> str:
    """Return the message of a violation without the description, unless it has nothing else."""
    first, _, rest = found.message.partition("\n")
    return rest if rest and descriptions.get((found.pack, found.policy)) == first else found.message


def verdict_of(preview: Preview) -> str:
    """Return the policy results as one line; empty if there are none."""
    excepted = sum(bool(each.exceptions) for each in preview.violations)
    remediated = len({each.urn for each in preview.violations if each.level == "remediate"})
    parts = [
        *_violations(preview, "mandatory"),
        *_violations(preview, "advisory"),
        *([f"{counted(excepted, 'violation')} allowed by an exception"] if excepted else []),
        *([f"{counted(remediated, 'resource')} changed"] if remediated else []),
    ]
    return f"Policies: {', '.join(parts)}." if parts else ""


def _violations(preview: Preview, level: str) -> Iterator[str]:
    """Yield how many violations have a level, and how many of them are severe."""
    found = _with_level(preview, level)
    if found:
        severe = [f"{count:,} {severity}" for severity, count in _severe_counts(found)]
        yield counted(len(found), f"{level} violation") + (f" ({', '.join(severe)})" if severe else "")


def _with_level(preview: Preview, level: str) -> list[Violation]:
    return [each for each in preview.violations if each.level == level and not each.exceptions]


def _severe_counts(violations: Sequence[Violation]) -> list[tuple[str, int]]:
    """Return how many of the violations are critical, and how many are high."""
    severities = [each.severity for each in violations]
    return [(each, severities.count(each)) for each in _SEVERE if each in severities]


def sections_of(preview: Preview, changes: Sequence[ResourceChange], impact: Impact) -> list[Section]:
    """Return the sections that are not empty: errors first, then policy results."""
    names = _names(changes, impact)
    notes: defaultdict[str, list[str]] = defaultdict(list)
    origins = EdgeOrigins(preview.notes)
    for note in origins.others:
        notes[note.urn].append(note.text)
    replacing = {change.urn for change in changes if change.operation == "replace"}
    rest = [note for note in origins.others if note.urn not in replacing]
    policies = policies_section(preview)
    every = [
        Section(ERRORS, ("Resource", "Message"), _messages(preview.errors)),
        *([policies] if policies.rows else []),
        Section("Added", ("Resource", "Lineage"), list(_rows.added_rows(changes, names, origins))),
        Section("Changed", ("Resource", "Property", "Change"), list(_rows.changed_rows(changes, origins))),
        Section(
            "Replaced", ("Resource", "Because of", "What happens"), list(_rows.replaced_rows(changes, notes))
        ),
        _removed(changes, names),
        Section("Moved", ("Resource", "Lineage", "In Atlan"), list(_rows.moved_rows(changes, names))),
        Section("Imported", ("Resource", "Lineage"), list(_rows.imported_rows(changes, names))),
        _impact(impact, names),
        *([] if policies.rows else [policies]),
        Section("Notes", ("Resource", "Note"), _messages(rest), _note(preview, changes)),
    ]
    return [section for section in every if section.rows or section.intro]


def _removed(changes: Sequence[ResourceChange], names: AssetNames) -> Section:
    lineage = any(edge.change == "removed" for change in changes for edge in change.edges)
    purged = any(change.purges and change.resource.is_connection for change in changes)
    assets = any(change.operation == "delete" and change.resource.is_asset for change in changes)
    intro = _ASSETS_STAY if lineage and not purged and not assets else ""
    rows = list(_rows.removed_rows(changes, names))
    return Section("Removed", ("Resource", "Lineage", "In Atlan"), rows, intro)


def _note(preview: Preview, changes: Sequence[ResourceChange]) -> str:
    """Return a note if unchanged resources are missing, unless all resources are new."""
    if preview.has_unchanged or all(change.operation in ("create", "import") for change in changes):
        return ""
    what = "Unchanged resources are not in this form of input"
    return (
        f"{what}: if one of them links the same assets, a link that is shown as removed or changed stays. "
        "Add --show-sames to the preview, or use the file of --event-log."
    )


def _names(changes: Sequence[ResourceChange], impact: Impact) -> AssetNames:
    edges = (each for change in changes for edge in change.edges for each in (edge.old, edge.new) if each)
    assets = (asset for edge in edges for asset in (*edge.inputs, *edge.outputs))
    return AssetNames(assets, impact.names)


def _messages(messages: Iterable[Message]) -> list[tuple[str, ...]]:
    return sorted((label_of(message.urn), message.text) for message in messages)


def _impact(impact: Impact, names: AssetNames) -> Section:
    heads = ("Removed or changed", "Effect downstream", "Assets")
    return Section("Impact downstream", heads, [*impact_rows(impact, names)], " ".join(impact_lines(impact)))


def summary_of(preview: Preview, changes: Sequence[ResourceChange], impact: Impact) -> list[str]:
    """Return the summary: the result of the preview, the changes, the losses, and whether to merge."""
    counts = ", ".join(_counts(changes))
    lines = [
        _ending(preview),
        f"{counts}." if counts else "No lineage changes.",
        _unprotected(changes),
        _purges(changes),
        verdict_of(preview),
        *impact_summary(impact),
        _merge(preview),
    ]
    return [line for line in lines if line]


def _merge(preview: Preview) -> str:
    """Return whether the pull request may be merged."""
    mandatory = sum(each.forbids for each in preview.violations)
    why = [counted(mandatory, "mandatory violation")] if mandatory else []
    why += [counted(len(preview.errors), "error")] if preview.errors else []
    if preview.result == "unfinished":
        why.append("the preview did not finish")
    elif preview.result == "failed" and not why:
        why.append("the preview failed")
    if why:
        return f"This pull request must not be merged: {', '.join(why)}."
    if not preview.has_policies:
        return (
            "This pull request may be merged, unless a policy forbids it: the policy results are not known."
        )
    return f"This pull request may be merged{_advice(preview)}."


def _advice(preview: Preview) -> str:
    """Return the advisory violations to look at before a merge. They do not stop a deployment."""
    severe = _severe_counts(_with_level(preview, "advisory"))
    if not severe:
        return ""
    counts = " and ".join(f"{count:,} {severity}" for severity, count in severe)
    noun = "violation" if sum(count for _, count in severe) == 1 else "violations"
    return f"; look first at {counts} advisory {noun}"


def _ending(preview: Preview) -> str:
    if preview.result == "unfinished":
        return "The preview did not finish: this review is incomplete."
    if preview.result == "succeeded":
        return ""
    forbidden = any(each.forbids for each in preview.violations)
    why = "a policy forbids it" if forbidden else ""
    why = counted(len(preview.errors), "error") if preview.errors else why
    result = f"The preview failed{f' ({why})' if why else ''}"
    removals = any(step.op == "delete" for step in preview.steps)
    return f"{result}." if removals else f"{result}: some changes and all removals may be missing."


def _counts(changes: Sequence[ResourceChange]) -> Iterator[str]:
    edges = [edge for change in changes for edge in change.edges]
    for noun, columns in (("process", False), ("column mapping", True)):
        for what in ("added", "changed", "removed"):
            of_kind = [edge for edge in edges if edge.is_column_process == columns and edge.change == what]
            if of_kind:
                yield f"{counted(len(of_kind), noun)} {what}"
        left = [edge for edge in edges if edge.is_column_process == columns and edge.change == "moved"]
        yield from _left(noun, [edge.elsewhere for edge in left])
    done = [change for change in changes if change.operation not in ("same", "import")]
    connections = [change for change in done if change.resource.is_connection]
    assets = [change for change in done if change.resource.is_asset]
    for noun, entities in (("connection", connections), ("asset", assets)):
        became = [_became(change) for change in entities]
        for what in ("added", "changed", "removed"):
            if count := became.count(what):
                yield f"{counted(count, noun)} {what}"
        yield from _left(noun, [change.elsewhere for change in entities if change.holder])
    for count, what in (
        (sum(change.operation == "replace" for change in done), "replaced"),
        (sum(change.operation == "import" for change in changes), "imported"),
        (sum(change.kept and not change.moves for change in done), "left in Atlan"),
        (sum(_is_partly_unknown(change) for change in done), "partly unknown until deployment"),
        (
            sum(not change.readable and change.operation != "same" for change in changes),
            "cannot be read by this version",
        ),
    ):
        if count:
            yield f"{counted(count, 'resource')} {what}"


def _left(noun: str, elsewhere: Sequence[bool]) -> Iterator[str]:
    """Yield how many stay in Atlan although their resource no longer declares them."""
    for count, where in (
        (elsewhere.count(False), "moved to another resource"),
        (sum(elsewhere), "taken over by others"),
    ):
        if count:
            yield f"{counted(count, noun)} {where}"


def _became(entity: ResourceChange) -> str:
    """Return the change of a connection or asset in Atlan; empty if it moves or does not change."""
    if entity.former:
        return "changed" if any(property_of(each) not in SETTINGS for each in entity.fields) else ""
    words = {"create": "added", "update": "changed", "delete": "removed"}
    return "" if entity.holder else words.get(entity.operation, "")


def _is_partly_unknown(change: ResourceChange) -> bool:
    """Return whether some edges are unknown before deployment. Those of a deletion are secret."""
    return change.readable and not change.whole and change.operation != "delete"


def _unprotected(changes: Sequence[ResourceChange]) -> str:
    count = sum(change.loses_protection for change in changes)
    return f"{counted(count, 'resource')} {'loses its' if count == 1 else 'lose their'} protection." * bool(
        count
    )


def _purges(changes: Sequence[ResourceChange]) -> str:
    count = sum(change.purges for change in changes)
    if not count:
        return ""
    deletes = "deletes its" if count == 1 else "delete their"
    return f"{counted(count, 'resource')} {deletes} dependents in Atlan too (force_destroy)."
