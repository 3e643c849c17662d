"""Column mappings: as written, resolved, in short form, and their problems."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.naming._column_names import Tables
from atlan_pulumi.resources.column_mapping import (
    Sources,
    column_process,
    column_process_name,
    expand_columns,
    known_columns,
    problems,
    resolve_columns,
    resolve_sql,
    shorten_columns,
    sql_problems,
    tables_in,
    template_problem,
)

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
    full = resolve_columns(columns, inputs, outputs)
    assert full == {target: sorted(set(sources)) for target, sources in columns.items()}
    short = shorten_columns(full, inputs, outputs)
    assert expand_columns(short, inputs, outputs) == full
    assert list(short) == sorted(short)


def test_single_sources_are_texts_and_unknown_ones_come_last() -> None:
    tables = Tables([f"{SCHEMA}/T"])
    columns = resolve_columns({"B": UNKNOWN, "A": [UNKNOWN, "Y", "X"], "C": ["X", "X"]}, tables, tables)
    assert shorten_columns(columns, tables, tables) == {"A": ["X", "Y", UNKNOWN], "B": UNKNOWN, "C": "X"}
    assert known_columns(columns) == {f"{SCHEMA}/T/C": [f"{SCHEMA}/T/X"]}
    assert tables_in(columns) == ({f"{SCHEMA}/T"}, {f"{SCHEMA}/T"})


ORDERS, LINES, RATES = (f"{SCHEMA}/{name}" for name in ("ORDERS", "LINES", "RATES"))


@pytest.mark.parametrize(
    ("columns", "inputs", "outputs", "reported"),
    [
        ({"A": ["ID"]}, [ORDERS, LINES], [f"{SCHEMA}/NET"], "write 'ORDERS/ID' or 'LINES/ID'"),
        ({"A": ["ID"]}, [ORDERS], [ORDERS, LINES], "write 'ORDERS/A' or 'LINES/A'"),
        ({"A": ["X/ID"]}, [ORDERS], [LINES], "'X/ID' is a column of none of the input tables: '"),
        ({"A": ["ID"]}, [], [LINES], "a shorter name needs input_tables"),
        ({"A": ["ID"]}, [ORDERS], [], "a shorter name needs output_tables"),
        ({"A": ["A"]}, [ORDERS], [ORDERS], "is also its own source"),
        (
            {"A": ["ID"], f"{LINES}/A": ["B"]},
            [ORDERS],
            [LINES],
            f"'{LINES}/A' is the same column as 'A': declare it once, with all sources",
        ),
    ],
)
def test_invalid_mappings_are_reported(
    columns: dict[str, list[str]], inputs: list[str], outputs: list[str], reported: str
) -> None:
    (problem,) = problems(columns, Tables(inputs), Tables(outputs))
    assert reported in problem


CONNECTION = "default/snowflake/1657025257"
ADVICE = (
    "is not a column's qualifiedName, such as 'default/snowflake/1657025257/DB/SCHEMA/TABLE/COLUMN'; "
    "a shorter name needs"
)
SEGMENTS = st.text("AB", min_size=1, max_size=3)
PATHS = st.lists(SEGMENTS, min_size=0, max_size=6).map(lambda path: "/".join([CONNECTION, *path]))


@given(PATHS)
def test_a_column_has_a_connection_a_table_and_a_name(text: str) -> None:
    """`default/snowflake/1657025257/T` is no column: it may be a table of a connection without databases."""
    none, other = Tables([]), f"{CONNECTION}/OTHER/C"
    reported = [*problems({text: [other]}, none, none), *problems({other: [text]}, none, none)]
    if text.count("/") >= 4:
        assert reported == []
    else:
        assert reported == [f"{text!r} {ADVICE} output_tables", f"{other!r}: {text!r} {ADVICE} input_tables"]


@pytest.mark.parametrize("table", [CONNECTION, "default/snowflake", "T"])
def test_other_names_than_tables_have_no_columns(table: str) -> None:
    (problem,) = problems({"ID": [f"{ORDERS}/ID"]}, Tables([]), Tables([table]))
    assert problem == f"'ID' is a column of none of the output tables: {table!r}"


def test_the_least_table_has_columns() -> None:
    assert list(problems({"ID": ["A"]}, Tables([f"{CONNECTION}/T"]), Tables([f"{CONNECTION}/U"]))) == []


def test_only_invalid_columns_are_reported() -> None:
    inputs, outputs = Tables([ORDERS, LINES]), Tables([ORDERS, LINES])
    columns = {"X/A": ["ORDERS/A"], "ORDERS/B": ["C", "LINES/B", "Y/D"], "LINES/C": ["ORDERS/C"]}
    assert list(problems(columns, inputs, outputs)) == [
        f"'X/A' is a column of none of the output tables: {ORDERS!r}, {LINES!r}",
        "'ORDERS/B': 'C' may be a column of several input tables: write 'ORDERS/C' or 'LINES/C'",
        f"'ORDERS/B': 'Y/D' is a column of none of the input tables: {ORDERS!r}, {LINES!r}",
    ]


@pytest.mark.parametrize("sources", [UNKNOWN, [UNKNOWN], [UNKNOWN, UNKNOWN]])
@pytest.mark.parametrize("tables", [[], [ORDERS], [ORDERS, RATES]])
def test_unknown_sources_are_no_problem(sources: Any, tables: list[str]) -> None:
    assert list(problems({"A": sources}, Tables(tables), Tables([LINES]))) == []


def test_known_sources_next_to_unknown_ones_are_checked() -> None:
    (problem,) = problems({"A": [UNKNOWN, "X/ID", UNKNOWN]}, Tables([ORDERS]), Tables([LINES]))
    assert problem == f"'A': 'X/ID' is a column of none of the input tables: {ORDERS!r}"


def test_self_references_are_reported_in_every_form() -> None:
    tables = Tables([ORDERS, LINES])
    for source in ("ORDERS/A", f"{ORDERS}/A"):
        (problem,) = problems({"ORDERS/A": ["LINES/A", source]}, tables, tables)
        assert problem == (
            "'ORDERS/A' is also its own source: a column cannot be its own source; if the process reads "
            "what it writes (MERGE, INSERT OVERWRITE), set reads_own_output=True"
        )


def test_a_column_has_a_source() -> None:
    sources: TypeAdapter[list[str]] = TypeAdapter(Sources)
    assert sources.validate_python("A") == sources.validate_python(["A"]) == ["A"]
    for none in ([], "", [""], None):
        with pytest.raises(ValidationError):
            sources.validate_python(none)


def test_single_sources_need_no_list() -> None:
    assert expand_columns({"A": "B", "C": ["D"]}, Tables([ORDERS]), Tables([LINES])) == {
        f"{LINES}/A": [f"{ORDERS}/B"],
        f"{LINES}/C": [f"{ORDERS}/D"],
    }


def test_the_sql_of_a_column_is_found_among_those_that_are_declared() -> None:
    outputs = Tables([ORDERS, LINES])
    columns = {"LINES/ID": ["A"]}
    assert list(sql_problems({"ID": "x"}, columns, outputs)) == []
    full = {f"{LINES}/ID": ["a"]}
    assert resolve_sql({"ID": "x"}, full, outputs) == {f"{LINES}/ID": "x"}


@pytest.mark.parametrize(
    ("sql", "reported"),
    [
        ({"ID": "x"}, "'ID' may be a column of several output tables"),
        ({"NET": "x"}, "'NET' is not an output column"),
        ({"LINES/ID": "x", f"{LINES}/ID": "y"}, "is the same column as 'LINES/ID': set its SQL once"),
        ({"LINES/ID": "x" * 100_001}, "'LINES/ID' is 100,001 characters long; Atlan takes 100,000 at most"),
    ],
)
def test_invalid_sql_is_reported(sql: dict[str, str], reported: str) -> None:
    columns = {"LINES/ID": ["A"], "ORDERS/ID": ["A"]}
    (problem,) = sql_problems(sql, columns, Tables([ORDERS, LINES]))
    assert reported in problem


def test_every_sql_problem_is_reported_and_the_longest_allowed_text_is_accepted() -> None:
    columns, longest = {"LINES/ID": ["A"], "ORDERS/ID": ["A"]}, "x" * 100_000
    outputs = Tables([ORDERS, LINES])
    assert list(sql_problems({"LINES/ID": longest, "ORDERS/ID": UNKNOWN}, columns, outputs)) == []
    assert list(sql_problems({"ID": f"{longest}y", "X/Y": "a"}, columns, outputs)) == [
        "'ID' may be a column of several output tables: write 'ORDERS/ID' or 'LINES/ID'",
        "'ID' is 100,001 characters long; Atlan takes 100,000 at most",
        "'X/Y' is not an output column",
    ]


def test_sql_of_undeclared_columns_is_left_out() -> None:
    outputs = Tables([ORDERS, LINES])
    assert resolve_sql({"ID": "x", "LINES/A": "y"}, {f"{LINES}/ID": []}, outputs) == {f"{LINES}/ID": "x"}


@pytest.mark.parametrize(
    ("template", "name"),
    [
        (None, "A, B -> NET"),
        ("", "A, B -> NET"),
        ("{output} of {inputs}", "NET of A, B"),
        ("{output:>5}|{{x}}", "  NET|{x}"),
    ],
)
def test_a_column_process_is_named_after_its_columns(template: str | None, name: str) -> None:
    assert column_process_name(template, f"{LINES}/NET", [f"{ORDERS}/A", f"{ORDERS}/B"]) == name


@pytest.mark.parametrize(
    ("template", "reported"),
    [
        ("{input}", "{input} is not allowed in the template; use {inputs} and {output}"),
        ("{b} {a}", "{a} is not allowed in the template; use {inputs} and {output}"),
        ("{", "'{' is not a template: "),
        ("{inputs!x}", "'{inputs!x}' is not a template: "),
        ("{output:q}", "'{output:q}' is not a template: "),
        (" {output:.0} ", "' {output:.0} ' results in a blank name"),
    ],
)
def test_invalid_templates_are_reported(template: str, reported: str) -> None:
    assert (template_problem(template) or "").startswith(reported)


@pytest.mark.parametrize(
    "template", [None, "{inputs}", "{output}", "{inputs} -> {output}", "{output:>10}", "{{x}}", "{output!r}"]
)
def test_a_template_may_be_formatted(template: str | None) -> None:
    assert template is None or template_problem(template) is None
    assert column_process_name(template, f"{LINES}/NET", [f"{ORDERS}/A", f"{ORDERS}/B"])


@pytest.mark.parametrize(
    "template", ["{", "{}", "{0}", "{input}", "{inputs!x}", "{output:q}", "{inputs[0]}", "{output:.0}"]
)
def test_invalid_templates_are_reported_at_preview(template: str) -> None:
    assert template_problem(template)


def test_column_processes_have_the_name_prefix_and_connection_of_their_process() -> None:
    above = {"type_name": "Process", "qualified_name": "default/airflow/1657025300/dag/task"}
    made = column_process(above, "LINES/ID", f"{LINES}/ID", [f"{ORDERS}/A", f"{ORDERS}/B"], None)
    assert made["name"] == "A, B -> ID"
    assert made["connection"] == "default/airflow/1657025300"
    assert made["process_id"] == "dag/task/column/LINES/ID"
    assert made["qualified_name"] == "default/airflow/1657025300/dag/task/column/LINES/ID"
    assert made["outputs"] == [{"type_name": "Column", "qualified_name": f"{LINES}/ID"}]
    assert made["inputs"] == [
        {"type_name": "Column", "qualified_name": f"{ORDERS}/{name}"} for name in ("A", "B")
    ]
    assert made["process"] == above
    other = column_process(above, "ID", f"{LINES}/ID", [f"{ORDERS}/A"], "{output}!")
    assert (other["name"], other["process_id"]) == ("ID!", "dag/task/column/ID")


def test_suggested_forms_are_unambiguous() -> None:
    """They have as many segments as needed; only some of many are shown."""
    names = [f"{CONNECTION}/DB/{schema}/ORDERS" for schema in ("RAW", "MART", "S3", "S4")]
    (problem,) = problems({f"{LINES}/A": ["ID"]}, Tables(names), Tables([LINES]))
    assert problem.endswith(
        "'ID' may be a column of several input tables: "
        "write 'RAW/ORDERS/ID' or 'MART/ORDERS/ID' or 'S3/ORDERS/ID', … (1 more table)"
    )
    for form in ("RAW/ORDERS/ID", "MART/ORDERS/ID", "S3/ORDERS/ID"):
        assert list(problems({f"{LINES}/A": [form]}, Tables(names), Tables([LINES]))) == []
