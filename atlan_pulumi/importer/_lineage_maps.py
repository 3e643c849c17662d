"""Combine processes with their column processes into `LineageMap`s.

A URN contains only the types of components. So one component of each type can replace those of the program:
the resources below it keep their URNs when the original program is restored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from atlan_pulumi.importer._column_lineages import (
    ColumnMapping,
    Key,
    MappingEdge,
    bulk_resource,
    column_mapping,
    entity_key,
    mapping_edges,
    process_of,
    template_of,
)
from atlan_pulumi.importer._declare import ImportedResource
from atlan_pulumi.importer._kinds import ResourceKind
from atlan_pulumi.importer._marks import component_in
from atlan_pulumi.importer._names import slug
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import Props
from atlan_pulumi.naming import Tables, connection_of
from atlan_pulumi.resources.column_mapping import expand_columns
from atlan_pulumi.resources.process_forms import (
    SetLocation,
    TablePaths,
    as_list,
    process_problems,
    qualified_names_in,
)

_SIDES = ("inputs", "outputs")
_NOT_DATA = frozenset({"connection", "process_id", "qualified_name", "managed_by"})
Chain = tuple[str, ...]
"""Types of components, outermost first."""


class MapGroup(NamedTuple):
    """The processes of one map, in one connection."""

    processes: list[ImportedResource]
    mark: str | None
    mixed: bool = False
    """Whether the processes have different marks."""


def lineage_maps(
    declared: Sequence[ImportedResource], guids: Mapping[Key, str | None], groups: Iterable[MapGroup]
) -> list[ImportedResource]:
    """Return the lineage with a map instead of the processes of each group and their columns.

    Args:
        declared: The imported resources.
        guids: The GUIDs of the connections.
        groups: The processes of each map.
    """
    below: defaultdict[Key, list[ImportedResource]] = defaultdict(list)
    for one in declared:
        if one.kind.is_below:
            below[process_of(one)].append(one)
    taken: set[Key] = set()
    made: list[ImportedResource] = []
    for group in groups:
        columns = {entity_key(process): below[entity_key(process)] for process in group.processes}
        found = _lineage_map(group, columns, guids)
        if found is not None:
            lineage_map, parts = found
            made.append(lineage_map)
            taken |= {entity_key(part) for part in parts}
    return [*(one for one in declared if entity_key(one) not in taken), *made]


def groups_by_mark(
    processes: Iterable[ImportedResource], is_map: Callable[[str, Sequence[ImportedResource]], bool]
) -> list[MapGroup]:
    """Return the processes that one resource created, by connection and mark."""
    groups: defaultdict[tuple[str, str], list[ImportedResource]] = defaultdict(list)
    for one in processes:
        if one.mark is not None:
            groups[connection_of(one.qualified_name), one.mark].append(one)
    return [MapGroup(group, mark) for (_, mark), group in groups.items() if is_map(mark, group)]


def groups_by_connection(processes: Iterable[ImportedResource]) -> Iterator[MapGroup]:
    """Yield all processes of each connection."""
    groups: defaultdict[str, list[ImportedResource]] = defaultdict(list)
    for one in processes:
        groups[connection_of(one.qualified_name)].append(one)
    for group in groups.values():
        marks = {one.mark for one in group}
        yield MapGroup(group, max((mark for mark in marks if mark), default=None), mixed=marks != {None})


def _lineage_map(
    group: MapGroup, columns: Mapping[Key, list[ImportedResource]], guids: Mapping[Key, str | None]
) -> tuple[ImportedResource, list[ImportedResource]] | None:
    connection = connection_of(group.processes[0].qualified_name)
    base = _base(group.processes)
    edges = {key: _edges_in(group, found) for key, found in columns.items()}
    template = template_of([edge.named for each in edges.values() for edge in each])
    processes, parts, left_out = {}, [], list[str]()
    for one in group.processes:
        found = column_mapping(edges[entity_key(one)], template, given=True)
        data = _data(one, found)
        if any(process_problems(one.inputs["process_id"], data, SetLocation(connection, TablePaths(base)))):
            continue  # such as a text that only a `Process` may have
        processes[one.inputs["process_id"]] = data
        parts += [one, *(edge.declared for edge in found.edges)]
        left_out += [f"{what} (of {one.inputs['process_id']!r})" for what in one.left_out]
        left_out += [f"{what} (of columns of {one.inputs['process_id']!r})" for what in found.left_out]
    mixed = group.mixed or len({part.mark for part in parts}) > 1
    given = {
        "connection": connection,
        "base": None if base == connection else base,
        "processes": processes or None,
        "column_name": template,
        "managed_by": group.mark,
        "adopt": mixed or None,
    }
    guid = guids.get(("Connection", connection))
    component = "LineageMap" if group.mixed or not group.mark else component_in(group.mark)
    made = bulk_resource("ProcessSet", given, parts, guid=guid, left_out=left_out, component=component)
    if made is None:
        return None
    return replace(made, mixed=mixed), parts


def _edges_in(group: MapGroup, columns: Sequence[ImportedResource]) -> list[MappingEdge]:
    """Return the column processes with the mark of the group."""
    return mapping_edges(columns if group.mixed else [one for one in columns if one.mark == group.mark])


def _data(one: ImportedResource, found: ColumnMapping) -> dict[str, Any]:
    """Return the data of a process in a map."""
    data = {name: value for name, value in one.inputs.items() if name not in _NOT_DATA}
    data |= {"columns": found.columns} if found.edges else {}
    return data | ({"column_sql": found.sql} if found.sql else {})


def _base(processes: Sequence[ImportedResource]) -> str:
    """Return the connection of most tables."""
    often: defaultdict[str, int] = defaultdict(int)
    for one in processes:
        for reference in (each for side in _SIDES for each in one.inputs[side]):
            if reference["type_name"] == "Table" and "qualified_name" in reference:
                often[connection_of(reference["qualified_name"])] += 1
    own = connection_of(processes[0].qualified_name)
    return max(sorted(often), key=lambda each: (often[each], each == own), default=own)


class FullMapping(NamedTuple):
    """The columns of a process by qualifiedName, with its tables."""

    inputs: list[str]
    outputs: list[str]
    columns: dict[str, list[str]]
    sql: dict[str, str]


def lineage_in_full(props: Props) -> FullMapping:
    """Return the mapping of a `ColumnLineage`."""
    return _full(props["input_tables"], props["output_tables"], props["columns"], props.get("sql"))


def process_in_full(short: Mapping[str, Any], base: str) -> FullMapping:
    """Return the mapping of a process in a `ProcessSet`.

    Args:
        short: The process in short form.
        base: The prefix of its table paths.
    """
    paths = TablePaths(base)
    inputs, outputs = (
        qualified_names_in([paths.reference(each) for each in as_list(short[side])])
        for side in ("inputs", "outputs")
    )
    return _full(inputs, outputs, short.get("columns"), short.get("column_sql"))


def import_inputs(kind: ResourceKind, inputs: Props) -> Props:
    """Return the inputs of a state in the form that an import file requires.

    The engine checks imported inputs like those of a program. The short form is kept if it is unambiguous, so
    that a preview shows only differences from the program. Otherwise, columns are qualifiedNames.
    """
    if kind.is_many and _is_settled(kind, inputs):
        return inputs
    if kind.name == "ColumnLineage":
        full = lineage_in_full(inputs)
        return {**inputs, "columns": full.columns} | ({"sql": full.sql} if full.sql else {})
    if kind.name == "ProcessSet":
        base = inputs.get("base") or inputs["connection"]
        processes = {id_: _process(short, base) for id_, short in inputs["processes"].items()}
        return {**inputs, "processes": processes}
    return inputs


def _is_settled(kind: ResourceKind, inputs: Props) -> bool:
    """Check whether a check leaves the inputs of a state unchanged."""
    checked = kind.lifecycle.check({}, inputs)
    left = {name: value for name, value in inputs.items() if name != "managed_by"}
    return not checked.problems and {**checked.inputs, "managed_by": None} == {**left, "managed_by": None}


def _process(short: Mapping[str, Any], base: str) -> Props:
    full = process_in_full(short, base)
    given = {"columns": full.columns, "column_sql": full.sql}
    return {**short, **{name: value for name, value in given.items() if value}}


def _full(inputs: list[str], outputs: list[str], columns: Any, sql: Any) -> FullMapping:
    sources, targets = Tables(inputs), Tables(outputs)
    texts = {targets.expand(target): text for target, text in (sql or {}).items()}
    return FullMapping(inputs, outputs, expand_columns(columns or {}, sources, targets), texts)


def component_chains(resources: Iterable[Resource]) -> list[Chain]:
    """Return the components above the resources, outermost first."""
    chains = {
        resource.parents[:depth] for resource in resources for depth in range(1, len(resource.parents) + 1)
    }
    return sorted(chains, key=lambda chain: (len(chain), chain))


def component_name(chain: Chain) -> str:
    """Return a name for a component: the last part of its type."""
    return slug(chain[-1].rpartition(":")[2]) or "component"
