"""Entities that the events of a job create, and events that are dropped."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local.openlineage.events import (
    SIDES,
    SNOWFLAKE,
    Json,
    configure,
    dataset,
    entities_below,
    events_path,
    find_entity,
    linked_names,
    send_events,
)

from atlan_pulumi.local import LocalAtlan

PATH = events_path()
OL = "default/spark/1"
JOB = f"{OL}/dag"
PROCESS = f"{JOB}/process"


def column_lineage(fields: dict[str, list[tuple[str, str]]]) -> Json:
    """Return a columnLineage facet from output fields to (dataset, field) pairs."""
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


@pytest.fixture
def ol(atlan):
    """The REST helpers, with a Spark connection that receives events and allows partial assets."""
    configure(atlan)
    return atlan


def test_a_run_creates_a_job_a_process_and_column_processes(ol):
    columns = column_lineage({"ID": [("OPS.DEFAULT.A", "ID"), ("OPS.DEFAULT.A", "TOTAL")]})
    start = event(
        "START",
        inputs=[dataset("OPS.DEFAULT.A")],
        outputs=[dataset("OPS.DEFAULT.B", columnLineage=columns)],
        job_facets={"sql": {"query": "insert"}},
        run_facets={"processing_engine": {"version": "3.5", "openlineageAdapterVersion": "1.4"}},
    )
    assert send_events(ol, start, event("COMPLETE", 5)) == [
        "stored: no lineage until the run has a START and an end event",
        "processed: 1 column processes",
    ]
    job = find_entity(ol, "SparkJob", JOB)
    assert (job["attributes"]["name"], job["attributes"]["sparkRunOpenLineageState"]) == ("dag", "COMPLETE")
    assert job["attributes"]["sparkRunVersion"] == "3.5"
    assert job["attributes"]["sparkRunOpenLineageVersion"] == "1.4"
    assert job["attributes"]["sparkRunStartTime"] == 1719820800500
    assert job["attributes"]["sparkRunEndTime"] == 1719821100500
    assert linked_names(job, "process") == {PROCESS}
    process = find_entity(ol, "Process", PROCESS)
    assert process["attributes"]["sql"] == "insert"
    assert process["attributes"]["connectionQualifiedName"] == OL
    a, b = (f"{ol.connection}/OPS/DEFAULT/{name}" for name in "AB")
    for entity in (job, process):
        assert (linked_names(entity, "inputs"), linked_names(entity, "outputs")) == ({a}, {b})
    column = find_entity(ol, "ColumnProcess", f"{PROCESS}/column/ID")
    assert linked_names(column, "process") == {PROCESS}
    assert (linked_names(column, "inputs"), linked_names(column, "outputs")) == (
        {f"{a}/ID", f"{a}/TOTAL"},
        {f"{b}/ID"},
    )


def test_events_are_processed_after_the_response(rest_to):
    connection = {"name": "etl", "connector": "spark", "open_lineage": True, "qualified_name": OL}
    with LocalAtlan(seed={"connections": [connection]}, event_delay_ms=3000) as server:
        rest = rest_to(server)
        with rest.raw:
            for each in (event("START", **SIDES), event("COMPLETE", 1)):
                assert rest.raw.post(PATH, json=each).status_code == 202
            assert [one["outcome"] for one in rest.raw.get("/_local/events").json()["events"]] == [None, None]
            assert find_entity(rest, "SparkJob", JOB) is None
            server.await_events()
            assert find_entity(rest, "Process", PROCESS) is not None


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_order_and_duplicates_of_events_do_not_matter(ol, order):
    events = [
        event("START", 0, inputs=SIDES["inputs"]),
        event("RUNNING", 1, outputs=SIDES["outputs"]),
        event("COMPLETE", 2, outputs=[dataset("OPS.DEFAULT.C")]),
    ]
    send_events(ol, *(events[index] for index in order), *events)
    process = find_entity(ol, "Process", PROCESS)
    assert linked_names(process, "inputs") == {f"{ol.connection}/OPS/DEFAULT/A"}
    assert linked_names(process, "outputs") == {f"{ol.connection}/OPS/DEFAULT/{name}" for name in "BC"}
    assert find_entity(ol, "SparkJob", JOB)["attributes"]["sparkRunOpenLineageState"] == "COMPLETE"
    assert entities_below(ol, OL) == {("Connection", ""), ("SparkJob", "/dag"), ("Process", "/dag/process")}


@pytest.mark.parametrize("end", ["FAIL", "ABORT"])
def test_a_failed_run_sets_lineage_and_state(ol, end):
    assert send_events(ol, event("START", **SIDES), event(end, 1))[1] == "processed: 0 column processes"
    assert find_entity(ol, "SparkJob", JOB)["attributes"]["sparkRunOpenLineageState"] == end
    assert find_entity(ol, "Process", PROCESS)["attributes"]["__hasLineage"] is True


def test_a_failed_run_without_datasets_keeps_the_lineage(ol):
    send_events(ol, event("START", **SIDES), event("COMPLETE", 1))
    outcomes = send_events(ol, event("START", 2, "r2"), event("FAIL", 3, "r2"))
    assert outcomes == ["stored: the lineage is that of another run"] * 2
    assert find_entity(ol, "SparkJob", JOB)["attributes"]["sparkRunOpenLineageState"] == "FAIL"
    assert linked_names(find_entity(ol, "Process", PROCESS), "outputs") == {f"{ol.connection}/OPS/DEFAULT/B"}


def test_the_start_of_a_run_leaves_the_lineage_alone(ol):
    """Others may have changed it since the last run."""
    send_events(ol, event("START", **SIDES), event("COMPLETE", 1))
    process = ol.by_name(PROCESS, "Process")
    renamed = {"name": "theirs", "qualifiedName": PROCESS}
    ol.save({"typeName": "Process", "guid": process["guid"], "attributes": renamed})
    send_events(ol, event("START", 2, "r2"))
    assert ol.by_name(PROCESS, "Process")["attributes"]["name"] == "theirs"


def test_a_later_run_replaces_edges_and_column_processes(ol):
    first = column_lineage({"ID": [("OPS.DEFAULT.A", "ID")], "TOTAL": [("OPS.DEFAULT.A", "TOTAL")]})
    second = column_lineage({"TOTAL": [("OPS.DEFAULT.C", "ID")]})
    old = event("START", 0, inputs=SIDES["inputs"], outputs=[dataset("OPS.DEFAULT.B", columnLineage=first)])
    new = {"inputs": [dataset("OPS.DEFAULT.C")], "outputs": [dataset("OPS.DEFAULT.B", columnLineage=second)]}
    send_events(ol, old, event("COMPLETE", 1))
    guid = find_entity(ol, "Process", PROCESS)["guid"]
    send_events(ol, event("START", 2, "r2", **new), event("COMPLETE", 3, "r2"))
    process = find_entity(ol, "Process", PROCESS)
    assert process["guid"] == guid
    assert linked_names(process, "inputs") == {f"{ol.connection}/OPS/DEFAULT/C"}
    assert entities_below(ol, f"{PROCESS}/column/") == {("ColumnProcess", "TOTAL")}
    # Late events of the earlier run change nothing.
    send_events(ol, old, event("COMPLETE", 1))
    assert linked_names(find_entity(ol, "Process", PROCESS), "inputs") == {f"{ol.connection}/OPS/DEFAULT/C"}


def test_column_processes_of_other_writers_are_kept(ol):
    send_events(ol, event("START", **SIDES), event("COMPLETE", 1))
    foreign = ol.column_process("dag/process/column/X", parent=None)
    foreign["attributes"] |= {
        "qualifiedName": f"{PROCESS}/column/X",
        "process": {"typeName": "Process", "uniqueAttributes": {"qualifiedName": PROCESS}},
    }
    ol.save(foreign)
    send_events(ol, event("START", 2, "r2", **SIDES), event("COMPLETE", 3, "r2"))
    assert entities_below(ol, f"{PROCESS}/column/") == {("ColumnProcess", "X")}


def test_unknown_datasets_become_partial_assets(ol):
    columns = column_lineage({"X": [("NEW.DB.SOURCE", "Y")]})
    sides = {
        "inputs": [dataset("NEW.DB.SOURCE"), dataset("in/orders.csv", "s3://lake")],
        "outputs": [dataset("NEW.DB.TARGET", columnLineage=columns)],
    }
    send_events(ol, event("START", **sides), event("COMPLETE", 1))
    assert entities_below(ol, f"{OL}/") == {
        ("SparkJob", "dag"),
        ("Process", "dag/process"),
        ("ColumnProcess", "dag/process/column/X"),
        ("Table", "NEW/DB/SOURCE"),
        ("Table", "NEW/DB/TARGET"),
        ("Column", "NEW/DB/SOURCE/Y"),
        ("Column", "NEW/DB/TARGET/X"),
        ("S3Object", "in/orders.csv"),
    }
    table = find_entity(ol, "Table", f"{OL}/NEW/DB/SOURCE")
    assert table["attributes"]["isPartial"] is True
    assert (table["attributes"]["databaseName"], table["attributes"]["schemaName"]) == ("NEW", "DB")
    assert linked_names(find_entity(ol, "Column", f"{OL}/NEW/DB/SOURCE/Y"), "table") == {
        f"{OL}/NEW/DB/SOURCE"
    }


def test_without_partial_assets_unknown_datasets_are_dropped(atlan):
    configure(atlan, partial=False)
    more = {"inputs": [*SIDES["inputs"], dataset("NO.SUCH.TABLE")], "outputs": SIDES["outputs"]}
    send_events(atlan, event("START", **more), event("COMPLETE", 1))
    assert linked_names(find_entity(atlan, "Process", PROCESS), "inputs") == {
        f"{atlan.connection}/OPS/DEFAULT/A"
    }
    none = {"inputs": [dataset("NO.SUCH.TABLE")], "outputs": SIDES["outputs"]}
    outcomes = send_events(atlan, event("START", 2, job="other", **none), event("COMPLETE", 3, job="other"))
    assert (
        outcomes[1]
        == "dropped: the inputs or outputs are unknown, and the connection does not allow partial assets"
    )
    assert find_entity(atlan, "Process", f"{OL}/other/process") is None


@pytest.mark.parametrize(
    ("column", "source"),
    [("ID", ("OPS.DEFAULT.C", "ID")), ("ID", ("OPS.DEFAULT.A", "NOPE")), ("NOPE", ("OPS.DEFAULT.A", "ID"))],
)
def test_unknown_fields_are_dropped(ol, column, source):
    outputs = [dataset("OPS.DEFAULT.B", columnLineage=column_lineage({column: [source]}))]
    outcomes = send_events(ol, event("START", inputs=SIDES["inputs"], outputs=outputs), event("COMPLETE", 1))
    assert outcomes[1] == "processed: 0 column processes; dropped 1 unknown fields"


def test_equal_column_names_in_two_outputs_create_two_column_processes(ol):
    outputs = [
        dataset(f"OPS.DEFAULT.{name}", columnLineage=column_lineage({"ID": [("OPS.DEFAULT.A", "ID")]}))
        for name in "BC"
    ]
    send_events(ol, event("START", inputs=SIDES["inputs"], outputs=outputs), event("COMPLETE", 1))
    assert entities_below(ol, f"{PROCESS}/column/") == {
        ("ColumnProcess", "OPS.DEFAULT.B.ID"),
        ("ColumnProcess", "OPS.DEFAULT.C.ID"),
    }


def test_dataset_names_ignore_case(ol):
    sides = {"inputs": [dataset("ops.default.a")], "outputs": [dataset("Ops.Default.B")]}
    send_events(ol, event("START", **sides), event("COMPLETE", 1))
    assert linked_names(find_entity(ol, "Process", PROCESS), "inputs") == {f"{ol.connection}/OPS/DEFAULT/A"}


def test_the_host_of_a_namespace_selects_the_connection(ol):
    for number, host in ((7, "other.example.com"), (8, "abc123.snowflakecomputing.com")):
        name = f"default/snowflake/{number}"
        ol.save(
            ol.connection_payload(qualifiedName=name, name=name, connectorName="snowflake", host=host),
            {"typeName": "Table", "attributes": {"name": "A", "qualifiedName": f"{name}/OPS/DEFAULT/A"}},
        )
    send_events(ol, event("START", **SIDES), event("COMPLETE", 1))
    assert linked_names(find_entity(ol, "Process", PROCESS), "inputs") == {
        "default/snowflake/8/OPS/DEFAULT/A"
    }


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
def test_outcomes_say_why_there_is_no_lineage(ol, body, why):
    assert send_events(ol, body)[0].startswith(why)
    assert find_entity(ol, "Process", PROCESS) is None


def test_a_body_can_contain_several_events(ol):
    send_events(ol, [event("START", **SIDES), event("COMPLETE", 1)])
    assert find_entity(ol, "Process", PROCESS) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@settings(
    max_examples=settings().max_examples * 3 // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_corrupted_events_cause_no_internal_error(ol, data):
    columns = column_lineage({"ID": [("OPS.DEFAULT.A", "ID")]})
    facets = {"job_facets": {"sql": {"query": "q"}}, "run_facets": {"processing_engine": {"version": "1"}}}
    body = copy.deepcopy(event("COMPLETE", **SIDES, **facets))
    body["outputs"] = [dataset("OPS.DEFAULT.B", columnLineage=columns)]
    start = event("START")
    corrupt(body, data)
    outcomes = send_events(ol, start, body)
    assert not [one for one in outcomes if "internal server error" in one]


def corrupt(body: Json, data: st.DataObject) -> None:
    """Replace a part of an event with any JSON."""
    place: Any = body
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not place[key] or not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            return
        place = place[key]


def test_the_next_run_restores_an_archived_process(ol):
    send_events(ol, event("START", **SIDES), event("COMPLETE", 1))
    ol.delete(find_entity(ol, "Process", PROCESS)["guid"], how="SOFT")
    send_events(ol, event("START", 2, "r2", **SIDES), event("COMPLETE", 3, "r2"))
    assert find_entity(ol, "Process", PROCESS)["status"] == "ACTIVE"


def test_unprocessed_events_survive_a_restart(tmp_path, rest_to):
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
            assert find_entity(rest, "Process", PROCESS) is not None


def test_earlier_runs_do_not_restore_deleted_lineage(ol):
    send_events(ol, event("START", **SIDES), event("COMPLETE", 1))
    ol.delete(find_entity(ol, "Process", PROCESS)["guid"], find_entity(ol, "SparkJob", JOB)["guid"])
    assert send_events(ol, event("START", 2, "r2", **SIDES))[0].startswith("stored: no lineage until")
    assert find_entity(ol, "Process", PROCESS) is None


def test_an_invalid_event_time_is_accepted(ol):
    odd = event("START", **SIDES) | {"eventTime": "2024-13-45T99:00:00Z"}
    assert "internal server error" not in send_events(ol, odd)[0]


def test_a_reset_deletes_events(ol):
    send_events(ol, event("START", **SIDES))
    ol.raw.post("/_local/reset")
    configure(ol)
    assert (
        send_events(ol, event("COMPLETE", 1))[0]
        == "stored: no lineage until the run has a START and an end event"
    )
