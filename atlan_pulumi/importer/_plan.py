"""What an import will be: resources with their names, and what cannot be one."""

from __future__ import annotations

from dataclasses import dataclass

from atlan_pulumi.importer._declare import Declared, Unsupported
from atlan_pulumi.lifecycle import Props, stack_of


@dataclass(frozen=True)
class Resource:
    """An entity as a resource with a name.

    Attributes:
        name: The Pulumi name, unique among the resources of its kind.
        declared: What it stands for.
        parents: The types of the program's own components above it, the outermost first.
    """

    name: str
    declared: Declared
    parents: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What declares it, such as `Process`."""
        return self.declared.component or self.declared.kind.name

    @property
    def inputs(self) -> Props:
        """The inputs as in the state."""
        return self.declared.inputs

    @property
    def qualified_name(self) -> str:
        """The qualifiedName, which is the id."""
        return self.declared.qualified_name

    @property
    def stack(self) -> str | None:
        """The stack whose mark it carries in Atlan."""
        return stack_of(self.declared.mark)


@dataclass(frozen=True)
class ImportPlan:
    """All that one import consists of.

    Attributes:
        resources: In the order in which they are declared: what others refer to comes first.
        inexpressible: Entities that no resource can stand for.
        titles: Names of connections, by qualifiedName.
    """

    resources: list[Resource]
    inexpressible: list[Unsupported]
    titles: dict[str, str]

    def count(self) -> dict[str, int]:
        """How many resources there are of each kind."""
        counted: dict[str, int] = {}
        for resource in self.resources:
            counted[resource.kind] = counted.get(resource.kind, 0) + 1
        return counted
