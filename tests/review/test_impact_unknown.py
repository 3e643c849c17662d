"""Which edges may cost lineage, and how many of these cannot be checked."""

from __future__ import annotations

from typing import Any

import pytest
from review import previews

from atlan_pulumi.review import ResourceChange
from atlan_pulumi.review._impact import loses, unknown_edges

LOAD = previews.process("load", [0, 1], [2, 3])
JOB = previews.job(["A.B.C"], ["D.E.F"], columns={"X": ["Y"], "Z": ["Y"]})


def only(*events: previews.Event) -> ResourceChange:
    (change,) = previews.review_of(*events, depth=0).changes
    return change


def costs(old: previews.Props, **new: Any) -> bool:
    (edge,) = only(previews.update("Process", "load", old, {**old, **new})).edges
    return loses(edge)


@pytest.mark.parametrize(
    ("new", "lost"),
    [
        ({"inputs": previews.tables(0)}, True),
        ({"outputs": previews.tables(3)}, True),
        ({"inputs": previews.tables(0, 1, 4)}, False),
        ({"inputs": previews.tables(1, 0)}, False),
        ({"inputs": previews.tables(0, 4)}, True),
        ({"sql": "select 2"}, False),
        ({"inputs": previews.UNKNOWN}, False),
        ({"inputs": [*previews.tables(0), previews.UNKNOWN]}, False),
        ({"inputs": previews.UNKNOWN, "outputs": previews.tables(2)}, True),
        ({"inputs": previews.UNKNOWN, "outputs": previews.tables(2, 3, 4)}, False),
        ({"inputs": previews.UNKNOWN, "outputs": previews.UNKNOWN}, False),
    ],
)
def test_fewer_inputs_or_outputs_may_cost_lineage(new: previews.Props, lost: bool) -> None:
    assert costs(LOAD, **new) == lost


def test_only_removed_edges_cost_lineage() -> None:
    events = {
        True: [previews.delete("Process", "load", LOAD)],
        False: [
            previews.create("Process", "load", LOAD),
            previews.same("Process", "load", LOAD),
            previews.step("import", "Process", "load", None, LOAD),
            previews.delete("Process", "load", LOAD, retainOnDelete=True),
        ],
    }
    for lost, of_one in events.items():
        for event in of_one:
            assert [loses(edge) for edge in only(event).edges] == [lost]


@pytest.mark.parametrize(
    ("event", "count"),
    [
        (previews.create("Process", "load", {**LOAD, "inputs": previews.UNKNOWN}), 0),
        (previews.update("Process", "load", LOAD, {**LOAD, "inputs": previews.UNKNOWN}), 1),
        (previews.update("Process", "load", LOAD, {**LOAD, "sql": previews.UNKNOWN}), 0),
        (
            previews.update(
                "Process", "load", LOAD, {**LOAD, "inputs": previews.UNKNOWN}, retainOnDelete=True
            ),
            1,
        ),
        (previews.delete("Process", "load", {**LOAD, "inputs": previews.secret()}), 0),
        (previews.delete("OpenLineageJob", "j", JOB), 0),
        (previews.delete("OpenLineageJob", "j", {**JOB, "qualified_name": previews.UNKNOWN}), 3),
        (previews.delete("OpenLineageJob", "j", JOB, retainOnDelete=True), 0),
        (previews.same("OpenLineageJob", "j", {**JOB, "qualified_name": previews.UNKNOWN}), 0),
        (previews.delete("ProcessSet", "odd", previews.process_set({"x": 5})), 1),
        (previews.delete("ProcessSet", "odd", previews.process_set({"x": 5}), retainOnDelete=True), 0),
        (previews.create("ProcessSet", "odd", previews.process_set({"x": 5})), 0),
        (previews.delete("ProcessSet", "set", previews.process_set(previews.secret())), 1),
    ],
)
def test_unknown_edges_are_counted(event: previews.Event, count: int) -> None:
    assert unknown_edges(only(event)) == count


def test_a_replacement_is_counted_like_a_removal() -> None:
    hidden = {**LOAD, "process_id": "other", "inputs": previews.UNKNOWN}
    assert unknown_edges(only(*previews.replace("Process", "load", LOAD, hidden, "process_id"))) == 1
    odd = previews.process_set({"x": 5})
    moved = previews.replace("ProcessSet", "odd", odd, {**odd, "connection": "default/x/2"}, "connection")
    assert unknown_edges(only(*moved)) == 1


def test_a_side_that_is_secret_before_and_after_is_unchanged() -> None:
    hidden = {**LOAD, "inputs": previews.secret()}
    change = only(previews.update("Process", "load", hidden, {**hidden, "adopt": True}))
    assert [edge.change for edge in change.edges] == ["same"]
    assert unknown_edges(change) == 0
