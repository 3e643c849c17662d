"""The graph of the lineage that changes, between tables.

What is in it: every link of a process that changes, those that stay among them, since they are its context;
and every link in which column mappings change. Where several processes link the same two assets, there is
one link, and it has changed unless the same becomes of all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from atlan_pulumi.declared import Asset, Edge
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import LATER, EdgeChange
from atlan_pulumi.review._compare import EdgeFate as Change
from atlan_pulumi.review._graph import Graph, Link, Node

Tables = tuple[Asset, Asset]
Ends = tuple[str, str]


def mapping_lines(edge: EdgeChange) -> dict[Tables, str]:
    """What becomes of a column process, by the tables of its columns, such as `+ AMOUNT, TAX → NET`.

    Between tables whose part in it stays there is no line.
    """
    old, new = _mappings(edge.old), _mappings(edge.new)
    found = {}
    for tables in {*old, *new}:
        was, will = old.get(tables), new.get(tables)
        if was != will or edge.beyond_sides:
            found[tables] = _line(was, will)
    return found


def _line(old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return f"- {old}" if new is None else f"+ {new}"
    return f"~ {new}" if new == old else f"~ {new} (was {old})"


def _mappings(edge: Edge | None) -> dict[Tables, str]:
    """The mapping between each two tables; what is not known yet stands at what is known."""
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
class _Between:
    """What links two assets."""

    changes: set[Change] = field(default_factory=set)
    processes: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    shown: bool = False


def build_graph(changes: Sequence[ResourceChange]) -> Graph:
    """The lineage that changes.

    Args:
        changes: What would be done to the resources.
    """
    drawing = _Drawing(changes)
    drawing.draw()
    return drawing.graph()


class _Drawing:
    def __init__(self, changes: Sequence[ResourceChange]) -> None:
        self._edges = [(change, edge) for change in changes for edge in change.edges]
        self._types = _types(edge for _, edge in self._edges)
        self._nodes: dict[str, Node] = {}
        self._between: dict[Ends, _Between] = defaultdict(_Between)
        self._processes = {
            name: edge
            for _, edge in self._edges
            if not edge.is_column_process
            for name in (each.qualified_name for each in (edge.old, edge.new) if each)
            if name
        }

    def draw(self) -> None:
        """Put in the processes, and then the column mappings within them."""
        for change, edge in self._edges:
            if not edge.is_column_process:
                self._draw_process(change, edge)
        for _, edge in self._edges:
            if edge.is_column_process and edge.change not in ("same", "moved"):
                self._draw_columns(edge)

    def graph(self) -> Graph:
        """What was drawn, sorted."""
        links = [
            Link(*ends, _joint(each.changes), tuple(sorted(each.processes)), tuple(sorted(each.columns)))
            for ends, each in self._between.items()
            if each.shown
        ]
        used = {end for link in links for end in (link.source, link.target)}
        nodes = (node for node in self._nodes.values() if node.id in used)
        return Graph(tuple(sorted(nodes)), tuple(sorted(links)))

    def _draw_process(self, change: ResourceChange, edge: EdgeChange) -> None:
        if edge.change == "moved" and not edge.elsewhere:
            return  # the resource that has it now draws it
        old, new = (self._ends(change, edge.label, each) for each in (edge.old, edge.new))
        new = old if edge.change == "moved" else new
        for ends in {*old, *new}:
            stays: Change = "changed" if edge.beyond_sides else "same"
            became: Change = "added" if ends not in old else "removed" if ends not in new else stays
            link = self._between[ends]
            link.changes.add(became)
            link.processes.add(_name(edge.edge, change.name_of(edge)))
            link.shown |= edge.change not in ("same", "moved")

    def _draw_columns(self, edge: EdgeChange) -> None:
        """Within the links between the tables of the columns, which are drawn where they are not yet."""
        parent = edge.edge.process
        process = self._processes.get(parent.name) if parent else None
        for (source, target), line in mapping_lines(edge).items():
            link = self._between[self._node(source).id, self._node(target).id]
            link.columns.add(line)
            if not link.changes - {"same"}:
                link.changes.add("changed")
            if parent and process is None:
                link.processes.add(parent.name.rpartition("/")[2])
            link.shown = True

    def _ends(self, change: ResourceChange, label: str, edge: Edge | None) -> set[Ends]:
        if edge is None:
            return set()
        place = f"{change.urn} {label}"
        sources = [*map(self._node, edge.inputs), *self._later(edge, "inputs", place)]
        targets = [*map(self._node, edge.outputs), *self._later(edge, "outputs", place)]
        return {(source.id, target.id) for source, target in product(sources, targets)}

    def _later(self, edge: Edge, side: str, place: str) -> Iterator[Node]:
        """What stands for the assets of a side that are not known yet: each process has its own."""
        if side in edge.unknown:
            yield self._kept(Node(f"unknown {side} of {place}", LATER, "", ""))

    def _node(self, asset: Asset) -> Node:
        type_name = self._types.get(asset.name, asset.type_name)
        cluster, label = _split(asset)
        return self._kept(Node(f"{type_name} {asset.name}", label, type_name, cluster))

    def _kept(self, node: Node) -> Node:
        return self._nodes.setdefault(node.id, node)


def _types(edges: Iterable[EdgeChange]) -> dict[str, str]:
    """The types of the assets by name, as processes tell them: of a column only a table can be guessed."""
    sides = (each for edge in edges if not edge.is_column_process for each in (edge.old, edge.new) if each)
    named = {(asset.name, asset.type_name) for each in sides for asset in (*each.inputs, *each.outputs)}
    return dict(sorted(named, reverse=True))


def _split(asset: Asset) -> tuple[str, str]:
    """What an asset lies in, and its own name; a dataset lies in its namespace."""
    if asset.namespace:
        return asset.namespace, asset.name.removeprefix(f"{asset.namespace}/")
    cluster, _, label = asset.name.rpartition("/")
    return cluster, label or asset.name


def _name(edge: Edge, otherwise: str) -> str:
    """The name of a process, as Atlan shows it."""
    name = edge.declared.get("name")
    if isinstance(name, str):
        return name
    return (edge.qualified_name or otherwise).removesuffix("/process").rpartition("/")[2]


def _joint(changes: set[Change]) -> Change:
    return next(iter(changes)) if len(changes) == 1 else "changed"
