"""What a preview would do to each resource of this package, in terms of lineage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from atlan_pulumi.declared import Declared, from_engine, kind_of
from atlan_pulumi.engine import (
    OURS,
    Step,
    ValueChange,
    resource_name,
    type_token,
)
from atlan_pulumi.engine import (
    Change as FieldChange,
)
from atlan_pulumi.engine import (
    ResourceState as State,
)
from atlan_pulumi.engine import (
    label_of as described,
)
from atlan_pulumi.errors import ReviewError, UnreadableError
from atlan_pulumi.lifecycle import GUIDS, LIFECYCLES, ManyLifecycle, lifecycle_of
from atlan_pulumi.review._compare import (
    EdgeChange,
    compare,
    field_changes,
    held_secrets,
    property_of,
    secret_changes,
    shown,
)
from atlan_pulumi.review._preview import Preview
from atlan_pulumi.text import printable

#: `replace`: made anew under another name, or after it was removed.
Operation = Literal["create", "update", "replace", "delete", "import", "same"]

_OPERATIONS: dict[str, Operation | None] = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "import": "import",
    "same": "same",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
    # What follows changes nothing in Atlan.
    "diff": None,
    "discard": None,
    "discard-replaced": None,
    "read": None,
    "read-discard": None,
    "read-replacement": None,
    "refresh": None,
    "remove-pending-replace": None,
}


def joined(steps: Sequence[Step]) -> Iterator[tuple[Operation, Step]]:
    """The steps, with those that together are one replacement joined.

    What is left of a replacement that was interrupted earlier is removed, whatever happens besides.
    """
    replacing = []
    for step in steps:
        operation = _operation(step)
        if operation == "replace":
            replacing.append(step)
        elif operation:
            yield operation, step
    made = [step for step in replacing if step.new]
    old = next((step.old for step in [*made, *replacing] if step.old), None)
    if made:
        yield "replace", made[0].model_copy(update={"old": old})
    yield from (("delete", step) for step in replacing if not made or _is_left_over(step, old))


def _is_left_over(step: Step, old: State | None) -> bool:
    """Whether a step of a replacement removes something else than what is replaced now."""
    gone = step.old if step.op == "delete-replaced" else None
    return gone is not None and old is not None and gone.inputs != old.inputs


def _operation(step: Step) -> Operation | None:
    if step.op not in _OPERATIONS:
        raise ReviewError(
            f"this atlan-pulumi does not know the operation {step.op!r} on {described(step.urn)}: upgrade it"
        )
    return _OPERATIONS[step.op]


@dataclass(frozen=True)
class StateOfEntities:
    """What the state has of a resource's entities, besides what is declared.

    Attributes:
        own_mark: The mark of ownership that the resource wrote last; None where that is not known.
        guid: The GUID of the resource's own entity.
        guids: Those of its edges, where it is many entities, as one text.
    """

    own_mark: str | None = None
    guid: str | None = None
    guids: str | None = None


@dataclass(frozen=True)
class ResourceChange:
    """What would be done to a resource.

    Attributes:
        operation: What would be done.
        urn: Its URN.
        kind: Its kind, such as `Process`.
        old: As it is declared now; None where it is new.
        new: As it would be declared; None where it goes.
        kept: Whether it stays in Atlan although it leaves the stack.
        keys: The properties because of which it is replaced.
        fields: What differs in it; what differs in an edge of many is told there.
        edges: What becomes of its processes and column processes.
        whole: Whether these are all of its edges: a preview may not know them yet.
        options: Pulumi's own options that differ: `protect` and `retain_on_delete`.
        may_differ: The secret properties that may have changed; the engine does not show it.
        readable: Whether this version can read what is declared; otherwise no more is told than its name.
        holder: Of a connection that stays in Atlan although it leaves this resource: where it has moved to.
        elsewhere: Whether that is out of this stack.
        former: Of a connection that another resource declares now: that resource.
        state: What the state has of its entities, besides what is declared.
    """

    operation: Operation
    urn: str
    kind: str
    old: Declared | None
    new: Declared | None
    kept: bool
    keys: tuple[str, ...]
    fields: tuple[FieldChange, ...]
    edges: tuple[EdgeChange, ...]
    whole: bool
    options: tuple[ValueChange, ...] = ()
    may_differ: tuple[str, ...] = ()
    readable: bool = True
    holder: str = ""
    elsewhere: bool = False
    former: str = ""
    state: StateOfEntities = field(default_factory=StateOfEntities, repr=False, compare=False)

    @property
    def resource(self) -> Declared:
        """The resource as it would be, else as it was."""
        resource = self.new or self.old
        assert resource is not None  # noqa: S101 - one of the two is there
        return resource

    @property
    def name(self) -> str:
        """What it is called in a review, such as `Process load`."""
        return printable(f"{self.kind} {resource_name(self.urn)}")

    @property
    def moves(self) -> bool:
        """Whether something of it stays in Atlan that another resource or stack has now."""
        return bool(self.holder) or any(edge.change == "moved" for edge in self.edges)

    @property
    def stays(self) -> bool:
        """Whether all that it gives up stays in Atlan, since another resource or stack has it."""
        if self.resource.is_connection:
            return bool(self.holder)
        return self.whole and self.moves and not any(edge.change == "removed" for edge in self.edges)

    def name_of(self, edge: EdgeChange) -> str:
        """What one of its edges is called, such as `ProcessSet shop: load-orders`."""
        return f"{self.name}: {printable(edge.label)}" if edge.label else self.name

    @property
    def loses_protection(self) -> bool:
        """Whether Pulumi refuses to delete it now, and would not any more."""
        return any(each.property == "protect" and each.declared for each in self.options)

    @property
    def purges(self) -> bool:
        """Whether what goes of it takes with it all that hangs on that in Atlan."""
        if self.kept or self.stays or (self.operation == "delete" and self.resource.protect):
            return False
        if self.operation in ("delete", "replace"):
            return self.old is not None and self.old.props.get("force_destroy") is True
        processes = (edge for edge in self.edges if not edge.is_column_process)
        forced = self.resource.props.get("force_destroy") is True
        return forced and any(edge.change == "removed" for edge in processes)


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
