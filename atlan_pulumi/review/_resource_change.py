"""What would be done to one resource of this package, in terms of lineage."""

from __future__ import annotations

from dataclasses import dataclass, field

from atlan_pulumi.declared import Declared
from atlan_pulumi.drift import Change as FieldChange
from atlan_pulumi.drift import ValueChange, resource_name
from atlan_pulumi.printable import printable
from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._operations import Operation


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
