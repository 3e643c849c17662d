"""Which state of a job counts, and how the events of a run complement each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openlineage.client.event_v2 import InputDataset
from openlineage.client.facet_v2 import column_lineage_dataset
from openlineage.client.serde import Serde
from support.openlineage_events import OUT, field, job_event, job_of, outputs, run_event

from atlan_pulumi.openlineage._event_files import FoundEvent
from atlan_pulumi.openlineage._events import event_of
from atlan_pulumi.openlineage._job_states import JobState, latest_states

FILE = Path("log.ndjson")


def states(*events: dict[str, Any]) -> list[JobState]:
    found = [FoundEvent(FILE, number, each) for number, each in enumerate(events, 1)]
    return latest_states([(event, each) for each in found if (event := event_of(each))])


def state(*events: dict[str, Any]) -> JobState:
    (found,) = states(*events)
    return found


def names(side: Any) -> list[str]:
    return [each.name for each in side]


def edges(found: JobState) -> set[tuple[str, str]]:
    return {
        (target.field, source.field)
        for target, sources in found.lineage().columns.items()
        for source in sources
    }


def load(day: int, source: str = "A", state: str = "COMPLETE", **more: Any) -> dict[str, Any]:
    """Return an event of a run with one input and one output."""
    columns = {"X": [field(source, source)]}
    return run_event("load", [source], {"B": columns}, time=f"2026-05-{day:02}", state=state, **more)


def test_the_latest_run_counts_in_any_order() -> None:
    for events in ([load(1), load(2, "Z")], [load(2, "Z"), load(1)]):
        assert names(state(*events).inputs) == ["Z"]


def test_of_equal_times_the_last_event_counts() -> None:
    assert names(state(load(1, run="a"), load(1, "Z", run="b")).inputs) == ["Z"]


def test_the_events_of_a_run_complement_each_other() -> None:
    start = run_event("load", ["A"], {}, state="START", time="2026-05-01", run="r")
    running = run_event(
        "load", ["C"], {"B": {"X": [field("A", "OLD")]}}, state="RUNNING", time="2026-05-02", run="r"
    )
    end = run_event("load", [], {"B": {"X": [field("A", "NEW")]}}, time="2026-05-03", run="r")
    found = state(end, start, running)
    assert (names(found.inputs), names(found.outputs)) == (["A", "C"], ["B"])
    assert edges(found) == {("X", "NEW")}, "a facet replaces the former one of the same name"
    assert (found.completed, found.found.line) == (True, 1)


def test_a_facet_that_an_event_does_not_repeat_stays() -> None:
    start = load(1, state="START", run="r", job_facets={"sql": {"query": "select 1"}})
    end = run_event(
        "load", [], {"B": {}}, time="2026-05-02", run="r", job_facets={"documentation": {"description": "d"}}
    )
    found = state(start, end)
    assert edges(found) == {("X", "A")}
    assert found.facets.sql is not None
    assert found.facets.documentation is not None


def test_a_deleted_facet_is_gone() -> None:
    gone = column_lineage_dataset.ColumnLineageDatasetFacet(fields={}, deleted=True)
    end = run_event("load", [], {"B": {}}, time="2026-05-02", run="r")
    end["outputs"][0]["facets"] = {"columnLineage": Serde.to_dict(gone)}
    assert edges(state(load(1, state="START", run="r"), end)) == set()


@pytest.mark.parametrize("failure", ["FAIL", "ABORT"])
def test_a_failed_run_does_not_count(failure: str) -> None:
    found = state(load(1), load(2, "Z", failure))
    assert (names(found.inputs), found.failed) == (["A"], False)
    assert state(load(1, state=failure)).failed


def test_a_failed_run_that_completes_has_failed() -> None:
    """As Spark reports it."""
    assert names(state(load(1), load(2, "Z", "FAIL", run="r"), load(3, "Z", run="r")).inputs) == ["A"]


def test_a_run_that_has_just_begun_does_not_hide_the_former_one() -> None:
    began = run_event("load", ["Z"], {}, state="START", time="2026-05-02")
    assert names(state(load(1), began).inputs) == ["A"]
    assert names(state(load(1), load(2, "Z", "RUNNING")).inputs) == ["Z"]
    assert names(state(load(1), run_event("load", [], {}, time="2026-05-02")).inputs) == [], "it completed"


def test_a_job_event_is_a_state_of_its_own() -> None:
    declared = job_event(
        job_of("load"), "2026-05-02T00:00:00Z", inputs=[InputDataset(OUT, "D")], outputs=outputs({"B": {}})
    )
    again = job_event(
        job_of("load"), "2026-05-03T00:00:00Z", inputs=[InputDataset(OUT, "E")], outputs=outputs({"B": {}})
    )
    assert names(state(load(1), declared, again).inputs) == ["E"]
    assert names(state(declared, load(4)).inputs) == ["A"]
    described = job_event(job_of("load"), "2026-05-05T00:00:00Z")
    assert names(state(load(4), described).inputs) == ["A"]


def test_jobs_are_separate() -> None:
    other = run_event("other", ["Q"], {"R": {}})
    assert [each.job.name for each in states(load(5), other)] == ["other", "load"]


RUNS = st.lists(
    st.tuples(
        st.integers(1, 28),
        st.sampled_from("ABC"),
        st.sampled_from(["START", "RUNNING", "COMPLETE", "OTHER", "FAIL", "ABORT"]),
        st.sampled_from("rst"),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[0],
)


@settings(deadline=None)
@given(runs=RUNS, data=st.data())
def test_the_order_of_the_events_does_not_matter(runs: list[Any], data: st.DataObject) -> None:
    events = [load(day, source, kind, run=run) for day, source, kind, run in runs]
    found = state(*events)
    shuffled = state(*data.draw(st.permutations(events)))
    assert (found.time, found.inputs, found.failed) == (shuffled.time, shuffled.inputs, shuffled.failed)
    failed = {run for _, _, kind, run in runs if kind in ("FAIL", "ABORT")}
    good = [(day, run) for day, _, _, run in runs if run not in failed]
    assert found.failed == (not good)
    if good:  # each run has lineage, so the one with the latest event counts
        of_run = {source for _, source, _, run in runs if run == max(good)[1]}
        assert set(names(found.inputs)) == of_run
