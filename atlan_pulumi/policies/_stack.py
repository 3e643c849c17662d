"""All that a stack declares, for the rules that need to see more than one resource."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from atlan_pulumi.declared import Asset, Declared, Edge, has_unknown
from atlan_pulumi.naming import below_connection, flat

JOB_NAME = "job_name"
PROCESS_ID = "process_id"


class Violation(NamedTuple):
    """What is wrong, and with which resource."""

    message: str
    resource: Declared


class Stack:
    """The resources of this package in a stack."""

    def __init__(self, resources: Sequence[Declared]) -> None:
        self.resources = list(resources)

    def edges(self) -> Iterator[tuple[Declared, Edge]]:
        """Every process and column process, with the resource that declares it."""
        for resource in self.resources:
            for edge in resource.edges:
                yield resource, edge

    def processes(self) -> Iterator[tuple[Declared, Edge]]:
        """Every process between tables, with the resource that declares it."""
        return (each for each in self.edges() if not each[1].is_column_process)

    def columns(self) -> Iterator[tuple[Declared, Edge]]:
        """Every column process, with the resource that declares it."""
        return (each for each in self.edges() if each[1].is_column_process)

    def process(self, reference: Asset | None) -> Edge | None:
        """The process of this stack that a column process hangs on; None where it is not of this stack."""
        return self._by_name.get(reference.name) if reference else None

    def parents(self, resource: Declared) -> list[Edge]:
        """The processes that the column lineage of a resource hangs on, or may hang on.

        One whose name a preview does not know yet is none of those whose names it knows.
        """
        reference = resource.props.get("process")
        if reference is None:
            return [edge for edge in resource.edges if not edge.is_column_process]
        if isinstance(reference, Mapping) and not has_unknown(reference):
            parent = self.process(Asset.of(reference))
            return [parent] if parent else []
        by_name = isinstance(reference, Mapping) and "qualified_name" in reference
        return [edge for _, edge in self.processes() if not (by_name and edge.qualified_name)]

    @functools.cached_property
    def _by_name(self) -> dict[str, Edge]:
        """The processes by name, and by GUID where that is known: once they are deployed."""
        found = {}
        for _, edge in self.processes():
            names = (edge.qualified_name, edge.declared.get("guid"))
            found.update({name: edge for name in names if name and isinstance(name, str)})
        return found

    def key(self, asset: Asset) -> str:
        """What tells an asset of this stack from others, however it is named.

        A dataset of a job's, and a field of one, is the asset of its path, where the stack has but one of
        that path: of two connections that have equal paths, either may be meant.
        """
        if not asset.namespace:
            return asset.name
        own = flat(asset.name)
        if asset.is_field and self.key(asset.table) == flat(asset.table.name):
            return own
        return self._assets_of_datasets.get(own, own)

    def qualified_name(self, asset: Asset) -> str | None:
        """Its qualifiedName in Atlan; None for a dataset that is no asset of the stack's, and for a GUID."""
        key = self.key(asset)
        is_foreign = bool(asset.namespace) and key == flat(asset.name)
        return key if asset.path and not is_foreign else None

    @functools.cached_property
    def _assets_of_datasets(self) -> dict[str, str]:
        """The qualifiedName of the asset that a dataset is, by the dataset's own key."""
        assets: dict[str, set[str]] = defaultdict(set)
        datasets: dict[str, set[str]] = defaultdict(set)
        for asset in self._ends():
            if asset.namespace:
                datasets[asset.path].add(flat(asset.name))
            elif asset.path:
                assets[asset.path].add(asset.name)
        alone = {path: min(keys) for path, keys in datasets.items() if len(keys) == 1}
        return {key: min(assets[path]) for path, key in alone.items() if len(assets[path]) == 1}

    def _ends(self) -> Iterator[Asset]:
        """What edges lead from and to; of columns their tables as well."""
        for _, edge in self.edges():
            for asset in (*edge.inputs, *edge.outputs):
                yield asset
                if asset.table is not asset:
                    yield asset.table


def above(name: str) -> Iterator[str]:
    """What a name lies in, the nearest first: each of its beginnings that ends before a slash."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


class Written(NamedTuple):
    """A connection that a resource makes or writes to.

    Attributes:
        name: Its qualifiedName.
        told_of: What a message is about: an edge in it, or the resource.
        property: The property that names it.
    """

    name: str
    told_of: str
    property: str


def connections_of(resource: Declared) -> list[Written]:
    """The connections, each once, as far as they are known; also where no edge of a set is known yet."""
    if resource.is_connection:
        name = resource.qualified_name
        return [Written(name, str(resource), "qualified_name")] if name else []
    given = [(edge.declared.get("connection"), str(edge)) for edge in resource.edges]
    given.append((resource.props.get("connection"), str(resource)))
    found: dict[str, Written] = {}
    for connection, told_of in given:
        if isinstance(connection, str):
            found.setdefault(connection, Written(connection, told_of, "connection"))
    return list(found.values())


class GivenId(NamedTuple):
    """An id, and where it is given.

    Attributes:
        label: What has it, for a message.
        property: `process_id`, or `job_name` of an `OpenLineageJob`.
        value: The id.
        type_name: `Process` or `ColumnProcess`.
    """

    label: str
    property: str
    value: str
    type_name: str


def ids_of(resource: Declared) -> Iterator[GivenId]:
    """The ids that a resource is given, as far as they are known.

    The keys of a `ProcessSet` are ids of processes; those of its column processes, and of a
    `ColumnLineage`'s, are made of the name of the process.
    """
    if resource.kind == "ProcessSet":
        yield from _keys(resource)
        return
    for property_ in (PROCESS_ID, JOB_NAME):
        value = resource.props.get(property_)
        if isinstance(value, str):
            edge = resource.edges[0]
            yield GivenId(str(edge), property_, value, edge.type_name)


def _keys(resource: Declared) -> Iterator[GivenId]:
    connection, processes = resource.props.get("connection"), resource.props.get("processes")
    for key in sorted(processes) if isinstance(processes, Mapping) else ():
        name = below_connection(connection, key) if isinstance(connection, str) else key
        yield GivenId(f"Process {name!r}", PROCESS_ID, key, "Process")
