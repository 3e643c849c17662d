"""What the report tells to do will work, and what it shows can be read."""

from __future__ import annotations

import io
from typing import Any

import pytest
from drift.test_report import resource
from rich.console import Console

from atlan_pulumi.drift import Report, print_report, whole_width
from atlan_pulumi.drift._find_drift import part_changes
from atlan_pulumi.drift._report import advice
from atlan_pulumi.engine._property_changes import SetChange, ValueChange, lines

W = "default/snowflake/1657025257"
PUT_BACK = "`pulumi up --refresh` puts back what the program declares."
CHANGED = resource("load", changes=(ValueChange("sql", "a", "b"),))
MARKS = ("pulumi:shop/prod#load", "pulumi:other/dev#theirs")


def told(*resources: Any, **more: Any) -> list[str]:
    return list(advice(Report("prod", len(resources), resources, **more)))


def test_a_change_is_put_back_by_a_refresh_and_a_deployment() -> None:
    assert told(CHANGED, resource("gone", status="gone")) == [PUT_BACK]
    assert told(CHANGED, key_was_rotated=True) == [
        "`pulumi up --refresh --run-program` puts back what the program declares."
    ]


@pytest.mark.parametrize(
    "taken",
    [
        resource("load", changes=(ValueChange("managed_by", *MARKS),)),
        resource("set", note=f"Process '{W}/x' is of the stack 'other/dev' now (last written by bob at …)"),
    ],
)
def test_what_another_stack_took_over_is_not(taken: Any) -> None:
    (line,) = told(taken)
    what = f"'{taken.name}' belongs to the stack 'other/dev' now, at least in part"
    assert line == f"{what}: take it out of this program, or set adopt=True to take it back."
    assert told(taken, CHANGED) == [line, f"Then {PUT_BACK}"]


def test_a_mark_of_the_same_stack_is_no_taking_over() -> None:
    moved = resource("load", changes=(ValueChange("managed_by", "pulumi:shop/prod#a", "pulumi:shop/prod#b"),))
    assert told(moved) == [PUT_BACK]


def test_a_connection_that_is_archived_is_to_be_restored() -> None:
    (line,) = told(resource("etl", type="Connection", status="gone"))
    assert line.startswith(
        "Restore the connection 'default/x/1/etl' in Atlan: a deployment makes another one"
    )


def test_of_many_the_rest_is_counted() -> None:
    taken = [resource(f"load-{n}", changes=(ValueChange("managed_by", *MARKS),)) for n in range(7)]
    *first, rest = told(*taken)
    assert (len(first), rest) == (5, "So do 2 more.")


def process_set(**more: Any) -> dict[str, Any]:
    process = {"inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": {"A": "B"}}
    return {"connection": W, "qualified_name": W, "processes": {"dag": process}, **more}


def test_a_part_is_shown_with_what_is_declared_of_it() -> None:
    odd = {
        "dag": {"managed_by": "(not set)"},
        "dag/column/A": {"name": "Theirs", "outputs": f"Column {W}/DB/S/T2/A", "process": "(not set)"},
    }
    ours = process_set(managed_by="pulumi:shop/prod#x")
    found = {each.property: each for each in part_changes("ProcessSet", ours, {**ours, "drifted": odd})}
    shown = {name: lines(each) for name, each in found.items()}
    assert shown == {
        'drifted["dag"]["managed_by"]': ['"pulumi:shop/prod#x" → (not set)'],
        'drifted["dag/column/A"]["name"]': ['"B -> A" → "Theirs"'],
        'drifted["dag/column/A"]["outputs"]': [
            f'- "Column {W}/DB/S/T1/A"',
            f'+ "Column {W}/DB/S/T2/A"',
        ],
        'drifted["dag/column/A"]["process"]': [f'"Process {W}/dag" → (not set)'],
    }


def test_a_part_that_is_gone_or_was_put_back() -> None:
    gone = {"drifted": {"dag": {"status": "gone"}}}
    (change,) = part_changes("ProcessSet", process_set(), process_set(**gone))
    assert lines(change) == ['"active" → "gone"']
    (change,) = part_changes("ProcessSet", process_set(**gone), process_set())
    assert lines(change) == ['"gone" → "active"']
    assert list(part_changes("ProcessSet", process_set(**gone), process_set(**gone))) == []


@pytest.mark.parametrize("kind", ["ProcessSet", "NoKind"])
def test_what_cannot_be_read_is_not_in_the_way(kind: str) -> None:
    odd = {"drifted": {"dag": {"name": "Theirs"}}}
    (change,) = part_changes(kind, {"processes": 7}, {"processes": 7, **odd})
    assert lines(change) == ['(not set) → "Theirs"']


def test_no_name_is_split_where_there_is_the_width() -> None:
    name = f"{W}/DATABASE_OF_THE_WHOLE_COMPANY/SCHEMA/TABLE WITH BLANKS AND A LONG NAME"
    change = SetChange("inputs", ({"type_name": "Table", "qualified_name": name},), ())
    note = f"Process '{name}' was archived in Atlan; last written by alice at 2026-11-22 10:05 UTC"
    rows = (
        resource("load-orders-of-every-country-into-the-mart", changes=(change,)),
        resource("gone", qualified_name=name, status="gone", note=note),
        resource("text", changes=(ValueChange("sql", "word " * 90, "other " * 90),)),
    )
    report, out = Report("prod", 3, rows), io.StringIO()
    print_report(report, Console(file=out, width=whole_width(report), highlight=False))
    assert f"- Table {name}" in out.getvalue()
    assert f"gone: Process '{name}' was archived in Atlan" in out.getvalue()
    assert "load-orders-of-every-country-into-the-mart " in out.getvalue()
