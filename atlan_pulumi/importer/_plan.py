"""The plan of an import: named resources, and unsupported entities."""

from __future__ import annotations

from dataclasses import dataclass

from atlan_pulumi.importer._declare import ImportedResource, Unsupported
from atlan_pulumi.lifecycle import Props, stack_of


@dataclass(frozen=True)
class Resource:
    """A named resource of an import.

    Attributes:
        name: The Pulumi name, unique within the kind.
        declared: The content of the resource.
        parents: The types of the program's components above it, outermost first.
    """

    name: str
    declared: ImportedResource
    parents: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The class that declares it, such as `Process`."""
        return self.declared.component or self.declared.kind.name

    @property
    def inputs(self) -> Props:
        """The inputs in the state."""
        return self.declared.inputs

    @property
    def qualified_name(self) -> str:
        """The qualifiedName, which is the id."""
        return self.declared.qualified_name

    @property
    def stack(self) -> str | None:
        """The stack in its mark in Atlan."""
        return stack_of(self.declared.mark)


@dataclass(frozen=True)
class ImportPlan:
    """The plan of an import.

    Attributes:
        resources: The resources, each before those that refer to it.
        unsupported: Entities that no resource can represent.
        titles: Names of connections, by qualifiedName.
    """

    resources: list[Resource]
    unsupported: list[Unsupported]
    titles: dict[str, str]

    def count(self) -> dict[str, int]:
        """Count the resources of each kind."""
        counted: dict[str, int] = {}
        for resource in self.resources:
            counted[resource.kind] = counted.get(resource.kind, 0) + 1
        return counted
