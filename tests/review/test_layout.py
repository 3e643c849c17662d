"""The layout of pictures: nothing overlaps, data flows to the right, and links run around nodes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review.warehouse import SNOWFLAKE, graph, graphs, link, node, shop, warehouse

from atlan_pulumi.review._graph import fold
from atlan_pulumi.review.picture._geometry import Box, space_out
from atlan_pulumi.review.picture._layout import layout
from atlan_pulumi.review.picture._ranks import order_clusters

RAW, STAGING, MARTS = "db/RAW", "db/STAGING", "db/MARTS"


def lay(drawn, width=150.0):
    return layout(drawn, {each.id: width for each in drawn.nodes})


def inside(inner: Box, outer: Box):
    across = outer.x <= inner.x and inner.x + inner.width <= outer.x + outer.width
    return across and outer.y <= inner.y and inner.y + inner.height <= outer.y + outer.height


def points(curve, count=24):
    """Yield points along a curve, computed independently from its stations."""
    for one, other in pairwise(curve.stations):
        reach = abs(other.x - one.x) / 2 if one.heading == other.heading else 34
        xs = (one.x, one.x + one.heading * reach, other.x - other.heading * reach, other.x)
        ys = (one.y, one.y, other.y, other.y)
        for step in range(count + 1):
            t = step / count
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            yield (
                sum(w * x for w, x in zip(weights, xs, strict=True)),
                sum(w * y for w, y in zip(weights, ys, strict=True)),
            )


def crossings(drawn, plan):
    """Return how many pairs of links between the same two columns cross."""
    ends = [(plan.nodes[each.source], plan.nodes[each.target]) for each in drawn.links]
    return sum(
        (a.x, b.x) == (c.x, d.x) and (a.y - c.y) * (b.y - d.y) < 0 for (a, b), (c, d) in combinations(ends, 2)
    )


def check(drawn, plan):
    """Check the properties of every picture."""
    boxes = list(plan.nodes.values())
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])], "nodes overlap"
    areas = [area.box for area in plan.areas]
    assert not [pair for pair in combinations(areas, 2) if pair[0].overlaps(pair[1])], "boxes overlap"
    for each in drawn.nodes:
        around = [area.cluster for area in plan.areas if area.box.overlaps(plan.nodes[each.id])]
        assert around == ([each.cluster] if each.cluster else []), "a node is in a box of another cluster"
        assert not each.cluster or any(inside(plan.nodes[each.id], area.box) for area in plan.areas)
    frame = Box(0, 0, plan.width, plan.height)
    assert all(inside(box, frame) for box in (*boxes, *areas))
    assert all(
        0 <= x <= plan.width and 0 <= y <= plan.height for way in plan.curves for x, y in points(way, 4)
    )


def test_a_chain_is_laid_out_on_one_line():
    drawn, (orders, staged, mart) = shop()
    plan = lay(drawn)
    check(drawn, plan)
    boxes = [plan.nodes[each.id] for each in (orders, staged, mart)]
    assert len({box.y for box in boxes}) == 1
    assert [box.x for box in boxes] == sorted(box.x for box in boxes)
    assert [area.cluster for area in plan.areas] == sorted(each.cluster for each in (orders, staged, mart))


def test_boxes_have_a_visible_distance():
    apart = [
        Box(b.x - 9, b.y - 9, b.width + 18, b.height + 18)
        for b in (each.box for each in lay(warehouse(200)).areas)
    ]
    assert not [pair for pair in combinations(apart, 2) if pair[0].overlaps(pair[1])]


def test_an_empty_graph_has_an_empty_layout():
    plan = lay(graph())
    assert (plan.nodes, plan.areas, plan.curves) == ({}, [], [])
    assert plan.width > 0
    assert plan.height > 0


@given(graphs())
def test_nothing_overlaps_in_any_graph(drawn):
    check(drawn, lay(drawn))


@pytest.mark.parametrize("size", [3, 30, 120, 200])
def test_nothing_overlaps_in_a_warehouse(size):
    drawn = warehouse(size)
    check(drawn, lay(drawn))


@pytest.mark.parametrize("seed", range(4))
def test_links_run_around_other_nodes(seed):
    drawn = warehouse(200, seed)
    plan = lay(drawn)
    for each, way in zip(drawn.links, plan.curves, strict=True):
        others = [box for name, box in plan.nodes.items() if name not in (each.source, each.target)]
        inner = [Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2) for box in others]
        hit = [point for point in points(way) for box in inner if box.overlaps(Box(*point, 0.01, 0.01))]
        assert hit == []


def test_a_link_starts_right_of_its_source_and_ends_left_of_its_target():
    drawn = warehouse(60)
    plan = lay(drawn)
    for each, way in zip(drawn.links, plan.curves, strict=True):
        source, target = plan.nodes[each.source], plan.nodes[each.target]
        first, last = way.stations[0], way.stations[-1]
        assert first.x == pytest.approx(source.x + source.width)
        assert last.x == pytest.approx(target.x)
        assert source.y < first.y < source.y + source.height
        assert target.y < last.y < target.y + target.height


def test_data_flows_to_the_right():
    drawn = warehouse(200)
    plan = lay(drawn)
    back = [each for each in drawn.links if plan.nodes[each.source].x >= plan.nodes[each.target].x]
    assert all(each.source == each.target for each in back), "only the table that reads itself"


def test_clusters_are_ordered_by_data_flow():
    first, second, third = node("A", RAW), node("B", STAGING), node("C", MARTS)
    drawn = graph(link(first, second), link(second, third), link(first, third), nodes=(first, second, third))
    plan = lay(drawn)
    edges = {area.cluster: area.box for area in plan.areas}
    assert edges[RAW].x + edges[RAW].width < edges[STAGING].x
    assert edges[STAGING].x + edges[STAGING].width < edges[MARTS].x


def test_a_table_that_reads_raw_data_stays_in_its_cluster():
    raw, staged, one, other = node("A", RAW), node("B", STAGING), node("C", MARTS), node("D", MARTS)
    drawn = graph(link(raw, staged), link(staged, one), link(raw, other), nodes=(raw, staged, one, other))
    plan = lay(drawn)
    assert plan.nodes[one.id].x == plan.nodes[other.id].x
    assert len(plan.areas) == 3


def test_a_cluster_that_data_flows_back_to_has_a_second_box():
    raw, mart, again = node("A", RAW), node("B", MARTS), node("C", RAW)
    drawn = graph(link(raw, mart), link(mart, again), nodes=(raw, mart, again))
    plan = lay(drawn)
    assert [area.cluster for area in plan.areas] == [MARTS, RAW, RAW]
    assert plan.nodes[raw.id].x < plan.nodes[mart.id].x < plan.nodes[again.id].x


def test_a_cycle_has_one_backward_link():
    first, second, third = node("A", RAW), node("B", RAW), node("C", RAW)
    drawn = graph(link(first, second), link(second, third), link(third, first), nodes=(first, second, third))
    plan = lay(drawn)
    check(drawn, plan)
    back = [each for each in drawn.links if plan.nodes[each.source].x > plan.nodes[each.target].x]
    assert len(back) == 1
    assert any(each.heading < 0 for each in plan.curves[drawn.links.index(back[0])].stations)


def test_a_cycle_of_clusters_has_the_fewest_backward_links():
    raw, marts = [node(f"R{i}", RAW) for i in range(3)], [node(f"M{i}", MARTS) for i in range(3)]
    ahead = [link(raw[i], marts[i]) for i in range(3)]
    drawn = graph(*ahead, link(marts[0], raw[0]), nodes=(*raw, *marts))
    plan = lay(drawn)
    assert all(plan.nodes[each.source].x < plan.nodes[each.target].x for each in ahead)


def test_a_self_loop_runs_outside_its_box():
    only = node("A", RAW)
    plan = lay(graph(link(only, only), nodes=(only,)))
    box = plan.nodes[only.id]
    outside = [point for point in points(plan.curves[0]) if not box.overlaps(Box(*point, 0.01, 0.01))]
    assert min(y for _, y in outside) < box.y or max(y for _, y in outside) > box.y + box.height


def test_crossing_links_are_uncrossed():
    left, right = [node(f"A{i}", RAW) for i in range(6)], [node(f"B{i}", MARTS) for i in range(6)]
    drawn = graph(*(link(a, b) for a, b in zip(left, reversed(right), strict=True)), nodes=(*left, *right))
    plan = lay(drawn)
    assert crossings(drawn, plan) == 0
    assert all(way.stations[0].y == pytest.approx(way.stations[-1].y) for way in plan.curves), (
        "all are straight"
    )


def test_a_warehouse_has_far_fewer_crossings_than_a_random_order():
    drawn = warehouse(200)
    plan = lay(drawn)
    names = random.Random(1).sample(list(plan.nodes), len(plan.nodes))
    columns: dict[float, list[str]] = {}
    for name in names:
        columns.setdefault(plan.nodes[name].x, []).append(name)
    shuffled = {
        name: Box(x, float(row), 0, 0) for x, members in columns.items() for row, name in enumerate(members)
    }
    other = type(plan)(shuffled, [], [], 0, 0)
    assert crossings(drawn, plan) < crossings(drawn, other) / 4


def test_many_parallel_tables_use_several_columns():
    hub = node("HUB", RAW)
    many = [node(f"T{index:03}", MARTS) for index in range(150)]
    plan = lay(graph(*(link(hub, each) for each in many), nodes=(hub, *many)))
    assert plan.height < 1_500
    assert len({plan.nodes[each.id].x for each in many}) > 3


def test_a_cluster_without_inputs_is_next_to_its_first_reader():
    chain = [node(f"C{index}", f"db/S{index}") for index in range(4)]
    seed = node("SEED", "db/SEEDS")
    links = [link(a, b) for a, b in pairwise(chain)]
    plan = lay(graph(*links, link(seed, chain[3]), nodes=(*chain, seed)))
    assert plan.nodes[seed.id].x == plan.nodes[chain[2].id].x


def test_columns_are_as_wide_as_their_widest_node():
    drawn, (orders, staged, mart) = shop()
    plan = layout(drawn, {orders.id: 140.0, staged.id: 333.0, mart.id: 20.0})
    assert [plan.nodes[each.id].width for each in (orders, staged, mart)] == [140.0, 333.0, 110.0]


def test_two_hundred_nodes_take_less_than_a_second():
    drawn = warehouse(200)
    assert len(drawn.nodes) == 200
    start = time.process_time()
    lay(drawn)
    assert time.process_time() - start < 1


def test_two_thousand_folded_nodes_are_laid_out():
    drawn = fold(warehouse(2_000), 200)
    check(drawn, lay(drawn))


def test_the_layout_does_not_depend_on_hash_seeds():
    script = (
        "from review.warehouse import *; from atlan_pulumi.review.picture._svg import svg; "
        "print(svg(warehouse(60)))"
    )
    tests = str(Path(__file__).parents[1])
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": tests, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 10_000


HEIGHTS = st.lists(st.floats(-500, 500), min_size=1, max_size=20).map(sorted)


@given(HEIGHTS, st.floats(0, 60), st.floats(-400, 0), st.floats(1, 400))
def test_space_out_keeps_order_distance_and_limits(wanted, step, low, high):
    heights = space_out(wanted, step, low, high)
    assert len(heights) == len(wanted)
    room = (high - low) / max(len(wanted) - 1, 1)
    assert all(b - a >= min(step, room) - 1e-6 for a, b in pairwise(heights))
    assert low - 1e-6 <= heights[0]
    assert heights[-1] <= high + 1e-6


def test_space_out_keeps_heights_with_enough_room():
    assert space_out([10, 60, 90], 20, 0, 100) == [10, 60, 90]
    assert space_out([50, 50], 20, 0, 100) == [40, 60]
    assert space_out([0, 0, 90], 20, 0, 100) == [0, 20, 90]


@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1])))
def test_acyclic_clusters_have_no_backward_links(pairs):
    homes = [(SNOWFLAKE, str((index * 5) % 9)) for index in range(9)]
    flows = Counter((homes[a], homes[b]) for a, b in pairs)
    order = order_clusters(sorted(homes), flows)
    assert sorted(order) == sorted(homes)
    assert all(order.index(source) < order.index(target) for source, target in flows)
