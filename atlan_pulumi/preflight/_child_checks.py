"""The parts of a resource that is many entities, held against what is in Atlan.

Unlike other resources they are looked up where the state is known, and only those that are new or changed:
where nothing changes, nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    Checked,
    Child,
    EntityKey,
    Found,
    InputProblem,
    ManyLifecycle,
    OwnedNote,
    Plan,
    Props,
    Removals,
    changed_children,
    has_unknown,
    is_news,
    last_written,
    mark_of,
    notes_by_owner,
    stack_of,
    takeover,
    type_conflict,
)
from atlan_pulumi.preflight._catalog import Catalog
from atlan_pulumi.preflight._change_of import change_of
from atlan_pulumi.preflight._declaration import Declaration, Place
from atlan_pulumi.preflight._ownership_checks import what_adoption_changes
from atlan_pulumi.preflight._reference_checks import why_missing
from atlan_pulumi.preflight._report import Findings

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

_MOST_TOLD = 5


def check_children(
    lifecycle: ManyLifecycle,
    olds: Props,
    checked: Checked,
    findings: Findings,
    tenant: Callable[[], AtlanClient],
) -> frozenset[EntityKey]:
    """Add what stands against the parts that are new or changed, and name what changes hands or goes.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: What its own check answered.
        findings: What was found out before, which is added to.
        tenant: Gives the client.

    Returns:
        The parts that are no longer declared, and stay in Atlan.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    if checked.problems or olds == checked.inputs:
        return frozenset()
    plan = lifecycle.plan_of(olds, checked)
    update = _Update(lifecycle, olds, checked.inputs, Catalog(tenant()), plan)
    beside = None if findings.deploys or lifecycle.is_open(checked.inputs) else _Beside(update)
    changed = _written(update)
    takeovers = _look_at_changed(update, changed, findings, beside) if changed else []
    to_delete = None
    if beside is not None and not findings.problems:
        to_delete = _look_at_removals(update, findings, beside.found)
    if not findings.problems:  # what is refused changes nothing
        findings.notes += takeovers
    if to_delete is None:
        return frozenset()
    findings.notes += [*notes_by_owner(to_delete.named), *_short(list(to_delete.stays.values()))]
    return frozenset(to_delete.stays)


class _Update(NamedTuple):
    """One change of a resource that is many entities, and what is in Atlan of it."""

    lifecycle: ManyLifecycle
    olds: Props
    news: Props
    catalog: Catalog
    plan: Plan


class _Beside:
    """The lookup of what is beside the parts, which goes along with the lookup of the parts."""

    def __init__(self, update: _Update) -> None:
        lifecycle, olds, news, catalog, _ = update
        self._look_beside = partial(lifecycle.look_beside, catalog.client, olds, news)
        self.found: Found | None = None

    def look_up(self) -> None:
        self.found = self._look_beside()


def _look_at_changed(
    update: _Update, changed: dict[EntityKey, Child], findings: Findings, beside: _Beside | None
) -> list[str]:
    """Add what stands against the parts, and return the notes on those that are taken over."""
    lifecycle, olds, news, catalog, plan = update
    places = {key: list(_places(part)) for key, part in changed.items()}
    own = [] if findings.deploys else list(changed)
    _look_up(update, own, places, [beside.look_up] if beside else [])
    missing = _brief(lifecycle.problem_property, _missing(lifecycle, changed, places, catalog))
    if findings.lenient:
        findings.notes += [f"{each.reason}; it has to be there when this is deployed" for each in missing]
    else:
        findings.problems += missing
    if findings.deploys:
        return []
    before = {key: olds for key in changed if key in plan.had}
    taken = _taken(lifecycle, before, changed, news, catalog)
    reasons = [*_other_types(lifecycle, changed, catalog), *taken]
    findings.problems += _brief(lifecycle.problem_property, reasons)
    hidden = _is_secret(lifecycle, findings.secret)
    return notes_by_owner(_takeovers(changed, before, news, catalog, hidden=hidden))


