"""Cycles in a graph, compared with plain reachability."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.policies._cycles import cycles, shortest_cycle

nodes = st.integers(0, 7)
graphs = st.dictionaries(nodes, st.lists(nodes, max_size=4), max_size=8).map(
    lambda drawn: {node: drawn.get(node, []) for node in range(8)}
)


def reached(graph, start):
    """Return the nodes that are reachable from a node in one step or more."""
    found: set[int] = set()
    waiting = list(graph[start])
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph[node]
    return found


def test_an_acyclic_graph_has_no_cycles():
    assert list(cycles({"a": ["b"], "b": ["c"], "c": []})) == []
    assert list(cycles({})) == []


def test_a_self_loop_is_a_cycle():
    assert list(cycles({"a": ["a"], "b": []})) == [{"a"}]
    assert shortest_cycle({"a": ["a"]}, "a", {"a"}) == ["a"]


def test_cycles_that_share_a_node_are_one_set():
    graph = {"a": ["b", "c"], "b": ["a"], "c": ["a"]}

    assert list(cycles(graph)) == [{"a", "b", "c"}]


def test_the_shortest_cycle_stays_within_the_given_nodes():
    graph = {"a": ["b"], "b": ["a"]}

    assert shortest_cycle(graph, "a", {"a", "b"}) == ["a", "b"]
    assert shortest_cycle(graph, "a", {"a"}) == []


@given(graphs)
def test_cycles_match_reachability(graph):
    ahead = {node: reached(graph, node) for node in graph}
    expected = {
        frozenset(other for other in ahead[node] if node in ahead[other])
        for node in graph
        if node in ahead[node]
    }

    found = list(cycles(graph))

    assert {frozenset(each) for each in found} == expected
    assert len(found) == len(expected)


@given(graphs)
def test_the_shortest_cycle_is_a_path_and_no_cycle_is_shorter(graph):
    for found in cycles(graph):
        for start in found:
            path = shortest_cycle(graph, start, found)

            assert path[0] == start
            assert len(set(path)) == len(path)
            assert all(target in graph[source] for source, target in pairwise([*path, start]))
            steps = {start}
            for _ in range(len(path) - 1):
                steps = {target for source in steps for target in graph[source]}
                assert start not in steps


@given(graphs, st.permutations(range(8)))
def test_the_order_of_the_graph_does_not_change_the_cycles(graph, order):
    shuffled = {node: graph[node][::-1] for node in order}

    assert {frozenset(each) for each in cycles(shuffled)} == {frozenset(each) for each in cycles(graph)}
