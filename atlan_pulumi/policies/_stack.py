"""The resources that a stack declares, for rules that check more than one resource."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from atlan_pulumi.declared import Asset, Declared, Edge, has_unknown
from atlan_pulumi.naming import below_connection, normalize_path

JOB_NAME = "job_name"
PROCESS_ID = "process_id"


class Violation(NamedTuple):
    """A message about a resource."""

    message: str
    resource: Declared


class Stack:
    """The resources of this package in a stack."""

    def __init__(self, resources: Sequence[Declared]) -> None:
        self.resources = list(resources)

    def edges(self) -> Iterator[tuple[Declared, Edge]]:
        """Yield every process and column process, with the resource that declares it."""
        for resource in self.resources:
            for edge in resource.edges:
                yield resource, edge

    def processes(self) -> Iterator[tuple[Declared, Edge]]:
        """Return every process, without column processes, with the resource that declares it."""
        return (each for each in self.edges() if not each[1].is_column_process)

    def columns(self) -> Iterator[tuple[Declared, Edge]]:
        """Return every column process, with the resource that declares it."""
        return (each for each in self.edges() if each[1].is_column_process)

    def process(self, reference: Asset | None) -> Edge | None:
        """Return the process that a column process refers to; None if this stack does not declare it."""
        return self._by_name.get(reference.name) if reference else None

    def parents(self, resource: Declared) -> list[Edge]:
        """Return the processes that the column lineage of a resource belongs to, or may belong to.

        If a preview does not know the name of the parent, the parent may be any process whose name is
        unknown.
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
        """The processes by qualifiedName and, after a deployment, by GUID."""
        found = {}
        for _, edge in self.processes():
            names = (edge.qualified_name, edge.declared.get("guid"))
            found.update({name: edge for name in names if name and isinstance(name, str)})
        return found

    def key(self, asset: Asset) -> str:
        """Return a key that two references have in common if they mean the same asset of this stack.

        A dataset of a job, or a field of one, is the asset with its path, if the stack has only one asset
        with that path. If two connections have the path, either may be meant, and the dataset keeps its own
        key.
        """
        if not asset.namespace:
            return asset.name
        own = normalize_path(asset.name)
        if asset.is_field and self.key(asset.table) == normalize_path(asset.table.name):
            return own
        return self._assets_of_datasets.get(own, own)

    def qualified_name(self, asset: Asset) -> str | None:
        """Return the qualifiedName in Atlan; None for a GUID, and for a dataset without an asset here."""
        key = self.key(asset)
        is_foreign = bool(asset.namespace) and key == normalize_path(asset.name)
        return key if asset.path and not is_foreign else None

    @functools.cached_property
    def _assets_of_datasets(self) -> dict[str, str]:
        """The qualifiedNames of the assets that datasets are, by the datasets' own keys."""
        assets: dict[str, set[str]] = defaultdict(set)
        datasets: dict[str, set[str]] = defaultdict(set)
        for asset in self._endpoints():
            if asset.namespace:
                datasets[asset.path].add(normalize_path(asset.name))
            elif asset.path:
                assets[asset.path].add(asset.name)
        alone = {path: min(keys) for path, keys in datasets.items() if len(keys) == 1}
        return {key: min(assets[path]) for path, key in alone.items() if len(assets[path]) == 1}

    def _endpoints(self) -> Iterator[Asset]:
        """Yield the inputs and outputs of all edges, and the tables of columns."""
        for _, edge in self.edges():
            for asset in (*edge.inputs, *edge.outputs):
                yield asset
                if asset.table is not asset:
                    yield asset.table


def parent_names(name: str) -> Iterator[str]:
    """Yield the names that contain a name, the nearest first: `a/b` and `a` for `a/b/c`."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


class TargetConnection(NamedTuple):
    """A connection that a resource creates or writes to.

    Attributes:
        name: Its qualifiedName.
        label: The edge in it, or the resource, for a message.
        property: The property that names it.
    """

    name: str
    label: str
    property: str


def connections_of(resource: Declared) -> list[TargetConnection]:
    """Return the known connections of a resource, each once; also if no edge of a `ProcessSet` is known."""
    if resource.is_connection:
        name = resource.qualified_name
        return [TargetConnection(name, str(resource), "qualified_name")] if name else []
    references = [(edge.declared.get("connection"), str(edge)) for edge in resource.edges]
    references.append((resource.props.get("connection"), str(resource)))
    found: dict[str, TargetConnection] = {}
    for connection, label in references:
        if isinstance(connection, str):
            found.setdefault(connection, TargetConnection(connection, label, "connection"))
    return list(found.values())


class DeclaredId(NamedTuple):
    """An id that a program declares.

    Attributes:
        label: The process or column process, for a message.
        property: `process_id`, or `job_name` of an `OpenLineageJob`.
        value: The id.
        type_name: `Process` or `ColumnProcess`.
    """

    label: str
    property: str
    value: str
    type_name: str


def ids_of(resource: Declared) -> Iterator[DeclaredId]:
    """Yield the known ids that a resource declares.

    The keys of a `ProcessSet` are process ids. The ids of its column processes, and of those of a
    `ColumnLineage`, are derived from the name of the process.
    """
    if resource.kind == "ProcessSet":
        yield from _keys(resource)
        return
    for property_ in (PROCESS_ID, JOB_NAME):
        value = resource.props.get(property_)
        if isinstance(value, str):
            edge = resource.edges[0]
            yield DeclaredId(str(edge), property_, value, edge.type_name)


def _keys(resource: Declared) -> Iterator[DeclaredId]:
    connection, processes = resource.props.get("connection"), resource.props.get("processes")
    for key in sorted(processes) if isinstance(processes, Mapping) else ():
        name = below_connection(connection, key) if isinstance(connection, str) else key
        yield DeclaredId(f"Process {name!r}", PROCESS_ID, key, "Process")
