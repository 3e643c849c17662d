"""Any source yields lineage or a one-line error, and no misspelled name is ignored."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lineage_data.forms import HEADER, PLAIN, rows_of

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data import read_lineage

#: No deadline, for busy machines.
PATIENT = settings(deadline=None)
ON_FILES = settings(PATIENT, suppress_health_check=[HealthCheck.function_scoped_fixture])

#: Meaningful words, so that examples pass the first checks.
WORDS = st.sampled_from(
    ["p", "A", "B", "A/ID", "ID", "", "Table", "type_name", "qualified_name", "processes"]
)
KEYS = st.sampled_from(["inputs", "outputs", "columns", "column_sql", "name", "sql"]) | WORDS
SCALARS = WORDS | st.none() | st.booleans() | st.integers(0, 3) | st.floats() | st.dates() | st.just({1})
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
PROCESS = st.fixed_dictionaries(
    {"inputs": DATA, "outputs": DATA}, optional={"columns": DATA, "column_sql": DATA}
)
CELLS = st.sampled_from(
    ["p", "A", "B", "A/ID", '"', '""', '"x', ",", ";", "\t", "\n", "\r", "\0", "", " ", "View"]
)


def read_or_one_line(source: object) -> dict[str, Any] | None:
    try:
        found = read_lineage(source)
    except LineageDataError as error:
        message = str(error)
    else:
        assert read_lineage(found) == found
        return found
    assert message.isprintable()
    return None


@PATIENT
@given(DATA | st.dictionaries(KEYS, PROCESS, max_size=2))
def test_any_data(data: Any) -> None:
    read_or_one_line(data)


@ON_FILES
@given(data=DATA | st.dictionaries(KEYS, PROCESS, max_size=2))
def test_any_data_in_a_file_is_read_like_the_data(tmp_path: Path, data: Any) -> None:
    path = tmp_path / "lineage.yaml"
    path.write_text(yaml.safe_dump(data), "utf-8")
    found = read_or_one_line(path)
    if isinstance(data, dict):
        assert repr(found) == repr(read_or_one_line(yaml.safe_load(path.read_text("utf-8"))))


@ON_FILES
@given(text=st.text(max_size=30), suffix=st.sampled_from([".yaml", ".json", ".csv"]))
@example(text="&a [*a]", suffix=".yaml")
@example(text="p: &a {inputs: *a}", suffix=".yaml")
@example(text="? [1]\n: 2", suffix=".yaml")
@example(text="?\n?\n", suffix=".yaml")
@example(text="=", suffix=".yaml")
@example(text="p: {<<: 1}", suffix=".yaml")
@example(text="\ufeff", suffix=".csv")
@example(text=",", suffix=".csv")
@example(text='"', suffix=".csv")
def test_any_file(tmp_path: Path, text: str, suffix: str) -> None:
    path = tmp_path / f"lineage{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    read_or_one_line(path)


@ON_FILES
@given(cells=st.lists(CELLS, max_size=24), separator=st.sampled_from(",;\t"))
def test_any_csv(tmp_path: Path, cells: list[str], separator: str) -> None:
    path = tmp_path / "lineage.csv"
    path.write_text(separator.join(HEADER) + "\n" + separator.join(cells), "utf-8", newline="")
    read_or_one_line(path)


@PATIENT
@given(name=st.sampled_from(HEADER), data=st.data())
def test_a_misspelled_column_is_refused(name: str, data: st.DataObject) -> None:
    """Drop a letter, add one, or swap two."""
    at = data.draw(st.integers(0, len(name) - 1))
    wrong = data.draw(
        st.sampled_from(
            [
                name[:at] + name[at + 1 :],
                name[:at] + "x" + name[at:],
                name[:at] + name[at:][:2][::-1] + name[at + 2 :],
            ]
        )
    )
    rows = [{wrong if key == name else key: value for key, value in row.items()} for row in rows_of(PLAIN)]
    if any(name in row for row in rows_of(PLAIN)) and wrong.replace("_", "") != name.replace("_", ""):
        with pytest.raises(LineageDataError, match=r"unknown column|duplicate column"):
            read_lineage(rows)


@PATIENT
@given(st.permutations(rows_of(PLAIN)))
def test_the_order_of_rows_affects_only_the_order(rows: list[dict[str, Any]]) -> None:
    assert sorted_through(read_lineage(rows)) == sorted_through(PLAIN)


@ON_FILES
@given(order=st.permutations(HEADER), blank=st.sampled_from(["_", " ", "-", "", " _ "]), upper=st.booleans())
def test_the_order_and_spelling_of_a_header_do_not_matter(
    tmp_path: Path, order: list[str], blank: str, upper: bool
) -> None:
    names = {name: name.replace("_", blank) for name in order}
    if upper:
        names = {name: spelled.upper() for name, spelled in names.items()}
    rows = [{names[name]: row.get(name, "") for name in order} for row in rows_of(PLAIN)]
    assert read_lineage(rows) == PLAIN
    path = tmp_path / "lineage.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(names.values()))
        writer.writeheader()
        writer.writerows(rows)
    assert read_lineage(path) == PLAIN


def sorted_through(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sorted_through(item) for key, item in sorted(value.items())}
    return sorted(value, key=json.dumps) if isinstance(value, list) else value
