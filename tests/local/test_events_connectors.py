"""What the local Atlan makes of OpenLineage events, by the connector whose path they came by."""

from __future__ import annotations

from typing import Any

import pytest

Json = dict[str, Any]
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
FIELD = {"namespace": SNOWFLAKE, "name": "OPS.DEFAULT.A", "field": "ID"}
AIRFLOW = ["airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa"]


def dataset(name: str, namespace: str = SNOWFLAKE, **facets: Any) -> Json:
    return {"namespace": namespace, "name": name, "facets": facets}


SIDES = {"inputs": [dataset("OPS.DEFAULT.A")], "outputs": [dataset("OPS.DEFAULT.B")]}


@pytest.fixture
def send(atlan):
    """Sends the START and the end of a run of a job by a connector's path; what came of them."""

    def send(
        connector: str, job: str, *, parent: str | None = None, facets: Json | None = None, **sides: Any
    ):
        run: Json = {"runId": f"run of {job}, {(earlier := len(kept(atlan)))}", "facets": {}}
        if parent:
            run["facets"]["parent"] = {"run": {"runId": "p"}, "job": {"namespace": "ol", "name": parent}}
        named = {"namespace": f"ol-{connector}", "name": job, "facets": facets or {}}
        start = {
            "eventType": "START",
            "eventTime": f"2024-07-01T08:{earlier:02}:00Z",
            "run": run,
            "job": named,
            **sides,
        }
        end = {**start, "eventType": "COMPLETE", "eventTime": f"2024-07-01T08:{earlier + 1:02}:00Z"}
        configure(atlan, connector)
        for event in (start, end):
            path = f"/events/openlineage/{connector}/api/v1/lineage"
            assert atlan.raw.post(path, json=event).status_code == 202
        atlan.server.await_events()
        return [one["outcome"] for one in kept(atlan)][-2:]

    return send


def kept(atlan) -> list[Json]:
    return atlan.ok(atlan.raw.get("/_local/events"))["events"]


def configure(atlan, connector: str) -> None:
    path = f"/events/openlineage/{connector}/api/v1/lineage"
    extra = {"events.urlPath": path, "events.enable-partial-assets": True}
    body = {"name": "c", "connector": connector, "extra": extra}
    credential = atlan.ok(atlan.raw.post("/api/service/credentials", json=body))["id"]
    named = {"name": f"ol-{connector}", "connectorName": connector}
    name = f"default/{connector}/1"
    atlan.save(atlan.connection_payload(qualifiedName=name, defaultCredentialGuid=credential, **named))


def found(atlan, type_name: str, name: str) -> Json | None:
    response = atlan.raw.get(
        f"/api/meta/entity/uniqueAttribute/type/{type_name}", params={"attr:qualifiedName": name}
    )
    return response.json()["entity"] if response.status_code == 200 else None


def links(entity: Json, attribute: str) -> set[str]:
    value = entity["relationshipAttributes"][attribute]
    stubs = value if isinstance(value, list) else [value] if value else []
    return {one["uniqueAttributes"]["qualifiedName"] for one in stubs}


def below(atlan, connector: str) -> set[tuple[str, str]]:
    prefix = f"default/{connector}/1/"
    answer = atlan.search({"prefix": {"qualifiedName": prefix}})
    return {
        (one["typeName"], one["attributes"]["qualifiedName"].removeprefix(prefix))
        for one in answer.get("entities", ())
        if one["typeName"] not in ("Table", "Column")
    }


# -- generic OpenLineage ----------------------------------------------------------------------------------


def test_a_generic_job_is_a_flow_control_operation_with_its_process(atlan, send):
    columns = {"fields": {"ID": {"inputFields": [FIELD]}}}
    outputs = [dataset("OPS.DEFAULT.B", columnLineage=columns)]
    facets = {"jobType": {"jobType": "APPLICATION", "integration": "SPARK", "processingType": "BATCH"}}
    send("generic-openlineage", "app", facets=facets, inputs=SIDES["inputs"], outputs=outputs)
    assert below(atlan, "generic-openlineage") == {
        ("FlowControlOperation", "app"),
        ("Process", "app/process"),
        ("ColumnProcess", "app/process/column/ID"),
    }
    flow = found(atlan, "FlowControlOperation", "default/generic-openlineage/1/app")
    assert links(flow, "flowDataResults") == {"default/generic-openlineage/1/app/process"}
    told = {name: flow["attributes"][name] for name in ("assetUserDefinedType", "flowStatus", "flowRunId")}
    assert told == {
        "assetUserDefinedType": "APPLICATION",
        "flowStatus": "COMPLETE",
        "flowRunId": "run of app, 0",
    }
    assert flow["attributes"]["flowStartedAt"] == 1719820800000
    assert found(atlan, "SparkJob", "default/generic-openlineage/1/app") is None


