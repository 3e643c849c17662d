"""The latest state of each job in a series of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from atlan_pulumi.openlineage._event_files import FoundEvent
from atlan_pulumi.openlineage._events import Dataset, DatasetFacets, Event, JobFacets
from atlan_pulumi.openlineage._job_lineage import DatasetName, JobLineage, lineage_of_job

_FAILURES = frozenset({"FAIL", "ABORT"})


@dataclass
class JobState:
    """What one run, or one job event, says about a job. The events of a run complement each other.

    Attributes:
        job: The job: its namespace and its name.
        found: The last event.
        time: The time of the last event.
        completed: Whether the run completed.
        failed: Whether the run failed, or was aborted. Spark completes failed runs afterwards.
        facets: The facets of the job.
        inputs: The datasets that it reads, with their facets.
        outputs: The datasets that it writes, with their facets.
    """

    job: DatasetName
    found: FoundEvent
    time: datetime
    completed: bool = False
    failed: bool = False
    facets: JobFacets = field(default_factory=JobFacets)
    inputs: dict[DatasetName, DatasetFacets] = field(default_factory=dict)
    outputs: dict[DatasetName, DatasetFacets] = field(default_factory=dict)

    def add(self, event: Event, found: FoundEvent) -> None:
        """Add a later event."""
        self.found, self.time = found, event.event_time
        self.completed |= event.event_type == "COMPLETE"
        self.failed |= event.event_type in _FAILURES
        self.facets = self.facets.updated(event.job.facets)
        _add(self.inputs, event.inputs)
        _add(self.outputs, event.outputs)

    def lineage(self) -> JobLineage:
        """Return the lineage of the job in this state."""
        return lineage_of_job(self.job, self.facets.lineage, self.inputs, self.outputs)


def _add(known: dict[DatasetName, DatasetFacets], datasets: Iterable[Dataset]) -> None:
    for each in datasets:
        name = DatasetName(each.namespace, each.name)
        known[name] = known[name].updated(each.facets) if name in known else each.facets


def latest_states(events: Iterable[tuple[Event, FoundEvent]]) -> list[JobState]:
    """Return the latest state of each job, in the order of their first events.

    A failed run says nothing about lineage: it is the state of a job only if no other run is known. The same
    holds for a run that has not ended, and a job event, as long as they have no lineage.
    """
    states: dict[DatasetName, dict[tuple[str, int], JobState]] = {}
    for event, found in sorted(events, key=lambda each: each[0].event_time):
        job = DatasetName(event.job.namespace, event.job.name)
        of_job = states.setdefault(job, {})
        key = (event.run.run_id, 0) if event.run else ("", len(of_job))
        state = of_job.setdefault(key, JobState(job, found, event.event_time))
        state.add(event, found)
    # Of states with the same time, the last one that was read.
    return [max(reversed(of_job.values()), key=_rank) for of_job in states.values()]


def _rank(state: JobState) -> tuple[bool, bool, datetime]:
    says_something = state.completed or state.lineage().is_complete
    return not state.failed, says_something, state.time
