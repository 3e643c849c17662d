"""Circles in a graph, held against plain reachability."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.policies._cycles import circles, shortest_circle

nodes = st.integers(0, 7)
graphs = st.dictionaries(nodes, st.lists(nodes, max_size=4), max_size=8).map(
    lambda drawn: {node: drawn.get(node, []) for node in range(8)}
)


def reached(graph, start):
    """All that a node leads to in one step or more."""
    found: set[int] = set()
    waiting = list(graph[start])
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph[node]
    return found


def test_without_a_circle_there_is_none():
    assert list(circles({"a": ["b"], "b": ["c"], "c": []})) == []
    assert list(circles({})) == []


def test_a_node_that_leads_to_itself_is_a_circle():
    assert list(circles({"a": ["a"], "b": []})) == [{"a"}]
    assert shortest_circle({"a": ["a"]}, "a", {"a"}) == ["a"]


def test_two_circles_that_share_a_node_are_one_set():
    graph = {"a": ["b", "c"], "b": ["a"], "c": ["a"]}

    assert list(circles(graph)) == [{"a", "b", "c"}]


def test_a_way_through_what_is_left_out_is_no_way():
    graph = {"a": ["b"], "b": ["a"]}

    assert shortest_circle(graph, "a", {"a", "b"}) == ["a", "b"]
    assert shortest_circle(graph, "a", {"a"}) == []


@given(graphs)
def test_the_circles_are_what_reachability_finds(graph):
    ahead = {node: reached(graph, node) for node in graph}
    expected = {
        frozenset(other for other in ahead[node] if node in ahead[other])
        for node in graph
        if node in ahead[node]
    }

    found = list(circles(graph))

    assert {frozenset(each) for each in found} == expected
    assert len(found) == len(expected)


@given(graphs)
def test_a_shortest_circle_is_a_way_and_none_is_shorter(graph):
    for found in circles(graph):
        for start in found:
            way = shortest_circle(graph, start, found)

            assert way[0] == start
            assert len(set(way)) == len(way)
            assert all(target in graph[source] for source, target in pairwise([*way, start]))
            steps = {start}
            for _ in range(len(way) - 1):
                steps = {target for source in steps for target in graph[source]}
                assert start not in steps


@given(graphs, st.permutations(range(8)))
def test_the_circles_are_the_same_in_whatever_order_the_graph_is_given(graph, order):
    shuffled = {node: graph[node][::-1] for node in order}

    assert {frozenset(each) for each in circles(shuffled)} == {frozenset(each) for each in circles(graph)}
