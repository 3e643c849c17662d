"""`OpenLineageJob` without Pulumi: what is sent, waited for, read, changed and removed."""

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

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import AtlanError, ResourceError
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.datasets import datasets

__all__ = ["client"]

COLUMNS = {"A": ["ID", "DB.S.T0.B"], "DB.S.T1.B": ["B"]}


def lifecycle() -> Any:
    """The lifecycle, as in a provider process of its own."""
    return lifecycle_of("OpenLineageJob", 1)


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan that works events in a moment after it takes them."""
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
    """The events that came in."""
    kept = httpx.get(f"{server.base_url}/_local/events").raise_for_status().json()["events"]
    return [each["event"] for each in kept]


def below(client: AtlanClient) -> set[tuple[str, str]]:
    """What is live in the connection, the partial assets left out."""
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


def test_a_run_is_sent_and_waited_for(client: AtlanClient, server: LocalAtlan, witness: Witness) -> None:
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


def test_what_was_made_reads_as_it_was_declared(client: AtlanClient) -> None:
    make_connection(client)
    for more in ({}, {"columns": COLUMNS}, {"inputs": [ds(0, facets={"schema": {"fields": []}}), ds(2)]}):
        outputs = create(client, **more)
        seen = lifecycle().read(client, PROCESS, outputs)
        assert (seen.outputs, seen.notes) == (outputs, [])
        assert seen.inputs == checked(lifecycle(), job(**more))
        assert lifecycle().delete(client, outputs) == []


@pytest.mark.parametrize("state", ["COMPLETE", "FAIL", "ABORT"])
def test_the_end_that_was_declared(client: AtlanClient, server: LocalAtlan, state: str) -> None:
    make_connection(client)
    outputs = create(client, terminal_state=state)
    assert [each["eventType"] for each in sent(server)] == ["START", state]
    found = client.entities.get(outputs["job_guid"])
    assert found is not None
    assert found.attributes["sparkRunOpenLineageState"] == state


def test_without_a_producer_the_mark_is_one(client: AtlanClient, server: LocalAtlan) -> None:
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
        "inputs[0]: an asset of Atlan's cannot stand here: name it as OpenLineage does, with dataset()",
    ),
    ({"outputs": [ds(0)]}, "inputs", "inputs[0]: 'DB.S.T0' is also an output"),
    ({"inputs": [ds(0), ds(0, facets={})]}, "inputs", "is also inputs[0], written otherwise or with"),
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
    ({"inputs": [ds(0), {**ds(0), "name": "db.s.t0"}]}, "inputs", "is also inputs[0], written otherwise"),
    ({"outputs": [{**ds(0), "name": "db.s.t0"}]}, "inputs", "a dataset cannot be its own source"),
    (
        {"columns": {"A": ["ID"], "a": ["B"]}},
        "columns",
        "duplicate column ('DB.S.T1.A' and 'DB.S.T1.a'); remove one",
    ),
    (
        {"columns": {"A": ["ID"]}, "outputs": [ds(1, facets={"columnLineage": {"fields": {}}})]},
        "outputs",
        "outputs[0]: give either its facet columnLineage, or columns",
    ),
    ({"producer": "me"}, "producer", "'me' is not a URI"),
    ({"job_name": " "}, "job_name", "must not be blank"),
    ({"job_name": "dag/"}, "job_name", "must not start or end with white space or a slash"),
    ({"connection": "spark"}, "connection", "is not a connection's qualifiedName"),
    ({"wait_seconds": 0}, "wait_seconds", "must be greater than 0"),
    ({"sql": "q"}, "sql", "there is no such property"),
]


@pytest.mark.parametrize(("changed", "property_", "reason"), MISTAKES, ids=lambda one: str(one)[:40])
def test_mistakes(changed: Props, property_: str, reason: str) -> None:
    found = problems(lifecycle(), job(**changed))
    assert {name for name, _ in found} == {property_}
    assert reason in "\n".join(told for _, told in found)


def test_what_is_not_known_yet_is_no_mistake() -> None:
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


def test_a_connection_that_takes_no_events_is_told_before_anything_is_sent(client: AtlanClient) -> None:
    plain = {"qualifiedName": OL, "name": "plain", "connectorName": "spark"}
    client.entities.upsert([Entity(type_name="Connection", attributes=plain)])
    (found,) = problems(lifecycle(), job(), client)
    assert found[0] == "connection"
    assert "takes no OpenLineage events: declare it as an OpenLineageConnection" in found[1]


def test_an_unknown_dataset_is_told_before_anything_is_sent(client: AtlanClient) -> None:
    make_connection(client, partial_assets=False, managed_by=mark("infra/prod", "spark"))
    known = [ds(0), ds(2), {"namespace": "snowflake://abc", "name": "db.s.t3"}]
    assert problems(lifecycle(), job(inputs=known), client) == []
    for name in ("DB.S.T99", "DB.OTHER.T0", "S.T0.T0"):
        told = problems(
            lifecycle(), job(inputs=[*known, {"namespace": "snowflake://abc", "name": name}]), client
        )
        assert [property_ for property_, _ in told] == ["inputs"]
        assert told[0][1].endswith(f"the dataset {name!r}, and the connection makes no partial assets")


def test_a_connection_that_is_yet_to_be_made_is_no_mistake(client: AtlanClient) -> None:
    assert problems(lifecycle(), job(), client) == []
    assert problems(lifecycle(), job(connection=UNKNOWN), client) == []


@pytest.mark.parametrize("how", ["its own", "archived"])
def test_a_connection_that_may_be_about_to_change_is_not_judged(client: AtlanClient, how: str) -> None:
    # The program may open it in the same deployment, before the job is made.
    plain = {"qualifiedName": OL, "name": "plain", "connectorName": "spark"}
    if how == "its own":
        plain["lastSyncWorkflowName"] = mark("shop/prod", "spark")
    client.entities.upsert([Entity(type_name="Connection", attributes=plain)])
    if how == "archived":
        found = client.entities.get_by_qualified_name("Connection", OL)
        client.entities.delete([str(found.guid if found else "")], "SOFT")
    assert problems(lifecycle(), job(), client) == []


def test_a_key_that_may_not_see_credentials_is_no_obstacle(client: AtlanClient, server: LocalAtlan) -> None:
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


def test_a_mapping_that_is_taken_out_leaves_no_ghost(client: AtlanClient, server: LocalAtlan) -> None:
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
def test_what_only_steers_this_package_is_no_run(
    client: AtlanClient, server: LocalAtlan, changed: Props
) -> None:
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


def test_a_run_that_changes_no_edge_is_waited_for_too(witness: Witness, server: LocalAtlan) -> None:
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


def test_columns_that_are_taken_out_as_a_whole_leave_no_ghost(client: AtlanClient) -> None:
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
    """What a refresh shows, and a later deployment mends."""
    core = lifecycle()
    seen = core.read(client, PROCESS, outputs)
    news = checked(core, job(columns=COLUMNS))
    names: list[str] = core.diff(seen.outputs, news).changed
    assert bool(seen.notes) == bool(names)
    mended = core.update(client, seen.outputs, news)
    assert core.read(client, PROCESS, mended).notes == []
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
def test_drift_is_shown_and_mended(
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
    """What Spark itself would send of the job, sooner or later than this package."""
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


def test_what_is_gone_is_made_again(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    seen = lifecycle().read(client, PROCESS, outputs)
    # Its SparkJob and its column processes are still there: the state must not forget them.
    assert (seen.outputs["inputs"], seen.outputs["columns"]) == ([], {})
    assert "is not in Atlan any more" in seen.notes[0]
    again = update(client, seen.outputs, columns=COLUMNS)
    assert again["guid"] != outputs["guid"]
    assert below(client) == WHOLE
    assert lifecycle().read(client, PROCESS, again).notes == []


def test_what_is_gone_as_a_whole_leaves_the_state(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    client.entities.delete([outputs["job_guid"]])
    seen = lifecycle().read(client, PROCESS, outputs)
    assert (seen.outputs, seen.inputs) == ({}, {})


def test_what_is_archived_is_brought_back(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client)
    witness.archive(Process, PROCESS)
    assert "was archived in Atlan" in lifecycle().read(client, PROCESS, outputs).notes[0]
    assert create(client)["guid"] == outputs["guid"]
    assert witness.find(Process, PROCESS).status.value == "ACTIVE"


# -- ownership --------------------------------------------------------------------------------------------


def test_what_others_made_is_not_taken_unless_adopted(client: AtlanClient, server: LocalAtlan) -> None:
    make_connection(client)
    emit(client, 2020)
    server.await_events()
    with pytest.raises(ResourceError, match=r"exists in Atlan already .* set adopt=True to take it over"):
        create(client)
    assert len(sent(server)) == 2, "nothing was sent"
    adopted = create(client, adopt=True, inputs=[ds(3)])
    assert lifecycle().read(client, PROCESS, adopted).notes == []


def test_what_another_stack_owns_is_neither_taken_nor_changed_nor_removed(client: AtlanClient) -> None:
    make_connection(client)
    theirs = create(client, managed_by=mark("other/dev", "x"))
    with pytest.raises(ResourceError, match="belongs to the stack 'other/dev'"):
        create(client)
    ours = create(client, adopt=True)
    with pytest.raises(ResourceError, match="belongs to the stack 'shop/prod' now"):
        update(client, theirs, managed_by=mark("other/dev", "x"), inputs=[ds(4)])
    (told,) = lifecycle().delete(client, theirs)
    assert "was left in Atlan: it is 'nightly' of the stack 'shop/prod' now" in told
    assert lifecycle().read(client, PROCESS, ours).notes == []


@pytest.mark.parametrize("reached", ["marked", "started", "ended", "worked in"])
def test_a_run_that_was_cut_off_is_taken_up(client: AtlanClient, server: LocalAtlan, reached: str) -> None:
    make_connection(client)
    drop = {"status": 400, "body": {"errorCode": "X", "errorMessage": "cut off"}, "times": 0}
    events = {"method": "POST", "path": "/events/*", **drop}
    rules = {
        "marked": [events],
        "started": [{"method": "POST", "path": "/events/*", "nth": 2, **drop}],
        "ended": [{"path": "/api/meta/entity/uniqueAttribute/type/Process", "after": 1, **drop}],
        "worked in": [{"method": "POST", "path": "/api/meta/entity/bulk", "after": 1, **drop}],
    }[reached]
    server.fault(*rules)
    with pytest.raises(AtlanError, match="cut off"):
        create(client, columns=COLUMNS)
    server.clear_faults()
    outputs = create(client, columns=COLUMNS)
    assert below(client) == WHOLE
    assert lifecycle().read(client, PROCESS, outputs).notes == []


def test_without_marks_what_is_there_is_anothers(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, managed_by=None)
    assert witness.find(Process, PROCESS).last_sync_workflow_name is None
    assert lifecycle().read(client, PROCESS, outputs).notes == []
    with pytest.raises(ResourceError, match="set adopt=True"):
        create(client, managed_by=None)
    assert lifecycle().delete(client, outputs) == []
    assert below(client) == set()


def test_a_cut_off_update_of_a_process_that_was_gone_leaves_nothing(
    client: AtlanClient, server: LocalAtlan, witness: Witness
) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    refused = {"status": 400, "body": {"errorCode": "X", "errorMessage": "cut off"}, "times": 0}
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", **refused})
    with pytest.raises(AtlanError, match="cut off"):
        update(client, outputs, columns=COLUMNS, job_facets={"sql": {"query": "q"}})
    server.clear_faults()
    assert lifecycle().delete(client, outputs) == []
    assert below(client) == set()


@pytest.mark.parametrize("status", [400, 401])
def test_where_atlan_takes_no_event_no_job_is_left(
    client: AtlanClient, server: LocalAtlan, status: int
) -> None:
    make_connection(client)
    body = "Unauthorized: url path not configured to receive data, urlPath: x"
    server.fault({"method": "POST", "path": "/events/*", "status": status, "body": body, "times": 0})
    with pytest.raises(AtlanError):
        create(client)
    assert below(client) == set()


def test_adoption_says_that_the_column_lineage_changes() -> None:
    core = lifecycle()
    entity = Entity(type_name="Process", attributes={})
    assert core.changed_beside(entity, checked(core, job(columns=COLUMNS))) == ["its column lineage"]
    assert core.changed_beside(entity, checked(core, job())) == []


# -- delete -----------------------------------------------------------------------------------------------


def test_nothing_is_left_of_it_and_the_datasets_stay(client: AtlanClient, witness: Witness) -> None:
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
    (told,) = core.delete(client, old)
    assert "was left in Atlan: it was just written anew" in told
    assert below(client) == WHOLE


def test_a_resource_that_gets_another_name_keeps_its_job(client: AtlanClient) -> None:
    make_connection(client)
    old = create(client)
    create(client, managed_by=mark("shop/prod", "renamed"))
    (told,) = lifecycle().delete(client, old)
    assert "was left in Atlan: it is 'renamed' of the stack 'shop/prod' now" in told
    assert below(client) == {("SparkJob", "dag"), ("Process", "dag/process")}


def test_ghosts_of_a_process_that_others_removed_go_too(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client, columns=COLUMNS)
    witness.purge(Process, PROCESS)
    assert below(client) == WHOLE - {("Process", "dag/process")}
    assert lifecycle().delete(client, outputs) == []
    assert below(client) == set()


def test_column_processes_of_others_are_not_orphaned_unseen(client: AtlanClient) -> None:
    make_connection(client)
    outputs = create(client)
    column = [{"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T0/A"}}]
    parent = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": PROCESS}}
    more = {"inputs": column, "outputs": column, "process": parent, "lastSyncWorkflowName": "pulumi:a/b#c"}
    write(client, "ColumnProcess", f"{OL}/theirs", **more)
    assert lifecycle().read(client, PROCESS, outputs).notes == [], "it is no drift"
    with pytest.raises(ResourceError, match=f"ColumnProcess '{OL}/theirs' still hang on it"):
        lifecycle().delete(client, outputs)
    assert lifecycle().delete(client, outputs | {"force_destroy": True}) == []
    assert below(client) == set()


@pytest.mark.parametrize("marked", [True, False])
def test_what_people_hung_on_the_process_is_neither_drift_nor_removed_unseen(
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


def test_a_process_that_others_made_anew_stays(client: AtlanClient, witness: Witness) -> None:
    make_connection(client)
    outputs = create(client)
    witness.purge(Process, PROCESS)
    emit(client)
    core = lifecycle()
    client.entities.delete([outputs["job_guid"]])
    emit(client, outputs=[ds(3)])
    await_process(client)
    (told,) = core.delete(client, outputs)
    assert told.startswith(f"Process {PROCESS!r} was left in Atlan: others made it anew (last written by ")
    assert told.endswith(" UTC)")
    assert witness.find(Process, PROCESS) is not None


def await_process(client: AtlanClient) -> None:
    assert client.entities.find_written("Process", PROCESS) is not None


# -- waiting ----------------------------------------------------------------------------------------------


class SlowClock:
    """Time that passes only while somebody waits."""

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
    """A local Atlan that takes events, and does not work them in for an hour."""
    with LocalAtlan(seed=SEED, event_delay_ms=3_600_000) as server:
        yield server


def test_the_wait_is_bounded_shows_progress_and_says_what_is_lacking(lost: LocalAtlan) -> None:
    from atlan_pulumi.client import ClientSettings

    clock = SlowClock()
    settings = ClientSettings.resolve(lost.base_url, lost.api_key, 0)
    with AtlanClient(settings, clock=clock) as client:
        make_connection(client)
        core, told = lifecycle(), []
        core.tell = told.append
        began = clock.now
        with pytest.raises(ResourceError) as failed:
            core.create(client, checked(core, job(wait_seconds=60)))
        assert 60 <= clock.now - began < 66
    assert "but has not processed them after 60 s (there is no process yet)" in str(failed.value)
    assert "run `pulumi up` again, or raise wait_seconds" in str(failed.value)
    assert 4 <= len(told) <= 6
    assert all("waiting for Atlan to process the run" in line for line in told)


UNKNOWN_INPUT = {"inputs": [ds(0), {"namespace": "snowflake://abc", "name": "NO.SUCH.T"}]}
UNKNOWN_TARGET, UNKNOWN_SOURCE = {"columns": {"NOPE": ["ID"]}}, {"columns": {"ID": ["IDD"]}}


def test_what_atlan_dropped_is_named(client: AtlanClient, server: LocalAtlan) -> None:
    """To a key that may not see credentials, nothing tells beforehand what Atlan will drop.

    Neither does an index that does not know the tables yet.
    """
    make_connection(client, partial_assets=False)
    refused = {"errorCode": "X", "errorMessage": "not for you"}
    server.fault(
        {"method": "GET", "path": "/api/service/credentials/*", "status": 403, "body": refused, "times": 0}
    )
    server.fault(
        {"method": "POST", "path": "/api/meta/search/indexsearch", "status": 200, "body": {}, "times": 0}
    )
    for changed, told in [
        (UNKNOWN_INPUT, r"inputs: -NO\.SUCH\.T.*partial_assets"),
        (UNKNOWN_TARGET, r"columns: -DB\.S\.T1\.NOPE.*; check the columns' names"),
    ]:
        core = lifecycle()
        with pytest.raises(ResourceError, match=told):
            core.create(client, checked(core, job(**changed, wait_seconds=3.0)))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (UNKNOWN_INPUT, r"inputs: Atlan has no asset for the dataset 'NO\.SUCH\.T'"),
        (UNKNOWN_TARGET, r"columns: Atlan has no column 'DB\.S\.T1\.NOPE'"),
        (UNKNOWN_SOURCE, r"columns: Atlan has no column 'DB\.S\.T0\.IDD'"),
    ],
)
def test_what_atlan_would_drop_is_refused_right_before_it_is_sent(
    client: AtlanClient, server: LocalAtlan, changed: Props, told: str
) -> None:
    make_connection(client, partial_assets=False, managed_by=mark("shop/prod", "spark"))
    core = lifecycle()
    # Without look-ups, as where the connection is this stack's own: no preview judges that.
    unseen = checked(core, job(**changed))
    with pytest.raises(ResourceError, match=told):
        core.create(client, unseen)
    made = create(client)
    with pytest.raises(ResourceError, match=f"{told}.* nothing was sent"):
        update(client, made, **changed)
    assert len(sent(server)) == 2, "only the run that was fine"


def test_a_column_that_is_not_there_is_told_at_preview(client: AtlanClient) -> None:
    make_connection(client, partial_assets=False, managed_by=mark("infra/prod", "spark"))
    assert problems(lifecycle(), job(columns={"id": ["Id"]}), client) == []
    ((property_, reason),) = problems(lifecycle(), job(**UNKNOWN_SOURCE), client)
    assert (property_, "no column 'DB.S.T0.IDD'" in reason) == ("columns", True)


def test_there_has_to_be_a_connection(client: AtlanClient, server: LocalAtlan) -> None:
    with pytest.raises(ResourceError, match="there is no connection"):
        create(client)
    assert server.stats()["requests"].get(EVENTS, 0) == 0
