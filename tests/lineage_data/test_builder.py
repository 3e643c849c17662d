"""CSV files of Atlan's Lineage Builder, and the lineage that their rows describe."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lifecycle import wire_name
from atlan_pulumi.lineage_data import read_lineage
from atlan_pulumi.lineage_data._builder_columns import ATTRIBUTES, OPTIONAL, REQUIRED
from atlan_pulumi.lineage_data.builder import NamedConnection, is_builder_file, read_builder_file
from atlan_pulumi.resources._edge import ProcessArgs
from atlan_pulumi.resources.process import ProcessInputs

SNOWFLAKE, WAREHOUSE = NamedConnection("snowflake", "prod"), "default/snowflake/1657025257"
SPARK = NamedConnection("spark", "etl")
#: The columns of Atlan's own example.
OF_AN_ASSET = ("Type", "Connector", "Connection", "Identity", "Name")
TEMPLATE = [
    *(f"{side} {name}" for side in ("Source", "Target") for name in OF_AN_ASSET),
    *(f"Transformation {name}" for name in OF_AN_ASSET[1:]),
]


def row(source: str = "R/P/A", target: str = "R/P/B", kind: str = "Table", **more: str) -> dict[str, str]:
    """Return a row between two assets of one type; keys of `more` have `_` for a blank."""
    cells = {"Source Type": kind, "Target Type": kind, "Source Identity": source, "Target Identity": target}
    for side in ("Source", "Target"):
        cells |= {f"{side} Connector": "snowflake", f"{side} Connection": "prod"}
    process = {"Connector": "spark", "Connection": "etl", "Identity": "load", "Name": "Load"}
    cells |= {f"Transformation {name}": value for name, value in process.items()}
    return cells | {name.replace("_", " "): value for name, value in more.items()}


def text_of(rows: Sequence[dict[str, str]], separator: str = ",") -> str:
    out = StringIO(newline="")
    extra = [name for each in rows for name in each if name not in TEMPLATE]
    writer = csv.DictWriter(out, [*TEMPLATE, *dict.fromkeys(extra)], delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "builder.csv"


def read(path: Path, *rows: dict[str, str]) -> dict[str, Any]:
    path.write_text(text_of(rows), "utf-8", newline="")
    return read_builder_file(path).lineage({SNOWFLAKE: WAREHOUSE}, SPARK)


def error_of(path: Path, text: str) -> str:
    path.write_text(text, "utf-8", newline="")
    with pytest.raises(LineageDataError) as refused:
        read_builder_file(path).lineage({SNOWFLAKE: WAREHOUSE}, SPARK)
    assert str(refused.value).isprintable()
    return str(refused.value).removeprefix(f"cannot read lineage from {path}: ")


def test_rows_with_the_same_process_are_one(path: Path) -> None:
    rows = [row(), row(source="R/P/V", Source_Type="View"), row(target="R/P/C", Transformation_Name="")]
    assert read(path, *rows, row(Transformation_Identity="other")) == {
        "load": {
            "name": "Load",
            "inputs": [
                f"{WAREHOUSE}/R/P/A",
                {"type_name": "View", "qualified_name": f"{WAREHOUSE}/R/P/V"},
            ],
            "outputs": [f"{WAREHOUSE}/R/P/B", f"{WAREHOUSE}/R/P/C"],
            "columns": {},
        },
        "other": {
            "name": "Load",
            "inputs": [f"{WAREHOUSE}/R/P/A"],
            "outputs": [f"{WAREHOUSE}/R/P/B"],
            "columns": {},
        },
    }


def test_rows_of_columns(path: Path) -> None:
    rows = [
        row("R/P/A/X", "R/P/B/Z", "Column"),
        row("R/P/A/Y", "R/P/B/Z", "Column"),
        row(Source_Type="View", Transformation_Identity="other"),
    ]
    process = read(path, *rows)["load"]
    assert process["columns"] == {"Z": ["X", "Y"]}
    assert process["inputs"] == [{"type_name": "View", "qualified_name": f"{WAREHOUSE}/R/P/A"}]
    assert process["outputs"] == [f"{WAREHOUSE}/R/P/B"], "a table, as long as no row says otherwise"


def test_attributes_by_atlans_names(path: Path) -> None:
    more = {"sql": " select 1\n", "certificateStatus": "DRAFT ", "sourceURL": "https://etl.example.com/1"}
    process = read(path, row(**more), row(source="R/P/C", certificateStatus="DRAFT"))["load"]
    assert process["sql"] == " select 1\n"
    assert process["certificate_status"] == "DRAFT"
    assert process["source_url"] == "https://etl.example.com/1"


def test_an_asset_on_both_sides_of_a_row_is_declared_as_such(path: Path) -> None:
    assert read(path, row(target="R/P/A"))["load"]["reads_own_output"] is True


def test_each_attribute_is_one_of_a_process_with_atlans_name() -> None:
    assert ATTRIBUTES.keys() <= {*ProcessArgs.__annotations__}
    names = {name: wire_name(ProcessInputs, name) for name in ATTRIBUTES}
    assert names == ATTRIBUTES


def test_the_template_of_atlan_is_recognized(path: Path) -> None:
    assert sorted(TEMPLATE) == sorted([*REQUIRED, *OPTIONAL])
    for header in (TEMPLATE, [name.lower().replace(" ", "_") for name in REQUIRED]):
        for separator in (",", ";", "\t"):
            path.write_text("\ufeff" + separator.join(header) + "\n")
            assert is_builder_file(path)
            assert is_builder_file(str(path))


def test_other_files_are_not(path: Path, tmp_path: Path) -> None:
    path.write_text("process,input_table,output_table\np,A,B\n")
    (tmp_path / "builder.yaml").write_text(",".join(TEMPLATE))
    others = [path, tmp_path / "builder.yaml", tmp_path / "none.csv", {"p": {}}, [], None]
    assert not any(map(is_builder_file, others))


def test_the_reader_of_own_files_names_the_function(path: Path) -> None:
    path.write_text(text_of([row()]))
    with pytest.raises(LineageDataError, match=r"a file of Atlan's Lineage Builder.*lineage_from_builder"):
        read_lineage(path)


def test_connections_in_order(path: Path) -> None:
    rows = [row(), row(Target_Connector="Postgres", Target_Connection="Shop", Transformation_Connection="b")]
    path.write_text(text_of(rows))
    file = read_builder_file(path)
    assert file.connections == [SNOWFLAKE, NamedConnection("postgres", "Shop")]
    assert list(map(str, file.transformations)) == ["spark/etl", "spark/b"]


def test_the_processes_of_other_connections_are_not_returned(path: Path) -> None:
    rows = [row(), row(Transformation_Identity="other", Transformation_Connection="b")]
    assert read(path, *rows).keys() == {"load"}


def without(*names: str) -> str:
    return ",".join(name for name in TEMPLATE if name not in names) + "\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        (without(), "no rows"),
        (without("Source Type"), "line 1: missing column 'Source Type'; Source Type, Source Connector,"),
        (",".join([*TEMPLATE, "Source type"]), "line 1: duplicate column 'Source type'; remove one"),
        (",".join([*TEMPLATE, "sgl"]), "line 1: unknown column 'sgl'; did you mean 'sql'? (attributes: sql,"),
        (",".join([*TEMPLATE, "ownerUsers"]), "line 1: unknown column 'ownerUsers'"),
        (text_of([row(Source_Connection=" ")]), "line 2, Source Connection: must not be empty"),
        (text_of([row(Transformation_Identity="")]), "line 2, Transformation Identity: must not be empty"),
        (
            text_of([row(Target_Type="Column")]),
            "line 2, Target Type: a row connects two columns, or two other assets, not a Table and a Column",
        ),
        (
            text_of([row("ID", "R/P/B/ID", "Column")]),
            "line 2, Source Identity: of a column, it must contain its table: <table>/<column>",
        ),
        (
            text_of([row("R/P/A/X", "R/P/B/X", "Column")] * 2),
            "line 3, Source Identity: duplicate of line 2 ('X' to 'X'); remove one",
        ),
        (
            text_of([row(), row(Transformation_Name="Other")]),
            "line 3, Transformation Name: differs from line 2 for the process 'load'",
        ),
        (text_of([row(kind="Tabel")]), "line 2, Source Type: 'Tabel' is not an Atlan type such as 'Table'"),
        (text_of([row()]) + ",".join("x" * 20), "line 3: 20 cells, but 14 columns in the header"),
    ],
)
def test_an_invalid_file_is_one_line(path: Path, text: str, reason: str) -> None:
    assert error_of(path, text).startswith(reason)


NAME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)
EDGE = st.tuples(NAME, NAME, NAME, NAME)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edges=st.lists(EDGE, min_size=1, max_size=6, unique=True))
def test_column_rows_are_read_back(path: Path, edges: list[tuple[str, str, str, str]]) -> None:
    rows = [row(f"IN/P/{a}/{x}", f"OUT/P/{b}/{y}", "Column") for a, x, b, y in edges]
    process = read(path, *rows)["load"]
    assert set(process["inputs"]) == {f"{WAREHOUSE}/IN/P/{a}" for a, *_ in edges}
    assert set(process["outputs"]) == {f"{WAREHOUSE}/OUT/P/{b}" for _, _, b, _ in edges}

    def full(text: str, side: str) -> str:
        return text if len(process[side]) > 1 else f"{process[side][0]}/{text}"

    assert {
        (full(source, "inputs"), full(target, "outputs"))
        for target, sources in process["columns"].items()
        for source in sources
    } == {(f"{WAREHOUSE}/IN/P/{a}/{x}", f"{WAREHOUSE}/OUT/P/{b}/{y}") for a, x, b, y in edges}
