"""The entities of a declared job, by the connector of its connection; unknown connectors are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from resources.openlineage import SNOWFLAKE, TABLES, Props, checked, ds, job, make_connection, problems
from support.atlan import SEED
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan

__all__ = ["client"]

GENERIC = "default/generic-openlineage/1700000000"
PROCESS = f"{GENERIC}/dag/process"
RUN = "01a2158a-0000-773e-9aad-93837d2f6c15"
NIGHTLY = mark("shop/prod", "nightly")
INSTEAD = "declare a Process instead, or send the events with `atlan-pulumi openlineage emit`"


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan that processes events at once."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


def lifecycle() -> Any:
    return lifecycle_of("OpenLineageJob", 1)


def generic(client: AtlanClient) -> None:
    make_connection(client, connector="generic-openlineage", qualified_name=GENERIC)


def create(client: AtlanClient, **changed: Any) -> Props:
    core = lifecycle()
    made: Props = core.create(client, checked(core, job(connection=GENERIC, **changed), client=client))
    return made


def live(client: AtlanClient) -> set[tuple[str, str]]:
    found = client.search.live({"prefix": {"qualifiedName": f"{GENERIC}/"}}, attributes=["qualifiedName"])
    made = {(each.type_name, each.qualified_name.removeprefix(f"{GENERIC}/")) for each in found}
    return {each for each in made if each[0] not in ("Table", "Column")}


def sent(server: LocalAtlan) -> list[Props]:
    kept = httpx.get(f"{server.base_url}/_local/events").raise_for_status().json()["events"]
    return [each["event"] for each in kept]


# -- generic OpenLineage ----------------------------------------------------------------------------------


def test_a_generic_job_is_a_flow_control_operation(client: AtlanClient) -> None:
    generic(client)
    outputs = create(client, columns={"A": ["ID"]})
    assert live(client) == {
        ("FlowControlOperation", "dag"),
        ("Process", "dag/process"),
        ("ColumnProcess", "dag/process/column/A"),
    }
    found = client.entities.get(outputs["job_guid"])
    assert found is not None
    assert (found.type_name, found.qualified_name) == ("FlowControlOperation", f"{GENERIC}/dag")
    assert found.attributes["lastSyncWorkflowName"] == NIGHTLY
    assert [each.qualified_name for each in found.related("flowDataResults")] == [PROCESS]
    assert lifecycle().read(client, PROCESS, outputs).notes == []
    assert lifecycle().delete(client, outputs) == []
    assert live(client) == set()


def test_the_input_fields_of_a_generic_job_are_direct(client: AtlanClient, server: LocalAtlan) -> None:
    """Atlan skips fields that are not marked as direct transformations. Spark's events stay as they were."""
    generic(client)
    create(client, columns={"A": ["ID"]})
    facet = sent(server)[0]["outputs"][0]["facets"]["columnLineage"]
    source = {"namespace": SNOWFLAKE, "name": "DB.S.T0", "field": "ID"}
    (given,) = facet["fields"]["A"]["inputFields"]
    assert given == {**source, "transformations": [{"type": "DIRECT"}]}
    make_connection(client)
    spark = lifecycle()
    spark.create(client, checked(spark, job(columns={"A": ["ID"]})))
    (given,) = sent(server)[2]["outputs"][0]["facets"]["columnLineage"]["fields"]["A"]["inputFields"]
    assert given == {**source, "transformations": []}


def test_a_changed_generic_job_is_one_new_run(client: AtlanClient) -> None:
    generic(client)
    outputs = create(client)
    core = lifecycle()
    after = core.update(client, outputs, checked(core, job(connection=GENERIC, inputs=[ds(2)]), outputs))
    assert (after["guid"], after["job_guid"]) == (outputs["guid"], outputs["job_guid"])
    assert lifecycle().read(client, PROCESS, after).notes == []


def test_a_generic_job_of_others_is_refused_before_anything_is_sent(
    client: AtlanClient, server: LocalAtlan
) -> None:
    generic(client)
    theirs = {"qualifiedName": f"{GENERIC}/dag", "name": "dag", "connectionQualifiedName": GENERIC}
    client.entities.upsert([Entity(type_name="FlowControlOperation", attributes=theirs)])
    with pytest.raises(ResourceError, match=r"FlowControlOperation .* exists in Atlan already"):
        create(client)
    assert sent(server) == []


def test_jobs_of_the_previous_release_keep_working(client: AtlanClient) -> None:
    """That release created a SparkJob for every connector, and its state contains the SparkJob's GUID."""
    generic(client)
    outputs = create(client, columns={"A": ["ID"]})
    client.entities.delete([outputs["job_guid"]])
    former = {"qualifiedName": f"{GENERIC}/dag", "name": "dag", "lastSyncWorkflowName": NIGHTLY}
    result = client.entities.upsert([Entity(type_name="SparkJob", attributes=former)])
    state = {**outputs, "job_guid": result.guid_of("SparkJob", f"{GENERIC}/dag")}
    core = lifecycle()
    assert core.read(client, PROCESS, state).notes == []
    wanted = job(connection=GENERIC, columns={"A": ["ID"]}, wait_seconds=30.0)
    assert core.update(client, state, checked(core, wanted, state))["job_guid"] == state["job_guid"]
    changed = checked(core, {**wanted, "job_facets": {"sql": {"query": "q"}}}, state)
    after = core.update(client, state, changed)
    assert lifecycle().read(client, PROCESS, after).notes == []
    assert {type_name for type_name, _ in live(client)} >= {"SparkJob", "FlowControlOperation"}
    assert lifecycle().delete(client, after) == []
    assert live(client) == set()


