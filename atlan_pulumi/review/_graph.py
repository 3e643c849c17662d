"""The graph of changed lineage, which the pictures draw."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from atlan_pulumi.review._compare import ChangeKind

_ORDER: tuple[ChangeKind, ...] = ("removed", "changed", "added", "same")
#: What a deployment does to an asset that the program declares.
AssetChange = Literal["created", "deleted"]
_NODES_PER_FOLD = 4  # at most every fourth node of a picture is a folded one


@dataclass(frozen=True, order=True)
class Node:
    """An asset.

    Attributes:
        id: Its unique id: type and name.
        label: The last segment of its name.
        type_name: Atlan's typeName, such as `Table`.
        cluster: Its parent, such as `default/snowflake/1657025257/RAW/PUBLIC`; empty if unknown.
        count: The number of assets that the node represents: more than one after `fold`.
    """

    id: str
    label: str
    type_name: str
    cluster: str
    count: int = 1

    @property
    def full_name(self) -> str:
        """The type and the full name; for a folded node, only the name."""
        place = f"{self.cluster}/{self.label}" if self.cluster else self.label
        return f"{self.type_name} {place}".lstrip()


@dataclass(frozen=True, order=True)
class Link:
    """A data flow from one asset to another.

    Attributes:
        source: The id of the input node.
        target: The id of the output node.
        change: The kind of change.
        processes: The names of its processes.
        columns: Its column mappings, one line each, such as `+ AMOUNT, DISCOUNT → NET`.
    """

    source: str
    target: str
    change: ChangeKind
    processes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes and links, in an order that depends only on the lineage.

    Attributes:
        nodes: The assets.
        links: The data flows between them.
        hidden: The number of assets that `fold` replaced by folded nodes.
        losing: The ids of nodes that lose an edge, for a folded graph, whose merged links may not show it.
        assets: The assets that the deployment creates or deletes, by the ids of their nodes.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    hidden: int = field(default=0)
    losing: frozenset[str] = field(default=frozenset())
    assets: Mapping[str, AssetChange] = field(default_factory=dict)

    def change_of(self, node: Node) -> ChangeKind:
        """Return the common change of a node's links, or else `changed`."""
        changes = self.edges_of(node)
        return next(iter(changes)) if len(changes) == 1 else "changed" if changes else "same"

    def edges_of(self, node: Node) -> Mapping[ChangeKind, int]:
        """Return how many links a node has of each change."""
        return self._changes.get(node.id, {})

    def loses_edge(self, node: Node) -> bool:
        """Return whether an asset loses an edge. The asset stays, unless `assets` says otherwise."""
        return node.id in self.losing or "removed" in self.edges_of(node)

    @cached_property
    def _changes(self) -> dict[str, Counter[ChangeKind]]:
        """The changes of each node's links, cached since a picture reads them for every node."""
        changes: dict[str, Counter[ChangeKind]] = {}
        for link in self.links:
            for end in {link.source, link.target}:
                changes.setdefault(end, Counter())[link.change] += 1
        return changes


def fold(graph: Graph, max_nodes: int) -> Graph:
    """Return the graph with a maximum number of nodes.

    Removed nodes are kept first, then changed, added, and unchanged ones; within each group, those with the
    most links. The others are folded into one node per cluster, such as `and 140 more`, which keeps their
    links. Links between the same two nodes are merged.

    Args:
        graph: The changed lineage.
        max_nodes: The maximum number of nodes, including folded ones; at least one.
    """
    if len(graph.nodes) <= max_nodes:
        return graph
    folds = _choose_folds(_rank_nodes(graph), max(max_nodes, 1))
    nodes = {folds.get(node.id, node) for node in graph.nodes}
    hidden = sum(node.count for node in nodes if node.count > 1)
    losing = frozenset(folds.get(node.id, node).id for node in graph.nodes if graph.loses_edge(node))
    links = tuple(_merge_links(graph.links, folds))
    kept = {node.id for node in nodes}
    assets = {id_: change for id_, change in graph.assets.items() if id_ in kept}
    return Graph(tuple(sorted(nodes, key=_sort_key)), links, hidden, losing, assets)


