"""The checks of a bulk resource's children against Atlan.

Unlike other resources, children are looked up in the provider, where the state is known, and only the new and
changed ones: if nothing changes, nothing is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    WAIT_SECONDS,
    Checked,
    Child,
    EntitiesByKey,
    EntityKey,
    InputProblem,
    ManyLifecycle,
    OwnedNote,
    Plan,
    Props,
    Removals,
    changed_children,
    has_unknown,
    is_live,
    is_placeholder,
    mark_of,
    must_be_named,
    notes_by_owner,
    resource_of,
    stack_of,
    takeover_note,
    type_conflict,
    unknown_owners,
)
from atlan_pulumi.preflight._change_of import change_of
from atlan_pulumi.preflight._declaration import Declaration, PropertyReference
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._ownership_checks import adoption_changes
from atlan_pulumi.preflight._reference_checks import MissingAssets, archived_reason, new_connection_advice
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.preflight._unready_assets import (
    Situation,
    possible_placeholders,
    spelling_hint,
    unready_line,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_MOST_LISTED = 5


def check_children(
    lifecycle: ManyLifecycle,
    olds: Props,
    checked: Checked,
    findings: Findings,
    tenant: Callable[[], AtlanClient],
) -> frozenset[EntityKey]:
    """Add the problems of the new and changed children, and name every takeover and removal.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: The result of its check.
        findings: The findings of preflight, which are extended.
        tenant: Returns the client.

    Returns:
        The children that are no longer declared, but stay in Atlan.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    if checked.problems or olds == checked.inputs:
        return frozenset()
    plan = lifecycle.plan_of(olds, checked)
    update = _Update(lifecycle, olds, checked.inputs, EntityCache(tenant()), plan)
    start = (
        None
        if findings.deploys or lifecycle.has_unknown_children(checked.inputs)
        else _StartingPoints(update)
    )
    changed = _written(update)
    remarked = {} if findings.deploys else _remarked(update, changed)
    takeovers = _check_changed(update, changed, remarked, findings, start) if changed or remarked else []
    to_delete = None
    if start is not None and not findings.problems:
        to_delete = _check_removals(update, findings, start.found)
    if not findings.problems:  # a refused resource takes nothing over
        findings.notes += takeovers
    if to_delete is None:
        return frozenset()
    findings.notes += [*notes_by_owner(to_delete.named), *_short(list(to_delete.stays.values()))]
    return frozenset(to_delete.stays)


class _Update(NamedTuple):
    """A change of a bulk resource, with the lookups that belong to it."""

    lifecycle: ManyLifecycle
    olds: Props
    news: Props
    cache: EntityCache
    plan: Plan


class _StartingPoints:
    """The lookup of the starting points, made at the same time as that of the children."""

    def __init__(self, update: _Update) -> None:
        lifecycle, olds, news, cache, _ = update
        self._look_up = partial(lifecycle.look_up_starting_points, cache.client, olds, news)
        self.found: EntitiesByKey | None = None

    def look_up(self) -> None:
        self.found = self._look_up()


def _check_changed(
    update: _Update,
    changed: dict[EntityKey, Child],
    remarked: dict[EntityKey, Child],
    findings: Findings,
    start: _StartingPoints | None,
) -> list[str]:
    """Add the problems of the written children, and return the notes on takeovers.

    Args:
        update: The change.
        changed: The changed children.
        remarked: The children of which only the mark changes: what they refer to is not checked.
        findings: The findings of preflight, which are extended.
        start: The look-up of the starting points.
    """
    lifecycle, olds, news, cache, plan = update
    references = {key: list(_references(child)) for key, child in changed.items()}
    own = [] if findings.deploys else [*changed, *remarked]
    _look_up(update, own, references, [start.look_up] if start else [])
    unready = _take_over_unready(update, references, findings)
    absent = _missing(update, changed, references, unready, findings)
    missing = _brief(lifecycle.problem_property, absent)
    if findings.lenient:
        secret = lifecycle.problem_property in findings.secret
        lines = dict.fromkeys("an asset is missing" if secret else each.reason for each in missing)
        findings.notes += [f"{line}; it must exist when this is deployed" for line in lines]
    else:
        findings.problems += missing
    owners = _unknown_owners(lifecycle, plan.had, changed, cache.client)
    findings.problems += _brief(lifecycle.problem_property, owners)
    if findings.deploys:
        return []
    written = {**changed, **remarked}
    before = {key: olds for key in written if key in plan.had}
    taken = _taken(lifecycle, before, written, news, cache)
    reasons = [*_other_types(lifecycle, written, cache), *taken]
    findings.problems += _brief(lifecycle.problem_property, reasons)
    hidden = _is_secret(lifecycle, findings.secret)
    return notes_by_owner(_takeovers(written, before, news, cache, hidden=hidden))


