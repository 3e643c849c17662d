"""CSV: separators, spellings of headers, and rows that are combined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data import read_lineage

TABLES = {"inputs": ["A"], "outputs": ["B"], "columns": {}}


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_text(text: str) -> Any:
        path = tmp_path / "lineage.csv"
        path.write_text(text, "utf-8", newline="")
        return read_lineage(path)

    return read_text


@pytest.mark.parametrize(
    "header",
    [
        "process,input_table,output_table",
        "Process,Input Table,OUTPUT-TABLE",
        "PROCESS,InputTable,output  table",
        '"process", "input_table", "output_table"',
        "process,input_table,output_table,,",
    ],
)
def test_spellings_of_a_header(read: Any, header: str) -> None:
    assert read(f"{header}\np,A,B\n") == {"p": TABLES}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(read: Any, separator: str, end: str) -> None:
    rows = [["process", "input_table", "output_table", "sql"], ["p", "A", "B", '"a,b;c\td"']]
    text = end.join(separator.join(row) for row in rows)
    assert read(text + end) == read(text) == {"p": TABLES | {"sql": "a,b;c\td"}}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_header_determines_the_separator(read: Any, separator: str) -> None:
    header = separator.join(("process", "input_table", "output_table"))
    other = "," if separator == ";" else ";"
    cell = other.join("xxxxxxxxx")
    assert read(f"{header}\n{cell}{separator}A{separator}B") == {cell: TABLES}


def test_whitespace_around_cells_is_ignored(read: Any) -> None:
    text = 'process , input_table ,output_table, name\n p , "A", B , N \n\n,, ,\n   \n'
    assert read(text) == {"p": TABLES | {"name": "N"}}


def test_whitespace_in_sql_is_kept(read: Any) -> None:
    text = 'process,input_table,output_table,sql\np,A,B,"  select\r\n 1 "\n'
    assert read(text)["p"]["sql"] == "  select\r\n 1 "


def test_a_short_row_has_empty_cells(read: Any) -> None:
    assert read("process,input_table,output_table,name,sql\np,A,B\n") == {"p": TABLES}


def test_rows_of_a_process_are_combined_in_order(read: Any) -> None:
    text = """process,input_table,input_column,output_table,output_column,name
q,Z,,Y,,
p,A2,X,B,T,
p,A1,Y,B,T,Load
p,A1,X,B,S,Load
p,A2,,B2,,
"""
    found = read(text)
    assert list(found) == ["q", "p"]
    assert found["p"] == {
        "name": "Load",
        "inputs": ["A2", "A1"],
        "outputs": ["B", "B2"],
        "columns": {"B/T": ["A2/X", "A1/Y"], "B/S": ["A1/X"]},
    }
    assert list(found["p"]["columns"]) == ["B/T", "B/S"]


def test_a_later_second_table_changes_the_form_of_columns(read: Any) -> None:
    head = "process,input_table,input_column,output_table,output_column\np,A,ID,B,X\n"
    assert read(head)["p"]["columns"] == {"X": ["ID"]}
    assert read(head + "p,A2,,B,\n")["p"]["columns"] == {"X": ["A/ID"]}
    assert read(head + "p,A,,B2,\n")["p"]["columns"] == {"B/X": ["ID"]}


@pytest.mark.parametrize("more", ["", "p,A2,,B,\n"])
def test_a_column_may_include_its_table(read: Any, more: str) -> None:
    head = "process,input_table,input_column,output_table,output_column\n"
    full, bare = read(head + "p,A,A/ID,B,B/X\n" + more), read(head + "p,A,ID,B,X\n" + more)
    assert full == bare


def test_a_type_may_be_in_any_row_of_its_table_and_side(read: Any) -> None:
    text = """process,input_table,output_table,input_type,output_type
p,A,A,,View
p,A,B,S3Object,Table
p,A,B,S3Object,
q,A,B,,
"""
    found = read(text)
    assert found["p"]["inputs"] == [{"type_name": "S3Object", "qualified_name": "A"}]
    assert found["p"]["outputs"] == [{"type_name": "View", "qualified_name": "A"}, "B"]
    assert found["q"]["inputs"] == ["A"]


def test_the_sql_of_a_column_may_be_in_any_of_its_rows(read: Any) -> None:
    text = """process,input_table,input_column,output_table,output_column,column_sql
p,A,X,B,S,
p,A,Y,B,S,X + Y
p,A,Z,B,S,X + Y
p,A,Z,B,T,
"""
    assert read(text)["p"]["column_sql"] == {"S": "X + Y"}


def test_an_ambiguous_column_is_refused(read: Any) -> None:
    text = """process,input_table,input_column,output_table,output_column
p,A,B/ID,T,X
p,A/B,,T,
"""
    with pytest.raises(LineageDataError) as refused:
        read(text)
    assert str(refused.value).endswith(
        "line 2, input_column: 'A/B/ID' can also be a column of 'A/B'; such a column cannot be declared here"
    )