def fold_to_fit(graph: Graph, sizes: Sequence[int], max_links: int) -> Graph:
    """Return the graph folded to the first size at which it has few enough links.

    Args:
        graph: The changed lineage.
        sizes: The allowed numbers of nodes, the largest first.
        max_links: The maximum number of links.
    """
    for size in sizes:
        small = fold(graph, size)
        if len(small.links) <= max_links:
            break
    return small


def _sort_key(node: Node) -> tuple[str, bool, str, str]:
    """Return the sort key of a node; folded nodes come last in their cluster."""
    return node.cluster, node.count > 1, node.label, node.id


def _rank_nodes(graph: Graph) -> list[Node]:
    """Return all nodes, the most important first."""
    degree = Counter(end for link in graph.links for end in (link.source, link.target))

    def rank(node: Node) -> tuple[bool, int, int, tuple[str, bool, str, str]]:
        return node.count > 1, _ORDER.index(graph.change_of(node)), -degree[node.id], _sort_key(node)

    return sorted(graph.nodes, key=rank)


def _choose_folds(ranked: list[Node], max_nodes: int) -> dict[str, Node]:
    """Return the folded node of each node that is folded, so that as few nodes as possible are folded.

    A node of an earlier fold is kept only if no new fold has its id.
    """
    for kept in range(max_nodes, -1, -1):
        folds = _fold_by_cluster(ranked[kept:], max(max_nodes // _NODES_PER_FOLD, 1))
        ids = {node.id for node in ranked if node.id not in folds} | {fold.id for fold in folds.values()}
        if len(ids) == len(ranked) - len(folds) + len(set(folds.values())) <= max_nodes:
            return folds
    return _fold_by_cluster(ranked, 1)


def _fold_by_cluster(nodes: list[Node], max_nodes: int) -> dict[str, Node]:
    """Fold nodes to one per cluster. If there are too many clusters, the smallest share one node."""
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        groups[node.cluster].append(node)
    # A node that is folded from several clusters already has none, and joins the smallest ones.
    ordered = sorted(groups.items(), key=lambda group: (not group[0], -len(group[1]), group[0]))
    own, rest = (
        (ordered, []) if len(ordered) <= max_nodes else (ordered[: max_nodes - 1], ordered[max_nodes - 1 :])
    )
    folds = {}
    for cluster, members in own:
        folds.update(_fold_cluster(cluster, members, ""))
    return folds | _fold_cluster("", [node for _, members in rest for node in members], " elsewhere")


def _fold_cluster(cluster: str, members: list[Node], where: str) -> dict[str, Node]:
    """Fold several nodes into one. A single node stays, since folding it would save nothing."""
    if len(members) < 2:  # noqa: PLR2004 - there is nothing to fold
        return {}
    count = sum(node.count for node in members)
    fold = Node(f"folded{where} {cluster}", f"and {count:,} more{where}", "", cluster, count)
    return {node.id: fold for node in members}


def _merge_links(links: Iterable[Link], folds: dict[str, Node]) -> list[Link]:
    """Return the links between the remaining nodes. Links to the same folded node are merged."""
    merged: dict[tuple[str, str], list[Link]] = defaultdict(list)
    kept = []
    for link in links:
        ends = tuple(folds[end].id if end in folds else end for end in (link.source, link.target))
        if ends == (link.source, link.target):
            kept.append(link)
        else:
            merged[ends[0], ends[1]].append(link)
    return sorted(kept + [_merge(*ends, group) for ends, group in merged.items()])


def _merge(source: str, target: str, links: list[Link]) -> Link:
    changes = {link.change for link in links}
    processes = {process for link in links for process in link.processes}
    columns = {column for link in links for column in link.columns}
    change = changes.pop() if len(changes) == 1 else "changed"
    return Link(source, target, change, tuple(sorted(processes)), tuple(sorted(columns)))