def test_additional_spark_jobs_are_deleted_with_the_job(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Atlan's SDK looks for a SparkJob in a generic connection too. It belongs to the run."""
    generic(client)
    emit = client.events.emit

    def emit_beside(connector: str, event: Props) -> None:
        named = {"qualifiedName": f"{GENERIC}/dag", "name": "dag"}
        client.entities.upsert([Entity(type_name="SparkJob", attributes=named)])
        emit(connector, event)

    monkeypatch.setattr(client.events, "emit", emit_beside)
    outputs = create(client)
    assert {type_name for type_name, _ in live(client)} == {"SparkJob", "FlowControlOperation", "Process"}
    assert lifecycle().delete(client, outputs) == []
    assert live(client) == set()


@pytest.mark.parametrize(
    ("changed", "property_", "reason"),
    [
        (
            {"run_facets": {"parent": {"run": {"runId": RUN}, "job": {"namespace": "n", "name": "dag"}}}},
            "run_facets",
            f"how it names the child of another job in this connection: leave it out, {INSTEAD}",
        ),
        (
            {"inputs": ["s3"], "columns": {"A": ["ID"]}},
            "columns",
            "Atlan creates no column lineage for 's3://lake' in a generic-openlineage connection",
        ),
        (
            {"outputs": ["s3"], "columns": {"A": ["ID"]}},
            "columns",
            "leave out in/orders.csv.A",
        ),
    ],
)
def test_lineage_that_generic_connections_leave_out_is_refused(
    changed: Props, property_: str, reason: str
) -> None:
    lake = {"namespace": "s3://lake", "name": "in/orders.csv"}
    given = {name: [lake] if value == ["s3"] else value for name, value in changed.items()}
    ((name, reported),) = problems(lifecycle(), job(connection=GENERIC, **given))
    assert name == property_
    assert reason in reported
    if property_ == "columns":
        assert problems(lifecycle(), job(**given)) == [], "Spark's own column lineage is of files, too"


def test_files_next_to_mapped_tables_are_accepted(client: AtlanClient) -> None:
    lake = {"namespace": "s3://lake", "name": "in/orders.csv"}
    given = job(connection=GENERIC, inputs=[ds(0), lake], columns={"A": ["DB.S.T0.ID"]})
    assert problems(lifecycle(), given) == []


def test_processes_with_another_name_are_reported_at_once(client: AtlanClient, server: LocalAtlan) -> None:
    generic(client)
    sides = {
        side: [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"{TABLES}/{name}"}}]
        for side, name in (("inputs", "T0"), ("outputs", "T1"))
    }
    flow = {"qualifiedName": f"{GENERIC}/dag", "name": "dag", "lastSyncWorkflowName": NIGHTLY}
    client.entities.upsert([Entity(type_name="FlowControlOperation", attributes=flow)])
    owner = {"typeName": "FlowControlOperation", "uniqueAttributes": {"qualifiedName": f"{GENERIC}/dag"}}
    odd = {"qualifiedName": f"{GENERIC}/dag/run", "name": "dag", **sides, "flowOrchestratedBy": owner}
    client.entities.upsert([Entity(type_name="Process", attributes=odd)])
    server.fault({"method": "POST", "path": "/events/*", "status": 202, "times": 0})
    with pytest.raises(ResourceError) as failed:
        create(client, wait_seconds=600.0)
    assert str(failed.value) == (
        f"Atlan created Process '{GENERIC}/dag/run' from the events of job 'dag', not '{PROCESS}': "
        "remove the job, and declare a Process instead"
    )


# -- other connectors -------------------------------------------------------------------------------------

UNKNOWN_NAMES = ["airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa"]
UNDOCUMENTED = ["dbt", "snowflake", "prefect", "openlineage", "mine"]


@pytest.mark.parametrize("connector", [*UNKNOWN_NAMES, *UNDOCUMENTED])
def test_a_connector_whose_jobs_cannot_be_known_is_refused_in_one_line(
    client: AtlanClient, server: LocalAtlan, connector: str
) -> None:
    given = job(connection=f"default/{connector}/1700000000")
    for tenant in (None, client):
        ((property_, reason),) = problems(lifecycle(), given, tenant)
        assert property_ == "connection"
        assert reason.endswith(INSTEAD)
        assert "\n" not in reason
        assert ("AirflowDag or an AirflowTask" in reason) == (connector in UNKNOWN_NAMES)
    with pytest.raises(ResourceError, match="declare a Process instead"):
        lifecycle().create(client, {**given, "qualified_name": "default/x/1/dag/process"})
    assert sent(server) == []


def test_unknown_connectors_are_not_refused() -> None:
    assert problems(lifecycle(), job(connection=UNKNOWN)) == []


def test_existing_jobs_of_other_connectors_may_stay_but_not_run(client: AtlanClient) -> None:
    """The previous release did not refuse them: nothing changes, and they can be removed."""
    core, given = lifecycle(), job(connection="default/airflow/1700000000")
    there = {**given, "qualified_name": "default/airflow/1700000000/dag/process"}
    assert core.check(there, given, lambda: client).problems == []
    assert core.check(there, {**given, "wait_seconds": 9.0}, lambda: client).problems == []
    ((property_, _),) = core.check(there, {**given, "inputs": [ds(3)]}, lambda: client).problems
    assert property_ == "connection"
    assert core.delete(client, {**there, "guid": "no-such"}) == []
