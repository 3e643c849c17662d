"""Derived lineage is reused between runs, and never for other SQL, columns, or code."""

from __future__ import annotations

import stat
from pathlib import Path
from random import Random

import pytest
from sql.queries import TABLES, Queries
from support.atlan import WAREHOUSE

from atlan_pulumi.derivation import CatalogTable, Script, _cache, _derive, derive_in_catalog
from atlan_pulumi.sql import derive_lineage

SQL = "create view V as select T.A + T.B as X from T where C > 1"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The SQL that is parsed."""
    seen: list[str] = []

    def counted(sql: str, **options: object) -> object:
        seen.append(sql)
        return derive_lineage(sql, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(_derive, "derive_lineage", counted)
    return seen


def script(sql: str = SQL, *, secret: bool = False, columns: tuple[str, ...] = ("A", "B", "C")) -> Script:
    table = CatalogTable("Table", f"{WAREHOUSE}/DB/S/T", columns)
    return Script(sql, WAREHOUSE, "snowflake", "DB", "S", (table,), secret=secret)


def test_a_second_run_parses_nothing(parsed: list[str]) -> None:
    first = derive_in_catalog(None, [script()])
    assert len(parsed) == 2, "once for the names of the tables, and once with their columns"
    assert derive_in_catalog(None, [script()]) == first
    assert len(parsed) == 2


@pytest.mark.parametrize(
    "other",
    [
        script(SQL.replace("A + ", "")),
        script(columns=("A", "B", "C", "D")),
        script(columns=("B", "A", "C")),
    ],
)
def test_what_decides_lineage_is_part_of_the_key(parsed: list[str], other: Script) -> None:
    derive_in_catalog(None, [script()])
    del parsed[:]
    derive_in_catalog(None, [other])
    assert parsed


def test_a_newer_parser_derives_again(parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    derive_in_catalog(None, [script()])
    del parsed[:]
    monkeypatch.setattr(_cache, "_code", lambda: "newer")
    derive_in_catalog(None, [script()])
    assert len(parsed) == 2


def test_secret_sql_is_not_stored(folder: Path) -> None:
    derive_in_catalog(None, [script(secret=True)])
    assert b"DB" not in (folder / "lineage.sqlite").read_bytes()
    derive_in_catalog(None, [script()])
    assert b"DB" in (folder / "lineage.sqlite").read_bytes()
    assert stat.S_IMODE((folder / "lineage.sqlite").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"no database", b"x" * 5000])
def test_a_broken_file_is_ignored(folder: Path, content: bytes) -> None:
    (folder / "lineage.sqlite").write_bytes(content)
    (found,) = derive_in_catalog(None, [script()])
    assert found.columns


def test_a_folder_that_cannot_be_written_is_ignored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(folder / "file" / "below"))
    (found,) = derive_in_catalog(None, [script()])
    assert found.columns


def test_old_results_are_removed(folder: Path, monkeypatch: pytest.MonkeyPatch, parsed: list[str]) -> None:
    monkeypatch.setattr(_cache, "_MOST", 4)
    for number in range(5):
        derive_in_catalog(None, [script(SQL.replace("> 1", f"> {number}"))])
    derive_in_catalog(None, [script(SQL.replace("> 1", "> 4"))])
    assert len(parsed) == 10
    derive_in_catalog(None, [script(SQL.replace("> 1", "> 0"))])
    assert len(parsed) == 12


def test_stored_lineage_is_the_same() -> None:
    for seed in range(100):
        query = Queries(Random(seed)).query()
        found = derive_lineage(query.text, dialect="duckdb", schema=TABLES)
        with _cache.LineageCache() as cache:
            cache.put(str(seed), found)
        with _cache.LineageCache() as cache:
            again = cache.get(str(seed))
        assert again == found
        assert again is not None
        assert list(again.transformations.items()) == list(found.transformations.items())
