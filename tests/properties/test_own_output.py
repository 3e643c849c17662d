"""A process that reads its own output is refused with advice, and accepted once declared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from resources.openlineage import OL, ds
from resources.openlineage import connection as openlineage_connection
from resources.openlineage import job as openlineage_job
from support.atlan import SEED, WAREHOUSE, reset, table_name

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.lifecycle import Props
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan

ADVICE = "set reads_own_output=True"
LOAD = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}


def tables(*numbers: int) -> list[Props]:
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def column(path: str) -> Props:
    return {"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/{path}"}


PROCESS: Props = {"name": "n", "connection": WAREHOUSE, "inputs": tables(0), "outputs": tables(1)}
A = f"{table_name(1)}/A"
MERGES: dict[str, tuple[Props, str]] = {
    "Process": ({**PROCESS, "process_id": "dag", "inputs": tables(0, 1)}, "inputs"),
    "ColumnProcess": (
        {
            "name": "n",
            "process": LOAD,
            "process_id": "dag",
            "inputs": [column("T1/A"), column("T0/A")],
            "outputs": [column("T1/A")],
        },
        "inputs",
    ),
    "ColumnLineage": ({"process": LOAD, "columns": {A: [A, f"{table_name(0)}/A"]}}, "columns"),
    "OpenLineageJob": (
        openlineage_job(inputs=[ds(0), ds(1)], outputs=[ds(1)], columns={"DB.S.T1.A": ["DB.S.T1.A"]}),
        "inputs",
    ),
}
TABLES = {"inputs": ["DB/S/T0", "DB/S/T1"], "outputs": "DB/S/T1"}
SETS: dict[str, Props] = {
    "tables": TABLES,
    "columns": {**TABLES, "columns": {"A": ["DB/S/T1/A"]}},
}


def in_a_set(process: Props, **more: bool) -> Props:
    return {"connection": WAREHOUSE, "processes": {"dag": {**process, **more}}}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    reset(server)
    with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
        create(client, "Process", {**PROCESS, "process_id": "load"})
        yield client


def create(client: AtlanClient, kind: str, declared: Props) -> Props:
    lifecycle = lifecycle_of(kind, 1)
    return lifecycle.create(client, lifecycle.check({}, declared).inputs)


def assert_refused(kind: str, declared: Props, property_: str) -> None:
    problems = lifecycle_of(kind, 1).check({}, declared).problems
    assert {problem.property for problem in problems} == {property_}
    assert all(ADVICE in problem.reason and "own source" in problem.reason for problem in problems)


def assert_settles(client: AtlanClient, kind: str, declared: Props) -> None:
    lifecycle = lifecycle_of(kind, 1)
    assert lifecycle.check({}, declared).problems == []
    outputs = create(client, kind, declared)
    seen = lifecycle.read(client, outputs["qualified_name"], outputs)
    assert seen.notes == []
    assert lifecycle.diff(seen.outputs, lifecycle.check(seen.inputs, declared).inputs).changed == []
    lifecycle.delete(client, seen.outputs)


@pytest.mark.parametrize("kind", MERGES)
def test_reading_own_output_is_refused_unless_declared(client: AtlanClient, kind: str) -> None:
    declared, property_ = MERGES[kind]
    assert_refused(kind, declared, property_)
    assert_refused(kind, {**declared, "reads_own_output": False}, property_)
    if kind == "OpenLineageJob":
        create(client, "OpenLineageConnection", openlineage_connection(qualified_name=OL))
    assert_settles(client, kind, {**declared, "reads_own_output": True})


@pytest.mark.parametrize("level", SETS)
def test_reading_own_output_in_a_process_set_is_refused_unless_declared(
    client: AtlanClient, level: str
) -> None:
    assert_refused("ProcessSet", in_a_set(SETS[level]), "processes")
    assert_settles(client, "ProcessSet", in_a_set(SETS[level], reads_own_output=True))
