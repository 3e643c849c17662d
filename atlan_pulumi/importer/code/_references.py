"""What a module can refer to by a variable: connections, processes, and the maps that hold processes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlan_pulumi.importer._components import Chain, component_chains, component_name
from atlan_pulumi.importer._names import Unique, identifier
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import below_connection

Key = tuple[str, str]
"""An entity by its type and qualifiedName."""


@dataclass(frozen=True)
class References:
    """Variables of resources.

    Attributes:
        resources: The resources that others refer to, by what they refer to.
        variables: Their variables.
        maps: The variables of maps, by the qualifiedName of each process that others refer to.
        components: The variables of components, by their types; those that others are below come first.
    """

    resources: Mapping[Key, Resource]
    variables: Mapping[Key, str]
    maps: Mapping[str, str]
    components: Mapping[Chain, str]

    def variable_of(self, resource: Resource) -> str | None:
        """The variable that holds a resource; None where nothing refers to it."""
        return self.variables.get(_key(resource))


def references(resources: Iterable[Resource], names: Unique) -> References:
    """Variables for what others refer to, in the order of the resources."""
    every = list(resources)
    components = {
        chain: names.take([identifier(component_name(chain))], "_") for chain in component_chains(every)
    }
    targets: set[Key] = set()
    for each in every:
        targets.add(("Connection", str(each.inputs.get("connection"))))
        targets.add(("Process", each.inputs.get("process", {}).get("qualified_name", "")))
    known: dict[Key, Resource] = {}
    variables: dict[Key, str] = {}
    maps: dict[str, str] = {}
    for each in every:
        held = _held(each) & {name for _, name in targets}
        if held or _key(each) in targets:
            known[_key(each)] = each
            variables[_key(each)] = names.take(_wishes(each), "_")
            maps |= dict.fromkeys(held, variables[_key(each)])
    return References(known, variables, maps, components)


def _key(resource: Resource) -> Key:
    """A map is no process of its own: what tells it from others of its connection is its name."""
    if resource.declared.kind.name == "ProcessSet":
        return resource.kind, resource.name
    return resource.declared.kind.type_name, resource.qualified_name


def _held(resource: Resource) -> set[str]:
    """The processes in a map."""
    processes = resource.inputs["processes"] if resource.declared.kind.name == "ProcessSet" else ()
    return {below_connection(resource.qualified_name, process_id) for process_id in processes}


def _wishes(resource: Resource) -> list[str]:
    name = identifier(resource.name)
    return [name, identifier(f"{name} {resource.kind}")]
