"""The lineage that changes, as a graph: what the pictures draw."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from atlan_pulumi.review._compare import EdgeFate as Change

_ORDER: tuple[Change, ...] = ("removed", "changed", "added", "same")
_FOLDS = 4  # at most every fourth node of a picture is one that stands for others


@dataclass(frozen=True, order=True)
class Node:
    """An asset.

    Attributes:
        id: What tells it from others: its type and name.
        label: What a person calls it: the last segment of its name.
        type_name: Atlan's typeName, such as `Table`.
        cluster: What it lies in, such as `default/snowflake/1657025257/RAW/PUBLIC`; empty where that is not
            known.
        count: How many assets it stands for: one, or more where `capped` folded them.
    """

    id: str
    label: str
    type_name: str
    cluster: str
    count: int = 1

    @property
    def full_name(self) -> str:
        """What it is and where it lies; of folded assets only where."""
        place = f"{self.cluster}/{self.label}" if self.cluster else self.label
        return f"{self.type_name} {place}".lstrip()


@dataclass(frozen=True, order=True)
class Link:
    """Data that flows from one asset to another.

    Attributes:
        source: The id of the node that is read.
        target: The id of the node that is written.
        change: What becomes of it.
        processes: The names of the processes that it stands for.
        columns: The column mappings within it, one line each, such as `+ AMOUNT, DISCOUNT → NET`.
    """

    source: str
    target: str
    change: Change
    processes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes and links, in an order that only the lineage decides.

    Attributes:
        nodes: The assets.
        links: What flows between them.
        hidden: How many of the assets `capped` has folded into a node that stands for many.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    hidden: int = field(default=0)

    def change_of(self, node: Node) -> Change:
        """A node's change: that of all its links, if they have but one; else it has changed."""
        changes = self._changes.get(node.id, set())
        return next(iter(changes)) if len(changes) == 1 else "changed" if changes else "same"

    @cached_property
    def _changes(self) -> dict[str, set[Change]]:
        """The changes of each node's links, gathered once: a picture asks for every node."""
        changes: dict[str, set[Change]] = {}
        for link in self.links:
            for end in (link.source, link.target):
                changes.setdefault(end, set()).add(link.change)
        return changes


def capped(graph: Graph, most: int) -> Graph:
    """The graph with at most that many nodes.

    What is removed stays first, then what changes, what is added, and what stays the same; of each, what has
    most links. The others are folded into one node per cluster, such as `and 140 more`, which keeps
    their links: links between the same two nodes become one.

    Args:
        graph: The lineage that changes.
        most: The most nodes that the picture shall have, the folded ones included; at least one.
    """
    if len(graph.nodes) <= most:
        return graph
    stands_for = _folds(_ranked(graph), max(most, 1))
    nodes = {stands_for.get(node.id, node) for node in graph.nodes}
    hidden = sum(node.count for node in nodes if node.count > 1)
    return Graph(tuple(sorted(nodes, key=_place)), tuple(_links(graph.links, stands_for)), hidden)


def fitting(graph: Graph, sizes: Sequence[int], most_links: int) -> Graph:
    """The graph folded to the first of some sizes at which it has few links enough.

    Args:
        graph: The lineage that changes.
        sizes: How many nodes it may have, the most first.
        most_links: The most links that the picture shall have.
    """
    for size in sizes:
        small = capped(graph, size)
        if len(small.links) <= most_links:
            break
    return small


def _place(node: Node) -> tuple[str, bool, str, str]:
    """The order of nodes: a folded one comes last in its cluster."""
    return node.cluster, node.count > 1, node.label, node.id


def _ranked(graph: Graph) -> list[Node]:
    """All nodes, the one that has to stay first."""
    degree = Counter(end for link in graph.links for end in (link.source, link.target))

    def rank(node: Node) -> tuple[bool, int, int, tuple[str, bool, str, str]]:
        return node.count > 1, _ORDER.index(graph.change_of(node)), -degree[node.id], _place(node)

    return sorted(graph.nodes, key=rank)


def _folds(ranked: list[Node], most: int) -> dict[str, Node]:
    """Which node stands for each one that goes: as few go as leave room for those that stand for them."""
    for kept in range(most, -1, -1):
        stands_for = _folded(ranked[kept:], max(most // _FOLDS, 1))
        if len(ranked) - len(stands_for) + len(set(stands_for.values())) <= most:
            return stands_for
    return _folded(ranked, 1)


def _folded(nodes: list[Node], most: int) -> dict[str, Node]:
    """A node per cluster for those that go; where there are too many clusters, one for the smallest."""
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        groups[node.cluster].append(node)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    own, rest = (ordered, []) if len(ordered) <= most else (ordered[: most - 1], ordered[most - 1 :])
    stands_for = {}
    for cluster, members in own:
        stands_for.update(_fold(cluster, members, ""))
    return stands_for | _fold("", [node for _, members in rest for node in members], " elsewhere")


def _fold(cluster: str, members: list[Node], where: str) -> dict[str, Node]:
    """One node for several; a single one stays what it is, since folding it would win nothing."""
    if len(members) < 2:  # noqa: PLR2004 — two are the fewest to fold
        return {}
    count = sum(node.count for node in members)
    fold = Node(f"folded{where} {cluster}", f"and {count:,} more{where}", "", cluster, count)
    return {node.id: fold for node in members}


def _links(links: Iterable[Link], stands_for: dict[str, Node]) -> list[Link]:
    """The links between the nodes that are left; between two nodes of which one is folded there is one."""
    merged: dict[tuple[str, str], list[Link]] = defaultdict(list)
    kept = []
    for link in links:
        ends = tuple(stands_for[end].id if end in stands_for else end for end in (link.source, link.target))
        if ends == (link.source, link.target):
            kept.append(link)
        else:
            merged[ends[0], ends[1]].append(link)
    return sorted(kept + [_merged(*ends, group) for ends, group in merged.items()])


def _merged(source: str, target: str, links: list[Link]) -> Link:
    changes = {link.change for link in links}
    processes = {process for link in links for process in link.processes}
    columns = {column for link in links for column in link.columns}
    change = changes.pop() if len(changes) == 1 else "changed"
    return Link(source, target, change, tuple(sorted(processes)), tuple(sorted(columns)))
