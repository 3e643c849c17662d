"""Atlan's page on managing lineage, with Atlan's SDK and with raw REST."""

from __future__ import annotations

import pytest
from pyatlan.client.atlan import AtlanClient
from pyatlan.errors import AtlanError, NotFoundError
from pyatlan.model.assets import Column, ColumnProcess, Connection, Process, Table
from pyatlan.model.enums import AtlanConnectorType, EntityStatus, OpenLineageEventType
from pyatlan.model.open_lineage import OpenLineageEvent, OpenLineageJob, OpenLineageRun

from atlan_pulumi.local import LocalAtlan

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
NAME = "Source 1, Source 2, Source 3 -> Target 1, Target 2"
SOURCE_1, SOURCE_2 = "495b1516-aaaf-4390-8cfd-b11ade7a7799", "d002dead-1655-4d75-abd6-ad889fa04bd4"
TARGET_1 = "86d9a061-7753-4884-b988-a02d3954bc24"
PARENT = "76d9a061-7753-9884-b988-a02d3954bc25"
COLUMN_1, COLUMN_2, COLUMN_3 = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))


def page_seed():
    columns = {
        "SOURCE_1": [{"name": "COLUMN", "guid": COLUMN_1}],
        "SOURCE_2": [{"name": "COLUMN", "guid": COLUMN_2}],
        "TARGET_1": [{"name": "COLUMN", "guid": COLUMN_3}],
        "RUN_STATS": [{"name": "COLUMN"}],
        "FULL_STATS": [{"name": "COLUMN"}],
    }
    guids = {"SOURCE_1": SOURCE_1, "SOURCE_2": SOURCE_2, "TARGET_1": TARGET_1}
    tables = [{"name": name, "guid": guids.get(name), "columns": listed} for name, listed in columns.items()]
    schema = {"name": "DEFAULT", "tables": tables}
    return {
        "connections": [
            {
                "name": "warehouse",
                "connector": "snowflake",
                "qualified_name": CONNECTION,
                "databases": [{"name": "OPS", "schemas": [schema]}],
            }
        ],
        "entities": [
            {
                "typeName": "Process",
                "qualifiedName": f"{CONNECTION}/parent_123",
                "guid": PARENT,
                "attributes": {"inputs": [table_ref("SOURCE_1")], "outputs": [table_ref("TARGET_1")]},
            }
        ],
    }


