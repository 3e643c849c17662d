"""Entities that OpenLineage events create, by the connector in the path."""

from __future__ import annotations

from typing import Any

import pytest
from local.openlineage.events import (
    SIDES,
    SNOWFLAKE,
    Json,
    configure,
    dataset,
    entities_below,
    find_entity,
    linked_names,
    received_events,
    send_events,
)

FIELD = {"namespace": SNOWFLAKE, "name": "OPS.DEFAULT.A", "field": "ID"}
AIRFLOW = ["airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa"]


@pytest.fixture
def send(atlan):
    """Sends the START and the COMPLETE event of a run, and returns their outcomes."""

    def send(
        connector: str, job: str, *, parent: str | None = None, facets: Json | None = None, **sides: Any
    ):
        earlier = len(received_events(atlan))
        run: Json = {"runId": f"run of {job}, {earlier}", "facets": {}}
        if parent:
            run["facets"]["parent"] = {"run": {"runId": "p"}, "job": {"namespace": "ol", "name": parent}}
        start = {
            "eventType": "START",
            "eventTime": f"2024-07-01T08:{earlier:02}:00Z",
            "run": run,
            "job": {"namespace": f"ol-{connector}", "name": job, "facets": facets or {}},
            **sides,
        }
        end = {**start, "eventType": "COMPLETE", "eventTime": f"2024-07-01T08:{earlier + 1:02}:00Z"}
        names = {"name": f"ol-{connector}", "qualifiedName": f"default/{connector}/1"}
        configure(atlan, connector, connectorName=connector, **names)
        return send_events(atlan, start, end, connector=connector)

    return send


def created_entities(atlan, connector: str) -> set[tuple[str, str]]:
    """Return the entities of the connection, without partial assets."""
    found = entities_below(atlan, f"default/{connector}/1/")
    return {(type_name, name) for type_name, name in found if type_name not in ("Table", "Column")}


# -- generic OpenLineage ----------------------------------------------------------------------------------


def test_a_generic_job_creates_a_flow_control_operation_and_a_process(atlan, send):
    columns = {"fields": {"ID": {"inputFields": [FIELD]}}}
    outputs = [dataset("OPS.DEFAULT.B", columnLineage=columns)]
    facets = {"jobType": {"jobType": "APPLICATION", "integration": "SPARK", "processingType": "BATCH"}}
    send("generic-openlineage", "app", facets=facets, inputs=SIDES["inputs"], outputs=outputs)
    assert created_entities(atlan, "generic-openlineage") == {
        ("FlowControlOperation", "app"),
        ("Process", "app/process"),
        ("ColumnProcess", "app/process/column/ID"),
    }
    flow = find_entity(atlan, "FlowControlOperation", "default/generic-openlineage/1/app")
    assert linked_names(flow, "flowDataResults") == {"default/generic-openlineage/1/app/process"}
    attributes = {
        name: flow["attributes"][name] for name in ("assetUserDefinedType", "flowStatus", "flowRunId")
    }
    assert attributes == {
        "assetUserDefinedType": "APPLICATION",
        "flowStatus": "COMPLETE",
        "flowRunId": "run of app, 0",
    }
    assert flow["attributes"]["flowStartedAt"] == 1719820800000
    assert find_entity(atlan, "SparkJob", "default/generic-openlineage/1/app") is None


