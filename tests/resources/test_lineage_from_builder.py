"""`lineage_from_builder`: which connections it uses, and which processes it returns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest
from dynamic.test_resource import declared
from lineage_data.test_builder import row, text_of
from support.atlan import WAREHOUSE

import atlan_pulumi as atlan
from atlan_pulumi.errors import LineageDataError

OTHER = "default/postgres/1657025300"
ROWS = [row("R/P/A", "R/P/B"), row("R/P/A/X", "R/P/B/X", "Column")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "builder.csv"


def read(path: Path, *rows: dict[str, str], **arguments: Any) -> Any:
    path.write_text(text_of(rows))
    return atlan.lineage_from_builder(path, **arguments)


@pytest.mark.parametrize("key", ["prod", "snowflake/prod"])
def test_connections_by_name_or_with_their_connectors(path: Path, key: str) -> None:
    assert read(path, *ROWS, connections={key: WAREHOUSE}) == {
        "load": {
            "name": "Load",
            "inputs": [f"{WAREHOUSE}/R/P/A"],
            "outputs": [f"{WAREHOUSE}/R/P/B"],
            "columns": {"X": ["X"]},
        }
    }


def test_two_connections_of_one_name(path: Path) -> None:
    names = {"prod": WAREHOUSE, "postgres/prod": OTHER}
    found = read(path, row(Target_Connector="postgres"), connections=names)
    assert found["load"]["outputs"] == [f"{OTHER}/R/P/B"]


def test_a_connection_that_is_not_known_yet(path: Path) -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        own = atlan.Connection("own", name="own", connector="snowflake", admin_users=["ann"])
        process = read(path, *ROWS, connections={"prod": own})["load"]
        parts = pulumi.Output.all(process["inputs"], process["columns"])
        pulumi.Output.all(own.qualified_name, parts).apply(lambda known: seen.update(known=known))

    declared(program)
    connection, (inputs, columns) = seen["known"]
    assert inputs == [f"{connection}/R/P/A"]
    assert columns == {"X": ["X"]}


def test_a_map_reads_the_file_itself(path: Path) -> None:
    """The connections are looked up; the mocks answer with what they get."""
    path.write_text(text_of(ROWS))
    with pytest.raises(Exception, match="getConnection"):
        declared(lambda: atlan.LineageMap("map", connection=WAREHOUSE, processes=path))


TWO = [row(), row(Transformation_Connection="b", Transformation_Identity="other")]


@pytest.mark.parametrize(("wanted", "ids"), [("etl", ["load"]), ("spark/b", ["other"])])
def test_the_processes_of_one_of_several_connections(path: Path, wanted: str, ids: list[str]) -> None:
    found = read(path, *TWO, connections={"prod": WAREHOUSE}, transformation_connection=wanted)
    assert list(found) == ids


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "has processes of several connections (spark/etl and spark/b); declare a LineageMap for each,"),
        ({"transformation_connection": "c"}, "has no processes of the connection 'c', but of spark/etl and"),
        (
            {"transformation_connection": "b", "connections": {"prd": WAREHOUSE}},
            "has no assets of a connection 'prd'; did you mean 'prod'?",
        ),
        (
            {"transformation_connection": "b", "connections": {"xyz": WAREHOUSE}},
            "has no assets of a connection 'xyz', but snowflake/prod",
        ),
    ],
)
def test_a_refusal_is_one_line_that_pulumi_prints(path: Path, arguments: Any, reason: str) -> None:
    with pytest.raises(LineageDataError) as refused:
        read(path, *TWO, **arguments)
    assert str(refused.value).startswith(f"{path} {reason}")
    assert isinstance(refused.value, pulumi.RunError)