def _look_at_removals(update: _Update, findings: Findings, beside: Found | None) -> Removals | None:
    """Return which entities will be removed, and which of the former parts stay; None where it is refused."""
    lifecycle, olds, news, catalog, plan = update
    try:
        seen = {key: entity for key in plan.keys if (entity := catalog.named(key))}
        return lifecycle.preview_removals(catalog.client, olds, news, seen, beside=beside, plan=plan)
    except ResourceError as error:
        findings.problems.append(InputProblem(lifecycle.problem_property, str(error)))
        return None


def _taken(
    lifecycle: ManyLifecycle,
    before: Mapping[EntityKey, Props],
    changed: Iterable[EntityKey],
    news: Props,
    catalog: Catalog,
) -> Iterator[str]:
    """Each name that is another's; what the state has of a part is judged by its mark alone."""
    for key in changed:
        if (entity := catalog.named(key)) is not None:
            known = {**before[key], "guid": entity.guid} if key in before else None
            if objection := lifecycle.objection(entity, known, news):
                yield objection


def log_changes(
    lifecycle: ManyLifecycle,
    olds: Props,
    checked: Checked,
    secret: Collection[str] = (),
    stays: Collection[EntityKey] = (),
) -> list[str]:
    """Return what an update changes, part by part: the engine shows all that is declared.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: What its own check answered.
        secret: The properties whose values must not be shown.
        stays: The parts that are no longer declared, and stay in Atlan.
    """
    same_identity = olds.get("qualified_name") == checked.inputs.get("qualified_name")
    if checked.problems or not same_identity or olds == checked.inputs:
        return []
    plan = lifecycle.plan_of(olds, checked)
    had, changed = plan.had, _changed(lifecycle, olds, checked.inputs, plan)
    wanted = had.keys() if lifecycle.is_open(checked.inputs) else plan.keys
    gone = [key for key in had if key not in wanted and key not in stays]
    elsewhere = lifecycle.declared.elsewhere(checked.inputs.get("managed_by"), gone)
    removed = [had[key] for key in gone if key not in elsewhere]
    hidden = _is_secret(lifecycle, secret)
    lines = [_change_of(had.get(key), part, hidden=hidden) for key, part in changed.items()]
    lines += [f"{_id(part)} will be removed" for part in removed]
    if olds.get("managed_by") not in (None, checked.inputs.get("managed_by")):
        lines.append(f"the ownership mark of all {len(wanted):,} entities changes")
    return _short(lines)


def _is_secret(lifecycle: ManyLifecycle, secret: Collection[str]) -> bool:
    """Whether a part may hold something secret: which one does is not known."""
    return not lifecycle.short_form.isdisjoint(secret)


def _change_of(before: Child | None, part: Child, *, hidden: bool) -> str:
    if before is None:
        return f"{_id(part)} is new"
    names = dict.fromkeys([*before.declared, *part.declared])
    pairs = {name: (before.declared.get(name), part.declared.get(name)) for name in names}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    changes = [name if hidden else f"{name}: {_change(*pair)}" for name, pair in changed.items()]
    return f"{_id(part)}: {'; '.join(changes) or 'as it was declared'}"


def _change(before: object, after: object) -> str:
    return "not known yet" if has_unknown(after) else change_of(before, after)


def _id(part: Child) -> str:
    return f"{part.lifecycle.type_name} {part.declared['process_id']!r}"


def _written(update: _Update) -> dict[EntityKey, Child]:
    """Return the parts that are written: all of them where they change hands, as after an import."""
    lifecycle, olds, news, _, plan = update
    if "own_mark" in olds:
        return plan.wanted(news.get("managed_by"))
    return _changed(lifecycle, olds, news, plan)


