"""Choose the kinds of resources that an import writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer._column_lineages import Key, column_lineages, entity_key
from atlan_pulumi.importer._declare import ImportedResource
from atlan_pulumi.importer._lineage_maps import MapGroup, groups_by_connection, groups_by_mark, lineage_maps
from atlan_pulumi.importer._marks import is_of_a_set
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark_of, stack_of
from atlan_pulumi.naming import connection_of
from atlan_pulumi.ownership_mark import kind_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

COLUMN_LINEAGE = "column-lineage"
LINEAGE_MAP = "lineage-map"
COLUMN_PROCESS = "column-process"
FORMS = (COLUMN_LINEAGE, LINEAGE_MAP, COLUMN_PROCESS)


_AT_ONCE = 300
"""Marks in one search."""


@dataclass(frozen=True)
class Shape:
    """The kinds of resources that an import writes.

    Attributes:
        form: `column-lineage` (a `Process`, and a `ColumnLineage` below it), `lineage-map` (a `LineageMap` of
            all processes of a connection), or `column-process` (a resource for each column process). None:
            a `LineageMap` for the entities of a `LineageMap` of `stack`, and `column-lineage` for the rest.
        openlineage: Whether to write `OpenLineageConnection`s and `OpenLineageJob`s.
        stack: The stack that the import is for, such as `shop/prod`, or None if unknown.
    """

    form: str | None = None
    openlineage: bool = True
    stack: str | None = None

    def __post_init__(self) -> None:
        if self.form is not None and self.form not in FORMS:
            raise ImporterError(f"{self.form!r} is not a form of lineage: use one of {', '.join(FORMS)}")


def apply_shape(
    client: AtlanClient,
    declared: Sequence[ImportedResource],
    entities: Iterable[Entity],
    shape: Shape,
    *,
    with_columns: bool,
) -> list[ImportedResource]:
    """Return the resources in the requested form.

    Args:
        client: The tenant.
        declared: A resource for each entity.
        entities: The entities that were read.
        shape: The form.
        with_columns: Whether the column processes of each process were read.
    """
    if shape.form == COLUMN_PROCESS or not with_columns:
        return list(declared)
    every = list(entities)
    processes = [one for one in declared if one.kind.name == "Process"]
    groups = _groups(client, processes, shape)
    guids = _guids(client, every, groups)
    read = {(each.type_name, each.qualified_name) for each in every}
    in_maps = lineage_maps(declared, guids, groups)
    return column_lineages(in_maps, guids, read, kept=shape.stack if shape.form is None else None)


def _groups(client: AtlanClient, processes: Sequence[ImportedResource], shape: Shape) -> list[MapGroup]:
    """Return the processes of each `LineageMap`."""
    if shape.form == COLUMN_LINEAGE:
        return []
    of_stacks = (one for one in processes if stack_of(one.mark) is not None)
    made = groups_by_mark(of_stacks, lambda mark, group: _may_be_a_map(mark, len(group), shape))
    every = _every_marked(client, {str(group.mark) for group in made})
    # A map removes leftovers with its mark, so it must include every process with the mark.
    whole = [
        group for group in made if every[_place(group)] <= {one.qualified_name for one in group.processes}
    ]
    if shape.form is None:
        return whole
    taken = {entity_key(one) for group in whole for one in group.processes}
    return [*whole, *groups_by_connection(one for one in processes if entity_key(one) not in taken)]


def _may_be_a_map(mark: str, count: int, shape: Shape) -> bool:
    """Check whether one resource created all processes with a mark."""
    if shape.form is None and stack_of(mark) != shape.stack:
        return False
    return is_of_a_set(mark) or (count > 1 and not kind_of(mark))


def _place(group: MapGroup) -> tuple[str, str]:
    return str(group.mark), connection_of(group.processes[0].qualified_name)


def _every_marked(client: AtlanClient, marks: Iterable[str]) -> Mapping[tuple[str, str], set[str]]:
    """Return the names of all active processes with these marks, by mark and connection."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    listed = sorted(marks)
    for start in range(0, len(listed), _AT_ONCE):
        kind = {"term": {"__typeName.keyword": "Process"}}
        marked = {"terms": {OWNERSHIP_ATTRIBUTE: listed[start : start + _AT_ONCE]}}
        for each in client.search.live(kind, marked, attributes=["qualifiedName", OWNERSHIP_ATTRIBUTE]):
            found[str(mark_of(each)), connection_of(each.qualified_name)].add(each.qualified_name)
    return found


def _guids(
    client: AtlanClient, entities: Iterable[Entity], groups: Iterable[MapGroup]
) -> dict[Key, str | None]:
    """Return the GUIDs of the entities and of the connections of the groups."""
    guids = {(each.type_name, each.qualified_name): each.guid for each in entities}
    wanted = {("Connection", connection_of(group.processes[0].qualified_name)) for group in groups}
    names = sorted(name for _, name in wanted - guids.keys())
    if names:
        there = client.entities.get_many_by_qualified_name("Connection", names, relationships=False)
        guids |= {("Connection", name): each.guid for name, each in there.items()}
    return guids
