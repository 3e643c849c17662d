"""The changes of a preview by resource, in terms of lineage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from atlan_pulumi.declared import Declared, from_engine, resource_kind
from atlan_pulumi.engine import (
    OURS,
    ResourceState,
    Step,
    ValueChange,
    label_of,
    resource_name,
    type_token,
)
from atlan_pulumi.engine import Change as FieldChange
from atlan_pulumi.errors import ReviewError, UnreadableError
from atlan_pulumi.lifecycle import GUIDS, ManyLifecycle, lifecycle_of
from atlan_pulumi.review._compare import (
    EdgeChange,
    compare,
    displayed_props,
    field_changes,
    property_of,
    secret_changes,
    secret_properties,
)
from atlan_pulumi.review._preview import Preview
from atlan_pulumi.text import printable

#: `replace`: recreated, under another name or after a deletion.
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
    # These operations change nothing in Atlan.
    "diff": None,
    "discard": None,
    "discard-replaced": None,
    "read": None,
    "read-discard": None,
    "read-replacement": None,
    "refresh": None,
    "remove-pending-replace": None,
}


def join_replacements(steps: Sequence[Step]) -> Iterator[tuple[Operation, Step]]:
    """Yield the steps with their operations; the steps of a replacement are joined to one.

    The rest of an earlier, interrupted replacement is a separate deletion.
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
    yield from (("delete", step) for step in replacing if not made or _is_leftover(step, old))


def _is_leftover(step: Step, old: ResourceState | None) -> bool:
    """Return whether a step of a replacement deletes another resource than the one that is replaced now."""
    gone = step.old if step.op == "delete-replaced" else None
    return gone is not None and old is not None and gone.inputs != old.inputs


def _operation(step: Step) -> Operation | None:
    if step.op not in _OPERATIONS:
        raise ReviewError(f"unknown operation {step.op!r} on {label_of(step.urn)}: upgrade atlan-pulumi")
    return _OPERATIONS[step.op]


@dataclass(frozen=True)
class EntityState:
    """The state of a resource's entities, in addition to its inputs.

    Attributes:
        own_mark: The ownership mark that the resource wrote last; None if unknown.
        guid: The GUID of the resource's entity.
        guids: The GUIDs of the edges of a bulk resource, packed into one text.
    """

    own_mark: str | None = None
    guid: str | None = None
    guids: str | None = None


