"""Creations that fail halfway: their entities are in the state, so that nothing blocks a destroy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2
from pyatlan.model.assets import ColumnProcess, Process
from resources.openlineage import (
    CONNECTION_LIFECYCLE,
    EVENTS,
    OL,
    PROCESS,
    SNOWFLAKE,
    Props,
    checked,
    job,
    make_connection,
)
from support.atlan import SEED, WAREHOUSE, Witness, table_name
from support.fixtures import client
from support.stack import NewStack

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.dynamic.provider._partial_state import keep_in_state
from atlan_pulumi.errors import AtlanError, PartlyCreatedError
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan

__all__ = ["client"]

SEARCH = {"method": "POST", "path": "/api/meta/search/indexsearch", "status": 200, "body": {}, "times": 0}
BULK = {"method": "POST", "path": "/api/meta/entity/bulk"}
NOPE = {"columns": {"NOPE": ["ID"], "A": ["ID"]}, "wait_seconds": 0.5}


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


def lifecycle(kind: str = "OpenLineageJob") -> Any:
    """Return the lifecycle, as in a new provider process."""
    return lifecycle_of(kind, 1)


def failed_job(client: AtlanClient, server: LocalAtlan, **changed: Any) -> Props:
    """Create a job one of whose columns Atlan drops, since the index lacks the tables before."""
    server.fault(SEARCH)
    with pytest.raises(PartlyCreatedError) as failed:
        lifecycle().create(client, checked(lifecycle(), job(**{**NOPE, **changed})))
    server.clear_faults()
    return failed.value.outputs


def below(client: AtlanClient, connection: str = OL) -> set[str]:
    found = client.search.live({"prefix": {"qualifiedName": f"{connection}/"}}, attributes=["qualifiedName"])
    return {each.qualified_name for each in found if each.type_name not in ("Table", "Column")}


# -- a job ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("marked", [True, False])
def test_destroys_remove_the_entities_of_failed_jobs(
    client: AtlanClient, server: LocalAtlan, marked: bool
) -> None:
    connection = make_connection(client)
    outputs = failed_job(client, server, managed_by=mark("shop/prod", "nightly") if marked else None)
    assert below(client) == {f"{OL}/dag", PROCESS, f"{PROCESS}/column/A"}
    assert outputs["columns"] == {"DB.S.T1.A": ["DB.S.T0.ID"]}, "as Atlan shows it"
    assert lifecycle().delete(client, outputs) == []
    assert CONNECTION_LIFECYCLE.delete(client, connection) == []


def test_deployments_continue_after_a_failed_job(
    client: AtlanClient, server: LocalAtlan, witness: Witness
) -> None:
    make_connection(client)
    outputs = failed_job(client, server)
    news = checked(lifecycle(), job(columns={"A": ["ID"]}), outputs)
    assert lifecycle().diff(outputs, news).changed, "the engine has to ask for an update"
    after = lifecycle().update(client, outputs, news)
    assert (after["guid"], after["job_guid"]) == (outputs["guid"], outputs["job_guid"])
    assert witness.find(Process, PROCESS).last_sync_workflow_name == news["managed_by"]
    assert witness.find(ColumnProcess, f"{PROCESS}/column/A").last_sync_workflow_name == news["managed_by"]
    assert lifecycle().read(client, PROCESS, after).notes == []


def test_a_run_that_is_processed_after_the_deployment_gave_up_is_sent_again(
    client: AtlanClient, server: LocalAtlan, witness: Witness
) -> None:
    """A refresh shows that the entities have no mark yet, however often it runs."""
    make_connection(client)
    given = job(columns={"A": ["ID"]}, wait_seconds=0.2)
    server.fault(
        {
            "method": "GET",
            "path": "/api/meta/entity/uniqueAttribute/type/Process",
            "status": 404,
            "body": {"errorCode": "ATLAS-404-00-009", "errorMessage": "not there"},
            "times": 0,
        }
    )
    with pytest.raises(PartlyCreatedError, match="the process does not exist yet") as failed:
        lifecycle().create(client, checked(lifecycle(), given))
    server.clear_faults()
    outputs = failed.value.outputs
    assert (outputs["inputs"], outputs["columns"], "guid" in outputs) == ([], {}, False)
    for _ in range(2):
        outputs = lifecycle().read(client, PROCESS, outputs).outputs
    news = checked(lifecycle(), given, outputs)
    assert lifecycle().diff(outputs, news).changed == ["managed_by"]
    before = server.stats()["requests"][EVENTS]
    after = lifecycle().update(client, outputs, news)
    assert server.stats()["requests"][EVENTS] == before + 2
    for kind, name in ((Process, PROCESS), (ColumnProcess, f"{PROCESS}/column/A")):
        assert witness.find(kind, name).last_sync_workflow_name == news["managed_by"]
    assert lifecycle().diff(after, news).changed == []


def test_entities_of_others_stay_out_of_the_state(client: AtlanClient, server: LocalAtlan) -> None:
    """With `adopt`, a Process of others belongs to the job only once a run has been processed."""
    make_connection(client)
    sides = {
        side: [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": table_name(number)}}]
        for side, number in (("inputs", 2), ("outputs", 3))
    }
    theirs = {
        "qualifiedName": PROCESS,
        "name": "theirs",
        "connectorName": "spark",
        "connectionQualifiedName": OL,
    }
    client.entities.upsert([Entity(type_name="Process", attributes={**theirs, **sides})])
    server.fault({"path": EVENTS.split()[1], "contains": "COMPLETE", "status": 400, "times": 0})
    with pytest.raises(AtlanError) as failed:
        lifecycle().create(client, checked(lifecycle(), job(adopt=True)))
    assert not isinstance(failed.value, PartlyCreatedError)
    assert below(client) == {f"{OL}/dag", PROCESS}


def test_failed_creations_without_entities_leave_no_state(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    server.fault({"path": EVENTS.split()[1], "status": 400, "times": 0})
    with pytest.raises(AtlanError) as failed:
        lifecycle().create(client, checked(lifecycle(), job()))
    assert not isinstance(failed.value, PartlyCreatedError)
    assert below(client) == set()


# -- other kinds ------------------------------------------------------------------------------------------


def many(**changed: Any) -> Props:
    """Return a set of more processes than fit into one request."""
    processes = {
        f"p{number:02}": {"inputs": f"DB/S/T{number % 3}", "outputs": f"DB/S/T{number % 3 + 3}"}
        for number in range(60)
    }
    return {
        "connection": WAREHOUSE,
        "processes": processes,
        "managed_by": mark("shop/prod", "many"),
        **changed,
    }


@pytest.mark.parametrize("marked", [True, False])
def test_entities_of_a_bulk_resource_that_failed_are_in_the_state(
    client: AtlanClient, server: LocalAtlan, marked: bool
) -> None:
    given = many() if marked else {name: value for name, value in many().items() if name != "managed_by"}
    inputs = checked(lifecycle("ProcessSet"), given)
    refused = {"errorCode": "ATLAS-404-00-00A", "errorMessage": "no"}
    server.fault({**BULK, "status": 404, "body": refused, "contains": '/p07"', "times": 0})
    with pytest.raises(PartlyCreatedError, match="59 of 60 Process entities were written") as failed:
        lifecycle("ProcessSet").create(client, inputs)
    server.clear_faults()
    there = below(client, WAREHOUSE)
    written = {name for name in there if "/p" in name}
    assert len(written) == 59
    outputs = failed.value.outputs
    assert {f"{WAREHOUSE}/{each}" for each in outputs["processes"]} == written
    assert lifecycle("ProcessSet").diff(outputs, inputs).changed == ["processes"]
    whole = lifecycle("ProcessSet").update(client, outputs, inputs)
    assert len(whole["processes"]) == 60
    assert lifecycle("ProcessSet").delete(client, outputs) == []
    assert {name for name in below(client, WAREHOUSE) if name in written} == set()


def test_a_connection_that_cannot_be_read_yet_is_in_the_state(
    client: AtlanClient, server: LocalAtlan
) -> None:
    given = {"name": "etl", "connector": "airflow", "qualified_name": "default/airflow/1657025300"}
    inputs = checked(
        lifecycle("Connection"), {**given, "admin_roles": ["$admin"], "managed_by": mark("a/b", "c")}
    )
    server.fault({"method": "GET", "path": "/api/meta/entity/guid/*", "status": 400, "times": 0})
    with pytest.raises(PartlyCreatedError) as failed:
        lifecycle("Connection").create(client, inputs)
    server.clear_faults()
    assert lifecycle("Connection").delete(client, failed.value.outputs) == []
    assert client.entities.get_by_qualified_name("Connection", given["qualified_name"]) is None


# -- the way into the state -------------------------------------------------------------------------------


class Context:
    """The context of a gRPC request."""

    def __init__(self) -> None:
        self.metadata: dict[str, bytes] = {}

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        self.metadata = dict(metadata)


def answer(request: Any, context: Any, outputs: Props) -> bool:
    """Answer a request as Pulumi's provider does, with the same variable names."""
    assert (request, context) != (None, None)
    return keep_in_state(outputs, "it failed")


