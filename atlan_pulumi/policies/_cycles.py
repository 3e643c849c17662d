"""Circles in a graph, in time that grows with the graph and no faster; without recursion."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
Graph = Mapping[Node, Collection[Node]]
"""What each node leads to; every node is a key."""


def circles(graph: Graph[Node]) -> Iterator[set[Node]]:
    """The nodes that lead back to themselves: those that lie in circles with one another, set by set.

    These are the strongly connected components (found in Kosaraju's way), but for single nodes that do not
    lead to themselves.
    """
    left = set(graph)
    back = _reversed(graph)
    for node in reversed(_by_end(graph)):
        if node in left:
            found = _taken(node, back, left)
            if len(found) > 1 or node in graph[node]:
                yield found


def shortest_circle(graph: Graph[Node], start: Node, within: Collection[Node]) -> list[Node]:
    """A shortest way from a node back to itself, without its end; empty where there is none.

    Args:
        graph: What each node leads to.
        start: The node.
        within: The nodes that the way may go through.
    """
    came_from: dict[Node, Node] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for each in graph[node]:
            if each == start:
                return _way(start, node, came_from)
            if each in within and each not in came_from:
                came_from[each] = node
                waiting.append(each)
    return []


def _way(start: Node, end: Node, came_from: Mapping[Node, Node]) -> list[Node]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def _by_end(graph: Graph[Node]) -> list[Node]:
    """The nodes in the order in which a search into the depth is done with them."""
    done: list[Node] = []
    seen: set[Node] = set()
    for root in graph:
        path = [(root, iter(graph[root]))] if root not in seen else []
        seen.add(root)
        while path:
            node, rest = path[-1]
            new = next((each for each in rest if each not in seen), None)
            if new is None:
                done.append(node)
                path.pop()
            else:
                seen.add(new)
                path.append((new, iter(graph[new])))
    return done


def _reversed(graph: Graph[Node]) -> dict[Node, list[Node]]:
    back: dict[Node, list[Node]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            back[target].append(node)
    return back


def _taken(start: Node, graph: Graph[Node], left: set[Node]) -> set[Node]:
    """What is reached from a node among those that are left; taken out of these."""
    found = {start}
    waiting = [start]
    left.discard(start)
    while waiting:
        for each in graph[waiting.pop()]:
            if each in left:
                left.discard(each)
                found.add(each)
                waiting.append(each)
    return found
