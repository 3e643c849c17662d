"""The notes on where changed column lineage comes from."""

from __future__ import annotations

from typing import Any

from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.lifecycle import lifecycle_of, mark
from atlan_pulumi.preflight import origin_notes

SET = lifecycle_of("ProcessSet", 1)
T1 = table_name(1)
LINES = {"sql/load.sql": {f"{T1}/A": 2, f"{T1}/B": 1}, "Process 'other' sql": {f"{table_name(2)}/A": 7}}


def notes(olds: dict[str, Any], news: dict[str, Any], lines: Any = LINES) -> list[str]:
    return list(origin_notes(SET, olds, SET.check(olds, news), lines))


def declared(**columns: str) -> dict[str, Any]:
    load = {"inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": columns}
    managed_by = mark("shop/prod", "set")
    return {"connection": WAREHOUSE, "processes": {"load": load}, "managed_by": managed_by}


def test_new_columns_are_listed_by_line() -> None:
    assert notes({}, declared(A="A", B="B")) == [
        'derived from sql/load.sql: "DB/S/T1/B" in line 1, "DB/S/T1/A" in line 2'
    ]


def test_columns_that_do_not_change_are_not_listed() -> None:
    before = dict(SET.check({}, declared(A="A", B="B")).inputs)
    assert notes(before, declared(A="A", B="B")) == []
    assert notes(before, declared(A="A", B="B"), {"sql/load.sql": {f"{T1}/A": 99}}) == [], "a line alone"
    assert notes(before, declared(A="B", B="B")) == ['derived from sql/load.sql: "DB/S/T1/A" in line 2']


def test_a_long_list_is_cut() -> None:
    names = {f"C{number:03}": "A" for number in range(250)}
    lines = {"a.sql": {f"{T1}/{name}": 1 for name in names}}
    (note,) = notes({}, declared(**names), lines)
    assert note.count(" in line ") == 200
    assert note.endswith(" and 50 more")


def test_a_job_is_compared_by_its_columns() -> None:
    job = lifecycle_of("OpenLineageJob", 1)
    sides = {name: [{"namespace": "snowflake://a", "name": f"D.S.{name}"}] for name in ("inputs", "outputs")}
    given = {"connection": "default/spark/1700000000", "job_name": "dag", **sides}
    old = {**given, "columns": {"A": ["A"], "B": ["B"]}}
    before = dict(job.check({}, old).inputs)
    checked = job.check(before, {**old, "columns": {"A": ["A"], "B": ["A"]}})
    lines = {"OpenLineageJob 'dag' sql": {"D.S.outputs.A": 1, "D.S.outputs.B": 2}}
    assert list(origin_notes(job, before, checked, lines)) == [
        "derived from OpenLineageJob 'dag' sql: \"D.S.outputs.B\" in line 2"
    ]
