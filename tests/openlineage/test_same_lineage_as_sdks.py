"""The resource, Atlan's SDK, and OpenLineage's client produce the same lineage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import column_lineage_dataset, sql_job
from openlineage.client.transport.http import ApiKeyTokenProvider, HttpConfig, HttpTransport
from pyatlan.client.atlan import AtlanClient as Sdk
from pyatlan.model.assets import Connection
from pyatlan.model.enums import OpenLineageEventType
from pyatlan.model.open_lineage import OpenLineageEvent, OpenLineageJob, OpenLineageRun
from support.atlan import SEED

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan

SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
PRODUCER = "https://your.orchestrator/unique/id/123"
SQL = "insert into DB.S.T2 select …"
RUN_ID = "01a2158a-91d9-773e-9aad-93837d2f6c15"
#: Two tables that exist in Atlan and one that does not. One column has several sources.
INPUTS, OUTPUTS = ["DB.S.T0", "NEW.DB.SOURCE"], ["DB.S.T2"]
COLUMNS = {"A": [("DB.S.T0", "A"), ("DB.S.T0", "B")], "ID": [("NEW.DB.SOURCE", "KEY")]}


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, event_delay_ms=10) as server:
        yield server


@pytest.fixture
def sdk(server: LocalAtlan) -> Iterator[Sdk]:
    sdk = Sdk(base_url=server.base_url, api_key=server.api_key)
    yield sdk
    sdk._session.close()


def with_the_resource(server: LocalAtlan, sdk: Sdk, connection: Connection) -> None:
    del sdk
    core = lifecycle_of("OpenLineageJob", 1)
    given = {
        "connection": connection.qualified_name,
        "job_name": "dag_123",
        "inputs": [{"namespace": SNOWFLAKE, "name": name} for name in INPUTS],
        "outputs": [{"namespace": SNOWFLAKE, "name": name} for name in OUTPUTS],
        "columns": {key: [f"{name}.{field}" for name, field in value] for key, value in COLUMNS.items()},
        "job_facets": {"sql": {"query": SQL}},
        "producer": PRODUCER,
    }
    with AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0)) as client:
        core.create(client, core.check({}, given).inputs)


def with_atlans_sdk(server: LocalAtlan, sdk: Sdk, connection: Connection) -> None:
    del server
    job = OpenLineageJob.creator(connection_name=connection.name, job_name="dag_123", producer=PRODUCER)
    job.facets = {"sql": {"query": SQL}}
    inputs = {name: job.create_input(namespace=SNOWFLAKE, asset_name=name) for name in INPUTS}
    output = job.create_output(namespace=SNOWFLAKE, asset_name=OUTPUTS[0])
    output.to_fields = [
        {key: [inputs[name].from_field(field_name=field) for name, field in value]}
        for key, value in COLUMNS.items()
    ]
    run = OpenLineageRun.creator(job=job)
    start = OpenLineageEvent.creator(run=run, event_type=OpenLineageEventType.START)
    start.inputs, start.outputs = list(inputs.values()), [output]
    start.emit(client=sdk)
    OpenLineageEvent.creator(run=run, event_type=OpenLineageEventType.COMPLETE).emit(client=sdk)


def with_openlineages_client(server: LocalAtlan, sdk: Sdk, connection: Connection) -> None:
    del sdk
    config = HttpConfig(
        url=f"{server.base_url}/events/openlineage/spark/",
        endpoint="api/v1/lineage",
        auth=ApiKeyTokenProvider({"apiKey": server.api_key}),
    )
    client = OpenLineageClient(transport=HttpTransport(config))
    fields = {
        key: column_lineage_dataset.Fields(
            inputFields=[column_lineage_dataset.InputField(SNOWFLAKE, name, field) for name, field in value]
        )
        for key, value in COLUMNS.items()
    }
    facet = {"columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)}
    job = Job(namespace=str(connection.name), name="dag_123", facets={"sql": sql_job.SQLJobFacet(query=SQL)})
    for state, minute in ((RunState.START, 0), (RunState.COMPLETE, 1)):
        client.emit(
            RunEvent(
                eventType=state,
                eventTime=f"2026-07-01T08:0{minute}:00Z",
                run=Run(runId=RUN_ID),
                job=job,
                producer=PRODUCER,
                inputs=[InputDataset(namespace=SNOWFLAKE, name=name) for name in INPUTS],
                outputs=[OutputDataset(namespace=SNOWFLAKE, name=OUTPUTS[0], facets=facet)],
            )
        )


Writer = Callable[[LocalAtlan, Sdk, Connection], None]


def lineage_of(write: Writer, server: LocalAtlan, sdk: Sdk) -> dict[tuple[str, str], Any]:
    """Return the lineage that a writer produces, without the names of the connection."""
    role = sdk.role_cache.get_id_for_name("$admin")
    answer = sdk.open_lineage.create_connection(name=f"ol-{write.__name__}", admin_roles=[role])
    connection = sdk.asset.get_by_guid(answer.assets_created(Connection)[0].guid, asset_type=Connection)
    write(server, sdk, connection)
    server.await_events()
    found = entities_in(server, str(connection.qualified_name))
    sdk.asset.purge_by_guid([each["guid"] for each in found.values()])
    sdk.asset.purge_by_guid(connection.guid)
    return {key: each["content"] for key, each in found.items()}


def entities_in(server: LocalAtlan, connection: str) -> dict[tuple[str, str], Any]:
    headers = {"authorization": f"Bearer {server.api_key}"}
    with httpx.Client(base_url=server.base_url, headers=headers) as http:
        query = {"dsl": {"size": 100, "query": {"prefix": {"qualifiedName": f"{connection}/"}}}}
        listed = http.post("/api/meta/search/indexsearch", json=query).json()["entities"]
        whole = http.get("/api/meta/entity/bulk", params={"guid": [each["guid"] for each in listed]}).json()
    return {
        (each["typeName"], each["attributes"]["qualifiedName"].removeprefix(connection)): {
            "guid": each["guid"],
            "content": content_of(each, connection),
        }
        for each in whole["entities"]
    }


def content_of(entity: dict[str, Any], connection: str) -> dict[str, Any]:
    """Return the edges of an entity, and the attributes that events determine."""

    def names(attribute: str) -> list[str]:
        value = entity["relationshipAttributes"].get(attribute) or []
        stubs = value if isinstance(value, list) else [value]
        return sorted(each["uniqueAttributes"]["qualifiedName"].replace(connection, "…") for each in stubs)

    attributes = {name: entity["attributes"].get(name) for name in ("name", "sql", "isPartial")}
    state = entity["attributes"].get("sparkRunOpenLineageState")
    return attributes | {"state": state} | {name: names(name) for name in ("inputs", "outputs", "process")}


def test_all_writers_produce_the_same_lineage(server: LocalAtlan, sdk: Sdk) -> None:
    ours, theirs, openlineages = (
        lineage_of(write, server, sdk)
        for write in (with_the_resource, with_atlans_sdk, with_openlineages_client)
    )
    assert ours.keys() == {
        ("SparkJob", "/dag_123"),
        ("Process", "/dag_123/process"),
        ("ColumnProcess", "/dag_123/process/column/A"),
        ("ColumnProcess", "/dag_123/process/column/ID"),
        ("Table", "/NEW/DB/SOURCE"),
        ("Column", "/NEW/DB/SOURCE/KEY"),
    }
    assert ours == openlineages
    assert {key: content | {"sql": None} for key, content in ours.items()} == {
        key: content | {"sql": None} for key, content in theirs.items()
    }
