"""Processes whose SQL decides their tables: `sql`, or the path of a `sql_file`."""

from __future__ import annotations

from pathlib import Path

import pytest

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data import read_lineage

SQL = "insert into MART.ORDERS\r\nselect ID from RAW.ORDERS -- é\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "load.sql").write_bytes(SQL.encode())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lineage.yaml", "processes:\n  load: {sql_file: sql/load.sql}\n"),
        ("flat.yaml", "load: {sql_file: sql/load.sql}\n"),
        ("lineage.json", '{"load": {"sql_file": "sql/load.sql"}}'),
        ("lineage.csv", "process,sql_file\nload,sql/load.sql\n"),
    ],
)
def test_a_path_is_relative_to_the_file_that_names_it(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    assert read_lineage(folder / name) == {"load": {"sql": SQL}}


def test_the_path_in_a_mapping_is_relative_to_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert read_lineage({"load": {"sql_file": "sql/load.sql"}}) == {"load": {"sql": SQL}}


def test_what_is_given_stays(folder: Path) -> None:
    process = {"inputs": "RAW/ORDERS", "sql_file": folder / "sql" / "load.sql", "columns": {"A": "ID"}}
    assert read_lineage({"load": process}) == {
        "load": {"inputs": ["RAW/ORDERS"], "sql": SQL, "columns": {"A": ["ID"]}}
    }


def test_rows_with_sql_and_rows_with_tables_in_one_file(folder: Path) -> None:
    rows = "process,sql_file,input_table,output_table\nload,sql/load.sql,,\nother,,RAW/A,MART/A\n"
    (folder / "lineage.csv").write_text(rows)
    assert read_lineage(folder / "lineage.csv") == {
        "load": {"sql": SQL},
        "other": {"inputs": ["RAW/A"], "outputs": ["MART/A"], "columns": {}},
    }


def test_normalized_lineage_is_unchanged(folder: Path) -> None:
    plain = {"load": {"sql": SQL}, "next": {"inputs": ["A"], "sql": SQL}}
    assert read_lineage(plain) == plain


@pytest.mark.parametrize(
    ("process", "reason"),
    [
        ({"sql_file": "a.sql", "sql": "select 1"}, "sql_file: sql is set as well; remove one"),
        ({"sql_file": 1}, "sql_file: expected the path of a file, got a number"),
        ({"sql_fil": "a.sql"}, "unknown attribute 'sql_fil'; did you mean 'sql_file'?"),
        ({"sql_file": "no.sql"}, "sql_file: cannot read 'no.sql': No such file or directory"),
        ({"description": "x"}, "inputs is missing; set it to a table or a list of tables"),
    ],
)
def test_problems_are_one_line(process: dict[str, object], reason: str) -> None:
    with pytest.raises(LineageDataError) as caught:
        read_lineage({"load": process})
    assert str(caught.value) == f"cannot read lineage from the mapping: process 'load': {reason}"


def test_a_file_that_is_not_utf_8_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    Path("latin.sql").write_bytes(b"select \xe9 from t")
    with pytest.raises(LineageDataError, match=r"'latin.sql' is not UTF-8; save the file as UTF-8$"):
        read_lineage({"load": {"sql_file": "latin.sql"}})
