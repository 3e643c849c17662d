"""Find cycles in a graph, in linear time and without recursion."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Successors = Mapping[Node, Collection[Node]]
"""The successors of each node; every node is a key."""


def cycles(graph: Successors[Node]) -> Iterator[set[Node]]:
    """Yield each set of nodes that are in cycles with one another.

    These are the strongly connected components (Kosaraju's algorithm), without single nodes that are not
    their own successor.
    """
    unvisited = set(graph)
    predecessors = _reversed(graph)
    for node in reversed(_postorder(graph)):
        if node in unvisited:
            found = _pop_reachable(node, predecessors, unvisited)
            if len(found) > 1 or node in graph[node]:
                yield found


def shortest_cycle(graph: Successors[Node], start: Node, within: Collection[Node]) -> list[Node]:
    """Return the nodes of a shortest cycle through a node, that node first; empty if there is no cycle.

    Args:
        graph: The successors of each node.
        start: The node.
        within: The nodes that the cycle may contain.
    """
    came_from: dict[Node, Node] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for each in graph[node]:
            if each == start:
                return _path(start, node, came_from)
            if each in within and each not in came_from:
                came_from[each] = node
                waiting.append(each)
    return []


def _path(start: Node, end: Node, came_from: Mapping[Node, Node]) -> list[Node]:
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]


def _postorder(graph: Successors[Node]) -> list[Node]:
    """Return the nodes in the order in which a depth-first search finishes them."""
    finished: list[Node] = []
    seen: set[Node] = set()
    for root in graph:
        path = [(root, iter(graph[root]))] if root not in seen else []
        seen.add(root)
        while path:
            node, successors = path[-1]
            new = next((each for each in successors if each not in seen), None)
            if new is None:
                finished.append(node)
                path.pop()
            else:
                seen.add(new)
                path.append((new, iter(graph[new])))
    return finished


def _reversed(graph: Successors[Node]) -> dict[Node, list[Node]]:
    predecessors: dict[Node, list[Node]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            predecessors[target].append(node)
    return predecessors


def _pop_reachable(start: Node, graph: Successors[Node], unvisited: set[Node]) -> set[Node]:
    """Return the unvisited nodes that are reachable from a node, and remove them from the unvisited ones."""
    found = {start}
    waiting = [start]
    unvisited.discard(start)
    while waiting:
        for each in graph[waiting.pop()]:
            if each in unvisited:
                unvisited.discard(each)
                found.add(each)
                waiting.append(each)
    return found
