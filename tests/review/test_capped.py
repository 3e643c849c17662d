"""A graph that is too large for a picture: what stays, and what stands for the rest."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from review.warehouse import CHANGES, graph, graphs, link, node, warehouse

from atlan_pulumi.review._graph import Graph, capped, fitting

RAW, MARTS = "db/RAW", "db/MARTS"


def fan(change, count, cluster=RAW, start=0):
    """A number of tables that each feed one of their own in the marts, with one change."""
    pairs = [
        (node(f"{change}_{i:03}", cluster), node(f"OUT_{change}_{i:03}", MARTS))
        for i in range(start, start + count)
    ]
    return [each for pair in pairs for each in pair], [link(*pair, change) for pair in pairs]


def labels(drawn: Graph):
    return [each.label for each in drawn.nodes]


def test_a_graph_of_the_right_size_stays_as_it_is():
    drawn = warehouse(30)
    assert capped(drawn, len(drawn.nodes)) is drawn


def test_one_node_too_many_is_enough_to_fold():
    drawn = warehouse(30)
    small = capped(drawn, len(drawn.nodes) - 1)
    assert len(small.nodes) == len(drawn.nodes) - 1
    assert small.hidden == 2, "one node less takes two away and puts one in their place"


def test_what_is_removed_stays_first_then_what_changes_then_what_is_new():
    parts = [fan(change, 10) for change in CHANGES]
    drawn = graph(
        *(each for _, links in parts for each in links),
        nodes=tuple(each for nodes, _ in parts for each in nodes),
    )
    kept = {
        most: Counter(small.change_of(each) for each in small.nodes if each.count == 1)
        for most in (24, 44, 64)
        for small in [capped(drawn, most)]
    }
    assert kept[24] == {"removed": 20, "changed": 2}
    assert kept[44] == {"removed": 20, "changed": 20, "added": 2}
    assert kept[64] == {"removed": 20, "changed": 20, "added": 20, "same": 2}


def test_of_the_same_change_what_has_most_links_stays():
    hub = node("ZZZ_HUB")
    leaves = [node(f"LEAF_{index:02}", MARTS) for index in range(20)]
    pairs, extra = fan("added", 20)
    drawn = graph(*(link(hub, leaf) for leaf in leaves), *extra, nodes=(hub, *leaves, *pairs))
    assert "ZZZ_HUB" in labels(capped(drawn, 6))


def test_the_rest_is_told_by_cluster():
    drawn = graph(nodes=tuple(node(f"T{index:03}", RAW if index < 50 else MARTS) for index in range(200)))
    assert [each.label for each in capped(drawn, 8).nodes if each.count > 1] == [
        "and 144 more",
        "and 50 more",
    ]


def test_a_folded_node_is_of_no_type_and_comes_last_in_its_cluster():
    drawn = graph(nodes=tuple(node(f"Z{index:02}", RAW) for index in range(20)))
    small = capped(drawn, 5)
    assert labels(small) == ["Z00", "Z01", "Z02", "Z03", "and 16 more"]
    assert (small.nodes[-1].type_name, small.nodes[-1].cluster, small.nodes[-1].count) == ("", RAW, 16)
    assert small.nodes[-1].full_name == f"{RAW}/and 16 more"


def test_thousands_are_written_with_a_comma():
    assert labels(capped(graph(nodes=tuple(node(f"{i}") for i in range(2_000))), 1)) == ["and 2,000 more"]


def test_a_single_one_is_not_folded():
    drawn = graph(nodes=(*(node(f"T{index}", RAW) for index in range(12)), node("ALONE", MARTS)))
    assert "ALONE" in labels(capped(drawn, 6))


def test_where_there_are_too_many_clusters_the_smallest_share_a_node():
    many = tuple(node(f"T{i:02}{j}", f"db/S{i:02}") for i in range(40) for j in range(3))
    small = capped(graph(nodes=many), 40)
    assert len(small.nodes) <= 40
    elsewhere = [each for each in small.nodes if each.label.endswith(" elsewhere")]
    assert [each.cluster for each in elsewhere] == [""]
    assert sum(each.count for each in small.nodes) == 120


def test_links_to_a_folded_node_become_one():
    small = capped(graph(*fan("added", 30)[1], nodes=tuple(fan("added", 30)[0])), 2)
    assert len(small.nodes) == 2
    only = [each for each in small.links if each.source != each.target]
    assert [(each.change, each.processes) for each in only] == [("added", ("load",))]


def test_links_of_several_changes_that_become_one_have_changed():
    sources, target = [node(f"T{index}") for index in range(4)], node("OUT", MARTS)
    links = [link(each, target, change) for each, change in zip(sources, ("added", "same") * 2, strict=True)]
    small = capped(graph(*links, nodes=(*sources, target)), 2)
    assert [(each.source == target.id, each.change) for each in small.links] == [(False, "changed")]


def test_the_columns_and_processes_of_links_that_become_one_are_kept():
    source, targets = node("A_HUB"), [node(f"T{index}", MARTS) for index in range(3)]
    links = [
        link(source, each, "added", f"+ A → {each.label}", process=f"load {each.label}") for each in targets
    ]
    only = capped(graph(*links, nodes=(source, *targets)), 2).links[0]
    assert only.columns == ("+ A → T0", "+ A → T1", "+ A → T2")
    assert only.processes == ("load T0", "load T1", "load T2")


def test_links_between_folded_nodes_of_one_cluster_stay_as_a_loop():
    chain = [node(f"T{index}") for index in range(10)]
    small = capped(graph(*(link(a, b, "removed") for a, b in pairwise(chain)), nodes=tuple(chain)), 1)
    assert [(each.source == each.target, each.change) for each in small.links] == [(True, "removed")]
    assert small.change_of(small.nodes[0]) == "removed"


@given(graphs(), st.integers(-1, 30))
def test_there_are_never_more_nodes_than_asked_for(drawn, most):
    assert len(capped(drawn, most).nodes) <= max(most, 1)


@given(graphs(), st.integers(1, 30))
def test_no_asset_is_lost(drawn, most):
    small = capped(drawn, most)
    assert sum(each.count for each in small.nodes) == len(drawn.nodes)
    assert small.hidden == sum(each.count for each in small.nodes if each.count > 1)


@given(graphs(), st.integers(1, 30))
def test_every_link_has_both_its_ends_and_no_process_is_lost(drawn, most):
    small = capped(drawn, most)
    ids = {each.id for each in small.nodes}
    assert {end for each in small.links for end in (each.source, each.target)} <= ids

    def processes(whole):
        return {name for each in whole.links for name in each.processes}

    assert processes(small) == processes(drawn)


@given(graphs(), st.integers(1, 30), st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_decides_nothing(drawn, most, chance):
    nodes, links = list(drawn.nodes), list(drawn.links)
    chance.shuffle(nodes)
    chance.shuffle(links)
    small, again = capped(drawn, most), capped(Graph(tuple(nodes), tuple(links)), most)
    if len(drawn.nodes) > most:
        assert small == again


@given(graphs(), st.integers(4, 30), st.integers(1, 30))
def test_what_is_folded_can_be_folded_again(drawn, first, second):
    small = capped(capped(drawn, first), second)
    assert len(small.nodes) <= max(min(first, len(drawn.nodes)), second)
    assert sum(each.count for each in small.nodes) == len(drawn.nodes)


def test_a_large_warehouse_is_folded_the_same_way_every_time():
    drawn = warehouse(2_000)
    nodes = list(drawn.nodes)
    random.Random(7).shuffle(nodes)
    small = capped(drawn, 200)
    assert small == capped(Graph(tuple(nodes), drawn.links), 200)
    assert len(small.nodes) == 200
    assert len({each.cluster for each in small.nodes}) == 11, "every schema is still there"


def everything_to_everything(size: int) -> Graph:
    sources, targets = (
        [node(f"{side}{i:03}", place) for i in range(size)] for side, place in (("S", RAW), ("T", MARTS))
    )
    return graph(*(link(a, b) for a in sources for b in targets), nodes=(*sources, *targets))


def test_where_there_are_too_many_links_more_is_folded():
    drawn = everything_to_everything(60)
    small = fitting(drawn, (200, 100, 50, 20), 600)
    assert len(small.nodes) == 50
    assert len(small.links) <= 600
    assert sum(each.count for each in small.nodes) == 120


def test_where_no_size_is_small_enough_the_smallest_is_taken():
    assert len(fitting(everything_to_everything(20), (20, 10), 3).nodes) == 10


def test_a_graph_with_few_links_keeps_the_largest_size():
    drawn = warehouse(60)
    assert fitting(drawn, (200, 8), 600) is drawn


@given(graphs(), st.integers(1, 30))
def test_what_stays_matters_at_least_as_much_as_what_goes(drawn, most):
    stays = {each for each in capped(drawn, most).nodes if each.count == 1}
    assert stays <= set(drawn.nodes), "it is what it was"
    goes = set(drawn.nodes) - stays

    def rank(each):
        return ("removed", "changed", "added", "same").index(drawn.change_of(each))

    for each in stays:
        if any(rank(each) > rank(other) for other in goes):
            # The only one that is left of its cluster: to fold it would win nothing.
            assert each.cluster not in {other.cluster for other in goes}


@given(graphs(), st.integers(1, 30))
def test_a_link_between_two_that_stay_is_as_it_was_and_the_others_are_joined(drawn, most):
    small = capped(drawn, most)
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
def test_the_largest_size_with_few_links_enough_is_taken(drawn, sizes, most_links):
    sizes.sort(reverse=True)
    small = fitting(drawn, sizes, most_links)
    fit = [size for size in sizes if len(capped(drawn, size).links) <= most_links]
    assert small == capped(drawn, fit[0] if fit else sizes[-1])
