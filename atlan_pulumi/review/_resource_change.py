"""What would be done to one resource of this package, in terms of lineage."""

from __future__ import annotations

from dataclasses import dataclass

from atlan_pulumi.declared import Declared
from atlan_pulumi.drift import Change as FieldChange
from atlan_pulumi.drift import ValueChange, resource_name
from atlan_pulumi.printable import printable
from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._operations import Operation


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
        if self.kept or (self.operation == "delete" and self.resource.protect):
            return False
        if self.operation in ("delete", "replace"):
            return self.old is not None and self.old.props.get("force_destroy") is True
        processes = (edge for edge in self.edges if not edge.is_column_process)
        forced = self.resource.props.get("force_destroy") is True
        return forced and any(edge.change == "removed" for edge in processes)
