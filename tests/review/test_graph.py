"""Folding a graph that is too large for a picture."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from review.warehouse import CHANGES, graph, graphs, link, node, warehouse

from atlan_pulumi.review._graph import Graph, fold, fold_to_fit

RAW, MARTS = "db/RAW", "db/MARTS"


def fan(change, count, cluster=RAW, start=0):
    """Return a number of tables that each feed one table in the marts, with the same change."""
    pairs = [
        (node(f"{change}_{i:03}", cluster), node(f"OUT_{change}_{i:03}", MARTS))
        for i in range(start, start + count)
    ]
    return [each for pair in pairs for each in pair], [link(*pair, change) for pair in pairs]


def labels(drawn: Graph):
    return [each.label for each in drawn.nodes]


def test_a_small_graph_is_not_folded():
    drawn = warehouse(30)
    assert fold(drawn, len(drawn.nodes)) is drawn


def test_a_graph_with_one_node_too_many_is_folded():
    drawn = warehouse(30)
    small = fold(drawn, len(drawn.nodes) - 1)
    assert len(small.nodes) == len(drawn.nodes) - 1
    assert small.hidden == 2, "one node less replaces two by one"


def test_removed_nodes_are_kept_first_then_changed_then_added_ones():
    parts = [fan(change, 10) for change in CHANGES]
    drawn = graph(
        *(each for _, links in parts for each in links),
        nodes=tuple(each for nodes, _ in parts for each in nodes),
    )
    kept = {
        most: Counter(small.change_of(each) for each in small.nodes if each.count == 1)
        for most in (24, 44, 64)
        for small in [fold(drawn, most)]
    }
    assert kept[24] == {"removed": 20, "changed": 2}
    assert kept[44] == {"removed": 20, "changed": 20, "added": 2}
    assert kept[64] == {"removed": 20, "changed": 20, "added": 20, "same": 2}


def test_nodes_with_most_links_are_kept():
    hub = node("ZZZ_HUB")
    leaves = [node(f"LEAF_{index:02}", MARTS) for index in range(20)]
    pairs, extra = fan("added", 20)
    drawn = graph(*(link(hub, leaf) for leaf in leaves), *extra, nodes=(hub, *leaves, *pairs))
    assert "ZZZ_HUB" in labels(fold(drawn, 6))


def test_nodes_are_folded_by_cluster():
    drawn = graph(nodes=tuple(node(f"T{index:03}", RAW if index < 50 else MARTS) for index in range(200)))
    assert [each.label for each in fold(drawn, 8).nodes if each.count > 1] == [
        "and 144 more",
        "and 50 more",
    ]


def test_a_folded_node_has_no_type_and_comes_last_in_its_cluster():
    drawn = graph(nodes=tuple(node(f"Z{index:02}", RAW) for index in range(20)))
    small = fold(drawn, 5)
    assert labels(small) == ["Z00", "Z01", "Z02", "Z03", "and 16 more"]
    assert (small.nodes[-1].type_name, small.nodes[-1].cluster, small.nodes[-1].count) == ("", RAW, 16)
    assert small.nodes[-1].full_name == f"{RAW}/and 16 more"


def test_thousands_are_written_with_a_comma():
    assert labels(fold(graph(nodes=tuple(node(f"{i}") for i in range(2_000))), 1)) == ["and 2,000 more"]


def test_a_single_node_is_not_folded():
    drawn = graph(nodes=(*(node(f"T{index}", RAW) for index in range(12)), node("ALONE", MARTS)))
    assert "ALONE" in labels(fold(drawn, 6))


def test_the_smallest_clusters_share_a_folded_node():
    many = tuple(node(f"T{i:02}{j}", f"db/S{i:02}") for i in range(40) for j in range(3))
    small = fold(graph(nodes=many), 40)
    assert len(small.nodes) <= 40
    elsewhere = [each for each in small.nodes if each.label.endswith(" elsewhere")]
    assert [each.cluster for each in elsewhere] == [""]
    assert sum(each.count for each in small.nodes) == 120


def test_links_to_a_folded_node_are_merged():
    small = fold(graph(*fan("added", 30)[1], nodes=tuple(fan("added", 30)[0])), 2)
    assert len(small.nodes) == 2
    only = [each for each in small.links if each.source != each.target]
    assert [(each.change, each.processes) for each in only] == [("added", ("load",))]


def test_merged_links_with_different_changes_are_changed():
    sources, target = [node(f"T{index}") for index in range(4)], node("OUT", MARTS)
    links = [link(each, target, change) for each, change in zip(sources, ("added", "same") * 2, strict=True)]
    small = fold(graph(*links, nodes=(*sources, target)), 2)
    assert [(each.source == target.id, each.change) for each in small.links] == [(False, "changed")]


def test_merged_links_keep_their_columns_and_processes():
    source, targets = node("A_HUB"), [node(f"T{index}", MARTS) for index in range(3)]
    links = [
        link(source, each, "added", f"+ A → {each.label}", process=f"load {each.label}") for each in targets
    ]
    only = fold(graph(*links, nodes=(source, *targets)), 2).links[0]
    assert only.columns == ("+ A → T0", "+ A → T1", "+ A → T2")
    assert only.processes == ("load T0", "load T1", "load T2")


def test_links_between_folded_nodes_of_a_cluster_become_a_loop():
    chain = [node(f"T{index}") for index in range(10)]
    small = fold(graph(*(link(a, b, "removed") for a, b in pairwise(chain)), nodes=tuple(chain)), 1)
    assert [(each.source == each.target, each.change) for each in small.links] == [(True, "removed")]
    assert small.change_of(small.nodes[0]) == "removed"


@given(graphs(), st.integers(-1, 30))
def test_the_maximum_number_of_nodes_is_never_exceeded(drawn, most):
    assert len(fold(drawn, most).nodes) <= max(most, 1)


@given(graphs(), st.integers(1, 30))
def test_no_asset_is_lost(drawn, most):
    small = fold(drawn, most)
    assert sum(each.count for each in small.nodes) == len(drawn.nodes)
    assert small.hidden == sum(each.count for each in small.nodes if each.count > 1)


@given(graphs(), st.integers(1, 30))
def test_every_link_has_both_ends_and_no_process_is_lost(drawn, most):
    small = fold(drawn, most)
    ids = {each.id for each in small.nodes}
    assert {end for each in small.links for end in (each.source, each.target)} <= ids

    def processes(whole):
        return {name for each in whole.links for name in each.processes}

    assert processes(small) == processes(drawn)


@given(graphs(), st.integers(1, 30), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_change_the_result(drawn, most, chance):
    nodes, links = list(drawn.nodes), list(drawn.links)
    chance.shuffle(nodes)
    chance.shuffle(links)
    small, again = fold(drawn, most), fold(Graph(tuple(nodes), tuple(links), assets=drawn.assets), most)
    if len(drawn.nodes) > most:
        assert small == again


@given(graphs(), st.integers(4, 30), st.integers(1, 30))
def test_a_folded_graph_can_be_folded_again(drawn, first, second):
    small = fold(fold(drawn, first), second)
    assert len(small.nodes) <= max(min(first, len(drawn.nodes)), second)
    assert sum(each.count for each in small.nodes) == len(drawn.nodes)
    assert len({each.id for each in small.nodes}) == len(small.nodes)


def test_what_is_folded_from_several_schemas_is_not_lost_in_the_next_fold():
    places = [RAW] * 8 + [f"{RAW}{number}" for number in range(3)]
    drawn = Graph(tuple(node(f"T{number:02}", place) for number, place in enumerate(places)), ())
    small = fold(fold(drawn, 10), 9)
    assert sum(each.count for each in small.nodes) == len(drawn.nodes)


def test_folding_is_deterministic():
    drawn = warehouse(2_000)
    nodes = list(drawn.nodes)
    random.Random(7).shuffle(nodes)
    small = fold(drawn, 200)
    assert small == fold(Graph(tuple(nodes), drawn.links), 200)
    assert len(small.nodes) == 200
    assert len({each.cluster for each in small.nodes}) == 11, "every schema is still there"


def everything_to_everything(size: int) -> Graph:
    sources, targets = (
        [node(f"{side}{i:03}", place) for i in range(size)] for side, place in (("S", RAW), ("T", MARTS))
    )
    return graph(*(link(a, b) for a in sources for b in targets), nodes=(*sources, *targets))


def test_too_many_links_fold_more_nodes():
    drawn = everything_to_everything(60)
    small = fold_to_fit(drawn, (200, 100, 50, 20), 600)
    assert len(small.nodes) == 50
    assert len(small.links) <= 600
    assert sum(each.count for each in small.nodes) == 120


def test_the_smallest_size_is_used_if_none_fits():
    assert len(fold_to_fit(everything_to_everything(20), (20, 10), 3).nodes) == 10


def test_a_graph_with_few_links_keeps_the_largest_size():
    drawn = warehouse(60)
    assert fold_to_fit(drawn, (200, 8), 600) is drawn


@given(graphs(), st.integers(1, 30))
def test_kept_nodes_are_at_least_as_important_as_folded_ones(drawn, most):
    stays = {each for each in fold(drawn, most).nodes if each.count == 1}
    assert stays <= set(drawn.nodes), "kept nodes do not change"
    goes = set(drawn.nodes) - stays

    def rank(each):
        return ("removed", "changed", "added", "same").index(drawn.change_of(each))

    for each in stays:
        if any(rank(each) > rank(other) for other in goes):
            # The only remaining node of its cluster: folding it would save nothing.
            assert each.cluster not in {other.cluster for other in goes}


@given(graphs(), st.integers(1, 30))
def test_links_between_kept_nodes_do_not_change(drawn, most):
    small = fold(drawn, most)
    stays = {each.id for each in small.nodes if each.count == 1}
    assert len({(each.source, each.target) for each in small.links}) == len(small.links)
    before, after = (
        Counter(each for each in whole.links if {each.source, each.target} <= stays)
        for whole in (drawn, small)
    )
    assert before == after
    gone = {each.change for each in drawn.links if each not in before}
    joined = {each.change for each in small.links if each not in after}
    assert joined <= gone | {"changed"}
    assert bool(joined) == bool(gone)


@given(graphs(), st.lists(st.integers(1, 24), min_size=1, max_size=4, unique=True), st.integers(0, 40))
def test_the_largest_size_that_fits_is_used(drawn, sizes, most_links):
    sizes.sort(reverse=True)
    small = fold_to_fit(drawn, sizes, most_links)
    fit = [size for size in sizes if len(fold(drawn, size).links) <= most_links]
    assert small == fold(drawn, fit[0] if fit else sizes[-1])
