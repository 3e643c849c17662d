"""OpenLineage events: what they lead to, in whatever order they come, and what is dropped."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlan_pulumi.local import LocalAtlan

PATH = "/events/openlineage/spark/api/v1/lineage"
SNOWFLAKE = "snowflake://abc123.snowflakecomputing.com"
OL = "default/spark/1"
JOB = f"{OL}/dag"
PROCESS = f"{JOB}/process"
Json = dict[str, Any]


def dataset(name: str, namespace: str = SNOWFLAKE, **facets: Any) -> Json:
    return {"namespace": namespace, "name": name, "facets": facets}


def lineage(fields: dict[str, list[tuple[str, str]]]) -> Json:
    """A columnLineage facet: output field to (dataset, field) pairs."""
    return {
        "fields": {
            field: {
                "inputFields": [
                    {"namespace": SNOWFLAKE, "name": name, "field": each} for name, each in sources
                ]
            }
            for field, sources in fields.items()
        }
    }


def event(kind: str, minute: int = 0, run: str = "r1", **more: Any) -> Json:
    facets = {"facets": more.pop("run_facets", {})}
    job = {"namespace": "etl", "name": more.pop("job", "dag"), "facets": more.pop("job_facets", {})}
    return {
        "eventType": kind,
        "eventTime": f"2024-07-01T08:{minute:02}:00.5Z",
        "run": {"runId": run, **facets},
        "job": job,
        **more,
    }


SIDES = {"inputs": [dataset("OPS.DEFAULT.A")], "outputs": [dataset("OPS.DEFAULT.B")]}


@pytest.fixture
def ol(atlan):
    """The raw client, where a connection takes the events of spark, and makes partial assets."""
    configure(atlan)
    return atlan


def configure(atlan, *, partial: bool = True, **attributes: Any) -> str:
    extra = {"events.urlPath": PATH, "events.enable-partial-assets": partial}
    body = {"name": "c", "connector": "spark", "extra": extra}
    credential = atlan.ok(atlan.raw.post("/api/service/credentials", json=body))["id"]
    return atlan.create(atlan.connection_payload(defaultCredentialGuid=credential, **attributes))


def send(atlan, *events: Any) -> list[str]:
    """Send events one by one; what came of each, once all are worked in."""
    for each in events:
        assert atlan.raw.post(PATH, json=each).status_code == 202
    atlan.server.await_events()
    kept = atlan.ok(atlan.raw.get("/_local/events"))["events"]
    return [one["outcome"] for one in kept[-len(events) :]]


def found(atlan, type_name: str, name: str) -> Json | None:
    response = atlan.raw.get(
        f"/api/meta/entity/uniqueAttribute/type/{type_name}", params={"attr:qualifiedName": name}
    )
    return response.json()["entity"] if response.status_code == 200 else None


def links(entity: Json, attribute: str) -> set[str]:
    value = entity["relationshipAttributes"][attribute]
    stubs = value if isinstance(value, list) else [value] if value else []
    return {
        one["uniqueAttributes"]["qualifiedName"] for one in stubs if one["relationshipStatus"] == "ACTIVE"
    }


def below(atlan, prefix: str) -> set[tuple[str, str]]:
    answer = atlan.search({"prefix": {"qualifiedName": prefix}})
    return {
        (one["typeName"], one["attributes"]["qualifiedName"].removeprefix(prefix))
        for one in answer.get("entities", ())
        if one["status"] == "ACTIVE"
    }


def test_a_run_makes_a_job_a_process_and_column_processes(ol):
    columns = lineage({"ID": [("OPS.DEFAULT.A", "ID"), ("OPS.DEFAULT.A", "TOTAL")]})
    start = event(
        "START",
        inputs=[dataset("OPS.DEFAULT.A")],
        outputs=[dataset("OPS.DEFAULT.B", columnLineage=columns)],
        job_facets={"sql": {"query": "insert"}},
        run_facets={"processing_engine": {"version": "3.5", "openlineageAdapterVersion": "1.4"}},
    )
    assert send(ol, start, event("COMPLETE", 5)) == [
        "stored: no lineage until the run has a START and an end event",
        "processed: 1 column processes",
    ]
    job = found(ol, "SparkJob", JOB)
    assert (job["attributes"]["name"], job["attributes"]["sparkRunOpenLineageState"]) == ("dag", "COMPLETE")
    assert job["attributes"]["sparkRunVersion"] == "3.5"
    assert job["attributes"]["sparkRunOpenLineageVersion"] == "1.4"
    assert job["attributes"]["sparkRunStartTime"] == 1719820800500
    assert job["attributes"]["sparkRunEndTime"] == 1719821100500
    assert links(job, "process") == {PROCESS}
    process = found(ol, "Process", PROCESS)
    assert process["attributes"]["sql"] == "insert"
    assert process["attributes"]["connectionQualifiedName"] == OL
    a, b = (f"{ol.connection}/OPS/DEFAULT/{name}" for name in "AB")
    for entity in (job, process):
        assert (links(entity, "inputs"), links(entity, "outputs")) == ({a}, {b})
    column = found(ol, "ColumnProcess", f"{PROCESS}/column/ID")
    assert links(column, "process") == {PROCESS}
    assert (links(column, "inputs"), links(column, "outputs")) == ({f"{a}/ID", f"{a}/TOTAL"}, {f"{b}/ID"})


def test_an_answer_comes_before_the_work(rest_to):
    connection = {"name": "etl", "connector": "spark", "open_lineage": True, "qualified_name": OL}
    with LocalAtlan(seed={"connections": [connection]}, event_delay_ms=3000) as server:
        rest = rest_to(server)
        with rest.raw:
            for each in (event("START", **SIDES), event("COMPLETE", 1)):
                assert rest.raw.post(PATH, json=each).status_code == 202
            assert [one["outcome"] for one in rest.raw.get("/_local/events").json()["events"]] == [None, None]
            assert found(rest, "SparkJob", JOB) is None
            server.await_events()
            assert found(rest, "Process", PROCESS) is not None


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_order_does_not_matter_and_repeats_add_nothing(ol, order):
    events = [
        event("START", 0, inputs=SIDES["inputs"]),
        event("RUNNING", 1, outputs=SIDES["outputs"]),
        event("COMPLETE", 2, outputs=[dataset("OPS.DEFAULT.C")]),
    ]
    send(ol, *(events[index] for index in order), *events)
    process = found(ol, "Process", PROCESS)
    assert links(process, "inputs") == {f"{ol.connection}/OPS/DEFAULT/A"}
    assert links(process, "outputs") == {f"{ol.connection}/OPS/DEFAULT/{name}" for name in "BC"}
    assert found(ol, "SparkJob", JOB)["attributes"]["sparkRunOpenLineageState"] == "COMPLETE"
    assert below(ol, OL) == {("Connection", ""), ("SparkJob", "/dag"), ("Process", "/dag/process")}


@pytest.mark.parametrize("end", ["FAIL", "ABORT"])
def test_a_run_that_failed_tells_what_it_worked_on_and_that_it_failed(ol, end):
    assert send(ol, event("START", **SIDES), event(end, 1))[1] == "processed: 0 column processes"
    assert found(ol, "SparkJob", JOB)["attributes"]["sparkRunOpenLineageState"] == end
    assert found(ol, "Process", PROCESS)["attributes"]["__hasLineage"] is True


def test_a_run_that_failed_before_it_knew_its_datasets_changes_no_lineage(ol):
    send(ol, event("START", **SIDES), event("COMPLETE", 1))
    assert send(ol, event("START", 2, "r2"), event("FAIL", 3, "r2"))[1] == "processed: 0 column processes"
    assert found(ol, "SparkJob", JOB)["attributes"]["sparkRunOpenLineageState"] == "FAIL"
    assert links(found(ol, "Process", PROCESS), "outputs") == {f"{ol.connection}/OPS/DEFAULT/B"}


def test_a_later_run_replaces_the_edges_and_the_column_processes(ol):
    first = lineage({"ID": [("OPS.DEFAULT.A", "ID")], "TOTAL": [("OPS.DEFAULT.A", "TOTAL")]})
    second = lineage({"TOTAL": [("OPS.DEFAULT.C", "ID")]})
    old = event("START", 0, inputs=SIDES["inputs"], outputs=[dataset("OPS.DEFAULT.B", columnLineage=first)])
    new = {"inputs": [dataset("OPS.DEFAULT.C")], "outputs": [dataset("OPS.DEFAULT.B", columnLineage=second)]}
    send(ol, old, event("COMPLETE", 1))
    guid = found(ol, "Process", PROCESS)["guid"]
    send(ol, event("START", 2, "r2", **new), event("COMPLETE", 3, "r2"))
    process = found(ol, "Process", PROCESS)
    assert process["guid"] == guid
    assert links(process, "inputs") == {f"{ol.connection}/OPS/DEFAULT/C"}
    assert below(ol, f"{PROCESS}/column/") == {("ColumnProcess", "TOTAL")}
    # What is told late of the earlier run is not the latest word.
    send(ol, old, event("COMPLETE", 1))
    assert links(found(ol, "Process", PROCESS), "inputs") == {f"{ol.connection}/OPS/DEFAULT/C"}


def test_what_others_hung_on_the_process_stays(ol):
    send(ol, event("START", **SIDES), event("COMPLETE", 1))
    theirs = ol.column_process("dag/process/column/X", parent=None)
    theirs["attributes"] |= {
        "qualifiedName": f"{PROCESS}/column/X",
        "process": {"typeName": "Process", "uniqueAttributes": {"qualifiedName": PROCESS}},
    }
    ol.save(theirs)
    send(ol, event("START", 2, "r2", **SIDES), event("COMPLETE", 3, "r2"))
    assert below(ol, f"{PROCESS}/column/") == {("ColumnProcess", "X")}


def test_unknown_datasets_are_partial_assets_of_the_connection(ol):
    columns = lineage({"X": [("NEW.DB.SOURCE", "Y")]})
    sides = {
        "inputs": [dataset("NEW.DB.SOURCE"), dataset("in/orders.csv", "s3://lake")],
        "outputs": [dataset("NEW.DB.TARGET", columnLineage=columns)],
    }
    send(ol, event("START", **sides), event("COMPLETE", 1))
    assert below(ol, f"{OL}/") == {
        ("SparkJob", "dag"),
        ("Process", "dag/process"),
        ("ColumnProcess", "dag/process/column/X"),
        ("Table", "NEW/DB/SOURCE"),
        ("Table", "NEW/DB/TARGET"),
        ("Column", "NEW/DB/SOURCE/Y"),
        ("Column", "NEW/DB/TARGET/X"),
        ("S3Object", "in/orders.csv"),
    }
    table = found(ol, "Table", f"{OL}/NEW/DB/SOURCE")
    assert table["attributes"]["isPartial"] is True
    assert (table["attributes"]["databaseName"], table["attributes"]["schemaName"]) == ("NEW", "DB")
    assert links(found(ol, "Column", f"{OL}/NEW/DB/SOURCE/Y"), "table") == {f"{OL}/NEW/DB/SOURCE"}


def test_without_partial_assets_unknown_datasets_are_dropped(atlan):
    configure(atlan, partial=False)
    more = {"inputs": [*SIDES["inputs"], dataset("NO.SUCH.TABLE")], "outputs": SIDES["outputs"]}
    send(atlan, event("START", **more), event("COMPLETE", 1))
    assert links(found(atlan, "Process", PROCESS), "inputs") == {f"{atlan.connection}/OPS/DEFAULT/A"}
    none = {"inputs": [dataset("NO.SUCH.TABLE")], "outputs": SIDES["outputs"]}
    told = send(atlan, event("START", 2, job="other", **none), event("COMPLETE", 3, job="other"))
    assert (
        told[1]
        == "dropped: the inputs or outputs are unknown, and the connection does not allow partial assets"
    )
    assert found(atlan, "Process", f"{OL}/other/process") is None


@pytest.mark.parametrize(
    ("column", "source"),
    [("ID", ("OPS.DEFAULT.C", "ID")), ("ID", ("OPS.DEFAULT.A", "NOPE")), ("NOPE", ("OPS.DEFAULT.A", "ID"))],
)
def test_fields_that_lead_nowhere_are_dropped(ol, column, source):
    outputs = [dataset("OPS.DEFAULT.B", columnLineage=lineage({column: [source]}))]
    told = send(ol, event("START", inputs=SIDES["inputs"], outputs=outputs), event("COMPLETE", 1))
    assert told[1] == "processed: 0 column processes; dropped 1 unknown fields"


def test_one_name_in_two_outputs_makes_two_column_processes(ol):
    outputs = [
        dataset(f"OPS.DEFAULT.{name}", columnLineage=lineage({"ID": [("OPS.DEFAULT.A", "ID")]}))
        for name in "BC"
    ]
    send(ol, event("START", inputs=SIDES["inputs"], outputs=outputs), event("COMPLETE", 1))
    assert below(ol, f"{PROCESS}/column/") == {
        ("ColumnProcess", "OPS.DEFAULT.B.ID"),
        ("ColumnProcess", "OPS.DEFAULT.C.ID"),
    }


def test_names_are_found_whatever_their_case(ol):
    sides = {"inputs": [dataset("ops.default.a")], "outputs": [dataset("Ops.Default.B")]}
    send(ol, event("START", **sides), event("COMPLETE", 1))
    assert links(found(ol, "Process", PROCESS), "inputs") == {f"{ol.connection}/OPS/DEFAULT/A"}


def test_the_host_of_a_namespace_decides_between_connections(ol):
    for number, host in ((7, "other.example.com"), (8, "abc123.snowflakecomputing.com")):
        name = f"default/snowflake/{number}"
        ol.save(
            ol.connection_payload(qualifiedName=name, name=name, connectorName="snowflake", host=host),
            {"typeName": "Table", "attributes": {"name": "A", "qualifiedName": f"{name}/OPS/DEFAULT/A"}},
        )
    send(ol, event("START", **SIDES), event("COMPLETE", 1))
    assert links(found(ol, "Process", PROCESS), "inputs") == {"default/snowflake/8/OPS/DEFAULT/A"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"any": "thing"}, "dropped: not a run event; a run event has a job and a run"),
        ("a text", "dropped: not a run event; a run event has a job and a run"),
        ([], "dropped: no event in the body"),
        (
            event("START", **SIDES) | {"job": {"namespace": "else", "name": "dag"}},
            "dropped: no spark connection with the name 'else' receives events",
        ),
        (event("COMPLETE"), "stored: no lineage until the run has a START and an end event"),
        (
            [event("START"), event("COMPLETE", 1)],
            "stored: no lineage until the run has a START and an end event; ",
        ),
    ],
)
def test_what_leads_to_nothing_says_why(ol, body, why):
    assert send(ol, body)[0].startswith(why)
    assert found(ol, "Process", PROCESS) is None


def test_several_events_in_one_body(ol):
    send(ol, [event("START", **SIDES), event("COMPLETE", 1)])
    assert found(ol, "Process", PROCESS) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_comes_the_server_finds_no_mistake_in_itself(ol, data):
    columns = lineage({"ID": [("OPS.DEFAULT.A", "ID")]})
    facets = {"job_facets": {"sql": {"query": "q"}}, "run_facets": {"processing_engine": {"version": "1"}}}
    whole = copy.deepcopy(event("COMPLETE", **SIDES, **facets))
    whole["outputs"] = [dataset("OPS.DEFAULT.B", columnLineage=columns)]
    start = event("START")
    spoil(whole, data)
    told = send(ol, start, whole)
    assert not [one for one in told if "problem" in one]


def spoil(body: Json, data: st.DataObject) -> None:
    """Put something else in the place of some part of an event."""
    place: Any = body
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not place[key] or not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            return
        place = place[key]


def test_what_was_archived_comes_back_with_the_next_run(ol):
    send(ol, event("START", **SIDES), event("COMPLETE", 1))
    ol.delete(found(ol, "Process", PROCESS)["guid"], how="SOFT")
    send(ol, event("START", 2, "r2", **SIDES), event("COMPLETE", 3, "r2"))
    assert found(ol, "Process", PROCESS)["status"] == "ACTIVE"


def test_events_survive_a_server_that_stops(tmp_path, rest_to):
    connection = {"name": "etl", "connector": "spark", "open_lineage": True, "qualified_name": OL}
    settings = {"seed": {"connections": [connection]}, "db": tmp_path / "atlan.db"}
    with LocalAtlan(**settings, event_delay_ms=3_600_000) as server:
        rest = rest_to(server)
        with rest.raw:
            for each in (event("START", **SIDES), event("COMPLETE", 1)):
                rest.raw.post(PATH, json=each)
    with LocalAtlan(**settings, event_delay_ms=3_600_000) as server:
        rest = rest_to(server)
        with rest.raw:
            assert found(rest, "Process", PROCESS) is not None


def test_what_was_removed_does_not_come_back_by_itself(ol):
    send(ol, event("START", **SIDES), event("COMPLETE", 1))
    ol.delete(found(ol, "Process", PROCESS)["guid"], found(ol, "SparkJob", JOB)["guid"])
    assert send(ol, event("START", 2, "r2", **SIDES))[0].startswith("stored: no lineage until")
    assert found(ol, "Process", PROCESS) is None


def test_a_time_that_there_is_not(ol):
    odd = event("START", **SIDES) | {"eventTime": "2024-13-45T99:00:00Z"}
    assert "internal error" not in send(ol, odd)[0]


def test_events_are_forgotten_with_everything_else(ol):
    send(ol, event("START", **SIDES))
    ol.raw.post("/_local/reset")
    configure(ol)
    assert (
        send(ol, event("COMPLETE", 1))[0] == "stored: no lineage until the run has a START and an end event"
    )
