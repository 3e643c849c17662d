"""What a preview would do to each resource of this package, in terms of lineage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from atlan_pulumi.declared import OURS, Declared, from_engine, kind_of
from atlan_pulumi.drift import Change as FieldChange
from atlan_pulumi.drift import resource_name, type_token
from atlan_pulumi.dynamic.loader import LIFECYCLES, lifecycle_of
from atlan_pulumi.lifecycle import ManyLifecycle
from atlan_pulumi.review._edges import EdgeChange, compare
from atlan_pulumi.review._errors import ReviewError
from atlan_pulumi.review._fields import field_changes, secret_changes, shown
from atlan_pulumi.review._preview import Preview, State, Step, described

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

    @property
    def resource(self) -> Declared:
        """The resource as it would be, else as it was."""
        resource = self.new or self.old
        assert resource is not None  # noqa: S101 - one of the two is there
        return resource

    @property
    def name(self) -> str:
        """What it is called in a review, such as `Process load`."""
        return f"{self.kind} {resource_name(self.urn)}"

    def name_of(self, edge: EdgeChange) -> str:
        """What one of its edges is called, such as `ProcessSet shop: load-orders`."""
        return f"{self.name}: {edge.label}" if edge.label else self.name


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
    yield from (_change(urn, kind, operation, step) for operation, step in _joined(steps))


def _joined(steps: Sequence[Step]) -> Iterator[tuple[Operation, Step]]:
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
    if made:
        old = next((step.old for step in [*made, *replacing] if step.old), None)
        yield "replace", made[0].model_copy(update={"old": old})
    else:
        yield from (("delete", step) for step in replacing)


def _operation(step: Step) -> Operation | None:
    if step.op not in _OPERATIONS:
        raise ReviewError(
            f"this atlan-pulumi does not know the operation {step.op!r} on {described(step.urn)}: upgrade it"
        )
    return _OPERATIONS[step.op]


def _change(urn: str, kind: str, operation: Operation, step: Step) -> ResourceChange:
    old = _declared(urn, kind, step.old) if step.old and operation != "create" else None
    new = _declared(urn, kind, step.new) if step.new and operation != "delete" else None
    if old is None and new is None:
        raise ReviewError(
            f"the step {step.op!r} on {described(urn)} tells nothing of it: upgrade atlan-pulumi"
        )
    kept = bool(step.old and step.old.retain_on_delete and operation in ("delete", "replace"))
    fields = _fields(kind, old, new) if old and new else ()
    edges, whole = _edges(operation, old, new, kept, fields)
    keys = tuple(sorted(step.keys))  # the engine tells them in any order
    return ResourceChange(operation, urn, kind, old, new, kept, keys, fields, edges, whole)


def _declared(urn: str, kind: str, state: State) -> Declared:
    """A resource as a step shows it."""
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
