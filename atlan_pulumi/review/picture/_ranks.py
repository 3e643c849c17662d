"""Which column each node stands in; the order of clusters.

A warehouse reads best with its schemas side by side, from raw to reports. So the clusters are ranked first,
and the nodes within each cluster second: a cluster begins where the clusters that it reads have ended.
Where data flows back into a cluster, what reads it there is a part of its own, further right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from math import ceil

from atlan_pulumi.review._graph import Graph, Node

Home = tuple[str, str]
"""A cluster, or a node in none."""

Flows = Counter[tuple[Home, Home]]
"""How many links lead from one cluster to another."""

_ROUNDS = 8
Part = tuple[str, str, int]
"""A cluster, or a node in none, and how often its data has come back to it."""

Links = dict[str, list[str]]
"""From each node to those before it, or after it."""


def sequence(homes: list[Home], flows: Flows) -> list[Home]:
    """The clusters in an order that few links lead back in; none, where there is no circle among them."""
    order = _stripped(homes, flows)
    for _ in range(_ROUNDS):
        before = list(order)
        for home in homes:
            order.remove(home)
            order.insert(_best_place(home, order, flows), home)
        if order == before:
            break
    return order


def _stripped(homes: list[Home], flows: Flows) -> list[Home]:
    """Takes away what reads nothing that is left and what nothing reads, over and over.

    Where neither is left there is a circle: the cluster goes first that gives most beyond what it takes.
    """
    front: list[Home] = []
    back: list[Home] = []
    left = dict.fromkeys(homes)
    while left:
        gives: Counter[Home] = Counter()
        takes: Counter[Home] = Counter()
        for (source, target), links in flows.items():
            if source in left and target in left:
                gives[source] += links
                takes[target] += links
        first = [home for home in left if not takes[home]]
        last = [home for home in left if takes[home] and not gives[home]]
        if not (first or last):
            first = [max(left, key=lambda home: gives[home] - takes[home])]
        front, back = front + first, last + back
        left = {home: None for home in left if home not in {*first, *last}}
    return front + back


def _best_place(home: Home, others: list[Home], flows: Flows) -> int:
    """Where the fewest links between a cluster and the others lead back."""
    best, place, cost = 0, 0, 0
    for index, other in enumerate(others, start=1):
        cost += flows[home, other] - flows[other, home]
        if cost < best:
            best, place = cost, index
    return place


class Ranks:
    """The parts of a picture and the columns of its nodes.

    Attributes:
        part: The part that each node belongs to.
        column: The column that each node stands in.
    """

    def __init__(self, graph: Graph, tallest: int) -> None:
        homes = {node.id: _home(node) for node in graph.nodes}
        pairs = sorted({(link.source, link.target) for link in graph.links if link.source != link.target})
        places = _places(homes, pairs)
        before = _without_circles(places, pairs)
        order = list(TopologicalSorter(before).static_order())
        self.part = _parts(homes, places, before, order)
        depth = _depths(self.part, before, order, tallest)
        start = _starts(self.part, before, depth)
        self.column = {node: start[part] + depth[node] for node, part in self.part.items()}


def _home(node: Node) -> Home:
    """A node in no cluster is a cluster of its own, without a box."""
    return (node.cluster, "") if node.cluster else ("", node.id)


def _places(homes: dict[str, Home], pairs: list[tuple[str, str]]) -> dict[str, int]:
    """The place of each node's cluster among the clusters."""
    flows = Counter((homes[a], homes[b]) for a, b in pairs if homes[a] != homes[b])
    places = {home: place for place, home in enumerate(sequence(sorted(set(homes.values())), flows))}
    return {node: places[home] for node, home in homes.items()}


def _without_circles(places: dict[str, int], pairs: list[tuple[str, str]]) -> Links:
    """The nodes before each node. Of the links that close a circle one is passed over, so that columns exist.

    What leads back to an earlier cluster is looked at last, so it is that which is passed over.
    """
    after: Links = {node: [] for node in sorted(places)}
    ahead = [pair for pair in pairs if places[pair[0]] <= places[pair[1]]]
    for source, target in [*ahead, *(pair for pair in pairs if places[pair[0]] > places[pair[1]])]:
        # Only within a cluster, or backwards, can a circle be closed.
        if places[source] < places[target] or not _leads(target, source, after):
            after[source].append(target)
    before: Links = {node: [] for node in after}
    for source, targets in after.items():
        for target in targets:
            before[target].append(source)
    return before


def _leads(start: str, end: str, after: Links) -> bool:
    """Whether a way leads from one node to another."""
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
    homes: dict[str, Home], places: dict[str, int], before: Links, order: list[str]
) -> dict[str, Part]:
    """Each node's part: its cluster, and how many links on the way there lead back to an earlier cluster."""
    laps: dict[str, int] = {}
    for node in order:
        came = (laps[each] + (places[each] > places[node]) for each in before[node])
        laps[node] = max(came, default=0)
    return {node: (*home, laps[node]) for node, home in homes.items()}


def _depths(part: dict[str, Part], before: Links, order: list[str], tallest: int) -> dict[str, int]:
    """Each node's column within its part: behind what it reads there, and where there is room."""
    heights: dict[tuple[Part, int], int] = defaultdict(int)
    loose = _filled(part, before, order, {})
    for node, depth in loose.items():
        heights[part[node], depth] += 1
    widest: dict[Part, int] = defaultdict(int)
    for (each, _), height in heights.items():
        widest[each] = max(widest[each], height)
    room = {each: ceil(height / ceil(height / tallest)) for each, height in widest.items()}
    return _filled(part, before, order, room)


def _filled(part: dict[str, Part], before: Links, order: list[str], room: dict[Part, int]) -> dict[str, int]:
    taken: dict[tuple[Part, int], int] = defaultdict(int)
    depths: dict[str, int] = {}
    for node in order:
        own = part[node]
        depth = max((depths[each] + 1 for each in before[node] if part[each] == own), default=0)
        while taken[own, depth] >= room.get(own, len(order)):
            depth += 1
        taken[own, depth] += 1
        depths[node] = depth
    return depths


def _starts(part: dict[str, Part], before: Links, depth: dict[str, int]) -> dict[Part, int]:
    """Each part's first column: behind the parts that it reads; what reads nothing moves to its readers."""
    length: dict[Part, int] = defaultdict(int)
    sources: dict[Part, set[Part]] = {each: set() for each in part.values()}
    for node, own in part.items():
        length[own] = max(length[own], depth[node] + 1)
        sources[own].update(part[each] for each in before[node] if part[each] != own)
    start: dict[Part, int] = {}
    readers: dict[Part, list[int]] = defaultdict(list)
    for each in TopologicalSorter(sources).static_order():
        start[each] = max((start[source] + length[source] for source in sources[each]), default=0)
        for source in sources[each]:
            readers[source].append(start[each])
    return {
        each: min(readers[each]) - length[each] if readers[each] and not sources[each] else first
        for each, first in start.items()
    }