def table_ref(name):
    return {"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"{SCHEMA}/{name}"}}


@pytest.fixture(scope="module")
def _page_server():
    with LocalAtlan(seed=page_seed()) as server:
        yield server


@pytest.fixture(scope="module")
def _sdk(_page_server):
    client = AtlanClient(base_url=_page_server.base_url, api_key=_page_server.api_key)
    yield client
    client._session.close()


@pytest.fixture
def rest(_page_server, rest_to):
    found = rest_to(_page_server)
    with found.raw:
        found.raw.post("/_local/reset")
        yield found


@pytest.fixture
def sdk(_sdk, rest):
    return _sdk


def table_process(process_id="dag_123"):
    process = Process.creator(
        name=NAME,
        connection_qualified_name=CONNECTION,
        process_id=process_id,
        inputs=[
            Table.ref_by_guid(guid=SOURCE_1),
            Table.ref_by_guid(guid=SOURCE_2),
            Table.ref_by_qualified_name(qualified_name=f"{SCHEMA}/RUN_STATS"),
        ],
        outputs=[
            Table.ref_by_guid(guid=TARGET_1),
            Table.ref_by_qualified_name(qualified_name=f"{SCHEMA}/FULL_STATS"),
        ],
    )
    process.sql = "select * from somewhere;"
    process.source_url = "https://your.orchestrator/unique/id/123"
    return process


def column_process():
    process = ColumnProcess.creator(
        name=NAME,
        connection_qualified_name=CONNECTION,
        process_id="dag_123",
        inputs=[
            Column.ref_by_guid(guid=COLUMN_1),
            Column.ref_by_guid(guid=COLUMN_2),
            Column.ref_by_qualified_name(qualified_name=f"{SCHEMA}/RUN_STATS/COLUMN"),
        ],
        outputs=[
            Column.ref_by_guid(guid=COLUMN_3),
            Column.ref_by_qualified_name(qualified_name=f"{SCHEMA}/FULL_STATS/COLUMN"),
        ],
        parent=Process.ref_by_guid(PARENT),
    )
    process.sql = "select * from somewhere;"
    process.source_url = "https://your.orchestrator/unique/id/123"
    return process


def test_create_lineage_between_tables(sdk):
    response = sdk.asset.save(table_process())
    (process,) = response.assets_created(Process)
    assert len(response.assets_updated(Table)) == 5
    assert process.qualified_name == f"{CONNECTION}/dag_123"
    assert (len(process.inputs), len(process.outputs)) == (3, 2)
    read = sdk.asset.get_by_guid(process.guid, asset_type=Process, ignore_relationships=False)
    assert {one.guid for one in read.inputs} >= {SOURCE_1, SOURCE_2}
    assert (read.sql, read.source_url) == (
        "select * from somewhere;",
        "https://your.orchestrator/unique/id/123",
    )


def test_create_lineage_without_a_process_id(sdk):
    (process,) = sdk.asset.save(table_process(process_id=None)).assets_created(Process)
    assert len(process.qualified_name.rpartition("/")[2]) == 32
    again = sdk.asset.save(table_process(process_id=None))
    assert again.assets_created(Process) == again.assets_updated(Process) == []
    assert list(again.guid_assignments.values()) == [process.guid]


@pytest.mark.parametrize("path", ["/api/meta/entity/bulk", "/api/meta/entity/bulk/"])
def test_create_lineage_between_tables_raw(rest, path):
    tables = [{"typeName": "Table", "guid": guid} for guid in (SOURCE_1, SOURCE_2, TARGET_1)]
    attributes = {
        "name": NAME,
        "qualifiedName": f"{CONNECTION}/dag_123",
        "inputs": [*tables[:2], table_ref("RUN_STATS")],
        "outputs": [tables[2], table_ref("FULL_STATS")],
    }
    body = {"entities": [{"typeName": "Process", "attributes": attributes}]}
    answer = rest.ok(rest.raw.post(path, json=body))
    assert len(answer["mutatedEntities"]["CREATE"]) == 1
    assert len(answer["mutatedEntities"]["UPDATE"]) == 5


def test_create_lineage_between_columns(sdk):
    response = sdk.asset.save(column_process())
    (process,) = response.assets_created(ColumnProcess)
    assert len(response.assets_updated(Column)) == 5
    assert [one.guid for one in response.assets_updated(Process)] == [PARENT]
    read = sdk.asset.get_by_guid(process.guid, asset_type=ColumnProcess, ignore_relationships=False)
    assert read.process.guid == PARENT
    assert len(read.inputs) == 3


def test_the_processes_of_the_page_share_one_name(sdk):
    (process,) = sdk.asset.save(table_process()).assets_created(Process)
    (columns,) = sdk.asset.save(column_process()).assets_created(ColumnProcess)
    assert process.qualified_name == columns.qualified_name
    assert process.guid != columns.guid
    found = sdk.asset.get_by_qualified_name(process.qualified_name, asset_type=Process)
    assert found.guid == process.guid


def test_column_lineage_raw_with_a_parent_by_guid_and_name(rest):
    columns = [{"typeName": "Column", "guid": guid} for guid in (COLUMN_1, COLUMN_2, COLUMN_3)]
    unique = {"qualifiedName": f"{CONNECTION}/parent_123"}
    attributes = {
        "name": NAME,
        "qualifiedName": f"{CONNECTION}/dag_123",
        "inputs": columns[:2],
        "outputs": columns[2:],
        "process": {"guid": PARENT, "typeName": "Process", "uniqueAttributes": unique},
    }
    guid = rest.create({"typeName": "ColumnProcess", "attributes": attributes})
    assert rest.get(guid)["relationshipAttributes"]["process"]["guid"] == PARENT


def test_remove_lineage(sdk):
    (process,) = sdk.asset.save(table_process()).assets_created(Process)
    response = sdk.asset.purge_by_guid(guid=process.guid)
    (gone,) = response.assets_deleted(Process)
    assert (gone.guid, gone.status, gone.delete_handler) == (process.guid, EntityStatus.DELETED, "PURGE")
    assert len(response.assets_updated(Table)) == 5
    with pytest.raises(NotFoundError):
        sdk.asset.get_by_guid(process.guid, asset_type=Process)
    assert sdk.asset.get_by_guid(SOURCE_1, asset_type=Table).status == EntityStatus.ACTIVE


def test_removing_a_process_keeps_its_column_process(sdk):
    (columns,) = sdk.asset.save(column_process()).assets_created(ColumnProcess)
    sdk.asset.purge_by_guid(PARENT)
    assert sdk.asset.get_by_guid(columns.guid, asset_type=ColumnProcess).status == EntityStatus.ACTIVE


def test_remove_lineage_raw(rest):
    answer = rest.ok(rest.raw.delete(f"/api/meta/entity/bulk?guid={PARENT}&deleteType=PURGE"))
    assert [one["guid"] for one in answer["mutatedEntities"]["DELETE"]] == [PARENT]


def connect(sdk):
    return sdk.open_lineage.create_connection(
        name="open_lineage_connection",
        connector_type=AtlanConnectorType.SPARK,
        admin_roles=[sdk.role_cache.get_id_for_name("$admin")],
        admin_users=["jsmith"],
        admin_groups=["group2"],
    )


def test_open_lineage_connection(sdk):
    response = connect(sdk)
    (connection,) = response.assets_created(Connection)
    read = sdk.asset.get_by_guid(connection.guid, asset_type=Connection)
    assert read.connector_name == "spark"
    assert set(read.admin_users) == {"jsmith", "service-account-apikey-local"}
    assert read.admin_groups == {"group2"}
    assert sdk.credentials.get(guid=read.default_credential_guid).connector == "spark"


def test_open_lineage_connection_raw(rest):
    path = "/events/openlineage/spark/api/v1/lineage"
    extra = {"events.enabled": True, "events.urlPath": path}
    body = {"authType": "atlan_api_key", "name": "default-spark-1-0", "connector": "spark", "extra": extra}
    credential = rest.ok(rest.raw.post("/api/service/credentials", json=body))["id"]
    attributes = {
        "name": "open_lineage_connection",
        "connectorName": "spark",
        "qualifiedName": "default/spark/123456789",
        "category": "connector",
        "defaultCredentialGuid": credential,
        "adminUsers": ["jsmith"],
    }
    rest.create({"typeName": "Connection", "attributes": attributes})
    assert rest.raw.post(path, json={"eventType": "COMPLETE"}).status_code == 202


def job():
    producer = "https://your.orchestrator/unique/id/123"
    return OpenLineageJob.creator(connection_name="ol-spark", job_name="dag_123", producer=producer)


def test_open_lineage_events_between_tables(sdk, rest):
    connect(sdk)
    found = job()
    run = OpenLineageRun.creator(job=found)
    start = OpenLineageEvent.creator(run=run, event_type=OpenLineageEventType.START)
    names = ("OPS.DEFAULT.RUN_STATS", "SOME.OTHER.TBL", "AN.OTHER.TBL")
    start.inputs = [found.create_input(namespace=SNOWFLAKE, asset_name=name) for name in names]
    names = ("OPS.DEFAULT.FULL_STATS", "AN.OTHER.VIEW")
    start.outputs = [found.create_output(namespace=SNOWFLAKE, asset_name=name) for name in names]
    start.emit(client=sdk)
    complete = OpenLineageEvent.creator(run=run, event_type=OpenLineageEventType.COMPLETE)
    complete.emit(client=sdk)
    first, second = (one["event"] for one in rest.raw.get("/_local/events").json()["events"])
    assert first["inputs"][0]["name"] == "OPS.DEFAULT.RUN_STATS"
    assert (first["eventType"], second["eventType"]) == ("START", "COMPLETE")
    assert first["run"]["runId"] == second["run"]["runId"]


def test_open_lineage_events_between_columns(sdk, rest):
    connect(sdk)
    found = job()
    source = found.create_input(namespace=SNOWFLAKE, asset_name="OPS.DEFAULT.RUN_STATS")
    target = found.create_output(namespace=SNOWFLAKE, asset_name="OPS.DEFAULT.FULL_STATS")
    target.to_fields = [
        {"COLUMN": [source.from_field(field_name=name) for name in ("COLUMN", "ONE", "TWO")]},
        {"ANOTHER": [source.from_field(field_name="THREE")]},
    ]
    run = OpenLineageRun.creator(job=found)
    start = OpenLineageEvent.creator(run=run, event_type=OpenLineageEventType.START)
    start.inputs, start.outputs = [source], [target]
    start.emit(client=sdk)
    (event,) = (one["event"] for one in rest.raw.get("/_local/events").json()["events"])
    fields = event["outputs"][0]["facets"]["columnLineage"]["fields"]
    assert [one["field"] for one in fields["COLUMN"]["inputFields"]] == ["COLUMN", "ONE", "TWO"]


def test_events_without_a_connection_are_refused(sdk):
    event = OpenLineageEvent.creator(
        run=OpenLineageRun.creator(job=job()), event_type=OpenLineageEventType.COMPLETE
    )
    with pytest.raises(AtlanError, match="ATLAN-PYTHON-400-064"):
        event.emit(client=sdk)
