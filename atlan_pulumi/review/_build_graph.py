"""Build the graph of changed lineage, between tables.

It contains all links of changed processes, including unchanged ones as context, and all links with changed
column mappings. Several processes between the same two assets are one link. The link counts as changed,
unless the change is the same for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import LATER, ChangeKind, EdgeChange
from atlan_pulumi.review._graph import AssetChange, Graph, Link, Node

TablePair = tuple[Asset, Asset]
LinkEnds = tuple[str, str]


def mapping_lines(edge: EdgeChange) -> dict[TablePair, str]:
    """Return the change of a column process by the tables of its columns, such as `+ AMOUNT, TAX → NET`.

    Tables whose part of the mapping does not change are left out.
    """
    old, new = _mappings(edge.old), _mappings(edge.new)
    found = {}
    for tables in {*old, *new}:
        was, will = old.get(tables), new.get(tables)
        if was != will or edge.changes_beyond_sides:
            found[tables] = _line(was, will)
    return found


def _line(old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return f"- {old}" if new is None else f"+ {new}"
    return f"~ {new}" if new == old else f"~ {new} (was {old})"


def _mappings(edge: Edge | None) -> dict[TablePair, str]:
    """Return the mapping between each two tables. Unknown inputs are added to the known ones."""
    if edge is None:
        return {}
    later = [LATER] if "inputs" in edge.unknown else []
    return {
        (source, target): f"{', '.join([*froms, *later])} → {', '.join(tos)}"
        for source, froms in _by_table(edge.inputs).items()
        for target, tos in _by_table(edge.outputs).items()
    }


def _by_table(columns: Iterable[Asset]) -> dict[Asset, list[str]]:
    found = defaultdict(list)
    for column in columns:
        found[column.table].append(column.name.rpartition("/")[2])
    return found


@dataclass
class _LinkData:
    """The data of a link between two assets."""

    changes: set[ChangeKind] = field(default_factory=set)
    processes: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    shown: bool = False


def build_graph(changes: Sequence[ResourceChange]) -> Graph:
    """Return the graph of changed lineage.

    Args:
        changes: The changes of the resources.
    """
    builder = _GraphBuilder(changes)
    builder.add_all()
    return builder.graph()


class _GraphBuilder:
    def __init__(self, changes: Sequence[ResourceChange]) -> None:
        self._edges = [(change, edge) for change in changes for edge in change.edges]
        self._assets = dict(_assets(changes))
        self._types = _types(edge for _, edge in self._edges)
        self._nodes: dict[str, Node] = {}
        self._links: dict[LinkEnds, _LinkData] = defaultdict(_LinkData)
        self._processes = {
            name: edge
            for _, edge in self._edges
            if not edge.is_column_process
            for name in (each.qualified_name for each in (edge.old, edge.new) if each)
            if name
        }

    def add_all(self) -> None:
        """Add the processes, and then the column mappings."""
        for change, edge in self._edges:
            if not edge.is_column_process:
                self._add_process(change, edge)
        for _, edge in self._edges:
            if edge.is_column_process and edge.change not in ("same", "moved"):
                self._add_columns(edge)

    def graph(self) -> Graph:
        """Return the graph, sorted."""
        links = [
            Link(
                *ends, _joint_change(each.changes), tuple(sorted(each.processes)), tuple(sorted(each.columns))
            )
            for ends, each in self._links.items()
            if each.shown
        ]
        used = {end for link in links for end in (link.source, link.target)}
        nodes = (node for node in self._nodes.values() if node.id in used)
        shown = tuple(sorted(nodes))
        assets = {node.id: self._assets[node.id] for node in shown if node.id in self._assets}
        return Graph(shown, tuple(sorted(links)), assets=assets)

    def _add_process(self, change: ResourceChange, edge: EdgeChange) -> None:
        if edge.change == "moved" and not edge.elsewhere:
            return  # added for the resource that declares it now
        old, new = (self._ends(change, edge.label, each) for each in (edge.old, edge.new))
        new = old if edge.change == "moved" else new
        for ends in {*old, *new}:
            stays: ChangeKind = "changed" if edge.changes_beyond_sides else "same"
            link = self._links[ends]
            if ends not in old:
                link.changes.add("added")
            elif ends not in new:
                link.changes.add("changed" if self._may_stay(ends, edge.new) else "removed")
            else:
                link.changes.add(stays)
            link.processes.add(_name(edge.edge, change.name_of(edge)))
            link.shown |= edge.change not in ("same", "moved")

    def _may_stay(self, ends: LinkEnds, new: Edge | None) -> bool:
        """Return whether an end that the new edge does not have may be one of its unknown assets."""
        if new is None or not new.unknown:
            return False
        sides = zip(ends, ("inputs", "outputs"), (new.inputs, new.outputs), strict=True)
        missing = {side for end, side, assets in sides if end not in {self._node(each).id for each in assets}}
        return bool(missing) and missing <= new.unknown

    def _add_columns(self, edge: EdgeChange) -> None:
        """Add column mappings to the links between the tables of the columns. Create missing links."""
        parent = edge.edge.process
        process = self._processes.get(parent.name) if parent else None
        for (source, target), line in mapping_lines(edge).items():
            link = self._links[self._node(source).id, self._node(target).id]
            link.columns.add(line)
            if not link.changes - {"same"}:
                link.changes.add("changed")
            if parent and process is None:
                link.processes.add(parent.name.rpartition("/")[2])
            link.shown = True

    def _ends(self, change: ResourceChange, label: str, edge: Edge | None) -> set[LinkEnds]:
        if edge is None:
            return set()
        place = f"{change.urn} {label}"
        sources = [*map(self._node, edge.inputs), *self._later(edge, "inputs", place)]
        targets = [*map(self._node, edge.outputs), *self._later(edge, "outputs", place)]
        return {(source.id, target.id) for source, target in product(sources, targets)}

    def _later(self, edge: Edge, side: str, place: str) -> Iterator[Node]:
        """Yield a node for the unknown assets of a side. Each process has its own."""
        if side in edge.unknown:
            yield self._add_node(Node(f"unknown {side} of {place}", LATER, "", ""))

    def _node(self, asset: Asset) -> Node:
        type_name = self._types.get(asset.name, asset.type_name)
        cluster, label = _split(asset)
        return self._add_node(Node(_node_id(type_name, asset.name), label, type_name, cluster))

    def _add_node(self, node: Node) -> Node:
        return self._nodes.setdefault(node.id, node)


def _node_id(type_name: str, name: str) -> str:
    return f"{type_name} {name}"


def _assets(changes: Iterable[ResourceChange]) -> Iterator[tuple[str, AssetChange]]:
    """Yield the id of each asset that a deployment creates or deletes, and which of the two."""
    done: dict[str, AssetChange] = {"create": "created", "delete": "deleted"}
    for change in changes:
        resource = change.resource
        stays = change.former or change.holder or change.kept
        if resource.is_asset and resource.qualified_name and change.operation in done and not stays:
            yield _node_id(resource.kind, resource.qualified_name), done[change.operation]


def _types(edges: Iterable[EdgeChange]) -> dict[str, str]:
    """Return the types of assets by name, from processes, which know them. Columns only imply a table."""
    sides = (each for edge in edges if not edge.is_column_process for each in (edge.old, edge.new) if each)
    named = {(asset.name, asset.type_name) for each in sides for asset in (*each.inputs, *each.outputs)}
    return dict(sorted(named, reverse=True))


def _split(asset: Asset) -> tuple[str, str]:
    """Return the parent and the name of an asset. The parent of a dataset is its namespace."""
    if asset.namespace:
        return asset.namespace, asset.name.removeprefix(f"{asset.namespace}/")
    cluster, _, label = asset.name.rpartition("/")
    return cluster, label or asset.name


def _name(edge: Edge, otherwise: str) -> str:
    """Return the name of a process in Atlan, or its id."""
    name = edge.declared.get("name")
    if isinstance(name, str):
        return name
    return (edge.qualified_name or otherwise).removesuffix("/process").rpartition("/")[2]


def _joint_change(changes: set[ChangeKind]) -> ChangeKind:
    return next(iter(changes)) if len(changes) == 1 else "changed"