def test_a_generic_child_job_has_a_process_and_a_parent(atlan, send):
    send("generic-openlineage", "dag.task", parent="dag", **SIDES)
    send("generic-openlineage", "dag")
    child = find_entity(atlan, "FlowControlOperation", "default/generic-openlineage/1/dag.task")
    assert child["attributes"]["name"] == "task"
    assert linked_names(child, "flowControlledBy") == {"default/generic-openlineage/1/dag"}
    assert created_entities(atlan, "generic-openlineage") == {
        ("FlowControlOperation", "dag"),
        ("FlowControlOperation", "dag.task"),
        ("Process", "dag.task/process"),
    }


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ({"transformations": [{"type": "DIRECT", "subtype": "IDENTITY"}]}, 1),
        ({}, 1),
        ({"transformations": []}, 1),
        ({"transformations": [{"type": "INDIRECT"}, {"type": "DIRECT"}]}, 1),
        ({"transformations": [{"type": "INDIRECT", "subtype": "FILTER"}]}, 0),
        ({"namespace": "s3://lake", "name": "in/x.csv"}, 0),
    ],
)
def test_generic_column_lineage_needs_direct_transformations_of_tables(atlan, send, source, count):
    columns = {"fields": {"ID": {"inputFields": [{**FIELD, **source}]}}}
    sides = {
        "inputs": [*SIDES["inputs"], dataset("in/x.csv", "s3://lake")],
        "outputs": [dataset("OPS.DEFAULT.B", columnLineage=columns)],
    }
    outcomes = send("generic-openlineage", "app", **sides)
    assert outcomes[1].startswith(f"processed: {count} column processes")


# -- Airflow ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("connector", AIRFLOW)
def test_a_run_with_a_parent_creates_an_airflow_task_in_a_dag(atlan, send, connector):
    outcomes = send(connector, "dag.task", parent="dag", facets={"sql": {"query": "insert"}}, **SIDES)
    assert outcomes[1] == "processed: 0 column processes"
    name = f"default/{connector}/1/dag"
    assert created_entities(atlan, connector) == {
        ("AirflowDag", "dag"),
        ("AirflowTask", "dag/task"),
        ("Process", "dag/task/process"),
    }
    task = find_entity(atlan, "AirflowTask", f"{name}/task")
    attributes = task["attributes"]
    assert (attributes["name"], attributes["airflowDagName"], attributes["airflowTaskSql"]) == (
        "task",
        "dag",
        "insert",
    )
    assert attributes["airflowDagQualifiedName"] == name
    assert attributes["airflowRunOpenLineageState"] == "COMPLETE"
    assert linked_names(task, "airflowDag") == {name}
    assert linked_names(task, "inputs") == {f"{atlan.connection}/OPS/DEFAULT/A"}
    process = find_entity(atlan, "Process", f"{name}/task/process")
    assert linked_names(process, "airflowTasks") == {f"{name}/task"}


def test_a_run_without_a_parent_creates_a_dag_without_lineage(atlan, send):
    outcomes = send("airflow", "dag", **SIDES)
    assert outcomes == ["stored: lineage belongs to the tasks of an AirflowDag"] * 2
    assert created_entities(atlan, "airflow") == {("AirflowDag", "dag")}
    dag = find_entity(atlan, "AirflowDag", "default/airflow/1/dag")
    assert dag["attributes"]["airflowRunOpenLineageState"] == "COMPLETE"


# -- other connectors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("connector", ["dbt", "openlineage", "prefect"])
def test_events_of_undocumented_connectors_are_dropped(atlan, send, connector):
    outcomes = send(connector, "job", **SIDES)
    reason = f"dropped: no public source says what Atlan creates from events of the connector {connector!r}"
    assert outcomes == [reason] * 2
    assert created_entities(atlan, connector) == set()


def test_the_next_run_keeps_column_processes_of_another_workflow(atlan, send):
    columns = {"fields": {each: {"inputFields": [FIELD]} for each in ("ID", "TOTAL")}}
    send("spark", "app", **SIDES | {"outputs": [dataset("OPS.DEFAULT.B", columnLineage=columns)]})
    column = "default/spark/1/app/process/column"
    taken = {"qualifiedName": f"{column}/ID", "name": "ID", "lastSyncWorkflowName": "another"}
    atlan.save({"typeName": "ColumnProcess", "attributes": taken})
    send("spark", "app", **SIDES)
    assert find_entity(atlan, "ColumnProcess", f"{column}/ID")["status"] == "ACTIVE"
    assert find_entity(atlan, "ColumnProcess", f"{column}/TOTAL") is None
