"""Random previews: the summary, the tables, and the graph agree, in any order of the events."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain, product

from hypothesis import given, settings
from hypothesis import strategies as st
from review import previews, reader
from review.plans import NAMES, Known, Resource, counts, events_of, mixed, plans

from atlan_pulumi.review import Graph, Review, as_markdown, html, parse, review, svg
from atlan_pulumi.text import printable

PLANS = settings(max_examples=40, deadline=None)


def lines(made: Review, title: str) -> int:
    """Return the number of lines in the lineage cells of a table: one per edge."""
    return sum(len(row[1].split("\n")) for row in previews.section(made, title))


def connections(plan: Iterable[Resource], operation: str) -> int:
    return sum((each.kind, each.operation) == ("Connection", operation) for each in plan)


@PLANS
@given(plans())
def test_the_summary_counts_each_change_of_an_edge(plan: list[Resource]) -> None:
    found = counts(plan)
    line, verdict = previews.review_of(*events_of(plan), depth=0).summary
    assert verdict == previews.MAY_MERGE
    pairs = (each.split(" ", 1) for each in line.removesuffix(".").split(", "))
    parts = {what: count for count, what in pairs}
    for of_columns, singular, plural in (
        (False, "process", "processes"),
        (True, "column mapping", "column mappings"),
    ):
        for change in ("added", "changed", "removed"):
            count = found[of_columns, change]
            shown = parts.pop(f"{singular if count == 1 else plural} {change}", "0")
            assert shown == str(count), (singular, change)
    assert not [name for name in parts if name.startswith(("process", "column"))]


@PLANS
@given(plans())
def test_the_tables_have_as_many_edges_as_the_summary(plan: list[Resource]) -> None:
    made, found = previews.review_of(*events_of(plan), depth=0), counts(plan)
    for title, change, operation in (("Added", "added", "create"), ("Removed", "removed", "delete")):
        edges = found[False, change] + found[True, change]
        assert lines(made, title) == edges + connections(plan, operation)
    imported = [each for each in plan if each.operation == "import"]
    assert lines(made, "Imported") == sum(max(len(each.new), 1) for each in imported)
    assert len(previews.section(made, "Replaced")) == sum(each.operation == "replace" for each in plan)


_NONE = Known(False, (frozenset(), frozenset()))


def _processes_first(plan: Iterable[Resource]) -> list[tuple[Known | None, Known | None, str]]:
    """Return each edge before and after, with its change."""
    found = [
        (each.old.get(key), each.new.get(key), change) for each in plan for key, change in each.edges.items()
    ]
    return sorted(found, key=lambda edge: (edge[0] or edge[1] or _NONE).of_columns)


def expected_links(plan: Iterable[Resource]) -> dict[tuple[str, str], str]:
    """Return the links between tables that a picture must show, with their changes."""
    changes: dict[tuple[int, int], set[str]] = defaultdict(set)
    shown: set[tuple[int, int]] = set()
    for old, new, change in _processes_first(plan):
        before, after = (set(product(*each.tables)) if each else set() for each in (old, new))
        if not (new or old or _NONE).of_columns:
            stays = "changed" if old and new and old.rest != new.rest else "same"
            for ends in before | after:
                changes[ends].add("added" if ends not in before else stays if ends in after else "removed")
        elif change != "same":
            for ends in before | after:
                changes[ends] |= set() if changes[ends] - {"same"} else {"changed"}
        shown |= (before | after) if change != "same" else set()
    return {
        (f"T{ends[0]}", f"T{ends[1]}"): min(changes[ends]) if len(changes[ends]) == 1 else "changed"
        for ends in shown
    }


@settings(PLANS, max_examples=80)
@given(plans())
def test_the_graph_has_the_changed_links(plan: list[Resource]) -> None:
    drawn = previews.review_of(*events_of(plan), depth=0).graph
    labels = {node.id: node.label for node in drawn.nodes}
    found = {(labels[link.source], labels[link.target]): link.change for link in drawn.links}
    assert found == expected_links(plan)
    assert len(found) == len(drawn.links)
    assert [*drawn.links] == sorted(drawn.links)
    assert {end for link in drawn.links for end in (link.source, link.target)} == {*labels}
    assert all(link.processes for link in drawn.links)


def beside(plan: list[Resource], name: str) -> list[list[previews.Event]]:
    """Return additional messages, in groups that may come at any time."""
    of = plan[0].events[0]["resourcePreEvent"]["metadata"]["urn"]
    return [
        [previews.message(name, of), previews.message("adopted", of, "warning")],
        [previews.violation("owned", of, f"It has an owner.\n{name}", "mandatory")],
        [previews.violation("owned", previews.STACK, "It has an owner.\nnobody")],
        [previews.message(f"no {name}", severity="error")],
    ]


@settings(PLANS, max_examples=25)
@given(plans(), NAMES, st.integers(0, 2**32))
def test_the_order_of_events_does_not_change_the_review(plan: list[Resource], name: str, seed: int) -> None:
    groups = [*(each.events for each in plan), *beside(plan, name)]
    orders = [list(chain.from_iterable(groups)), mixed(groups, random.Random(seed))]
    made, other = (previews.review_of(*events) for events in orders)
    assert as_markdown(made) == as_markdown(other)
    assert (made.graph, made.sections, made.summary) == (other.graph, other.sections, other.summary)
    assert svg(made.graph) == svg(other.graph)
    pages = [html(each.title, each.summary, each.graph, each.sections) for each in (made, other)]
    assert pages[0] == pages[1]


@PLANS
@given(plans(), NAMES)
def test_the_comment_shows_each_name_unchanged(plan: list[Resource], name: str) -> None:
    made = previews.review_of(*events_of(plan), *chain.from_iterable(beside(plan, name)))
    expected = [
        [
            ["\n".join(printable(line) for line in cell.split("\n") if line) for cell in row]
            for row in each.rows
        ]
        for each in made.sections
        if each.rows
    ]
    text = as_markdown(made)
    assert reader.tables(text) == expected
    assert not reader.kinds(text) & {"link_open", "image", "strong_open", "em_open"}
    assert len(reader.fences(text)) == bool(made.graph.links)


@PLANS
@given(plans())
def test_a_digest_has_the_same_changes_as_the_events(plan: list[Resource]) -> None:
    events = events_of(plan)
    from_events, from_digest = (
        review(parse(text(*events), "x"), depth=0) for text in (previews.log, previews.digest)
    )
    assert from_events.changes == from_digest.changes
    assert from_events.graph == from_digest.graph
    assert from_events.summary[:-1] == from_digest.summary[:-1]
    assert (from_events.summary[-1], from_digest.summary[-1]) == (
        previews.MAY_MERGE,
        previews.MAY_MERGE_UNLESS,
    )


@PLANS
@given(plans())
def test_a_preview_without_changes_is_an_empty_review(plan: list[Resource]) -> None:
    """The same plan after deployment: everything that remains is unchanged."""
    left = [each for each in plan if each.operation != "delete"]
    after = []
    for each in left:
        metadata = each.events[0]["resourcePreEvent"]["metadata"]
        after.append(previews.same(each.kind, metadata["urn"].rpartition("::")[2], metadata["new"]["inputs"]))
    made = previews.review_of(*after)
    assert (made.summary, made.sections, made.graph) == (
        ["No lineage changes.", previews.MAY_MERGE],
        [],
        Graph((), ()),
    )
