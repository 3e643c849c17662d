"""What a preview would do to each resource of this package, in terms of lineage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from atlan_pulumi.declared import OURS, Declared, UnreadableError, from_engine, kind_of
from atlan_pulumi.drift import Change as FieldChange
from atlan_pulumi.drift import ValueChange, resource_name, type_token
from atlan_pulumi.dynamic.loader import LIFECYCLES, lifecycle_of
from atlan_pulumi.lifecycle import GUIDS, ManyLifecycle
from atlan_pulumi.review._edges import EdgeChange, compare
from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._fields import field_changes, held_secrets, property_of, secret_changes, shown
from atlan_pulumi.review._operations import Operation, joined
from atlan_pulumi.review._preview import Preview, State, Step, described
from atlan_pulumi.review._resource_change import ResourceChange, StateOfEntities


def changes_of(preview: Preview) -> tuple[ResourceChange, ...]:
    """What would be done to each resource, sorted by their names.

    Raises:
        ReviewError: The engine would do something, or to something, that this version does not know.
    """
    grouped: dict[str, list[Step]] = defaultdict(list)
    for step in preview.steps:
        grouped[step.urn].append(step)
    found = [each for urn, steps in grouped.items() for each in _of_resource(urn, steps)]
    return tuple(sorted(found, key=_place))


def _place(change: ResourceChange) -> tuple[str, ...]:
    return change.name, change.urn, change.operation, change.resource.qualified_name or ""


def _of_resource(urn: str, steps: Sequence[Step]) -> Iterator[ResourceChange]:
    kind = kind_of(type_token(urn))
    if kind is None:
        if any(step.op != "same" for step in steps):
            type_name = type_token(urn).removeprefix(OURS)
            what = f"{type_name} {resource_name(urn)!r}"
            raise ReviewError(f"this atlan-pulumi does not know {what}: upgrade it")
        return
    yield from (_read(urn, kind, operation, step) for operation, step in joined(steps))


def _read(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    """What would be done to a resource; of one that this version cannot read no more than its name."""
    try:
        return _change(urn, kind, operation, step)
    except (UnreadableError, RecursionError):
        return _unreadable(urn, kind, operation, step)


def _change(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    old = _declared(urn, kind, step.old) if step.old and operation != "create" else None
    new = _declared(urn, kind, step.new) if step.new and operation != "delete" else None
    if old is None and new is None:
        raise ReviewError(
            f"the step {step.op!r} on {described(urn)} tells nothing of it: upgrade atlan-pulumi"
        )
    kept = _is_kept(operation, step)
    differs = operation in ("update", "replace")
    fields = _fields(kind, old, new) if old and new and differs else ()
    edges, whole = _edges(operation, old, new, kept, fields)
    keys = tuple(sorted(step.keys))  # the engine tells them in any order
    options = tuple(_options(step)) if old and new else ()
    secret = _may_differ(old, new, fields) if old and new and differs else ()
    state = _state_of(step.old)
    return ResourceChange(
        operation, urn, kind, old, new, kept, keys, fields, edges, whole, options, secret, state=state
    )


def _state_of(old: State | None) -> StateOfEntities:
    outputs = old.outputs if old else {}
    known = [outputs.get(name) for name in ("own_mark", "guid", GUIDS)]
    return StateOfEntities(*(each if isinstance(each, str) else None for each in known))


def _unreadable(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    old = _flat(urn, kind, step.old) if step.old and operation != "create" else None
    new = _flat(urn, kind, step.new) if step.new and operation != "delete" else None
    options = tuple(_options(step)) if old and new else ()
    kept, keys = _is_kept(operation, step), tuple(sorted(step.keys))
    return ResourceChange(operation, urn, kind, old, new, kept, keys, (), (), False, options, readable=False)


def _flat(urn: str, kind: str, state: State) -> Declared:
    """A resource with no more of its properties than its texts and settings."""
    plain = {name: value for name, value in state.inputs.items() if isinstance(value, (str, bool))}
    return Declared(urn, kind, from_engine(plain), state.protect)


def _is_kept(operation: Operation, step: Step) -> bool:
    return bool(step.old and step.old.retain_on_delete and operation in ("delete", "replace"))


def _options(step: Step) -> Iterator[ValueChange]:
    """Pulumi's own options that differ."""
    if step.old and step.new:
        for name in ("protect", "retain_on_delete"):
            old, new = getattr(step.old, name), getattr(step.new, name)
            if old != new:
                yield ValueChange(name, old, new)


def _may_differ(old: Declared, new: Declared, fields: tuple[FieldChange, ...]) -> tuple[str, ...]:
    """The secrets of which it cannot be told whether they differ, since something else does."""
    told = {property_of(field) for field in fields}
    return tuple(sorted((held_secrets(old.props) & held_secrets(new.props)) - told))


def _declared(urn: str, kind: str, state: State) -> Declared:
    """A resource as a step shows it."""
    if state.too_deep:
        raise RecursionError
    return Declared(urn, kind, from_engine(state.inputs), state.protect)


def _edges(
    operation: Operation,
    old: Declared | None,
    new: Declared | None,
    kept: bool,
    fields: tuple[FieldChange, ...],
) -> tuple[tuple[EdgeChange, ...], bool]:
    """What becomes of the edges in Atlan: what is imported is there, and what is kept stays."""
    if operation == "import":
        return compare(new, new, ())
    if not kept:
        return compare(old, new, fields)
    stays, _ = compare(old, old, ())
    comes, whole = compare(None, new, ())
    return stays + comes, whole


def _fields(kind: str, old: Declared, new: Declared) -> tuple[FieldChange, ...]:
    """What differs in a resource itself. Of a secret that is told only where nothing else differs."""
    found = field_changes(old.props, new.props, without=_told_by_edges(kind))
    marked_anew = old.props.get("managed_by") != new.props.get("managed_by")
    if found or marked_anew or shown(old.props) != shown(new.props):
        return found
    return secret_changes(old.props, new.props)


def _told_by_edges(kind: str) -> frozenset[str]:
    """The properties that come down to edges, and are told edge by edge."""
    version = max(version for name, version in LIFECYCLES if name == kind)
    lifecycle = lifecycle_of(kind, version)
    if isinstance(lifecycle, ManyLifecycle):
        return lifecycle.short_form
    return frozenset({"columns"}) if kind == "OpenLineageJob" else frozenset()
