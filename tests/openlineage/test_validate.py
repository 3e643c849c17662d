"""Find events that Atlan would refuse or silently drop."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage.run_events import JobRun
from atlan_pulumi.openlineage.validate import dropped, malformed, namespaces, read_events, runs_of

RECORDED = Path(__file__).with_name("recorded")
SF = "snowflake://abc"


def ds(name: str, *fields: str) -> dict[str, Any]:
    schema = {"facets": {"schema": {"fields": [{"name": field} for field in fields]}}} if fields else {}
    return {"namespace": SF, "name": name, **schema}


def events(**more: Any) -> list[dict[str, Any]]:
    data: dict[str, Any] = {
        "inputs": [ds("A.B.C")],
        "outputs": [ds("A.B.D")],
        "columns": {"A.B.D.X": ["A.B.C.Y"]},
    }
    return JobRun("ol", "dag", "https://example.com", **{**data, **more}).events()


@pytest.mark.parametrize("name", ["setup", "mart", "pg-mart", "fail-simple"])
def test_events_of_spark_pass(name: str) -> None:
    recorded = read_events(RECORDED / f"{name}.ndjson")
    assert (malformed(recorded), dropped(recorded)) == ([], [])
    assert namespaces(recorded) == ["ol-spark"]


def changed(path: str, value: Any) -> list[dict[str, Any]]:
    """Return valid events with one value of the first replaced, or removed for None."""
    changed_events = copy.deepcopy(events())
    place: Any = changed_events[0]
    *above, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in above:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed_events


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("run", None, "is not a run event: it has no run"),
        ("job", "dag", "is not a run event: it has no job"),
        ("job.name", "", "job.name is missing"),
        ("job.namespace", None, "job.namespace is missing"),
        ("run.runId", "1", "badly formed"),
        ("run.runId", None, "runId is missing"),
        ("eventType", "BEGIN", "'BEGIN' is not a valid EventType"),
        ("eventType", None, "eventType is missing"),
        ("eventTime", "2024-07-01", "has to contain time"),
        ("eventTime", "yesterday", "is not a run event"),
        ("producer", None, "producer is missing"),
        ("inputs.0", "A.B.C", "inputs[0]: expected a dataset with a namespace and a name"),
        ("outputs.0.name", "", "outputs[0]: expected a dataset with a namespace and a name"),
        ("job.facets", {"sql": {}}, "facets['sql']: required field missing at query"),
        ("job.facets", {"sql": "q"}, "facets['sql']: is not an object"),
        ("outputs.0.facets.columnLineage.fields", 3, "outputs[0]: facets['columnLineage']"),
        (
            "outputs.0.outputFacets",
            {"outputStatistics": 3},
            "outputFacets['outputStatistics']: is not an object",
        ),
    ],
)
def test_malformed_events_are_refused(path: str, value: Any, reason: str) -> None:
    reasons = malformed(changed(path, value))
    assert len(reasons) == 1, reasons
    assert reasons[0].startswith("event 1: ")
    assert reason in reasons[0]


@pytest.mark.parametrize("odd", [None, 3, "text", []])
def test_an_event_must_be_an_object(odd: Any) -> None:
    assert malformed([*events(), odd]) == ["event 3: is not a JSON object"]


def test_a_run_needs_a_start_and_a_terminal_event() -> None:
    start, end = events()
    assert dropped([start]) == [
        "job 'dag': a run has no COMPLETE, FAIL, or ABORT event, so Atlan creates no lineage"
    ]
    assert dropped([end]) == ["job 'dag': a run has no START event, so Atlan creates no lineage"]
    for state in ("FAIL", "ABORT"):
        assert dropped(events(terminal_state=state)) == []


def test_column_lineage_without_its_fields_is_dropped() -> None:
    changed_events = events()
    changed_events[0]["outputs"][0]["facets"]["columnLineage"]["fields"]["X"]["inputFields"][0]["name"] = (
        "A.B.Z"
    )
    assert dropped(changed_events) == [
        "job 'dag', output 'A.B.D', column X: 'A.B.Z' is not among the inputs of the run"
    ]
    assert dropped(events(inputs=[ds("A.B.C", "ID")])) == [
        "job 'dag', output 'A.B.D', column X: the schema facet of 'A.B.C' has no field 'Y'"
    ]
    assert dropped(events(outputs=[ds("A.B.D", "ID")])) == [
        "job 'dag', output 'A.B.D', column X: the schema facet of that output has no such field"
    ]
    assert dropped(events(inputs=[ds("A.B.C", "y")], outputs=[ds("A.B.D", "x")])) == []


def test_an_input_may_be_in_another_event_of_the_run() -> None:
    start, end = events()
    end["inputs"], start["inputs"] = start["inputs"], []
    assert dropped([start, end]) == []


def test_a_column_without_input_fields_is_dropped() -> None:
    changed_events = events()
    changed_events[0]["outputs"][0]["facets"]["columnLineage"]["fields"]["X"]["inputFields"] = []
    assert dropped(changed_events) == ["job 'dag', output 'A.B.D', column X: it has no input fields"]


def test_the_same_run_id_in_two_jobs_is_two_runs() -> None:
    (start, _), (_, end) = events(), events()
    end["run"], end["job"] = start["run"], {**end["job"], "name": "other"}
    assert len(dropped([start, end])) == 2


def test_count_runs() -> None:
    several = [*events(), *events()]
    assert (runs_of(several), namespaces(several)) == (2, ["ol"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_random_events_never_raise(data: st.DataObject) -> None:
    changed_events = copy.deepcopy(events())
    place: Any = changed_events[0]
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], (dict, list)) or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    reasons = malformed(changed_events)
    assert all("\n" not in reason for reason in reasons)
    if not reasons:
        dropped(changed_events)


# -- files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [json.dumps(events()[0]), json.dumps(events()), "\n".join(map(json.dumps, events())) + "\n\n"],
    ids=["one", "a list", "lines"],
)
def test_forms_of_event_files(tmp_path: Path, text: str) -> None:
    file = tmp_path / "events.json"
    file.write_text(text)
    assert read_events(file)[0]["eventType"] == "START"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no events"),
        (b"{}\nno", "line 2: invalid JSON"),
        (b"\xff\xfe", "not UTF-8 text"),
        (None, "No such file or directory"),
    ],
)
def test_an_unreadable_file_is_refused(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "events.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OpenLineageError) as refused:
        read_events(file)
    assert str(file) in str(refused.value)
    assert reason in str(refused.value)
