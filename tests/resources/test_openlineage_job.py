"""`OpenLineageJob` without Pulumi: sending, waiting, reading, changing, and removing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pyatlan.model.assets import ColumnProcess, Process, Table
from resources.openlineage import (
    EVENTS,
    JOB,
    OL,
    PROCESS,
    TABLES,
    Props,
    checked,
    ds,
    job,
    make_connection,
    problems,
)
from support.atlan import SEED, Witness
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.errors import AtlanError, ResourceError
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.datasets import datasets

__all__ = ["client"]

COLUMNS = {"A": ["ID", "DB.S.T0.B"], "DB.S.T1.B": ["B"]}


def lifecycle() -> Any:
    """Return the lifecycle, as in a new provider process."""
    return lifecycle_of("OpenLineageJob", 1)


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan that processes events shortly after it accepts them."""
    users = {"key-of-alice": "alice"}
    with LocalAtlan(seed=SEED, users=users, event_delay_ms=20) as server:
        yield server


def create(client: AtlanClient, **changed: Any) -> Props:
    core = lifecycle()
    made: Props = core.create(client, checked(core, job(**changed), client=client))
    return made


def update(client: AtlanClient, outputs: Props, **changed: Any) -> Props:
    core = lifecycle()
    made: Props = core.update(client, outputs, checked(core, job(**changed), outputs))
    return made


def sent(server: LocalAtlan) -> list[Props]:
    """Return the received events."""
    kept = httpx.get(f"{server.base_url}/_local/events").raise_for_status().json()["events"]
    return [each["event"] for each in kept]


def below(client: AtlanClient) -> set[tuple[str, str]]:
    """Return the live entities in the connection, without partial assets."""
    found = client.search.live({"prefix": {"qualifiedName": f"{OL}/"}}, attributes=["qualifiedName"])
    made = {(each.type_name, each.qualified_name.removeprefix(f"{OL}/")) for each in found}
    return {each for each in made if each[0] not in ("Table", "Column")}


WHOLE = {
    ("SparkJob", "dag"),
    ("Process", "dag/process"),
    ("ColumnProcess", "dag/process/column/A"),
    ("ColumnProcess", "dag/process/column/B"),
}


# -- create and read --------------------------------------------------------------------------------------


def test_runs_are_sent_and_awaited(client: AtlanClient, server: LocalAtlan, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS, job_facets={"sql": {"query": "q"}}, producer="https://x.y/1")
    start, end = sent(server)
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == outputs["run_id"]
    assert start["job"]["namespace"] == "ol-spark"
    assert start["producer"] == "https://x.y/1"
    assert below(client) == WHOLE
    process = witness.find(Process, PROCESS)
    assert (process.guid, process.sql) == (outputs["guid"], "q")
    assert process.last_sync_workflow_name == mark("shop/prod", "nightly")
    assert witness.names(Process, PROCESS, "inputs") == {f"{TABLES}/T0"}
    assert witness.names(ColumnProcess, f"{PROCESS}/column/A", "inputs") == {
        f"{TABLES}/T0/ID",
        f"{TABLES}/T0/B",
    }
    found = client.entities.get(outputs["job_guid"])
    assert found is not None
    assert (found.type_name, found.qualified_name) == ("SparkJob", JOB)


def test_created_entities_read_back_as_declared(client: AtlanClient) -> None:
    make_connection(client)
    for more in ({}, {"columns": COLUMNS}, {"inputs": [ds(0, facets={"schema": {"fields": []}}), ds(2)]}):
        outputs = create(client, **more)
        seen = lifecycle().read(client, PROCESS, outputs)
        assert (seen.outputs, seen.notes) == (outputs, [])
        assert seen.inputs == checked(lifecycle(), job(**more))
        assert lifecycle().delete(client, outputs) == []


@pytest.mark.parametrize("state", ["COMPLETE", "FAIL", "ABORT"])
def test_the_declared_terminal_state_is_sent(client: AtlanClient, server: LocalAtlan, state: str) -> None:
    make_connection(client)
    outputs = create(client, terminal_state=state)
    assert [each["eventType"] for each in sent(server)] == ["START", state]
    found = client.entities.get(outputs["job_guid"])
    assert found is not None
    assert found.attributes["sparkRunOpenLineageState"] == state