def _check_removals(update: _Update, findings: Findings, start: EntitiesByKey | None) -> Removals | None:
    """Return the entities that will be removed, and the former children that stay; None if refused."""
    lifecycle, olds, news, cache, plan = update
    try:
        seen = {key: entity for key in plan.keys if (entity := cache.get(key))}
        return lifecycle.preview_removals(cache.client, olds, news, seen, start=start, plan=plan)
    except ResourceError as error:
        findings.problems.append(InputProblem(lifecycle.problem_property, str(error)))
        return None


def _taken(
    lifecycle: ManyLifecycle,
    before: Mapping[EntityKey, Props],
    changed: Iterable[EntityKey],
    news: Props,
    cache: EntityCache,
) -> Iterator[str]:
    """Yield a problem for each child whose entity belongs to another writer.

    For a child in the state, only the mark decides, since inputs contain no GUIDs.
    """
    for key in changed:
        if (entity := cache.get(key)) is not None:
            known = {**before[key], "guid": entity.guid} if key in before else None
            if objection := lifecycle.ownership_conflict(entity, known, news):
                yield objection


def log_changes(
    lifecycle: ManyLifecycle,
    olds: Props,
    checked: Checked,
    secret: Collection[str] = (),
    stays: Collection[EntityKey] = (),
) -> list[str]:
    """Return notes on the changes of an update, child by child. The engine shows only the whole declaration.

    Args:
        lifecycle: The resource's lifecycle.
        olds: The inputs of the last deployment; empty before the first.
        checked: The result of its check.
        secret: The properties whose values must not be printed.
        stays: The children that are no longer declared, but stay in Atlan.
    """
    same_identity = olds.get("qualified_name") == checked.inputs.get("qualified_name")
    if checked.problems or not same_identity or olds == checked.inputs:
        return []
    plan = lifecycle.plan_of(olds, checked)
    had, changed = plan.had, _changed(lifecycle, olds, checked.inputs, plan)
    wanted = had.keys() if lifecycle.has_unknown_children(checked.inputs) else plan.keys
    gone = [key for key in had if key not in wanted and key not in stays]
    elsewhere = lifecycle.declared.elsewhere(checked.inputs.get("managed_by"), gone)
    removed = [had[key] for key in gone if key not in elsewhere]
    shown = _Shown(names=lifecycle.problem_property not in secret, values=not _is_secret(lifecycle, secret))
    lines = [_change_of(had.get(key), child, shown) for key, child in changed.items()]
    lines += [f"{_id(child, shown)} will be removed" for child in removed]
    lines = lines if shown.names else list(dict.fromkeys(lines))
    if olds.get("managed_by") not in (None, checked.inputs.get("managed_by")):
        lines.append(f"the ownership mark of all {len(wanted):,} entities changes")
    return _short(lines)


def _is_secret(lifecycle: ManyLifecycle, secret: Collection[str]) -> bool:
    """Return whether a child may contain a secret; it is unknown which one does."""
    return not lifecycle.short_form.isdisjoint(secret)


class _Shown(NamedTuple):
    """Whether notes may contain the names of columns, and the values of properties."""

    names: bool
    values: bool


def _change_of(before: Child | None, child: Child, shown: _Shown) -> str:
    if before is None:
        return f"{_id(child, shown)} is new"
    names = dict.fromkeys([*before.declared, *child.declared])
    pairs = {name: (before.declared.get(name), child.declared.get(name)) for name in names}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    changes = [f"{name}: {_change(*pair)}" if shown.values else name for name, pair in changed.items()]
    return f"{_id(child, shown)}: {'; '.join(changes) or 'as it was declared'}"


