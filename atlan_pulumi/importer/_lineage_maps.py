"""From processes to `LineageMap`s: many processes with their column processes, as one resource each.

A URN has the types alone, too. So one component of each type will do in place of those that the program has:
the resources below it keep their URNs when the program comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from atlan_pulumi.importer._column_lineages import (
    Edge,
    Key,
    Mapped,
    edges_of,
    key_of,
    many,
    mapped,
    process_of,
    template_of,
)
from atlan_pulumi.importer._declare import Declared
from atlan_pulumi.importer._kinds import Kind
from atlan_pulumi.importer._marks import component_in
from atlan_pulumi.importer._names import slug
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import Props
from atlan_pulumi.naming import Tables, connection_of
from atlan_pulumi.resources.column_mapping import lengthened
from atlan_pulumi.resources.process_forms import Paths, Place, as_given, mistakes_in, names_of

_SIDES = ("inputs", "outputs")
_NOT_DATA = frozenset({"connection", "process_id", "qualified_name", "managed_by"})
Chain = tuple[str, ...]
"""Types of components, the outermost first."""


class Group(NamedTuple):
    """The processes of one map, which lie in one connection."""

    processes: list[Declared]
    mark: str | None
    mixed: bool = False
    """Whether the processes carry several marks."""


def lineage_maps(
    declared: Sequence[Declared], guids: Mapping[Key, str | None], groups: Iterable[Group]
) -> list[Declared]:
    """The same lineage, with a map in place of the processes of each group and of their columns.

    Args:
        declared: What is imported.
        guids: The GUIDs of the connections.
        groups: What each map is to hold.
    """
    below: defaultdict[Key, list[Declared]] = defaultdict(list)
    for one in declared:
        if one.kind.is_below:
            below[process_of(one)].append(one)
    taken: set[Key] = set()
    made: list[Declared] = []
    for group in groups:
        columns = {key_of(process): below[key_of(process)] for process in group.processes}
        found = _lineage_map(group, columns, guids)
        if found is not None:
            lineage_map, parts = found
            made.append(lineage_map)
            taken |= {key_of(part) for part in parts}
    return [*(one for one in declared if key_of(one) not in taken), *made]


def groups_by_mark(
    processes: Iterable[Declared], is_map: Callable[[str, Sequence[Declared]], bool]
) -> list[Group]:
    """The processes that one resource made, by connection and mark."""
    groups: defaultdict[tuple[str, str], list[Declared]] = defaultdict(list)
    for one in processes:
        if one.mark is not None:
            groups[connection_of(one.qualified_name), one.mark].append(one)
    return [Group(group, mark) for (_, mark), group in groups.items() if is_map(mark, group)]


def groups_by_connection(processes: Iterable[Declared]) -> Iterator[Group]:
    """All processes of each connection."""
    groups: defaultdict[str, list[Declared]] = defaultdict(list)
    for one in processes:
        groups[connection_of(one.qualified_name)].append(one)
    for group in groups.values():
        marks = {one.mark for one in group}
        yield Group(group, max((mark for mark in marks if mark), default=None), mixed=marks != {None})


def _lineage_map(
    group: Group, columns: Mapping[Key, list[Declared]], guids: Mapping[Key, str | None]
) -> tuple[Declared, list[Declared]] | None:
    connection = connection_of(group.processes[0].qualified_name)
    base = _base(group.processes)
    edges = {key: _edges_in(group, found) for key, found in columns.items()}
    template = template_of([edge.named for each in edges.values() for edge in each])
    processes, parts, left_out = {}, [], list[str]()
    for one in group.processes:
        found = mapped(edges[key_of(one)], template, given=True)
        data = _data(one, found)
        if any(mistakes_in(one.inputs["process_id"], data, Place(connection, Paths(base)))):
            continue  # such as a text that only a single process may have
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
    made = many("ProcessSet", given, parts, guid=guid, left_out=left_out, component=component)
    if made is None:
        return None
    return replace(made, mixed=mixed), parts


def _edges_in(group: Group, columns: Sequence[Declared]) -> list[Edge]:
    """The column processes that belong to the map as its processes do."""
    return edges_of(columns if group.mixed else [one for one in columns if one.mark == group.mark])


def _data(one: Declared, found: Mapped) -> dict[str, Any]:
    """A process as a map takes it."""
    data = {name: value for name, value in one.inputs.items() if name not in _NOT_DATA}
    data |= {"columns": found.columns} if found.edges else {}
    return data | ({"column_sql": found.sql} if found.sql else {})


def _base(processes: Sequence[Declared]) -> str:
    """Where most of the tables lie: the connection that most of their names begin with."""
    often: defaultdict[str, int] = defaultdict(int)
    for one in processes:
        for reference in (each for side in _SIDES for each in one.inputs[side]):
            if reference["type_name"] == "Table" and "qualified_name" in reference:
                often[connection_of(reference["qualified_name"])] += 1
    own = connection_of(processes[0].qualified_name)
    return max(sorted(often), key=lambda each: (often[each], each == own), default=own)


class Full(NamedTuple):
    """The columns of one process, with the tables of both sides."""

    inputs: list[str]
    outputs: list[str]
    columns: dict[str, list[str]]
    sql: dict[str, str]


def lineage_in_full(props: Props) -> Full:
    """What a `ColumnLineage` maps."""
    return _full(props["input_tables"], props["output_tables"], props["columns"], props.get("sql"))


def process_in_full(short: Mapping[str, Any], base: str) -> Full:
    """What one process of a `ProcessSet` maps.

    Args:
        short: The process in short form.
        base: Where the paths of its tables begin.
    """
    paths = Paths(base)
    inputs, outputs = (
        names_of([paths.reference(each) for each in as_given(short[side])]) for side in ("inputs", "outputs")
    )
    return _full(inputs, outputs, short.get("columns"), short.get("column_sql"))


def as_an_author_gives_them(kind: Kind, inputs: Props) -> Props:
    """Return the inputs of a state as the engine takes them from an import file.

    The engine checks what it imports as it checks what a program gives. The short form stays where that means
    the same, so that a preview shows only what differs from a program. Where it may mean several columns,
    the columns stand by qualifiedName.
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


def _is_settled(kind: Kind, inputs: Props) -> bool:
    """Return whether a check of inputs from a state leaves them as they are."""
    checked = kind.lifecycle.check({}, inputs)
    left = {name: value for name, value in inputs.items() if name != "managed_by"}
    return not checked.problems and {**checked.inputs, "managed_by": None} == {**left, "managed_by": None}


def _process(short: Mapping[str, Any], base: str) -> Props:
    full = process_in_full(short, base)
    given = {"columns": full.columns, "column_sql": full.sql}
    return {**short, **{name: value for name, value in given.items() if value}}


def _full(inputs: list[str], outputs: list[str], columns: Any, sql: Any) -> Full:
    sources, targets = Tables(inputs), Tables(outputs)
    texts = {targets.expand(target): text for target, text in (sql or {}).items()}
    return Full(inputs, outputs, lengthened(columns or {}, sources, targets), texts)


def component_chains(resources: Iterable[Resource]) -> list[Chain]:
    """The components above resources, those that others are below first."""
    chains = {
        resource.parents[:depth] for resource in resources for depth in range(1, len(resource.parents) + 1)
    }
    return sorted(chains, key=lambda chain: (len(chain), chain))


def component_name(chain: Chain) -> str:
    """A name for a component: the last part of its type."""
    return slug(chain[-1].rpartition(":")[2]) or "component"
