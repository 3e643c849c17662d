"""A mapping of columns: as it is written, in full, in short form, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.resources._column_map import (
    column_process,
    in_full,
    known,
    lengthened,
    name_of,
    problems,
    shortened,
    sql_in_full,
    sql_problems,
    template_problem,
    used_tables,
)
from atlan_pulumi.resources._column_names import Tables
from atlan_pulumi.unknown import UNKNOWN

SCHEMA = "default/snowflake/1657025257/DB/S"
INPUTS = [f"{SCHEMA}/{name}" for name in ("ORDERS", "RATES", "RAW/ORDERS")]
OUTPUTS = [f"{SCHEMA}/{name}" for name in ("NET", "LOG")]
NAMES = st.sampled_from(["ID", "A", "B"])
SOURCES = st.lists(st.builds("{}/{}".format, st.sampled_from(INPUTS), NAMES), min_size=1, max_size=4)
FULL = st.dictionaries(st.builds("{}/{}".format, st.sampled_from(OUTPUTS), NAMES), SOURCES, min_size=1)


@given(FULL, st.permutations(INPUTS), st.permutations(OUTPUTS))
def test_the_short_form_means_the_same_whatever_the_order_of_the_tables(
    columns: dict[str, list[str]], one: list[str], other: list[str]
) -> None:
    inputs, outputs = Tables(one), Tables(other)
    full = in_full(columns, inputs, outputs)
    assert full == {target: sorted(set(sources)) for target, sources in columns.items()}
    short = shortened(full, inputs, outputs)
    assert lengthened(short, inputs, outputs) == full
    assert list(short) == sorted(short)


def test_a_single_source_stands_alone_and_unknown_ones_come_last() -> None:
    tables = Tables([f"{SCHEMA}/T"])
    columns = in_full({"B": UNKNOWN, "A": [UNKNOWN, "Y", "X"], "C": ["X", "X"]}, tables, tables)
    assert shortened(columns, tables, tables) == {"A": ["X", "Y", UNKNOWN], "B": UNKNOWN, "C": "X"}
    assert known(columns) == {f"{SCHEMA}/T/C": [f"{SCHEMA}/T/X"]}
    assert used_tables(columns) == ({f"{SCHEMA}/T"}, {f"{SCHEMA}/T"})


ORDERS, LINES = f"{SCHEMA}/ORDERS", f"{SCHEMA}/LINES"


@pytest.mark.parametrize(
    ("columns", "inputs", "outputs", "told"),
    [
        ({"A": ["ID"]}, [ORDERS, LINES], [f"{SCHEMA}/NET"], "put the table before it"),
        ({"A": ["ID"]}, [ORDERS], [ORDERS, LINES], "put the table before it"),
        ({"A": ["X/ID"]}, [ORDERS], [LINES], "'X/ID' is a column of none of the input tables: '"),
        ({"A": ["ID"]}, [], [LINES], "a shorter name needs input_tables"),
        ({"A": ["ID"]}, [ORDERS], [], "a shorter name needs output_tables"),
        ({"A": ["A"]}, [ORDERS], [ORDERS], "is also its own source"),
        ({"A": ["ID"], f"{LINES}/A": ["B"]}, [ORDERS], [LINES], "is the same column as 'A'"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told(
    columns: dict[str, list[str]], inputs: list[str], outputs: list[str], told: str
) -> None:
    (problem,) = problems(columns, Tables(inputs), Tables(outputs))
    assert told in problem


def test_the_sql_of_a_column_is_found_among_those_that_are_declared() -> None:
    outputs = Tables([ORDERS, LINES])
    columns = {"LINES/ID": ["A"]}
    assert list(sql_problems({"ID": "x"}, columns, outputs)) == []
    full = {f"{LINES}/ID": ["a"]}
    assert sql_in_full({"ID": "x"}, full, outputs) == {f"{LINES}/ID": "x"}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ({"ID": "x"}, "'ID' may be '"),
        ({"NET": "x"}, "'NET' is none of the output columns"),
        ({"LINES/ID": "x", f"{LINES}/ID": "y"}, "is the same column as 'LINES/ID': give its SQL once"),
        ({"LINES/ID": "x" * 100_001}, "'LINES/ID' is 100,001 characters long; Atlan takes 100,000 at most"),
    ],
)
def test_what_is_wrong_with_sql_is_told(sql: dict[str, str], told: str) -> None:
    columns = {"LINES/ID": ["A"], "ORDERS/ID": ["A"]}
    (problem,) = sql_problems(sql, columns, Tables([ORDERS, LINES]))
    assert told in problem


@pytest.mark.parametrize("template", [None, "{inputs} -> {output}", "{output:>10}", "{{x}}", "{output!r}"])
def test_a_template_may_be_formatted(template: str | None) -> None:
    assert template is None or template_problem(template) is None
    assert name_of(template, f"{LINES}/NET", [f"{ORDERS}/A", f"{ORDERS}/B"])


@pytest.mark.parametrize(
    "template", ["{", "{}", "{0}", "{input}", "{inputs!x}", "{output:q}", "{inputs[0]}", "{output:.0}"]
)
def test_a_template_that_cannot_be_filled_in_is_told_at_preview(template: str) -> None:
    assert template_problem(template)


def test_a_column_process_is_named_after_its_process_and_lies_in_the_connection_of_that() -> None:
    above = {"type_name": "Process", "qualified_name": "default/airflow/1657025300/dag/task"}
    made = column_process(above, "LINES/ID", f"{LINES}/ID", [f"{ORDERS}/A", f"{ORDERS}/B"], None)
    assert made["name"] == "A, B -> ID"
    assert made["connection"] == "default/airflow/1657025300"
    assert made["process_id"] == "dag/task/column/LINES/ID"
    assert made["qualified_name"] == "default/airflow/1657025300/dag/task/column/LINES/ID"
    assert made["outputs"] == [{"type_name": "Column", "qualified_name": f"{LINES}/ID"}]
