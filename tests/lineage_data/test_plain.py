"""The mapping of processes: its shortcuts, its one form for columns, and what passes untouched."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from atlan_pulumi import table, view
from atlan_pulumi.lineage_data import read_lineage
from atlan_pulumi.resources._edge import ProcessArgs

ENDS = {"inputs": "A", "outputs": "B"}


def one(**process: Any) -> dict[str, Any]:
    return read_lineage({"p": {**ENDS, **process}})["p"]


@pytest.mark.parametrize(
    ("tables", "plain"),
    [
        ("A", ["A"]),
        (["A", "B"], ["A", "B"]),
        (("A",), ["A"]),
        (table("A"), ["A"]),
        ([view("V"), "A"], [{"type_name": "View", "qualified_name": "V"}, "A"]),
    ],
)
def test_tables(tables: object, plain: list[object]) -> None:
    assert one(inputs=tables)["inputs"] == plain
    assert one(outputs=tables)["outputs"] == plain


@pytest.mark.parametrize(
    ("inputs", "text", "plain"),
    [
        ("A", "ID", "ID"),
        ("A", "A/ID", "ID"),
        ("DB/S/A", "DB/S/A/ID", "ID"),
        ("A", "/BIC/ID", "/BIC/ID"),
        ("A", "A/A/ID", "A/A/ID"),  # a column that is named A/ID
        ("A", "A/", "A/"),
        (["A", "B"], "A/ID", "A/ID"),
        (["A", "B"], "A//BIC/ID", "A//BIC/ID"),
        (["A", "A/B"], "A/B/ID", "A/B/ID"),
        (view("V"), "V/ID", "ID"),
        ([view("V"), "A"], "V/ID", "V/ID"),
    ],
)
def test_a_column_is_bare_where_there_is_one_table(inputs: object, text: str, plain: str) -> None:
    found = one(inputs=inputs, columns={"X": text})
    assert found["columns"] == {"X": [plain]}
    assert read_lineage({"p": found}) == {"p": found}


def test_output_columns_and_their_sql_are_written_alike() -> None:
    found = one(columns={"B/X": "ID", "Y": ["ID", "A/NO"]}, column_sql={"X": "f(ID)", "B/Y": "g()"})
    assert found["columns"] == {"X": ["ID"], "Y": ["ID", "NO"]}
    assert found["column_sql"] == {"X": "f(ID)", "Y": "g()"}


def test_empty_is_the_same_as_not_given() -> None:
    nothing = {"name": None, "columns": None, "column_sql": None, "sql": None}
    assert (
        one(**nothing) == one(columns={}, column_sql={}) == {"inputs": ["A"], "outputs": ["B"], "columns": {}}
    )


def test_other_attributes_pass_unchanged() -> None:
    more = {
        "sql": " x\n",
        "owner_users": ["ann"],
        "is_pass_through": True,
        "source_updated_at": 7,
        "zzz": {"a": 1},
    }
    assert one(**more) == one() | more


def test_no_attribute_of_a_process_is_taken_for_a_slip() -> None:
    for name in ProcessArgs.__annotations__:
        assert one(**{name: "x"})[name] == "x"


@pytest.mark.parametrize("place", ["inputs", "outputs", "columns", "column_sql", "name", "sql"])
def test_what_pulumi_is_still_to_know_passes_untouched(place: str, unknown: pulumi.Output[str]) -> None:
    assert one(**{place: unknown})[place] is unknown


def test_it_passes_within_as_well(unknown: pulumi.Output[str]) -> None:
    typed = {"type_name": "View", "qualified_name": unknown}
    found = one(
        inputs=[unknown, "A"],
        outputs=[typed],
        columns={"X": [unknown, "ID"], "Y": unknown},
        column_sql={"X": unknown},
    )
    assert found["inputs"] == [unknown, "A"]
    assert found["outputs"] == [typed]
    assert found["columns"] == {"X": [unknown, "ID"], "Y": unknown}
    assert found["column_sql"] == {"X": unknown}


def test_columns_of_tables_that_are_not_known_yet_are_left_as_they_are(unknown: pulumi.Output[str]) -> None:
    for inputs in (unknown, [unknown], [unknown, "A"]):
        assert one(inputs=inputs, columns={"X": ["A/ID", "ID"]})["columns"] == {"X": ["A/ID", "ID"]}


def test_a_value_of_a_record_may_be_unknown(unknown: pulumi.Output[str]) -> None:
    row = {"process": "p", "input_table": "A", "output_table": "B", "sql": unknown}
    assert read_lineage([row, row])["p"]["sql"] is unknown


def test_a_process_may_be_called_processes() -> None:
    expected = {"processes": one()}
    assert read_lineage({"processes": ENDS}) == expected
    assert read_lineage({"processes": {"processes": ENDS}}) == expected
    assert read_lineage([{"process": "processes", "input_table": "A", "output_table": "B"}]) == expected
    assert read_lineage({"processes": ENDS, "q": ENDS}) == {**expected, "q": one()}


def test_an_object_that_is_no_data_passes() -> None:
    """As a resource is, of which only the component knows what it stands for."""
    resource = object()
    assert one(inputs=[resource, "A"])["inputs"] == [resource, "A"]