def test_the_error_carries_what_was_created() -> None:
    request = provider_pb2.CreateRequest(urn="urn:pulumi:s::p::t::n")
    request.properties.update({"__provider": "pickle", "name": "n"})
    context = Context()
    assert answer(request, context, {"qualified_name": "default/x/1/n", "guid": "g"})
    status = status_pb2.Status.FromString(context.metadata["grpc-status-details-bin"])
    failed = provider_pb2.ErrorResourceInitFailed()
    assert any_pb2.Any.Is(status.details[0], failed.DESCRIPTOR)
    status.details[0].Unpack(failed)
    assert (status.code, status.message) == (2, "it failed")
    assert (failed.id, list(failed.reasons)) == ("default/x/1/n", ["it failed"])
    assert failed.refresh_before_update
    assert dict(failed.properties) == {
        "__provider": "pickle",
        "qualified_name": "default/x/1/n",
        "guid": "g",
    }


def test_nothing_is_stored_without_a_request() -> None:
    assert not keep_in_state({"qualified_name": "n"}, "it failed")


# -- under the engine -------------------------------------------------------------------------------------

PROGRAM = f"""
ol = atlan.OpenLineageConnection("ol", name="ol-spark", qualified_name={OL!r}, admin_roles=["$admin"])
sides = dict(inputs=["{SNOWFLAKE}/DB.S.T0"], outputs=["{SNOWFLAKE}/DB.S.T1"])
query = pulumi.Output.secret("select 'not for the state'")
job_facets = {{"sql": {{"query": query}}}}
lacking = {{"NOPE": ["ID"]}}
atlan.OpenLineageJob("job", connection=ol, columns=lacking, job_facets=job_facets, wait_seconds=0.5, **sides)
"""


@pytest.mark.engine
@pytest.mark.soak
def test_a_failed_job_is_in_the_state_and_is_destroyed(
    new_stack: NewStack, server: LocalAtlan, client: AtlanClient
) -> None:
    stack = new_stack(PROGRAM)
    server.fault(SEARCH)
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    assert "check the columns' names" in failed.errors[0]
    assert "Traceback" not in failed.output
    server.clear_faults()
    assert set(stack.resources()) == {"ol", "job"}
    assert "not for the state" not in stack.run("stack", "export").check().output
    stack.operate("preview").assert_refused("columns", "Atlan has no column 'DB.S.T1.NOPE'")
    stack.destroy()
    assert below(client) == set()
    assert client.entities.get_by_qualified_name("Connection", OL) is None