def test_the_mark_is_the_default_producer(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    create(client)
    assert sent(server)[0]["producer"] == mark("shop/prod", "nightly")


def test_unknown_datasets_become_partial_assets(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    new = {"namespace": "snowflake://abc", "name": "NEW.DB.T"}
    outputs = create(client, outputs=[new], columns={"NEW.DB.T.X": ["ID"]})
    assert witness.find(Table, f"{OL}/NEW/DB/T").is_partial
    assert lifecycle().read(client, PROCESS, outputs).notes == []
    assert lifecycle().delete(client, outputs) == []
    assert witness.find(Table, f"{OL}/NEW/DB/T") is not None, "the datasets stay"
    assert below(client) == set()


# -- check: nothing is sent -------------------------------------------------------------------------------

SQL = {"sql": {"query": "q"}}
MISTAKES: list[tuple[Props, str, str]] = [
    ({"inputs": []}, "inputs", "must not be empty"),
    ({"outputs": []}, "outputs", "must not be empty"),
    ({"inputs": [{"namespace": "", "name": "A"}]}, "inputs", "inputs[0].namespace: must not be blank"),
    ({"inputs": [{"namespace": "s3://b"}]}, "inputs", "inputs[0].name: is required"),
    (
        {"inputs": [ds(0), {"namespace": "snowflake://a", "name": "T"}]},
        "inputs",
        "inputs[1]: 'T' is not a snowflake dataset name",
    ),
    ({"inputs": ["T0"]}, "inputs", "inputs[0]: 'T0' is not a dataset, such as 's3://bucket/path'"),
    (
        {"inputs": [{"type_name": "Table", "qualified_name": "default/x/1/T"}]},
        "inputs",
        "inputs[0]: an Atlan asset is not allowed here: name it as OpenLineage does, with dataset()",
    ),
    ({"outputs": [ds(0)]}, "inputs", "inputs[0]: 'DB.S.T0' is also an output"),
    ({"inputs": [ds(0), ds(0, facets={})]}, "inputs", "is also inputs[0], written differently or with"),
    ({"terminal_state": "DONE"}, "terminal_state", "must be one of COMPLETE, FAIL, ABORT"),
    ({"terminal_state": "COMPLET"}, "terminal_state", "did you mean 'COMPLETE'?"),
    ({"columns": {"DB.S.T9.A": ["ID"]}}, "columns", "'DB.S.T9.A' is not a column of the outputs (DB.S.T1)"),
    ({"columns": {"A": ["DB.S.T9.ID"]}}, "columns", "'DB.S.T9.ID' is not a column of the inputs (DB.S.T0)"),
    ({"columns": {"A": []}}, "columns", "'A' has no input columns"),
    ({"job_facets": {"sql": {}}}, "job_facets", "job_facets['sql']: required field missing at query"),
    ({"job_facets": {"SQL": {"query": "q"}}}, "job_facets", "did you mean 'sql'?"),
    ({"run_facets": {"nominalTime": {"x": "1"}}}, "run_facets", "run_facets['nominalTime']: "),
    ({"inputs": [ds(0, facets={"schema": {"fields": [{}]}})]}, "inputs", "inputs[0].facets['schema']: "),
    ({"inputs": [ds(0, output_facets=SQL)]}, "inputs", "output_facets do not belong among the inputs"),
    ({"outputs": [ds(1, input_facets=SQL)]}, "outputs", "input_facets do not belong among the outputs"),
    ({"inputs": [ds(0), {**ds(0), "name": "db.s.t0"}]}, "inputs", "is also inputs[0], written differently"),
    ({"outputs": [{**ds(0), "name": "db.s.t0"}]}, "inputs", "a dataset cannot be its own source"),
    (
        {"columns": {"A": ["ID"], "a": ["B"]}},
        "columns",
        "duplicate column ('DB.S.T1.A' and 'DB.S.T1.a'); remove one",
    ),
    (
        {"columns": {"A": ["ID"]}, "outputs": [ds(1, facets={"columnLineage": {"fields": {}}})]},
        "outputs",
        "outputs[0]: set either its facet columnLineage or columns",
    ),
    ({"producer": "me"}, "producer", "'me' is not a URI"),
    ({"job_name": " "}, "job_name", "must not be blank"),
    ({"job_name": "dag/"}, "job_name", "must not start or end with white space or a slash"),
    ({"connection": "spark"}, "connection", "is not a connection's qualifiedName"),
    ({"wait_seconds": 0}, "wait_seconds", "must be greater than 0"),
    ({"sql": "q"}, "sql", "unknown property"),
]


@pytest.mark.parametrize(("changed", "property_", "reason"), MISTAKES, ids=lambda one: str(one)[:40])
def test_mistakes(changed: Props, property_: str, reason: str) -> None:
    found = problems(lifecycle(), job(**changed))
    assert {name for name, _ in found} == {property_}
    assert reason in "\n".join(reported for _, reported in found)


def test_unknown_values_are_no_problem() -> None:
    for name in ("connection", "job_name", "producer", "terminal_state", "columns", "inputs", "job_facets"):
        assert problems(lifecycle(), job(**{name: UNKNOWN})) == [], name
    one = {"namespace": UNKNOWN, "name": "x"}
    deep = job(inputs=[UNKNOWN, one], columns={"A": [UNKNOWN]}, job_facets={"sql": {"query": UNKNOWN}})
    assert problems(lifecycle(), deep) == []
    whole = job(inputs=[ds(0, facets={"schema": UNKNOWN})], columns={"A": UNKNOWN}, run_facets={"x": UNKNOWN})
    assert problems(lifecycle(), whole) == []
    assert lifecycle().preview_inputs(job(connection=UNKNOWN))["qualified_name"] is UNKNOWN


def test_sources_that_differ_in_case_are_one() -> None:
    given = job(columns={"A": ["ID", "id", "DB.S.T0.Id"]})
    assert len(checked(lifecycle(), given)["columns"]["DB.S.T1.A"]) == 1


def test_numbers_without_a_fraction_stay_integers() -> None:
    # The engine hands every number over as a float.
    given = job(outputs=[ds(1, output_facets={"outputStatistics": {"rowCount": 3.0, "size": 2.5}})])
    facets = checked(lifecycle(), given)["outputs"][0]["output_facets"]["outputStatistics"]
    assert repr(facets) == "{'rowCount': 3, 'size': 2.5}"


def test_every_form_of_a_dataset() -> None:
    texts = ["snowflake://abc/DB.S.T0", "s3://lake/in/orders.csv"]
    forms = [
        {"namespace": "snowflake://abc", "name": "DB.S.T0"},
        {"namespace": "s3://lake", "name": "in/orders.csv"},
    ]
    assert datasets(texts) == datasets(tuple(forms)) == forms
    for odd in ("DB.S.T0", "s3://lake", "s3:///x", "file/x", 3, None):
        assert datasets([odd]) == [odd]


def test_order_is_no_difference() -> None:
    one = checked(lifecycle(), job(inputs=[ds(0), ds(2)], columns={"A": ["DB.S.T0.ID", "DB.S.T2.ID"]}))
    other = checked(
        lifecycle(), job(inputs=[ds(2), ds(0)], columns={"DB.S.T1.A": ["DB.S.T2.ID", "DB.S.T0.ID"]})
    )
    assert one == other


def test_connections_without_events_are_refused_before_anything_is_sent(client: AtlanClient) -> None:
    plain = {"qualifiedName": OL, "name": "plain", "connectorName": "spark"}
    client.entities.upsert([Entity(type_name="Connection", attributes=plain)])
    (found,) = problems(lifecycle(), job(), client)
    assert found[0] == "connection"
    assert "accepts no OpenLineage events: declare it as an OpenLineageConnection" in found[1]


def test_unknown_datasets_are_refused_before_anything_is_sent(client: AtlanClient) -> None:
    make_connection(client, partial_assets=False, managed_by=mark("infra/prod", "spark"))
    known = [ds(0), ds(2), {"namespace": "snowflake://abc", "name": "db.s.t3"}]
    assert problems(lifecycle(), job(inputs=known), client) == []
    for name in ("DB.S.T99", "DB.OTHER.T0", "S.T0.T0"):
        reported = problems(
            lifecycle(), job(inputs=[*known, {"namespace": "snowflake://abc", "name": name}]), client
        )
        assert [property_ for property_, _ in reported] == ["inputs"]
        assert reported[0][1].endswith(f"the dataset {name!r}, and the connection creates no partial assets")


def test_new_connections_are_no_problem(client: AtlanClient) -> None:
    assert problems(lifecycle(), job(), client) == []
    assert problems(lifecycle(), job(connection=UNKNOWN), client) == []


@pytest.mark.parametrize("how", ["its own", "archived"])
def test_connections_that_may_change_are_not_checked(client: AtlanClient, how: str) -> None:
    # The program may open it in the same deployment, before the job is made.
    plain = {"qualifiedName": OL, "name": "plain", "connectorName": "spark"}
    if how == "its own":
        plain["lastSyncWorkflowName"] = mark("shop/prod", "spark")
    client.entities.upsert([Entity(type_name="Connection", attributes=plain)])
    if how == "archived":
        found = client.entities.get_by_qualified_name("Connection", OL)
        client.entities.delete([str(found.guid if found else "")], "SOFT")
    assert problems(lifecycle(), job(), client) == []


def test_keys_without_access_to_credentials_are_accepted(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    body = {"code": 403, "message": "no"}
    server.fault({"path": "/api/service/credentials/*", "status": 403, "body": body, "times": 0})
    assert problems(lifecycle(), job(), client) == []


# -- update -----------------------------------------------------------------------------------------------


def test_a_changed_mapping_is_one_new_run(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    after = update(client, outputs, columns={"A": ["ID"], "ID": ["B"]})
    assert len(sent(server)) == 4
    assert after["run_id"] != outputs["run_id"]
    assert (after["guid"], after["job_guid"]) == (outputs["guid"], outputs["job_guid"])
    assert below(client) >= {("ColumnProcess", "dag/process/column/ID")}
    assert ("ColumnProcess", "dag/process/column/B") not in below(client)
    assert lifecycle().read(client, PROCESS, after).notes == []


def test_removed_mappings_delete_their_column_processes(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    update(client, outputs, columns={"A": ["ID", "B"]})
    server.await_events()
    assert below(client) == WHOLE - {("ColumnProcess", "dag/process/column/B")}


def test_other_datasets_are_one_new_run(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client)
    update(client, outputs, inputs=[ds(2), ds(3)])
    assert witness.names(Process, PROCESS, "inputs") == {f"{TABLES}/T2", f"{TABLES}/T3"}


@pytest.mark.parametrize(
    "changed", [{"wait_seconds": 30.0}, {"force_destroy": True}, {"delete_type": "SOFT"}]
)
def test_changed_settings_send_no_run(client: AtlanClient, server: LocalAtlan, changed: Props) -> None:
    make_connection(client)
    outputs = create(client)
    after = update(client, outputs, **changed)
    assert len(sent(server)) == 2
    assert after == outputs | changed


def test_another_mark_is_written_without_a_run(
    client: AtlanClient, server: LocalAtlan, witness: Witness
) -> None:
    make_connection(client)
    outputs = create(client)
    update(client, outputs, managed_by=mark("shop/prod", "renamed"))
    assert len(sent(server)) == 2
    assert witness.find(Process, PROCESS).last_sync_workflow_name == mark("shop/prod", "renamed")
    after = lifecycle().read(client, PROCESS, outputs | {"managed_by": mark("shop/prod", "renamed")})
    assert after.notes == []
    renamed = after.outputs | {"own_mark": mark("shop/prod", "renamed")}
    assert lifecycle().delete(client, renamed) == []
    assert below(client) == set()


def test_runs_without_changed_edges_are_awaited(witness: Witness, server: LocalAtlan) -> None:
    del witness, server
    with LocalAtlan(seed=SEED, event_delay_ms=400) as slow:
        from atlan_pulumi.client import ClientSettings

        with AtlanClient(ClientSettings.resolve(slow.base_url, slow.api_key, 0)) as client:
            make_connection(client)
            outputs = create(client, columns=COLUMNS)
            after = update(client, outputs, columns=COLUMNS, job_facets={"sql": {"query": "new"}})
            process = client.entities.get(after["guid"])
            assert process is not None
            assert process.attributes["sql"] == "new"
            assert lifecycle().delete(client, after) == []
            slow.await_events()
            assert below(client) == set(), "nothing comes back from the dead"


def test_removing_columns_deletes_their_column_processes(client: AtlanClient) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    update(client, outputs)
    assert below(client) == {("SparkJob", "dag"), ("Process", "dag/process")}


def test_two_datasets_of_one_path_in_two_systems(client: AtlanClient) -> None:
    make_connection(client)
    for number, host in ((7, "acc1"), (8, "acc2")):
        name = f"default/snowflake/{number}"
        shared = {"connectorName": "snowflake", "host": f"{host}.example.com"}
        write(client, "Connection", name, **shared)
        write(client, "Table", f"{name}/X/Y/Z")
        write(client, "Column", f"{name}/X/Y/Z/ID")
    both = [{"namespace": f"snowflake://acc{n}.example.com", "name": "X.Y.Z"} for n in (1, 2)]
    source = "snowflake://acc2.example.com/X.Y.Z.ID"
    outputs = create(client, inputs=both, columns={"A": [source]})
    assert lifecycle().read(client, PROCESS, outputs).notes == []


# -- drift ------------------------------------------------------------------------------------------------


def drifted(client: AtlanClient, outputs: Props) -> list[str]:
    """Return what a refresh shows and a later deployment corrects."""
    core = lifecycle()
    seen = core.read(client, PROCESS, outputs)
    news = checked(core, job(columns=COLUMNS))
    names: list[str] = core.diff(seen.outputs, news).changed
    assert bool(seen.notes) == bool(names)
    corrected = core.update(client, seen.outputs, news)
    assert core.read(client, PROCESS, corrected).notes == []
    return names


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("edges", ["inputs"]),
        ("a column process removed", ["columns"]),
        ("a column process archived", ["columns"]),
        ("a column's source", ["columns"]),
        ("the mark", ["managed_by"]),
    ],
)
def test_drift_is_reported_and_corrected(
    client: AtlanClient, witness: Witness, what: str, shown: list[str]
) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    column = f"{PROCESS}/column/B"
    if what == "edges":
        tables = [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T4"}}]
        write(client, "Process", PROCESS, inputs=tables)
    elif what == "a column process removed":
        witness.purge(ColumnProcess, column)
    elif what == "a column process archived":
        witness.archive(ColumnProcess, column)
    elif what == "a column's source":
        source = [{"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T0/A"}}]
        write(client, "ColumnProcess", column, inputs=source)
    else:
        for type_name, name in (("Process", PROCESS), ("SparkJob", JOB)):
            write(client, type_name, name, lastSyncWorkflowName=None)
    assert drifted(client, outputs) == shown


def test_the_note_on_drift_names_the_last_writer_of_a_column_and_the_new_owner(
    client: AtlanClient, server: LocalAtlan
) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    source = [{"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T0/A"}}]
    with AtlanClient(ClientSettings.resolve(server.base_url, "key-of-alice", 0)) as alice:
        write(alice, "ColumnProcess", f"{PROCESS}/column/B", inputs=source)
    seen = lifecycle().read(client, PROCESS, outputs)
    (note,) = seen.notes
    assert note.startswith(f"Process '{PROCESS}' was changed in Atlan: columns; last written by alice at ")
    assert "belongs to" not in note
    assert seen.outputs["job_guid"] == outputs["job_guid"]
    write(client, "Process", PROCESS, lastSyncWorkflowName=mark("other/dev", "theirs", "atlan:Process"))
    (note,) = lifecycle().read(client, PROCESS, outputs).notes
    assert "columns" in note
    assert note.endswith("; it belongs to the stack 'other/dev' now")


def write(client: AtlanClient, type_name: str, name: str, **attributes: Any) -> None:
    given = {"qualifiedName": name, "name": "n", **attributes}
    client.entities.upsert([Entity(type_name=type_name, attributes=given)])


def test_a_run_of_the_job_itself_shows_as_drift(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    emit(client, inputs=[{"namespace": "snowflake://x", "name": "DB.S.T5"}])
    server.await_events()
    seen = lifecycle().read(client, PROCESS, outputs)
    assert seen.outputs["inputs"] == [{"namespace": "default/snowflake/1657025257", "name": "DB.S.T5"}]
    assert seen.outputs["columns"] == {}


def emit(client: AtlanClient, year: int = 2036, **datasets: list[Props]) -> None:
    """Send an event of the job as Spark would, earlier or later than this package."""
    run = "01a2158a-0000-773e-9aad-93837d2f6c15"
    both = {"inputs": [ds(0)], "outputs": [ds(1)], **datasets}
    for state, minute, sides in (("START", 0, both), ("COMPLETE", 1, {})):
        event = {
            "eventType": state,
            "eventTime": f"{year}-07-01T08:0{minute}:00Z",
            "producer": "https://spark",
            "run": {"runId": run},
            "job": {"namespace": "ol-spark", "name": "dag"},
            **sides,
        }
        client.events.emit("spark", event)


def test_missing_entities_are_recreated(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    seen = lifecycle().read(client, PROCESS, outputs)
    # Its SparkJob and its column processes are still there: the state must not forget them.
    assert (seen.outputs["inputs"], seen.outputs["columns"]) == ([], {})
    assert "is no longer in Atlan" in seen.notes[0]
    again = update(client, seen.outputs, columns=COLUMNS)
    assert again["guid"] != outputs["guid"]
    assert below(client) == WHOLE
    assert lifecycle().read(client, PROCESS, again).notes == []


def test_missing_jobs_leave_the_state(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    client.entities.delete([outputs["job_guid"]])
    seen = lifecycle().read(client, PROCESS, outputs)
    assert (seen.outputs, seen.inputs) == ({}, {})


def test_archived_entities_are_restored(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client)
    witness.archive(Process, PROCESS)
    assert "was archived in Atlan" in lifecycle().read(client, PROCESS, outputs).notes[0]
    assert create(client)["guid"] == outputs["guid"]
    assert witness.find(Process, PROCESS).status.value == "ACTIVE"


# -- ownership --------------------------------------------------------------------------------------------


def test_entities_of_others_are_taken_over_only_with_adopt(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    emit(client, 2020)
    server.await_events()
    with pytest.raises(ResourceError, match=r"exists in Atlan already .* set adopt=True to take it over"):
        create(client)
    assert len(sent(server)) == 2, "nothing was sent"
    adopted = create(client, adopt=True, inputs=[ds(3)])
    assert lifecycle().read(client, PROCESS, adopted).notes == []


def test_entities_of_another_stack_are_left_alone(client: AtlanClient) -> None:
    make_connection(client)
    theirs = create(client, managed_by=mark("other/dev", "x"))
    with pytest.raises(ResourceError, match="belongs to the stack 'other/dev'"):
        create(client)
    ours = create(client, adopt=True)
    with pytest.raises(ResourceError, match="belongs to the stack 'shop/prod' now"):
        update(client, theirs, managed_by=mark("other/dev", "x"), inputs=[ds(4)])
    (reported,) = lifecycle().delete(client, theirs)
    assert "was left in Atlan: it is 'nightly' of the stack 'shop/prod' now" in reported
    assert lifecycle().read(client, PROCESS, ours).notes == []


@pytest.mark.parametrize("reached", ["marked", "started", "ended", "processed"])
def test_interrupted_runs_are_continued(client: AtlanClient, server: LocalAtlan, reached: str) -> None:
    make_connection(client)
    drop = {"status": 400, "body": {"errorCode": "X", "errorMessage": "interrupted"}, "times": 0}
    events = {"method": "POST", "path": "/events/*", **drop}
    rules = {
        "marked": [events],
        "started": [{"method": "POST", "path": "/events/*", "nth": 2, **drop}],
        "ended": [{"path": "/api/meta/entity/uniqueAttribute/type/Process", "after": 1, **drop}],
        "processed": [{"method": "POST", "path": "/api/meta/entity/bulk", "after": 1, **drop}],
    }[reached]
    server.fault(*rules)
    with pytest.raises(AtlanError, match="interrupted"):
        create(client, columns=COLUMNS)
    server.clear_faults()
    outputs = create(client, columns=COLUMNS)
    assert below(client) == WHOLE
    assert lifecycle().read(client, PROCESS, outputs).notes == []


def test_without_marks_existing_jobs_belong_to_others(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, managed_by=None)
    assert witness.find(Process, PROCESS).last_sync_workflow_name is None
    assert lifecycle().read(client, PROCESS, outputs).notes == []
    with pytest.raises(ResourceError, match="set adopt=True"):
        create(client, managed_by=None)
    assert lifecycle().delete(client, outputs) == []
    assert below(client) == set()


def test_interrupted_updates_of_missing_processes_leave_nothing(
    client: AtlanClient, server: LocalAtlan, witness: Witness
) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    refused = {"status": 400, "body": {"errorCode": "X", "errorMessage": "interrupted"}, "times": 0}
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", **refused})
    with pytest.raises(AtlanError, match="interrupted"):
        update(client, outputs, columns=COLUMNS, job_facets={"sql": {"query": "q"}})
    server.clear_faults()
    assert lifecycle().delete(client, outputs) == []
    assert below(client) == set()


@pytest.mark.parametrize("status", [400, 401])
def test_rejected_events_leave_no_job(client: AtlanClient, server: LocalAtlan, status: int) -> None:
    make_connection(client)
    body = "Unauthorized: url path not configured to receive data, urlPath: x"
    server.fault({"method": "POST", "path": "/events/*", "status": status, "body": body, "times": 0})
    with pytest.raises(AtlanError):
        create(client)
    assert below(client) == set()


def test_adoption_says_that_the_column_lineage_changes() -> None:
    core = lifecycle()
    entity = Entity(type_name="Process", attributes={})
    assert core.adoption_side_effects(entity, checked(core, job(columns=COLUMNS))) == ["its column lineage"]
    assert core.adoption_side_effects(entity, checked(core, job())) == []


# -- delete -----------------------------------------------------------------------------------------------


def test_deletions_remove_everything_except_datasets(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    for _ in range(2):
        assert lifecycle().delete(client, outputs) == []
        assert below(client) == set()
    assert witness.find(Table, f"{TABLES}/T0") is not None


def test_a_forced_replacement_does_not_remove_what_it_wrote(client: AtlanClient) -> None:
    make_connection(client)
    old = create(client, columns=COLUMNS)
    core = lifecycle()
    core.create(client, checked(core, job(columns=COLUMNS)))
    (reported,) = core.delete(client, old)
    assert "was left in Atlan: this deployment has just written it" in reported
    assert below(client) == WHOLE


def test_renamed_resources_keep_their_job(client: AtlanClient) -> None:
    make_connection(client)
    old = create(client)
    create(client, managed_by=mark("shop/prod", "renamed"))
    (reported,) = lifecycle().delete(client, old)
    assert "was left in Atlan: it is 'renamed' of the stack 'shop/prod' now" in reported
    assert below(client) == {("SparkJob", "dag"), ("Process", "dag/process")}


def test_column_processes_without_their_process_are_deleted(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    assert below(client) == WHOLE - {("Process", "dag/process")}
    assert lifecycle().delete(client, outputs) == []
    assert below(client) == set()


def test_column_processes_of_others_are_not_orphaned_silently(client: AtlanClient) -> None:
    make_connection(client)
    outputs = create(client)
    column = [{"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T0/A"}}]
    parent = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": PROCESS}}
    more = {"inputs": column, "outputs": column, "process": parent, "lastSyncWorkflowName": "pulumi:a/b#c"}
    write(client, "ColumnProcess", f"{OL}/theirs", **more)
    assert lifecycle().read(client, PROCESS, outputs).notes == [], "it is no drift"
    with pytest.raises(ResourceError, match=f"ColumnProcess '{OL}/theirs' still depend on it"):
        lifecycle().delete(client, outputs)
    assert lifecycle().delete(client, outputs | {"force_destroy": True}) == []
    assert below(client) == set()


@pytest.mark.parametrize("marked", [True, False])
def test_column_processes_added_by_users_are_no_drift_and_not_removed_silently(
    client: AtlanClient, marked: bool
) -> None:
    make_connection(client)
    managed_by = mark("shop/prod", "nightly") if marked else None
    outputs = create(client, columns=COLUMNS, managed_by=managed_by)
    column = [{"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T1/A"}}]
    parent = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": PROCESS}}
    write(client, "ColumnProcess", f"{OL}/by-hand", inputs=column, outputs=column, process=parent)
    assert lifecycle().read(client, PROCESS, outputs).notes == []
    after = update(
        client, outputs, columns=COLUMNS, managed_by=managed_by, job_facets={"sql": {"query": "q"}}
    )
    assert below(client) == WHOLE | {("ColumnProcess", "by-hand")}
    with pytest.raises(ResourceError, match="by-hand"):
        lifecycle().delete(client, after)


def test_a_job_that_is_named_like_a_process_of_another_one_keeps_its_columns(client: AtlanClient) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    other = create(client, job_name="dag/process", columns=COLUMNS, managed_by=mark("other/dev", "x"))
    assert lifecycle().delete(client, outputs) == []
    assert lifecycle().read(client, other["qualified_name"], other).notes == []


def test_recreated_processes_stay(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client)
    witness.purge(Process, PROCESS)
    emit(client)
    core = lifecycle()
    client.entities.delete([outputs["job_guid"]])
    emit(client, outputs=[ds(3)])
    await_process(client)
    (reported,) = core.delete(client, outputs)
    assert reported.startswith(
        f"Process {PROCESS!r} was left in Atlan: others recreated it (last written by "
    )
    assert reported.endswith(" UTC)")
    assert witness.find(Process, PROCESS) is not None


def await_process(client: AtlanClient) -> None:
    assert client.entities.find_written("Process", PROCESS) is not None


# -- waiting ----------------------------------------------------------------------------------------------


class SlowClock:
    """A clock that advances only while a caller waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def lost() -> Iterator[LocalAtlan]:
    """A local Atlan that accepts events, but does not process them for an hour."""
    with LocalAtlan(seed=SEED, event_delay_ms=3_600_000) as server:
        yield server


def test_waits_are_bounded_and_say_what_is_missing(lost: LocalAtlan) -> None:
    from atlan_pulumi.client import ClientSettings

    clock = SlowClock()
    settings = ClientSettings.resolve(lost.base_url, lost.api_key, 0)
    with AtlanClient(settings, clock=clock) as client:
        make_connection(client)
        core, reported = lifecycle(), []
        core.log = reported.append
        began = clock.now
        with pytest.raises(ResourceError) as failed:
            core.create(client, checked(core, job(wait_seconds=60)))
        assert 60 <= clock.now - began < 66
    assert "but has not processed them after 60 s (the process does not exist yet)" in str(failed.value)
    assert "run `pulumi up` again, or raise wait_seconds" in str(failed.value)
    assert 4 <= len(reported) <= 6
    assert all("waiting for Atlan to process the run" in line for line in reported)


UNKNOWN_INPUT = {"inputs": [ds(0), {"namespace": "snowflake://abc", "name": "NO.SUCH.T"}]}
UNKNOWN_TARGET, UNKNOWN_SOURCE = {"columns": {"NOPE": ["ID"]}}, {"columns": {"ID": ["IDD"]}}


def test_lineage_that_atlan_dropped_is_named(client: AtlanClient, server: LocalAtlan) -> None:
    """A key without access to credentials cannot see in advance what Atlan will drop.

    Neither can an index that does not contain the tables yet.
    """
    make_connection(client, partial_assets=False)
    refused = {"errorCode": "X", "errorMessage": "not for you"}
    server.fault(
        {"method": "GET", "path": "/api/service/credentials/*", "status": 403, "body": refused, "times": 0}
    )
    server.fault(
        {"method": "POST", "path": "/api/meta/search/indexsearch", "status": 200, "body": {}, "times": 0}
    )
    for changed, reported in [
        (UNKNOWN_INPUT, r"inputs: -NO\.SUCH\.T.*partial_assets"),
        (UNKNOWN_TARGET, r"columns: -DB\.S\.T1\.NOPE.*; check the columns' names"),
    ]:
        core = lifecycle()
        with pytest.raises(ResourceError, match=reported):
            core.create(client, checked(core, job(**changed, wait_seconds=3.0)))


@pytest.mark.parametrize(
    ("changed", "reported"),
    [
        (UNKNOWN_INPUT, r"inputs: Atlan has no asset for the dataset 'NO\.SUCH\.T'"),
        (UNKNOWN_TARGET, r"columns: Atlan has no column 'DB\.S\.T1\.NOPE'"),
        (UNKNOWN_SOURCE, r"columns: Atlan has no column 'DB\.S\.T0\.IDD'"),
    ],
)
def test_lineage_that_atlan_would_drop_is_refused_before_it_is_sent(
    client: AtlanClient, server: LocalAtlan, changed: Props, reported: str
) -> None:
    make_connection(client, partial_assets=False, managed_by=mark("shop/prod", "spark"))
    core = lifecycle()
    # Without look-ups, as where the connection is this stack's own: no preview judges that.
    unseen = checked(core, job(**changed))
    with pytest.raises(ResourceError, match=reported):
        core.create(client, unseen)
    made = create(client)
    with pytest.raises(ResourceError, match=f"{reported}.* nothing was sent"):
        update(client, made, **changed)
    assert len(sent(server)) == 2, "only the run that was fine"


def test_missing_columns_are_reported_at_preview(client: AtlanClient) -> None:
    make_connection(client, partial_assets=False, managed_by=mark("infra/prod", "spark"))
    assert problems(lifecycle(), job(columns={"id": ["Id"]}), client) == []
    ((property_, reason),) = problems(lifecycle(), job(**UNKNOWN_SOURCE), client)
    assert (property_, "no column 'DB.S.T0.IDD'" in reason) == ("columns", True)


def test_missing_connections_are_refused(client: AtlanClient, server: LocalAtlan) -> None:
    with pytest.raises(ResourceError, match="does not exist"):
        create(client)
    assert server.stats()["requests"].get(EVENTS, 0) == 0
