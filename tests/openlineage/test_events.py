"""Which events are valid, and what an invalid one says."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.openlineage_events import field, run_event

from atlan_pulumi.errors import OpenLineageError
from atlan_pulumi.openlineage._event_files import FoundEvent
from atlan_pulumi.openlineage._events import Event, event_of

VALID = run_event(
    "load",
    ["DB.S.T0"],
    {"DB.S.T1": {"ID": [field("DB.S.T0", "ID", "DIRECT")]}},
    job_facets={"sql": {"query": "select 1"}},
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["namespace", "name", "type", "fields", "inputFields"]), inner)
    ),
    max_leaves=6,
)


def parse(data: Any) -> Event | None:
    return event_of(FoundEvent(Path("log.ndjson"), 7, data))


def error_of(data: Any) -> str:
    with pytest.raises(OpenLineageError) as refused:
        parse(data)
    prefix = "cannot read events from log.ndjson: line 7: "
    assert str(refused.value).startswith(prefix)
    return str(refused.value).removeprefix(prefix)


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the valid event with a value at a path; None removes it."""
    event = copy.deepcopy(VALID)
    *above, last = path.split(".")
    part: Any = event
    for name in above:
        part = part[int(name)] if name.isdigit() else part[name]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return event


def paths_of(part: Any, prefix: str = "") -> list[str]:
    """Return the paths of all values in an event, except for the names of facets' producers."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    found = []
    for name, value in items:
        if isinstance(part, dict):
            found.append(f"{prefix}{name}")
        found += paths_of(value, f"{prefix}{name}.")
    return found


def test_a_dataset_event_is_no_event_of_a_job() -> None:
    assert parse({"eventTime": "2026-05-04T02:00:00Z", "dataset": {"namespace": "a", "name": "b"}}) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([], "the event is not a JSON object"),
        ({}, "not an OpenLineage event: it has no job"),
        (changed("job.name", None), "job.name is missing"),
        (changed("job.namespace", " "), "job.namespace: must not be blank"),
        (changed("run.runId", 7), "run.runId: Input should be a valid string"),
        (changed("eventTime", 7), "eventTime: must be a string"),
        (changed("eventTime", "yesterday"), "eventTime: Input should be a valid datetime"),
        (changed("eventType", "DONE"), "eventType: Input should be 'START', 'RUNNING'"),
        (changed("inputs.0.name", None), "inputs[0].name is missing"),
        (changed("inputs", {}), "inputs: Input should be a valid list"),
        (
            changed("outputs.0.facets.columnLineage.fields.ID.inputFields.0.field", None),
            "outputs[0].facets.columnLineage.fields.ID.inputFields[0].field is missing",
        ),
    ],
)
def test_an_invalid_event_says_where_and_why(data: Any, reason: str) -> None:
    assert error_of(data).startswith(reason)


@pytest.mark.parametrize("path", ["inputs", "outputs", "eventType", "run", "job.facets", "inputs.0.facets"])
def test_what_may_be_missing(path: str) -> None:
    assert parse(changed(path, None)) is not None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-05-04T02:00:00.123456789Z", datetime(2026, 5, 4, 2, 0, 0, 123456, timezone.utc)),
        ("2026-05-04T04:00:00+02:00", datetime(2026, 5, 4, 2, tzinfo=timezone.utc)),
        ("2026-05-04T02:00:00", datetime(2026, 5, 4, 2, tzinfo=timezone.utc)),
    ],
)
def test_times_with_any_precision_and_zone(text: str, time: datetime) -> None:
    event = parse(changed("eventTime", text))
    assert event is not None
    assert event.event_time == time


def test_unknown_facets_and_properties_are_ignored() -> None:
    event = changed("job.facets", {"spark_unknown": [1], "sql": {"query": "q", "dialect": "x", "more": 1}})
    found = parse({**event, "more": {}})
    assert found is not None
    assert found.job.facets.sql is not None
    assert found.job.facets.sql.query == "q"


@settings(deadline=None)
@given(path=st.sampled_from(paths_of(VALID)), value=ANY)
def test_any_change_is_an_event_or_one_line(path: str, value: Any) -> None:
    message = "read"
    try:
        parse(changed(path, value))
    except OpenLineageError as error:
        message = str(error)
    assert message.isprintable()
