"""Assign nodes to columns, and order the clusters.

A warehouse is easiest to read with its schemas side by side, from raw data to reports. So clusters are ranked
first, and then the nodes in each cluster: a cluster starts to the right of the clusters that it reads. If
data flows back into a cluster, the nodes that read it there are a separate part of the cluster, further
right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from math import ceil

from atlan_pulumi.review._graph import Graph, Node

ClusterId = tuple[str, str]
"""A cluster, or a node without a cluster."""

LinkCounts = Counter[tuple[ClusterId, ClusterId]]
"""The number of links from one cluster to another."""

_ROUNDS = 8
ClusterPart = tuple[str, str, int]
"""A cluster, or a node without one, and how many times its data has flowed back to it."""

Neighbors = dict[str, list[str]]
"""The predecessors, or successors, of each node."""


def order_clusters(clusters: list[ClusterId], flows: LinkCounts) -> list[ClusterId]:
    """Return the clusters in an order with few links backwards; without cycles, there are none."""
    order = _peel(clusters, flows)
    for _ in range(_ROUNDS):
        before = list(order)
        for cluster in clusters:
            order.remove(cluster)
            order.insert(_best_place(cluster, order, flows), cluster)
        if order == before:
            break
    return order


def _peel(clusters: list[ClusterId], flows: LinkCounts) -> list[ClusterId]:
    """Repeatedly remove the clusters that read no remaining cluster, and those that none of them reads.

    If there are only cycles left, remove the cluster with the largest surplus of outgoing links first.
    """
    front: list[ClusterId] = []
    back: list[ClusterId] = []
    left = dict.fromkeys(clusters)
    while left:
        gives: Counter[ClusterId] = Counter()
        takes: Counter[ClusterId] = Counter()
        for (source, target), links in flows.items():
            if source in left and target in left:
                gives[source] += links
                takes[target] += links
        first = [cluster for cluster in left if not takes[cluster]]
        last = [cluster for cluster in left if takes[cluster] and not gives[cluster]]
        if not (first or last):
            first = [max(left, key=lambda cluster: gives[cluster] - takes[cluster])]
        front, back = front + first, last + back
        left = {cluster: None for cluster in left if cluster not in {*first, *last}}
    return front + back


def _best_place(cluster: ClusterId, others: list[ClusterId], flows: LinkCounts) -> int:
    """Return the position with the fewest links backwards between a cluster and the others."""
    best, place, cost = 0, 0, 0
    for index, other in enumerate(others, start=1):
        cost += flows[cluster, other] - flows[other, cluster]
        if cost < best:
            best, place = cost, index
    return place


class Ranks:
    """The parts of a picture, and the columns of its nodes.

    Attributes:
        part: The part of each node.
        column: The column of each node.
    """

    def __init__(self, graph: Graph, tallest: int) -> None:
        clusters = {node.id: _cluster_id(node) for node in graph.nodes}
        pairs = sorted({(link.source, link.target) for link in graph.links if link.source != link.target})
        places = _places(clusters, pairs)
        before = _without_cycles(places, pairs)
        order = list(TopologicalSorter(before).static_order())
        self.part = _parts(clusters, places, before, order)
        depth = _depths(self.part, before, order, tallest)
        start = _starts(self.part, before, depth)
        self.column = {node: start[part] + depth[node] for node, part in self.part.items()}


def _cluster_id(node: Node) -> ClusterId:
    """Return the cluster of a node; a node without one is its own cluster, without a box."""
    return (node.cluster, "") if node.cluster else ("", node.id)


def _places(clusters: dict[str, ClusterId], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """Return the position of each node's cluster among the clusters."""
    flows = Counter((clusters[a], clusters[b]) for a, b in pairs if clusters[a] != clusters[b])
    places = {
        cluster: place for place, cluster in enumerate(order_clusters(sorted(set(clusters.values())), flows))
    }
    return {node: places[cluster] for node, cluster in clusters.items()}


def _without_cycles(places: dict[str, int], pairs: list[tuple[str, str]]) -> Neighbors:
    """Return the predecessors of each node, without links that close a cycle, so that columns exist.

    Links back to an earlier cluster are added last, so that these are left out.
    """
    after: Neighbors = {node: [] for node in sorted(places)}
    ahead = [pair for pair in pairs if places[pair[0]] <= places[pair[1]]]
    for source, target in [*ahead, *(pair for pair in pairs if places[pair[0]] > places[pair[1]])]:
        # Only links within a cluster, or backwards, can close a cycle.
        if places[source] < places[target] or not _is_reachable(target, source, after):
            after[source].append(target)
    before: Neighbors = {node: [] for node in after}
    for source, targets in after.items():
        for target in targets:
            before[target].append(source)
    return before


def _is_reachable(start: str, end: str, after: Neighbors) -> bool:
    """Return whether a path leads from one node to another."""
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        fresh = [each for each in after[node] if each not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def _parts(
    clusters: dict[str, ClusterId], places: dict[str, int], before: Neighbors, order: list[str]
) -> dict[str, ClusterPart]:
    """Return the part of each node: its cluster, and the number of backward links between clusters so far."""
    laps: dict[str, int] = {}
    for node in order:
        came = (laps[each] + (places[each] > places[node]) for each in before[node])
        laps[node] = max(came, default=0)
    return {node: (*cluster, laps[node]) for node, cluster in clusters.items()}


def _depths(
    part: dict[str, ClusterPart], before: Neighbors, order: list[str], tallest: int
) -> dict[str, int]:
    """Return each node's column in its part: to the right of its predecessors there, where there is room."""
    heights: dict[tuple[ClusterPart, int], int] = defaultdict(int)
    loose = _assign_columns(part, before, order, {})
    for node, depth in loose.items():
        heights[part[node], depth] += 1
    widest: dict[ClusterPart, int] = defaultdict(int)
    for (each, _), height in heights.items():
        widest[each] = max(widest[each], height)
    room = {each: ceil(height / ceil(height / tallest)) for each, height in widest.items()}
    return _assign_columns(part, before, order, room)


def _assign_columns(
    part: dict[str, ClusterPart], before: Neighbors, order: list[str], room: dict[ClusterPart, int]
) -> dict[str, int]:
    taken: dict[tuple[ClusterPart, int], int] = defaultdict(int)
    depths: dict[str, int] = {}
    for node in order:
        own = part[node]
        depth = max((depths[each] + 1 for each in before[node] if part[each] == own), default=0)
        while taken[own, depth] >= room.get(own, len(order)):
            depth += 1
        taken[own, depth] += 1
        depths[node] = depth
    return depths


def _starts(part: dict[str, ClusterPart], before: Neighbors, depth: dict[str, int]) -> dict[ClusterPart, int]:
    """Return each part's first column: right of the parts that it reads; otherwise left of its readers."""
    length: dict[ClusterPart, int] = defaultdict(int)
    sources: dict[ClusterPart, set[ClusterPart]] = {each: set() for each in part.values()}
    for node, own in part.items():
        length[own] = max(length[own], depth[node] + 1)
        sources[own].update(part[each] for each in before[node] if part[each] != own)
    start: dict[ClusterPart, int] = {}
    readers: dict[ClusterPart, list[int]] = defaultdict(list)
    for each in TopologicalSorter(sources).static_order():
        start[each] = max((start[source] + length[source] for source in sources[each]), default=0)
        for source in sources[each]:
            readers[source].append(start[each])
    return {
        each: min(readers[each]) - length[each] if readers[each] and not sources[each] else first
        for each, first in start.items()
    }
