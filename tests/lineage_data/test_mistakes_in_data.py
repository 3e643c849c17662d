"""Each problem in data is told in one line: in which process or row, what is wrong, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
from lineage_data.forms import PandasFrame
from lineage_data.telling import NO_TYPE, SOURCES, told

ENDS = {"inputs": "A", "outputs": "B"}
TWO = {"inputs": ["RAW/ORDERS", "RAW/RATES"], "outputs": "B"}
WRITE = "write it as <table>/<column>"
NO_INPUT = f"names no table of the inputs ('RAW/ORDERS', 'RAW/RATES'); {WRITE}"
A_TABLE = "a table: a text, or a mapping of type_name and qualified_name"

PROCESSES: list[tuple[Any, str]] = [
    (None, "is empty, and must be a mapping with inputs and outputs"),
    (["A"], "is a list, and must be a mapping with inputs and outputs"),
    ({}, "inputs is missing; give a table, or a list of tables"),
    ({"input": "A"}, "there is no 'input'; did you mean 'inputs'?"),
    ({**ENDS, "colums": {}}, "there is no 'colums'; did you mean 'columns'?"),
    ({**ENDS, 1: 2}, "1 is a number, and must be the name of an attribute"),
    ({**ENDS, "name": " "}, "name: must not be blank"),
    ({**ENDS, "name": 7}, "name: is a number, and must be a text; quote it"),
    ({**ENDS, "outputs": None}, "outputs is missing; give a table, or a list of tables"),
    ({**ENDS, "outputs": []}, "outputs: is empty; give at least one table"),
    ({**ENDS, "inputs": 7}, "inputs: is a number, and must be a table, or a list of tables; quote it"),
    ({**ENDS, "inputs": ["A", "A"]}, "inputs[1]: 'A' is there already; take one out"),
    ({**ENDS, "inputs": ["A", ""]}, "inputs[1]: must not be blank"),
    ({**ENDS, "inputs": ["A", None]}, f"inputs[1]: is empty, and must be {A_TABLE}"),
    ({**ENDS, "inputs": {"A"}}, "inputs: is a set, and must be a table, or a list of tables"),
    ({**ENDS, "inputs": [["A"]]}, f"inputs[0]: is a list, and must be {A_TABLE}"),
    (
        {**ENDS, "inputs": {"typeName": "View", "qualified_name": "V"}},
        "inputs[0]: there is no 'typeName' in a table; did you mean 'type_name'?",
    ),
    ({**ENDS, "inputs": {"view": "V"}}, "inputs[0]: there is no 'view' in a table"),
    (
        {**ENDS, "inputs": {"type_name": "View"}},
        "inputs[0]: has no qualified_name; give type_name and qualified_name",
    ),
    (
        {**ENDS, "inputs": {"type_name": "View", "qualified_name": 7}},
        "inputs[0]: qualified_name: is a number, and must be a text; quote it",
    ),
    (
        {**ENDS, "inputs": {"type_name": "Tabel", "qualified_name": "V"}},
        f"inputs[0]: 'Tabel' {NO_TYPE}; did you mean 'Table'?",
    ),
    (
        {**ENDS, "columns": ["X"]},
        "columns: is a list, and must be a mapping of output columns to input columns",
    ),
    ({**ENDS, "columns": {" ": "ID"}}, "columns: ' ': must not be blank"),
    (
        {**ENDS, "columns": {"X": []}},
        "columns: 'X': has no input columns; give at least one, or leave it out",
    ),
    (
        {**ENDS, "columns": {"X": None}},
        f"columns: 'X': is empty, and must be {SOURCES}",
    ),
    (
        {**ENDS, "columns": {"X": ["ID", 7]}},
        "columns: 'X': is a number, and must be an input column; quote it",
    ),
    ({**ENDS, "columns": {"X": ["ID", "ID"]}}, "columns: 'X': 'ID' is there twice; take one out"),
    ({**ENDS, "columns": {"X": ["ID", "A/ID"]}}, "columns: 'X': 'A/ID' is there twice; take one out"),
    (
        {**ENDS, "columns": {"X": "ID", "B/X": "NO"}},
        "columns: 'B/X': is there twice, written in two ways; take one out",
    ),
    ({**TWO, "columns": {"X": "ID"}}, f"columns: 'X': 'ID': {NO_INPUT}"),
    (
        {**TWO, "columns": {"X": "RAW/ORDRES/ID"}},
        f"columns: 'X': 'RAW/ORDRES/ID': {NO_INPUT}; did you mean 'RAW/ORDERS'?",
    ),
    (
        {"inputs": "A", "outputs": list("VWXYZ"), "columns": {"ID": "ID"}},
        f"columns: 'ID': names no table of the outputs ('V', 'W', 'X' and 2 more); {WRITE}",
    ),
    ({**ENDS, "column_sql": "f"}, "column_sql: is a text, and must be a mapping of output columns to SQL"),
    (
        {**ENDS, "columns": {"AMOUNT": "ID"}, "column_sql": {"AMUONT": "f"}},
        "column_sql: 'AMUONT': there is no such output column in columns ('AMOUNT'); did you mean 'AMOUNT'?",
    ),
    (
        {**ENDS, "columns": {"X": "ID"}, "column_sql": {"X": None}},
        "column_sql: 'X': is empty, and must be a text",
    ),
]


@pytest.mark.parametrize(("process", "reason"), PROCESSES)
def test_a_process(process: object, reason: str) -> None:
    good = {"inputs": ["A"], "outputs": ["B"]}
    message = told({"good": good, "load": process})
    assert message == f"cannot read lineage from the mapping: process 'load': {reason}"


ROW = {"process": "p", "input_table": "A", "output_table": "B"}

ROWS: list[tuple[Any, str]] = [
    ([], "the records: there are no rows in it"),
    ([ROW, ["p", "A", "B"]], "the records: row 2 is a list, and must be a mapping"),
    ([{"process": "p"}], "the records: the column 'input_table' is missing; "),
    ([{**ROW, "nmae": "x"}], "the records: there is no column 'nmae'; did you mean 'name'?"),
    ([{**ROW, "nmae": None}], "the records: there is no column 'nmae'; did you mean 'name'?"),
    ([{**ROW, 7: "x"}], "the records: the name of column 4 is a number, and must be a text"),
    ([ROW, {**ROW, "process": None}], "the records: row 2, process: must not be empty: "),
    ([{**ROW, "process": 7}], "the records: row 1, process: is a number, and must be a text"),
    (
        [ROW, {"Process": "p"}],
        "the records: the column 'Process' is there already, as 'process'; take one out",
    ),
    (PandasFrame([]), "the data frame: there are no rows in it"),
    (
        PandasFrame([ROW], [*ROW, "process"]),
        "the data frame: the column 'process' is there already; take one out",
    ),
    (
        PandasFrame([ROW], ["process", "input_table"]),
        "the data frame: the column 'output_table' is missing; ",
    ),
    (PandasFrame([ROW], [0, 1, 2]), "the data frame: the name of column 1 is a number, and must be a text"),
]


@pytest.mark.parametrize(("source", "reason"), ROWS)
def test_records_and_frames(source: object, reason: str) -> None:
    assert told(source).startswith(f"cannot read lineage from {reason}")


SUFFIXES = ".yaml, .yml, .json, .csv"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("gone.csv", "gone.csv: No such file or directory"),
        ("gone.toml", f"'gone.toml': the file must end in one of {SUFFIXES}"),
        ("gone.yalm", f"'gone.yalm': the file must end in one of {SUFFIXES}; did you mean '.yaml'?"),
        ("", f"'.': the file must end in one of {SUFFIXES}"),
        (
            "process,input_table\np,A\n",
            f"'process,input_table\\np,A\\n': the file must end in one of {SUFFIXES}",
        ),
        (Path("a\nb.csv"), "a\\nb.csv: No such file or directory"),
        ({}, "the mapping: there is no process in it"),
    ],
)
def test_sources(source: object, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(source).startswith(f"cannot read lineage from {reason}")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "lineage.csv").mkdir()
    assert told(tmp_path / "lineage.csv").endswith("lineage.csv: Is a directory")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (None, "empty"),
        (7, "a number"),
        (True, "a truth value"),
        (b"x.csv", "something of type bytes"),
        (iter([]), "something of type list_iterator"),
    ],
)
def test_what_is_no_source(source: object, kind: str) -> None:
    taken = "a mapping, the path of a file, a list of records, or a data frame of pandas, polars or pyarrow"
    assert told(source) == f"cannot read lineage: the source is {kind}, and must be {taken}"


def test_what_pulumi_is_still_to_know_is_no_source_and_no_table(unknown: pulumi.Output[str]) -> None:
    assert told(unknown).startswith(
        "cannot read lineage: the source is something of type Output, and must be"
    )
    message = told([{**ROW, "input_table": unknown}])
    reason = "row 1, input_table: is something of type Output, and must be a text"
    assert message == f"cannot read lineage from the records: {reason}"


def test_a_long_text_is_cut() -> None:
    assert told({"x" * 1_000: None}).startswith(
        f"cannot read lineage from the mapping: process '{'x' * 77}…': is empty, and must be a mapping"
    )
