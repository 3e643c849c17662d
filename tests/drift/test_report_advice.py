"""The report's advice, and the values that it shows."""

from __future__ import annotations

import io
from typing import Any

import pytest
from drift.test_report import resource
from rich.console import Console

from atlan_pulumi.drift import Report, full_width, print_report
from atlan_pulumi.drift._find_drift import child_changes
from atlan_pulumi.drift._report import drift_advice
from atlan_pulumi.engine._property_changes import SetChange, ValueChange, lines

W = "default/snowflake/1657025257"
RESTORE = "`pulumi up --refresh` restores what the program declares."
CHANGED = resource("load", changes=(ValueChange("sql", "a", "b"),))
MARKS = ("pulumi:shop/prod#load", "pulumi:other/dev#theirs")


def advice_for(*resources: Any, **more: Any) -> list[str]:
    return list(drift_advice(Report("prod", len(resources), resources, **more)))


def test_advice_for_changes() -> None:
    assert advice_for(CHANGED, resource("gone", status="gone")) == [RESTORE]
    assert advice_for(CHANGED, key_was_rotated=True) == [
        "`pulumi up --refresh --run-program` restores what the program declares."
    ]


@pytest.mark.parametrize(
    "taken",
    [
        resource("load", changes=(ValueChange("managed_by", *MARKS),)),
        resource(
            "set", note=f"Process '{W}/x' belongs to the stack 'other/dev' now (last written by bob at …)"
        ),
    ],
)
def test_advice_for_entities_of_another_stack(taken: Any) -> None:
    (line,) = advice_for(taken)
    what = f"'{taken.name}' now belongs to the stack 'other/dev', at least in part"
    assert line == f"{what}: remove it from this program, or set adopt=True to take it over again."
    assert advice_for(taken, CHANGED) == [line, f"Then {RESTORE}"]


def test_advice_for_an_asset_that_a_crawler_owns_now() -> None:
    change = ValueChange("managed_by", MARKS[0], "crawler-1")
    (line,) = advice_for(resource("orders", type="File", changes=(change,)))
    assert line.startswith("'orders' now belongs to the crawler 'crawler-1', at least in part: remove it")
    assert advice_for(resource("load", type="Process", changes=(change,))) == [RESTORE]


def test_another_mark_of_the_same_stack_is_no_takeover() -> None:
    moved = resource("load", changes=(ValueChange("managed_by", "pulumi:shop/prod#a", "pulumi:shop/prod#b"),))
    assert advice_for(moved) == [RESTORE]


def test_advice_for_an_archived_connection() -> None:
    (line,) = advice_for(resource("etl", type="Connection", status="gone"))
    assert line.startswith(
        "Restore the connection 'default/x/1/etl' in Atlan: a deployment would create another one"
    )


def test_advice_for_many_entities_is_summarized() -> None:
    taken = [resource(f"load-{n}", changes=(ValueChange("managed_by", *MARKS),)) for n in range(7)]
    *first, rest = advice_for(*taken)
    assert (len(first), rest) == (5, "So do 2 others.")


def process_set(**more: Any) -> dict[str, Any]:
    process = {"inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": {"A": "B"}}
    return {"connection": W, "qualified_name": W, "processes": {"dag": process}, **more}


def test_a_changed_child_shows_its_declared_value() -> None:
    odd = {
        "dag": {"managed_by": "(not set)"},
        "dag/column/A": {"name": "Theirs", "outputs": f"Column {W}/DB/S/T2/A", "process": "(not set)"},
    }
    ours = process_set(managed_by="pulumi:shop/prod#x")
    found = {each.property: each for each in child_changes("ProcessSet", ours, {**ours, "drifted": odd})}
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


def test_a_child_that_is_gone_or_restored() -> None:
    gone = {"drifted": {"dag": {"status": "gone"}}}
    (change,) = child_changes("ProcessSet", process_set(), process_set(**gone))
    assert lines(change) == ['"active" → "gone"']
    (change,) = child_changes("ProcessSet", process_set(**gone), process_set())
    assert lines(change) == ['"gone" → "active"']
    assert list(child_changes("ProcessSet", process_set(**gone), process_set(**gone))) == []


@pytest.mark.parametrize("kind", ["ProcessSet", "NoKind"])
def test_unreadable_properties_are_shown_as_not_set(kind: str) -> None:
    odd = {"drifted": {"dag": {"name": "Theirs"}}}
    (change,) = child_changes(kind, {"processes": 7}, {"processes": 7, **odd})
    assert lines(change) == ['(not set) → "Theirs"']


def test_names_are_not_split_at_full_width() -> None:
    name = f"{W}/DATABASE_OF_THE_WHOLE_COMPANY/SCHEMA/TABLE WITH BLANKS AND A LONG NAME"
    change = SetChange("inputs", ({"type_name": "Table", "qualified_name": name},), ())
    note = f"Process '{name}' was archived in Atlan; last written by alice at 2026-11-22 10:05 UTC"
    rows = (
        resource("load-orders-of-every-country-into-the-mart", changes=(change,)),
        resource("gone", qualified_name=name, status="gone", note=note),
        resource("text", changes=(ValueChange("sql", "word " * 90, "other " * 90),)),
    )
    report, out = Report("prod", 3, rows), io.StringIO()
    print_report(report, Console(file=out, width=full_width(report), highlight=False))
    assert f"- Table {name}" in out.getvalue()
    assert f"gone: Process '{name}' was archived in Atlan" in out.getvalue()
    assert "load-orders-of-every-country-into-the-mart " in out.getvalue()
