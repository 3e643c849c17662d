"""Which edges may cost lineage, and of how many that cannot be told."""

from __future__ import annotations

from typing import Any

import pytest
from review import told

from atlan_pulumi.review import ResourceChange
from atlan_pulumi.review._impact import loses, unseen

LOAD = told.process("load", [0, 1], [2, 3])
JOB = told.job(["A.B.C"], ["D.E.F"], columns={"X": ["Y"], "Z": ["Y"]})


def only(*events: told.Event) -> ResourceChange:
    (change,) = told.reviewed(*events, depth=0).changes
    return change


def costs(old: told.Props, **new: Any) -> bool:
    (edge,) = only(told.update("Process", "load", old, {**old, **new})).edges
    return loses(edge)


@pytest.mark.parametrize(
    ("new", "lost"),
    [
        ({"inputs": told.tables(0)}, True),
        ({"outputs": told.tables(3)}, True),
        ({"inputs": told.tables(0, 1, 4)}, False),
        ({"inputs": told.tables(1, 0)}, False),
        ({"inputs": told.tables(0, 4)}, True),
        ({"sql": "select 2"}, False),
        ({"inputs": told.UNKNOWN}, False),
        ({"inputs": [*told.tables(0), told.UNKNOWN]}, False),
        ({"inputs": told.UNKNOWN, "outputs": told.tables(2)}, True),
        ({"inputs": told.UNKNOWN, "outputs": told.tables(2, 3, 4)}, False),
        ({"inputs": told.UNKNOWN, "outputs": told.UNKNOWN}, False),
    ],
)
def test_a_process_that_reads_or_writes_less_may_cost_lineage(new: told.Props, lost: bool) -> None:
    assert costs(LOAD, **new) == lost


def test_what_goes_costs_and_what_comes_or_stays_does_not() -> None:
    events = {
        True: [told.delete("Process", "load", LOAD)],
        False: [
            told.create("Process", "load", LOAD),
            told.same("Process", "load", LOAD),
            told.step("import", "Process", "load", None, LOAD),
            told.delete("Process", "load", LOAD, retainOnDelete=True),
        ],
    }
    for lost, of_one in events.items():
        for event in of_one:
            assert [loses(edge) for edge in only(event).edges] == [lost]


@pytest.mark.parametrize(
    ("event", "count"),
    [
        (told.create("Process", "load", {**LOAD, "inputs": told.UNKNOWN}), 0),
        (told.update("Process", "load", LOAD, {**LOAD, "inputs": told.UNKNOWN}), 1),
        (told.update("Process", "load", LOAD, {**LOAD, "sql": told.UNKNOWN}), 0),
        (told.update("Process", "load", LOAD, {**LOAD, "inputs": told.UNKNOWN}, retainOnDelete=True), 1),
        (told.delete("Process", "load", {**LOAD, "inputs": told.secret()}), 0),
        (told.delete("OpenLineageJob", "j", JOB), 0),
        (told.delete("OpenLineageJob", "j", {**JOB, "qualified_name": told.UNKNOWN}), 3),
        (told.delete("OpenLineageJob", "j", JOB, retainOnDelete=True), 0),
        (told.same("OpenLineageJob", "j", {**JOB, "qualified_name": told.UNKNOWN}), 0),
        (told.delete("ProcessSet", "odd", told.process_set({"x": 5})), 1),
        (told.delete("ProcessSet", "odd", told.process_set({"x": 5}), retainOnDelete=True), 0),
        (told.create("ProcessSet", "odd", told.process_set({"x": 5})), 0),
        (told.delete("ProcessSet", "set", told.process_set(told.secret())), 1),
    ],
)
def test_edges_that_may_cost_and_cannot_be_looked_at_are_counted(event: told.Event, count: int) -> None:
    assert unseen(only(event)) == count


def test_a_replacement_is_counted_as_what_goes() -> None:
    hidden = {**LOAD, "process_id": "other", "inputs": told.UNKNOWN}
    assert unseen(only(*told.replace("Process", "load", LOAD, hidden, "process_id"))) == 1
    odd = told.process_set({"x": 5})
    moved = told.replace("ProcessSet", "odd", odd, {**odd, "connection": "default/x/2"}, "connection")
    assert unseen(only(*moved)) == 1


def test_a_side_that_is_secret_before_and_after_has_not_changed() -> None:
    hidden = {**LOAD, "inputs": told.secret()}
    change = only(told.update("Process", "load", hidden, {**hidden, "adopt": True}))
    assert [edge.change for edge in change.edges] == ["same"]
    assert unseen(change) == 0
