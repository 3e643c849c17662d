"""Empty values cause no diff after they are written and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from resources.openlineage import OL
from resources.openlineage import connection as openlineage_connection
from resources.openlineage import job as openlineage_job
from support.atlan import SEED, WAREHOUSE, reset, table_name

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.lifecycle import Props, ResourceLifecycle
from atlan_pulumi.lifecycle._registry import LIFECYCLES, lifecycle_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.connection import ConnectionInputs

EMPTY: tuple[Any, ...] = ("", [], {}, 0, False)


def tables(number: int) -> list[Props]:
    return [{"type_name": "Table", "qualified_name": table_name(number)}]


def columns(path: str) -> list[Props]:
    return [{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/{path}"}]


LOAD = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/load"}
PROCESS: Props = {"name": "n", "connection": WAREHOUSE, "inputs": tables(0), "outputs": tables(1)}
CONNECTION: Props = {
    "name": "n",
    "connector": "airflow",
    "qualified_name": "default/airflow/1700000001",
    "admin_roles": ["$admin"],
}
SET = {"x": {"inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": {}, "column_sql": {}, "sql": ""}}
REQUIRED: dict[str, Props] = {
    "Connection": CONNECTION,
    "Process": {**PROCESS, "process_id": "dag"},
    "ColumnProcess": {
        "name": "n",
        "process": LOAD,
        "process_id": "dag",
        "inputs": columns("T0/A"),
        "outputs": columns("T1/B"),
    },
    "ColumnLineage": {"process": LOAD, "columns": {f"{table_name(1)}/B": f"{table_name(0)}/A"}},
    "ProcessSet": {"connection": WAREHOUSE, "processes": SET},
    "CrawlerRun": {"workflow": "warehouse"},
    "OpenLineageConnection": openlineage_connection(),
    "OpenLineageJob": openlineage_job(),
}
KINDS = [kind for kind, _ in LIFECYCLES]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    reset(server)
    server.add_workflow("warehouse", runs=[{"reads": 1}])
    with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
        yield client


def create(client: AtlanClient, kind: str, declared: Props) -> None:
    lifecycle = lifecycle_of(kind, 1)
    lifecycle.create(client, lifecycle.check({}, declared).inputs)


def with_every_empty_value(lifecycle: ResourceLifecycle, declared: Props) -> Props:
    """Return the declaration with the first valid empty value for each other property."""
    for name in lifecycle.model.model_fields.keys() - {"managed_by", *declared}:
        takes = (
            {**declared, name: value}
            for value in EMPTY
            if not lifecycle.check({}, {**declared, name: value}).problems
        )
        declared = next(takes, declared)
    return declared


def assert_settled(
    client: AtlanClient, lifecycle: ResourceLifecycle, outputs: Props, declared: Props
) -> Props:
    """Assert that preview and refresh are empty, and return the outputs of the refresh."""
    inputs = lifecycle.check(outputs, declared).inputs
    assert lifecycle.diff(outputs, inputs).changed == []
    seen = lifecycle.read(client, outputs["qualified_name"], outputs)
    assert seen.notes == []
    assert lifecycle.diff(seen.outputs, lifecycle.check(seen.inputs, declared).inputs).changed == []
    return seen.outputs


def test_every_kind_has_required_properties() -> None:
    assert REQUIRED.keys() == set(KINDS)


@pytest.mark.parametrize("before", ["nothing", "the required properties", "the empty values"])
@pytest.mark.parametrize("kind", KINDS)
def test_empty_values_cause_no_diff(client: AtlanClient, kind: str, before: str) -> None:
    lifecycle, required = lifecycle_of(kind, 1), REQUIRED[kind]
    empty = with_every_empty_value(lifecycle, required)
    assert empty.keys() > required.keys()
    create(client, "Process", {**PROCESS, "process_id": "load"})
    if kind == "OpenLineageJob":
        create(client, "OpenLineageConnection", openlineage_connection(qualified_name=OL))
    steps = {
        "nothing": [empty],
        "the required properties": [required, empty],
        "the empty values": [empty, required],
    }
    outputs: Props = {}
    for declared in steps[before]:
        inputs = lifecycle.check(outputs, declared).inputs
        outputs = lifecycle.update(client, outputs, inputs) if outputs else lifecycle.create(client, inputs)
        outputs = assert_settled(client, lifecycle, outputs, declared)


MAPPINGS = [name for name, field in ConnectionInputs.model_fields.items() if "dict[" in str(field.annotation)]


def test_mapping_properties_are_found() -> None:
    assert {"query_preview_config", "connection_workflow_configuration"} <= set(MAPPINGS)


@pytest.mark.parametrize("name", MAPPINGS)
def test_an_empty_mapping_is_managed(client: AtlanClient, name: str) -> None:
    """Entries of others are drift, and the next write removes them."""
    lifecycle = lifecycle_of("Connection", 1)
    declared = {**CONNECTION, name: {}}
    outputs = lifecycle.create(client, lifecycle.check({}, declared).inputs)
    write(client, outputs, {lifecycle.model.model_fields[name].serialization_alias or name: {"a": "1"}})
    seen = lifecycle.read(client, outputs["qualified_name"], outputs)
    assert seen.outputs[name] == {"a": "1"}
    assert f"was changed in Atlan: {name};" in seen.notes[0]
    inputs = lifecycle.check(seen.inputs, declared).inputs
    assert lifecycle.diff(seen.outputs, inputs).changed == [name]
    assert_settled(client, lifecycle, lifecycle.update(client, seen.outputs, inputs), declared)


def write(client: AtlanClient, outputs: Props, attributes: Mapping[str, Any]) -> None:
    named = {"qualifiedName": outputs["qualified_name"], "name": outputs["name"]}
    client.entities.upsert([Entity(type_name="Connection", attributes={**named, **attributes})])
