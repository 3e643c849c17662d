"""Every form is normalized to the same lineage, and normalization is idempotent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lineage_data.forms import PLAIN, PandasFrame, as_csv, rows_of, write_forms

from atlan_pulumi.lineage_data import read_lineage


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return write_forms(tmp_path_factory.mktemp("forms"))


def test_every_form_is_read_as_the_same_lineage(forms: dict[str, Any]) -> None:
    assert len(forms) == 17
    for name, form in forms.items():
        assert read_lineage(form) == PLAIN, name


def test_the_given_data_is_not_modified() -> None:
    table = {"type_name": "View", "qualified_name": "V"}
    given_ = {"p": {"inputs": (table,), "outputs": "B", "columns": {"X": "ID"}, "name": None}}
    found = read_lineage(given_)
    assert given_ == {"p": {"inputs": (table,), "outputs": "B", "columns": {"X": "ID"}, "name": None}}
    assert found["p"]["inputs"][0] is not table


@pytest.mark.parametrize(
    "nothing", [None, "", " ", float("nan"), type("NAType", (), {})(), type("NaTType", (), {})()]
)
def test_empty_cells(nothing: object) -> None:
    row = {"process": "p", "input_table": "A", "output_table": "B"}
    empty = dict.fromkeys(
        ("input_column", "output_column", "name", "sql", "column_sql", "input_type"), nothing
    )
    blank_row = dict.fromkeys(row, nothing)
    expected = {"p": {"inputs": ["A"], "outputs": ["B"], "columns": {}}}
    assert read_lineage([row | empty, blank_row]) == expected
    assert read_lineage(PandasFrame([row | empty, {}])) == expected


NAMES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="/"), min_size=1, max_size=6)
TABLES = st.lists(st.lists(NAMES, min_size=1, max_size=3).map("/".join), min_size=1, max_size=4, unique=True)
TEXTS = st.text(st.characters(exclude_categories=["C"], include_characters="\r\n\t"), max_size=8).filter(
    str.strip
)


@st.composite
def processes(draw: st.DrawFn) -> dict[str, Any]:
    inputs, outputs = draw(TABLES), draw(TABLES)
    columns = draw(
        st.dictionaries(
            _columns(outputs), st.lists(_columns(inputs), min_size=1, max_size=3, unique=True), max_size=4
        )
    )
    plain: dict[str, Any] = {
        "inputs": _typed(draw, inputs),
        "outputs": _typed(draw, outputs),
        "columns": columns,
    }
    if columns and (sql := draw(st.dictionaries(st.sampled_from(sorted(columns)), TEXTS, max_size=3))):
        plain["column_sql"] = sql
    optional = {"name": NAMES, "sql": TEXTS, "description": TEXTS, "source_url": NAMES}
    return plain | draw(st.fixed_dictionaries({}, optional=optional))


def _columns(tables: list[str]) -> st.SearchStrategy[str]:
    if len(tables) == 1:
        return NAMES
    return st.tuples(st.sampled_from(tables), NAMES).map("/".join)


def _typed(draw: st.DrawFn, tables: list[str]) -> list[Any]:
    types = st.sampled_from(["Table", "View", "S3Object"])
    pairs = [(draw(types), table) for table in tables]
    return [
        name if type_ == "Table" else {"type_name": type_, "qualified_name": name} for type_, name in pairs
    ]


LINEAGE = st.dictionaries(NAMES, processes(), min_size=1, max_size=3)


@settings(deadline=None)
@given(lineage=LINEAGE)
def test_normalization_is_idempotent(lineage: dict[str, Any]) -> None:
    assert read_lineage(lineage) == lineage


@settings(deadline=None)
@given(lineage=LINEAGE, separator=st.sampled_from(",;\t"), end=st.sampled_from(["\n", "\r\n"]))
def test_lineage_survives_a_round_trip_through_rows(
    tmp_path_factory: pytest.TempPathFactory, lineage: dict[str, Any], separator: str, end: str
) -> None:
    rows = rows_of(lineage)
    assert read_lineage(rows) == lineage
    path = tmp_path_factory.getbasetemp() / "lineage.csv"
    path.write_text(as_csv(rows, separator, end), "utf-8", newline="")
    assert read_lineage(path) == lineage


def test_the_import_loads_neither_pulumi_nor_yaml_nor_pandas() -> None:
    code = "import sys, atlan_pulumi.lineage_data; print(len({'pulumi', 'yaml', 'pandas'} & {*sys.modules}))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "0"


def test_the_examples_in_the_package_docstring_agree(tmp_path: Path) -> None:
    import atlan_pulumi.lineage_data as part

    assert part.__doc__
    texts = {kind: part.__doc__.split(f"```{kind}\n")[1].split("```")[0] for kind in ("yaml", "csv")}
    found = []
    for kind, text in texts.items():
        path = tmp_path / f"example.{kind}"
        path.write_text(text, "utf-8")
        found.append(read_lineage(path))
    assert found[0] == found[1]


def test_the_docstring_example_of_read_lineage() -> None:
    import doctest

    from atlan_pulumi.lineage_data import _sources as _read

    assert doctest.testmod(_read) == (0, 1)
