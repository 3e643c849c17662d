"""A problem in data is reported on one line: process or row, reason, and fix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
from lineage_data.errors import INPUT_COLUMNS, UNKNOWN_TYPE, error_of
from lineage_data.forms import PandasFrame

ENDS = {"inputs": "A", "outputs": "B"}
TWO = {"inputs": ["RAW/ORDERS", "RAW/RATES"], "outputs": "B"}
WRITE = "write <table>/<column>"
NOT_AN_INPUT = f"its table is not one of the inputs ('RAW/ORDERS', 'RAW/RATES'); {WRITE}"
A_TABLE = "a table: a string, or a mapping with type_name and qualified_name"

PROCESSES: list[tuple[Any, str]] = [
    (None, "expected a mapping with inputs and outputs, got nothing"),
    (["A"], "expected a mapping with inputs and outputs, got a list"),
    ({}, "inputs is missing; set it to a table or a list of tables"),
    ({"input": "A"}, "unknown attribute 'input'; did you mean 'inputs'?"),
    ({**ENDS, "colums": {}}, "unknown attribute 'colums'; did you mean 'columns'?"),
    ({**ENDS, 1: 2}, "expected the name of an attribute, got 1"),
    ({**ENDS, "name": " "}, "name: must not be blank"),
    ({**ENDS, "name": 7}, "name: expected a string, got a number; quote it"),
    ({**ENDS, "outputs": None}, "outputs is missing; set it to a table or a list of tables"),
    ({**ENDS, "outputs": []}, "outputs: is empty; add at least one table"),
    ({**ENDS, "inputs": 7}, "inputs: expected a table or a list of tables, got a number; quote it"),
    ({**ENDS, "inputs": ["A", "A"]}, "inputs[1]: duplicate table 'A'; remove one"),
    ({**ENDS, "inputs": ["A", ""]}, "inputs[1]: must not be blank"),
    ({**ENDS, "inputs": ["A", None]}, f"inputs[1]: expected {A_TABLE}, got nothing"),
    ({**ENDS, "inputs": {"A"}}, "inputs: expected a table or a list of tables, got a set"),
    ({**ENDS, "inputs": [["A"]]}, f"inputs[0]: expected {A_TABLE}, got a list"),
    (
        {**ENDS, "inputs": {"typeName": "View", "qualified_name": "V"}},
        "inputs[0]: unknown key 'typeName' of a table; did you mean 'type_name'?",
    ),
    ({**ENDS, "inputs": {"view": "V"}}, "inputs[0]: unknown key 'view' of a table"),
    (
        {**ENDS, "inputs": {"type_name": "View"}},
        "inputs[0]: qualified_name is missing; set type_name and qualified_name",
    ),
    (
        {**ENDS, "inputs": {"type_name": "View", "qualified_name": 7}},
        "inputs[0]: qualified_name: expected a string, got a number; quote it",
    ),
    (
        {**ENDS, "inputs": {"type_name": "Tabel", "qualified_name": "V"}},
        f"inputs[0]: 'Tabel' {UNKNOWN_TYPE}; did you mean 'Table'?",
    ),
    (
        {**ENDS, "columns": ["X"]},
        "columns: expected a mapping of output columns to input columns, got a list",
    ),
    ({**ENDS, "columns": {" ": "ID"}}, "columns: ' ': must not be blank"),
    (
        {**ENDS, "columns": {"X": []}},
        "columns: 'X': has no input columns; add at least one, or remove the column",
    ),
    (
        {**ENDS, "columns": {"X": None}},
        f"columns: 'X': expected {INPUT_COLUMNS}, got nothing",
    ),
    (
        {**ENDS, "columns": {"X": ["ID", 7]}},
        "columns: 'X': expected an input column, got a number; quote it",
    ),
    ({**ENDS, "columns": {"X": ["ID", "ID"]}}, "columns: 'X': duplicate column 'ID'; remove one"),
    (
        {**ENDS, "columns": {"X": ["ID", "A/ID"]}},
        "columns: 'X': duplicate column ('ID' and 'A/ID'); remove one",
    ),
    (
        {**ENDS, "columns": {"X": "ID", "B/X": "NO"}},
        "columns: 'B/X': duplicate column ('X' and 'B/X'); remove one",
    ),
    ({**TWO, "columns": {"X": "ID"}}, f"columns: 'X': 'ID': {NOT_AN_INPUT}"),
    (
        {**TWO, "columns": {"X": "RAW/ORDRES/ID"}},
        f"columns: 'X': 'RAW/ORDRES/ID': {NOT_AN_INPUT}; did you mean 'RAW/ORDERS'?",
    ),
    (
        {"inputs": "A", "outputs": list("VWXYZ"), "columns": {"ID": "ID"}},
        f"columns: 'ID': its table is not one of the outputs ('V', 'W', 'X' and 2 more); {WRITE}",
    ),
    ({**ENDS, "column_sql": "f"}, "column_sql: expected a mapping of output columns to SQL, got a string"),
    (
        {**ENDS, "columns": {"AMOUNT": "ID"}, "column_sql": {"AMUONT": "f"}},
        "column_sql: 'AMUONT': not an output column in columns ('AMOUNT'); did you mean 'AMOUNT'?",
    ),
    (
        {**ENDS, "columns": {"X": "ID"}, "column_sql": {"X": None}},
        "column_sql: 'X': expected a string, got nothing",
    ),
]


@pytest.mark.parametrize(("process", "reason"), PROCESSES)
def test_an_invalid_process_is_refused(process: object, reason: str) -> None:
    good = {"inputs": ["A"], "outputs": ["B"]}
    message = error_of({"good": good, "load": process})
    assert message == f"cannot read lineage from the mapping: process 'load': {reason}"


ROW = {"process": "p", "input_table": "A", "output_table": "B"}

ROWS: list[tuple[Any, str]] = [
    ([], "the records: no rows"),
    ([ROW, ["p", "A", "B"]], "the records: row 2: expected a mapping, got a list"),
    ([{"process": "p"}], "the records: missing column 'input_table'; "),
    ([{**ROW, "nmae": "x"}], "the records: unknown column 'nmae'; did you mean 'name'?"),
    ([{**ROW, "nmae": None}], "the records: unknown column 'nmae'; did you mean 'name'?"),
    ([{**ROW, 7: "x"}], "the records: expected a string as the name of column 4, got a number"),
    ([ROW, {**ROW, "process": None}], "the records: row 2, process: must not be empty: "),
    ([{**ROW, "process": 7}], "the records: row 1, process: expected a string, got a number"),
    (
        [ROW, {"Process": "p"}],
        "the records: duplicate column ('process' and 'Process'); remove one",
    ),
    (PandasFrame([]), "the data frame: no rows"),
    (
        PandasFrame([ROW], [*ROW, "process"]),
        "the data frame: duplicate column 'process'; remove one",
    ),
    (
        PandasFrame([ROW], ["process", "input_table"]),
        "the data frame: missing column 'output_table'; ",
    ),
    (
        PandasFrame([ROW], [0, 1, 2]),
        "the data frame: expected a string as the name of column 1, got a number",
    ),
]


@pytest.mark.parametrize(("source", "reason"), ROWS)
def test_invalid_records_and_frames_are_refused(source: object, reason: str) -> None:
    assert error_of(source).startswith(f"cannot read lineage from {reason}")


SUFFIXES = ".yaml, .yml, .json, .csv"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("gone.csv", "gone.csv: No such file or directory"),
        ("gone.toml", f"'gone.toml': the file name must end in one of {SUFFIXES}"),
        ("gone.yalm", f"'gone.yalm': the file name must end in one of {SUFFIXES}; did you mean '.yaml'?"),
        ("", f"'.': the file name must end in one of {SUFFIXES}"),
        (
            "process,input_table\np,A\n",
            f"'process,input_table\\np,A\\n': the file name must end in one of {SUFFIXES}",
        ),
        (Path("a\nb.csv"), "a\\nb.csv: No such file or directory"),
        ({}, "the mapping: no processes"),
    ],
)
def test_an_unreadable_source_is_refused(
    source: object, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert error_of(source).startswith(f"cannot read lineage from {reason}")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lineage.csv").mkdir()
    assert error_of(tmp_path / "lineage.csv").endswith("lineage.csv: Is a directory")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (None, "nothing"),
        (7, "a number"),
        (True, "a boolean"),
        (b"x.csv", "a value of type bytes"),
        (iter([]), "a value of type list_iterator"),
    ],
)
def test_another_type_of_source_is_refused(source: object, kind: str) -> None:
    sources = "a mapping, the path of a file, a list of records, or a pandas, polars, or pyarrow data frame"
    assert error_of(source) == f"cannot read lineage: expected {sources}, got {kind}"


def test_an_output_is_refused_as_a_source_and_as_a_table(unknown: pulumi.Output[str]) -> None:
    assert error_of(unknown).startswith("cannot read lineage: expected a mapping, the path of a file,")
    assert error_of(unknown).endswith(", got a value of type Output")
    message = error_of([{**ROW, "input_table": unknown}])
    reason = "row 1, input_table: expected a string, got a value of type Output"
    assert message == f"cannot read lineage from the records: {reason}"


def test_a_long_value_is_truncated() -> None:
    start = f"cannot read lineage from the mapping: process '{'x' * 77}…': expected a mapping with inputs"
    assert error_of({"x" * 1_000: None}).startswith(start)