def test_a_generic_child_has_its_own_process_below_its_parent(atlan, send):
    send("generic-openlineage", "dag.task", parent="dag", **SIDES)
    send("generic-openlineage", "dag")
    child = found(atlan, "FlowControlOperation", "default/generic-openlineage/1/dag.task")
    assert child["attributes"]["name"] == "task"
    assert links(child, "flowControlledBy") == {"default/generic-openlineage/1/dag"}
    assert below(atlan, "generic-openlineage") == {
        ("FlowControlOperation", "dag"),
        ("FlowControlOperation", "dag.task"),
        ("Process", "dag.task/process"),
    }


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ({"transformations": [{"type": "DIRECT", "subtype": "IDENTITY"}]}, 1),
        ({}, 1),
        ({"transformations": []}, 1),
        ({"transformations": [{"type": "INDIRECT"}, {"type": "DIRECT"}]}, 1),
        ({"transformations": [{"type": "INDIRECT", "subtype": "FILTER"}]}, 0),
        ({"namespace": "s3://lake", "name": "in/x.csv"}, 0),
    ],
)
def test_generic_column_lineage_is_direct_and_of_tables(atlan, send, source, kept):
    columns = {"fields": {"ID": {"inputFields": [{**FIELD, **source}]}}}
    sides = {
        "inputs": [*SIDES["inputs"], dataset("in/x.csv", "s3://lake")],
        "outputs": [dataset("OPS.DEFAULT.B", columnLineage=columns)],
    }
    told = send("generic-openlineage", "app", **sides)
    assert told[1].startswith(f"processed: {kept} column processes")


# -- Airflow ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("connector", AIRFLOW)
def test_a_run_with_a_parent_is_an_airflow_task_of_a_dag(atlan, send, connector):
    told = send(connector, "dag.task", parent="dag", facets={"sql": {"query": "insert"}}, **SIDES)
    assert told[1] == "processed: 0 column processes"
    name = f"default/{connector}/1/dag"
    assert below(atlan, connector) == {
        ("AirflowDag", "dag"),
        ("AirflowTask", "dag/task"),
        ("Process", "dag/task/process"),
    }
    task = found(atlan, "AirflowTask", f"{name}/task")
    attributes = task["attributes"]
    assert (attributes["name"], attributes["airflowDagName"], attributes["airflowTaskSql"]) == (
        "task",
        "dag",
        "insert",
    )
    assert attributes["airflowDagQualifiedName"] == name
    assert attributes["airflowRunOpenLineageState"] == "COMPLETE"
    assert links(task, "airflowDag") == {name}
    assert links(task, "inputs") == {f"{atlan.connection}/OPS/DEFAULT/A"}
    process = found(atlan, "Process", f"{name}/task/process")
    assert links(process, "airflowTasks") == {f"{name}/task"}


def test_a_run_without_a_parent_is_a_dag_which_has_no_lineage_of_its_own(atlan, send):
    told = send("airflow", "dag", **SIDES)
    assert told == ["stored: lineage belongs to the tasks of an AirflowDag"] * 2
    assert below(atlan, "airflow") == {("AirflowDag", "dag")}
    dag = found(atlan, "AirflowDag", "default/airflow/1/dag")
    assert dag["attributes"]["airflowRunOpenLineageState"] == "COMPLETE"


# -- other connectors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("connector", ["dbt", "openlineage", "prefect"])
def test_of_other_connectors_nobody_knows(atlan, send, connector):
    told = send(connector, "job", **SIDES)
    reason = f"dropped: no public source says what Atlan creates from events of the connector {connector!r}"
    assert told == [reason] * 2
    assert below(atlan, connector) == set()


def test_a_column_process_that_another_workflow_took_over_outlives_the_next_run(atlan, send):
    columns = {"fields": {each: {"inputFields": [FIELD]} for each in ("ID", "TOTAL")}}
    send("spark", "app", **SIDES | {"outputs": [dataset("OPS.DEFAULT.B", columnLineage=columns)]})
    column = "default/spark/1/app/process/column"
    taken = {"qualifiedName": f"{column}/ID", "name": "ID", "lastSyncWorkflowName": "another"}
    atlan.save({"typeName": "ColumnProcess", "attributes": taken})
    send("spark", "app", **SIDES)
    assert found(atlan, "ColumnProcess", f"{column}/ID")["status"] == "ACTIVE"
    assert found(atlan, "ColumnProcess", f"{column}/TOTAL") is None
