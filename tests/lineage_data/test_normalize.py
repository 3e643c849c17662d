"""Normalize a mapping of processes: shortcuts, columns, and values that stay unchanged."""

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
def test_tables_are_normalized_to_a_list(tables: object, plain: list[object]) -> None:
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
def test_columns_include_their_table_only_if_there_are_several(inputs: object, text: str, plain: str) -> None:
    found = one(inputs=inputs, columns={"X": text})
    assert found["columns"] == {"X": [plain]}
    assert read_lineage({"p": found}) == {"p": found}


def test_output_columns_and_their_sql_have_the_same_form() -> None:
    found = one(columns={"B/X": "ID", "Y": ["ID", "A/NO"]}, column_sql={"X": "f(ID)", "B/Y": "g()"})
    assert found["columns"] == {"X": ["ID"], "Y": ["ID", "NO"]}
    assert found["column_sql"] == {"X": "f(ID)", "Y": "g()"}


def test_none_is_the_same_as_unset() -> None:
    nothing = {"name": None, "columns": None, "column_sql": None, "sql": None}
    assert (
        one(**nothing) == one(columns={}, column_sql={}) == {"inputs": ["A"], "outputs": ["B"], "columns": {}}
    )


def test_other_attributes_stay_unchanged() -> None:
    more = {
        "sql": " x\n",
        "owner_users": ["ann"],
        "is_pass_through": True,
        "source_updated_at": 7,
        "zzz": {"a": 1},
    }
    assert one(**more) == one() | more


def test_no_attribute_of_a_process_is_refused_as_a_typo() -> None:
    for name in ProcessArgs.__annotations__:
        assert one(**{name: "x"})[name] == "x"


@pytest.mark.parametrize("place", ["inputs", "outputs", "columns", "column_sql", "name", "sql"])
def test_unknown_values_stay_unchanged(place: str, unknown: pulumi.Output[str]) -> None:
    assert one(**{place: unknown})[place] is unknown


def test_nested_unknown_values_stay_unchanged(unknown: pulumi.Output[str]) -> None:
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


def test_columns_of_unknown_tables_stay_unchanged(unknown: pulumi.Output[str]) -> None:
    for inputs in (unknown, [unknown], [unknown, "A"]):
        assert one(inputs=inputs, columns={"X": ["A/ID", "ID"]})["columns"] == {"X": ["A/ID", "ID"]}


def test_a_value_of_a_record_may_be_unknown(unknown: pulumi.Output[str]) -> None:
    row = {"process": "p", "input_table": "A", "output_table": "B", "sql": unknown}
    assert read_lineage([row, row])["p"]["sql"] is unknown


def test_a_process_may_be_named_processes() -> None:
    expected = {"processes": one()}
    assert read_lineage({"processes": ENDS}) == expected
    assert read_lineage({"processes": {"processes": ENDS}}) == expected
    assert read_lineage([{"process": "processes", "input_table": "A", "output_table": "B"}]) == expected
    assert read_lineage({"processes": ENDS, "q": ENDS}) == {**expected, "q": one()}


def test_other_objects_stay_unchanged() -> None:
    """For example a resource, which the component resolves."""
    resource = object()
    assert one(inputs=[resource, "A"])["inputs"] == [resource, "A"]