def _change(before: object, after: object) -> str:
    return "not known yet" if has_unknown(after) else change_of(before, after)


def _id(child: Child, shown: _Shown) -> str:
    if shown.names or "process" not in child.declared:
        return f"{child.lifecycle.type_name} {child.declared['process_id']!r}"
    process = str(child.declared["process"]["qualified_name"]).rpartition("/")[2]
    return f"a {child.lifecycle.type_name} of {process!r}"


def _written(update: _Update) -> dict[EntityKey, Child]:
    """Return the children that are written: all of them if they change hands, as after an import."""
    lifecycle, olds, news, _, plan = update
    if "own_mark" in olds:
        return plan.wanted(news.get("managed_by"))
    return _changed(lifecycle, olds, news, plan)


def _remarked(update: _Update, changed: Container[EntityKey]) -> dict[EntityKey, Child]:
    """Return the other children if their mark changes, as after a rename: all of them are written."""
    _, olds, news, _, plan = update
    mark = news.get("managed_by")
    if not olds or olds.get("managed_by") == mark:
        return {}
    return {key: child for key, child in plan.wanted(mark).items() if key not in changed}


def _changed(lifecycle: ManyLifecycle, olds: Props, news: Props, plan: Plan) -> dict[EntityKey, Child]:
    """Return the children that are written, without those of which only the mark changes."""
    compared = plan.wanted(olds.get("managed_by", news.get("managed_by")))
    keys = changed_children(plan.had, compared, lifecycle.drifted(olds, plan.had))
    declared = plan.wanted(news.get("managed_by"))
    return {key: declared[key] for key in keys}


def _references(child: Child) -> Iterator[PropertyReference]:
    """Yield the references of a child, except the parent, which is checked with the resource."""
    declaration = Declaration("", child.lifecycle, child.declared)
    for name in sorted(child.lifecycle.model.references - {"process"}):
        yield from declaration.references_of(name)


def _look_up(
    update: _Update,
    own: Sequence[EntityKey],
    references: Mapping[EntityKey, list[PropertyReference]],
    also: Sequence[Callable[[], None]],
) -> None:
    """Look up the children, the assets that they refer to, and what `also` requests."""
    lifecycle, _, news, cache, _ = update
    every = [reference for of_child in references.values() for reference in of_child]
    cache.load(
        [*own, *lifecycle.aliases(own)],
        assets=[reference.key for reference in every if reference.key],
        guids=[reference.guid for reference in every if reference.guid],
        whole=own if news.get("adopt") else (),
        also=also,
    )


def _other_types(
    lifecycle: ManyLifecycle, changed: Mapping[EntityKey, Child], cache: EntityCache
) -> Iterator[str]:
    """Yield a problem for each child that Atlan would take for an existing entity of a subtype."""
    for key in changed:
        if cache.get(key) is None:
            others = [cache.get(other) for other in lifecycle.aliases([key])]
            yield from (type_conflict(key.type_name, other) for other in others if other is not None)


def _missing(
    update: _Update,
    changed: Mapping[EntityKey, Child],
    references: Mapping[EntityKey, list[PropertyReference]],
    unready: Container[EntityKey],
    findings: Findings,
) -> Iterator[str]:
    """Yield a problem for each missing asset, once, with the first child that refers to it."""
    lifecycle, _, _, cache, _ = update
    new = _new_connections(findings)
    every: dict[str, tuple[EntityKey, PropertyReference]] = {}
    for key in changed:
        for reference in references[key]:
            if reference.key not in unready:
                every.setdefault(str(reference), (key, reference))
    absent = []
    for key, reference in every.values():
        asset = cache.resolve(reference)
        if asset is None:
            absent += [] if _is_declared(lifecycle, reference) else [reference]
        elif asset.status != "ACTIVE":
            where = lifecycle.location_of(changed[key], reference.name)
            yield f"{where}{reference} {archived_reason(asset)}"
    advised = _handling(update) == "error"
    for reference, reason in MissingAssets(absent, cache, new).reasons(absent):
        key, _ = every[str(reference)]
        advice = new_connection_advice(reference.key, cache, new) if advised and reference.key else ""
        yield f"{lifecycle.location_of(changed[key], reference.name)}{reason}{advice}"