def _changed(lifecycle: ManyLifecycle, olds: Props, news: Props, plan: Plan) -> dict[EntityKey, Child]:
    """Return the parts that are written, but for those of which the mark alone changes."""
    compared = plan.wanted(olds.get("managed_by", news.get("managed_by")))
    keys = changed_children(plan.had, compared, lifecycle.drifted(olds, plan.had))
    declared = plan.wanted(news.get("managed_by"))
    return {key: declared[key] for key in keys}


def _places(part: Child) -> Iterator[Place]:
    """What a part refers to, but for its parent, which is looked at with the resource or is a part itself."""
    declaration = Declaration("", part.lifecycle, part.declared)
    for name in sorted(part.lifecycle.model.references - {"process"}):
        yield from declaration.side(name)


def _look_up(
    update: _Update,
    own: Sequence[EntityKey],
    places: Mapping[EntityKey, list[Place]],
    also: Sequence[Callable[[], None]],
) -> None:
    """Look up what has these names, what the parts refer to, and what else is asked for."""
    lifecycle, _, news, catalog, _ = update
    every = [place for of_part in places.values() for place in of_part]
    catalog.load(
        [*own, *lifecycle.aliases(own), *(place.key for place in every if place.key)],
        guids=[place.guid for place in every if place.guid],
        whole=own if news.get("adopt") else (),
        also=also,
    )


def _other_types(
    lifecycle: ManyLifecycle, changed: Mapping[EntityKey, Child], catalog: Catalog
) -> Iterator[str]:
    """Each name that only an entity of a subtype has, which Atlan would take for ours."""
    for key in changed:
        if catalog.named(key) is None:
            others = [catalog.named(other) for other in lifecycle.aliases([key])]
            yield from (type_conflict(key.type_name, other) for other in others if other is not None)


def _missing(
    lifecycle: ManyLifecycle,
    changed: Mapping[EntityKey, Child],
    places: Mapping[EntityKey, list[Place]],
    catalog: Catalog,
) -> Iterator[str]:
    """Each asset that a part refers to and that is not there, once, with the first part that does."""
    every: dict[str, tuple[EntityKey, Place]] = {}
    for key in changed:
        for place in places[key]:
            every.setdefault(str(place), (key, place))
    absent = []
    for key, place in every.values():
        asset = catalog.at(place)
        if asset is None:
            absent.append((key, place))
        elif asset.status != "ACTIVE":
            where = lifecycle.where(changed[key], place.name)
            yield f"{where}{place} is archived in Atlan ({last_written(asset)}); restore it first"
    reasons = why_missing([place for _, place in absent], catalog)
    for (key, place), reason in zip(absent, reasons, strict=True):
        yield f"{lifecycle.where(changed[key], place.name)}{reason}"


def _takeovers(
    changed: Mapping[EntityKey, Child],
    before: Mapping[EntityKey, Props],
    news: Props,
    catalog: Catalog,
    *,
    hidden: bool,
) -> Iterator[OwnedNote]:
    """Return a note for each entity that is written to, and that the state does not contain."""
    for key, part in changed.items():
        entity = catalog.named(key)
        if entity is None or (key in before and not is_news(entity, before[key], news)):
            continue
        note = takeover(entity, news)
        if entity.status == "ACTIVE" and news.get("adopt"):
            secret = frozenset(part.declared if hidden else ())
            declaration = Declaration("", part.lifecycle, part.declared, secret=secret)
            changes = what_adoption_changes(declaration, entity, catalog.client)
            note += f": this changes {'; '.join(changes)}" if changes else ": nothing in it changes"
        yield OwnedNote(stack_of(mark_of(entity)), note)


def _brief(name: str, reasons: Iterable[str]) -> list[InputProblem]:
    """The first few as problems of their own; of thousands nobody reads all."""
    return [InputProblem(name, reason) for reason in _short(list(reasons))]


def _short(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_TOLD
    return [*lines[:_MOST_TOLD], f"… and {more:,} more like it"] if more > 1 else lines