@dataclass(frozen=True)
class ResourceChange:
    """The change of a resource.

    Attributes:
        operation: The operation.
        urn: The URN of the resource.
        kind: Its kind, such as `Process`.
        old: The declaration before; None if the resource is new.
        new: The declaration after; None if the resource is removed.
        kept: Whether it stays in Atlan although it leaves the stack (`retain_on_delete`).
        keys: The properties that force its replacement.
        fields: The changed properties of the resource. Changed properties of an edge of a bulk resource are
            in that edge.
        edges: The changes of its processes and column processes.
        whole: Whether these are all its edges; a preview may not know all of them.
        options: The changed resource options: `protect` and `retain_on_delete`.
        may_differ: Secret properties that may have changed, which the engine does not show.
        readable: Whether this version can read the declaration. If not, only the name is known.
        holder: For a connection that stays in Atlan although this resource is removed: who declares it now.
        elsewhere: Whether the holder is outside this stack.
        former: For a connection that another resource declared before: that resource.
        state: The state of its entities, in addition to its inputs.
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
    state: EntityState = field(default_factory=EntityState, repr=False, compare=False)

    @property
    def resource(self) -> Declared:
        """The resource after the change, or before it if it is removed."""
        resource = self.new or self.old
        assert resource is not None  # noqa: S101 - one of the two always exists
        return resource

    @property
    def name(self) -> str:
        """The name in a review, such as `Process load`."""
        return printable(f"{self.kind} {resource_name(self.urn)}")

    @property
    def moves(self) -> bool:
        """Whether an entity of it stays in Atlan, and another resource or stack declares it."""
        return bool(self.holder) or any(edge.change == "moved" for edge in self.edges)

    @property
    def stays(self) -> bool:
        """Whether all removed entities stay in Atlan, since other resources or stacks declare them."""
        if self.resource.entity_type:
            return bool(self.holder)
        return self.whole and self.moves and not any(edge.change == "removed" for edge in self.edges)

    def name_of(self, edge: EdgeChange) -> str:
        """Return the name of one of its edges, such as `ProcessSet shop: load-orders`."""
        return f"{self.name}: {printable(edge.label)}" if edge.label else self.name

    @property
    def loses_protection(self) -> bool:
        """Whether Pulumi would no longer refuse to delete it."""
        return any(each.property == "protect" and each.declared for each in self.options)

    @property
    def purges(self) -> bool:
        """Whether the removed entities are deleted together with all their dependents in Atlan."""
        if self.kept or self.stays or (self.operation == "delete" and self.resource.protect):
            return False
        if self.operation in ("delete", "replace"):
            return self.old is not None and self.old.props.get("force_destroy") is True
        processes = (edge for edge in self.edges if not edge.is_column_process)
        forced = self.resource.props.get("force_destroy") is True
        return forced and any(edge.change == "removed" for edge in processes)


def changes_of(preview: Preview) -> tuple[ResourceChange, ...]:
    """Return the change of each resource, sorted by name.

    Raises:
        ReviewError: This version does not know an operation or a kind of resource.
    """
    grouped: dict[str, list[Step]] = defaultdict(list)
    for step in preview.steps:
        grouped[step.urn].append(step)
    found = [each for urn, steps in grouped.items() for each in _changes_of_resource(urn, steps)]
    return tuple(sorted(found, key=_sort_key))


def _sort_key(change: ResourceChange) -> tuple[str, ...]:
    return change.name, change.urn, change.operation, change.resource.qualified_name or ""


def _changes_of_resource(urn: str, steps: Sequence[Step]) -> Iterator[ResourceChange]:
    kind = resource_kind(type_token(urn))
    if kind is None:
        if any(step.op != "same" for step in steps):
            type_name = type_token(urn).removeprefix(OURS)
            what = f"{type_name} {resource_name(urn)!r}"
            raise ReviewError(f"unknown resource {what}: upgrade atlan-pulumi")
        return
    yield from (_to_change(urn, kind, operation, step) for operation, step in join_replacements(steps))


def _to_change(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    """Return the change of a resource; if this version cannot read it, only with its name."""
    try:
        return _readable_change(urn, kind, operation, step)
    except (UnreadableError, RecursionError):
        return _unreadable_change(urn, kind, operation, step)


def _readable_change(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    old = _declared(urn, kind, step.old) if step.old and operation != "create" else None
    new = _declared(urn, kind, step.new) if step.new and operation != "delete" else None
    if old is None and new is None:
        raise ReviewError(
            f"the step {step.op!r} on {label_of(urn)} has no resource state: upgrade atlan-pulumi"
        )
    kept = _is_kept(operation, step)
    differs = operation in ("update", "replace")
    fields = _fields(kind, old, new) if old and new and differs else ()
    edges, whole = _edges(operation, old, new, kept, fields)
    keys = tuple(sorted(step.keys))  # the engine's order is random
    options = tuple(_options(step)) if old and new else ()
    secret = _secrets_that_may_differ(old, new, fields) if old and new and differs else ()
    state = _entity_state(step.old)
    return ResourceChange(
        operation, urn, kind, old, new, kept, keys, fields, edges, whole, options, secret, state=state
    )


def _entity_state(old: ResourceState | None) -> EntityState:
    outputs = old.outputs if old else {}
    known = [outputs.get(name) for name in ("own_mark", "guid", GUIDS)]
    return EntityState(*(each if isinstance(each, str) else None for each in known))


def _unreadable_change(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    old = _plain_values(urn, kind, step.old) if step.old and operation != "create" else None
    new = _plain_values(urn, kind, step.new) if step.new and operation != "delete" else None
    options = tuple(_options(step)) if old and new else ()
    kept, keys = _is_kept(operation, step), tuple(sorted(step.keys))
    return ResourceChange(operation, urn, kind, old, new, kept, keys, (), (), False, options, readable=False)


def _plain_values(urn: str, kind: str, state: ResourceState) -> Declared:
    """Return a resource with only its text and boolean properties."""
    plain = {name: value for name, value in state.inputs.items() if isinstance(value, (str, bool))}
    return Declared(urn, kind, from_engine(plain), state.protect)


def _is_kept(operation: Operation, step: Step) -> bool:
    return bool(step.old and step.old.retain_on_delete and operation in ("delete", "replace"))


def _options(step: Step) -> Iterator[ValueChange]:
    """Yield the resource options that differ."""
    if step.old and step.new:
        for name in ("protect", "retain_on_delete"):
            old, new = getattr(step.old, name), getattr(step.new, name)
            if old != new:
                yield ValueChange(name, old, new)


def _secrets_that_may_differ(
    old: Declared, new: Declared, fields: tuple[FieldChange, ...]
) -> tuple[str, ...]:
    """Return the secrets that may have changed. The engine hides it if other properties change too."""
    reported = {property_of(field) for field in fields}
    return tuple(sorted((secret_properties(old.props) & secret_properties(new.props)) - reported))


def _declared(urn: str, kind: str, state: ResourceState) -> Declared:
    """Return the resource of a step."""
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
    """Return the changes of the edges in Atlan. Imported edges exist already, and retained ones stay."""
    if operation == "import":
        return compare(new, new, ())
    if not kept:
        return compare(old, new, fields)
    kept_edges, _ = compare(old, old, ())
    added, whole = compare(None, new, ())
    return kept_edges + added, whole


def _fields(kind: str, old: Declared, new: Declared) -> tuple[FieldChange, ...]:
    """Return the changed properties of a resource. Secrets are included only if nothing else differs."""
    found = field_changes(old.props, new.props, without=_edge_properties(kind))
    new_mark = old.props.get("managed_by") != new.props.get("managed_by")
    if found or new_mark or displayed_props(old.props) != displayed_props(new.props):
        return found
    return secret_changes(old.props, new.props)


def _edge_properties(kind: str) -> frozenset[str]:
    """Return the properties that are compared edge by edge."""
    lifecycle = lifecycle_of(kind)
    if isinstance(lifecycle, ManyLifecycle):
        return lifecycle.short_form
    return frozenset({"columns"}) if kind == "OpenLineageJob" else frozenset()