def _new_connections(findings: Findings) -> frozenset[EntityKey]:
    return frozenset(EntityKey("Connection", name) for name in findings.new_connections)


def _handling(update: _Update) -> str:
    """Return what the resource does about missing assets."""
    return update.news.get("missing_assets") or update.lifecycle.missing_assets


def _is_declared(lifecycle: ManyLifecycle, reference: PropertyReference) -> bool:
    """Return whether a resource of the program that was checked before declares an asset."""
    return reference.key is not None and bool(lifecycle.declared.elsewhere(None, [reference.key]))


def _take_over_unready(
    update: _Update, references: Mapping[EntityKey, list[PropertyReference]], findings: Findings
) -> frozenset[EntityKey]:
    """Return the missing assets that will be placeholders or waited for, and say so.

    They are added to the findings, with the assets that are placeholders already.
    """
    lifecycle, _, news, cache, _ = update
    every = [each for of_child in references.values() for each in of_child]
    assets = {key: asset for each in every if (asset := cache.resolve(each)) and (key := _key(asset))}
    findings.placeholders += [key for key, asset in assets.items() if is_placeholder(asset)]
    handling = _handling(update)
    if handling == "error":
        return frozenset()
    absent = [each for each in every if not _is_declared(lifecycle, each)]
    unready = dict.fromkeys(each.key for each in absent if each.key and not is_live(cache.get(each.key)))
    taken = possible_placeholders(unready, cache, _new_connections(findings))
    findings.placeholders += taken
    if taken and not _is_secret(lifecycle, findings.secret):
        findings.notes += _unready_lines(taken, handling, news, cache)
    return frozenset(taken)


def _unready_lines(
    taken: Sequence[EntityKey], handling: str, news: Props, cache: EntityCache
) -> Iterator[str]:
    seconds = news.get("wait_seconds") or WAIT_SECONDS
    for archived in (False, True):
        if keys := [key for key in taken if (cache.get(key) is not None) is archived]:
            users = [str(resource_of(news.get("managed_by")))]
            line = unready_line(Situation(handling, seconds, archived), keys, users)
            yield line + spelling_hint(keys, cache)


def _key(asset: Entity) -> EntityKey:
    return EntityKey(asset.type_name, asset.qualified_name)


def _unknown_owners(
    lifecycle: ManyLifecycle,
    before: Mapping[EntityKey, Child],
    changed: Mapping[EntityKey, Child],
    client: AtlanClient,
) -> Iterator[str]:
    """Yield a problem for each new owner that Atlan does not know, once, with the first child that has it."""
    every: dict[InputProblem, EntityKey] = {}
    for key, child in changed.items():
        had = before[key].declared if key in before else {}
        differing = [name for name, value in child.declared.items() if had.get(name) != value]
        for problem in unknown_owners(client, child.declared, differing):
            every.setdefault(problem, key)
    for problem, key in every.items():
        yield f"{lifecycle.location_of(changed[key], problem.property)}{problem.reason}"


def _takeovers(
    changed: Mapping[EntityKey, Child],
    before: Mapping[EntityKey, Props],
    news: Props,
    cache: EntityCache,
    *,
    hidden: bool,
) -> Iterator[OwnedNote]:
    """Yield a note for each entity that is written to and not in the state."""
    for key, child in changed.items():
        entity = cache.get(key)
        if entity is None or (key in before and not must_be_named(entity, before[key], news)):
            continue
        note = takeover_note(entity, news)
        if entity.status == "ACTIVE" and news.get("adopt"):
            secret = frozenset(child.declared if hidden else ())
            declaration = Declaration("", child.lifecycle, child.declared, secret=secret)
            changes = adoption_changes(declaration, entity, cache.client)
            note += f": this changes {'; '.join(changes)}" if changes else ": nothing in it changes"
        yield OwnedNote(stack_of(mark_of(entity)), note)


def _brief(name: str, reasons: Iterable[str]) -> list[InputProblem]:
    """Return the first reasons as problems, and the number of further ones."""
    return [InputProblem(name, reason) for reason in _short(list(reasons))]


def _short(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_LISTED
    return [*lines[:_MOST_LISTED], f"… and {more:,} more like it"] if more > 1 else lines
