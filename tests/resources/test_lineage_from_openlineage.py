"""`lineage_from_openlineage`: its arguments, and what it returns and prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from dynamic.test_resource import declared
from support.atlan import WAREHOUSE
from support.openlineage_events import OUT, field, run_event

import atlan_pulumi as atlan
from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.lineage_data import read_lineage

EVENT = run_event("load", ["DB.S.T0"], {"DB.S.T1": {"A": [field("DB.S.T0", "A")]}})
FULL = {
    "airflow/load": {
        "name": "load",
        "inputs": [f"{WAREHOUSE}/DB/S/T0"],
        "outputs": [f"{WAREHOUSE}/DB/S/T1"],
        "columns": {"A": ["A"]},
    }
}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.json"
    path.write_text(json.dumps([EVENT, run_event("dag", [], {})]))
    return path


def read(*paths: Path | str, connections: Any) -> Any:
    return atlan.lineage_from_openlineage(*paths, connections=connections)


def test_it_returns_normalized_processes_and_what_is_left_out(log: Path) -> None:
    found = read(str(log), connections={OUT: WAREHOUSE})
    assert found == read_lineage(found) == FULL
    assert found.left_out == ["job 'airflow/dag': no inputs and no outputs"]


def test_files_and_folders_are_read_together(log: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    other = run_event("other", ["DB.S.T1"], {"DB.S.T2": {}})
    (tmp_path / "more" / "a.jsonl").write_text(json.dumps(other))
    found = read(log, tmp_path / "more", connections={OUT: WAREHOUSE})
    assert sorted(found) == ["airflow/load", "airflow/other"]


def test_a_connection_that_is_not_known_yet(log: Path) -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        own = atlan.Connection("own", name="own", connector="snowflake", admin_users=["ann"])
        found = read(log, connections={OUT: own})
        atlan.LineageMap("map", connection=own, processes=found)
        process = found["airflow/load"]
        parts = pulumi.Output.all(process["inputs"], process["outputs"], process["columns"])
        pulumi.Output.all(own.qualified_name, parts).apply(lambda known: seen.update(known=known))

    made = declared(program)
    connection, (inputs, outputs, columns) = seen["known"]
    assert (inputs, outputs) == ([f"{connection}/DB/S/T0"], [f"{connection}/DB/S/T1"])
    assert columns == {f"{connection}/DB/S/T1/A": [f"{connection}/DB/S/T0/A"]}
    assert made["map"].inputs["processes"]["airflow/load"]["name"] == "load"


@pytest.mark.parametrize(
    ("connections", "reason"),
    [
        ({}, f"connections has no connection for 1 namespace: '{OUT}' (2 datasets); map each to"),
        ({OUT: "warehouse"}, f"connections['{OUT}']: 'warehouse' is not the qualifiedName of a connection"),
    ],
)
def test_a_refusal_is_one_line_that_pulumi_prints(log: Path, connections: Any, reason: str) -> None:
    with pytest.raises(OpenLineageError) as refused:
        read(log, connections=connections)
    assert str(refused.value).startswith(reason)
    assert isinstance(refused.value, pulumi.RunError)


def test_no_paths_are_refused() -> None:
    with pytest.raises(OpenLineageError, match="no paths; pass files or folders with events"):
        read(connections={OUT: WAREHOUSE})


def test_files_without_lineage_are_no_processes(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(json.dumps(run_event("dag", [], {})))
    found = read(path, connections={})
    assert (found, len(found.left_out)) == ({}, 1)
