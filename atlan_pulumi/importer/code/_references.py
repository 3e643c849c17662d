"""Variables of a module: connections, processes, and maps that contain processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.importer._lineage_maps import Chain, component_chains, component_name, process_in_full
from atlan_pulumi.importer._names import Unique, identifier
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.importer.code._expressions import Items, Node, expression, literal
from atlan_pulumi.importer.code._paths import Writer
from atlan_pulumi.lifecycle import references_in
from atlan_pulumi.naming import Tables, below_connection

Key = tuple[str, str]
"""The type and qualifiedName of an entity."""
_FIRST = ("name", "inputs", "outputs")


@dataclass(frozen=True)
class References:
    """Variables of resources.

    Attributes:
        resources: The resources that others refer to, by entity.
        variables: Their variables, by entity.
        maps: The variables of maps, by the qualifiedName of each referenced process.
        components: The variables of components by their types, outermost first.
    """

    resources: Mapping[Key, Resource]
    variables: Mapping[Key, str]
    maps: Mapping[str, str]
    components: Mapping[Chain, str]

    def variable_of(self, resource: Resource) -> str | None:
        """Return the variable of a resource, or None if nothing refers to it."""
        return self.variables.get(_key(resource))


def resource_variables(resources: Iterable[Resource], names: Unique) -> References:
    """Return the variables of referenced resources, in the order of the resources."""
    every = list(resources)
    components = {
        chain: names.take([identifier(component_name(chain))], "_") for chain in component_chains(every)
    }
    targets: set[Key] = set()
    for each in every:
        targets.add(("Connection", str(each.inputs.get("connection"))))
        targets.add(("Process", each.inputs.get("process", {}).get("qualified_name", "")))
        targets.update(_assets_in(each))
    sets = [each for each in every if each.declared.kind.name == "ProcessSet"]
    in_maps = {path for each in sets for path in each.declared.paths}
    assets = [each for each in every if each.declared.kind.is_asset]
    targets.update(_key(each) for each in assets if each.qualified_name in in_maps)
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


def _assets_in(resource: Resource) -> Iterator[Key]:
    """Yield the assets that a resource refers to by name."""
    for name in ("parent", "inputs", "outputs"):
        for each in references_in(resource.inputs.get(name)):
            if "type_name" in each and "qualified_name" in each:
                yield each["type_name"], each["qualified_name"]


def _key(resource: Resource) -> Key:
    """Return the entity of a resource. A map has none, so its name distinguishes it."""
    if resource.declared.kind.name == "ProcessSet":
        return resource.kind, resource.name
    return resource.declared.kind.type_name, resource.qualified_name


def _held(resource: Resource) -> set[str]:
    """Return the processes in a map."""
    processes = resource.inputs["processes"] if resource.declared.kind.name == "ProcessSet" else ()
    return {below_connection(resource.qualified_name, process_id) for process_id in processes}


def _wishes(resource: Resource) -> list[str]:
    name = identifier(resource.name)
    return [name, identifier(f"{name} {resource.kind}")]


class Mappings:
    """Write the columns of a process."""

    def __init__(self, paths: Writer, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        """Set the tables.

        Args:
            paths: Writes qualifiedNames.
            inputs: The tables of input columns.
            outputs: The tables of output columns.
        """
        self._paths = paths
        self._inputs, self._outputs = Tables(inputs), Tables(outputs)

    def columns(self, columns: Mapping[str, Sequence[str]]) -> Node:
        """Return the expression for output column -> input columns, given by qualifiedName."""
        rows = [(self._key(target), self._sources(columns[target])) for target in sorted(columns)]
        return Items("{", "}", rows, spread=len(rows) > 1)

    def sql(self, sql: Mapping[str, str]) -> Node:
        """Return the expression for output column -> SQL."""
        return Items("{", "}", [(self._key(target), expression(sql[target])) for target in sorted(sql)])

    def _key(self, target: str) -> str:
        return f"{self._column(target, self._outputs)}: "

    def _sources(self, sources: Sequence[str]) -> Node:
        each = [self._column(source, self._inputs) for source in sources]
        return each[0] if len(each) == 1 else Items("[", "]", [("", one) for one in each])

    def _column(self, column: str, tables: Tables) -> str:
        segments = column.split("/")
        for count in range(1, len(segments)):
            text = "/".join(segments[-count:])
            if tables.find(text) == [column]:
                return literal(text)
        return self._paths.write(column, within=True)


def process_of_map(short: Mapping[str, Any], base: str, paths: Writer) -> Node:
    """Return the expression for a process of a `LineageMap`.

    Args:
        short: The process in the short form of a state.
        base: The prefix of its table paths.
        paths: Writes qualifiedNames.
    """
    full = process_in_full(short, base)
    write = Mappings(paths, full.inputs, full.outputs)
    of_columns = {"columns": write.columns(full.columns), "column_sql": write.sql(full.sql)}
    names = [*(name for name in _FIRST if name in short), *(name for name in short if name not in _FIRST)]
    written = [(name, of_columns.get(name) or expression(short[name])) for name in names]
    return Items("{", "}", [(f"{literal(name)}: ", node) for name, node in written], spread=True)
