"""Event files as processes: each job with the assets that it reads and writes, and their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from atlan_pulumi.openlineage._dataset_connections import (
    left_out,
    refuse_connection,
    refuse_uncovered,
    used_keys,
)
from atlan_pulumi.openlineage._event_files import event_files, events_in
from atlan_pulumi.openlineage._events import JobFacets, event_of
from atlan_pulumi.openlineage._job_lineage import DatasetName, JobLineage
from atlan_pulumi.openlineage._job_process import JobProcess
from atlan_pulumi.openlineage._job_states import JobState, latest_states
from atlan_pulumi.openlineage._known_datasets import KnownDatasets, known_datasets
from atlan_pulumi.text import counted

__all__ = ["JobProcess", "ReadJobs", "read_jobs", "refuse_connection"]


class ReadJobs(NamedTuple):
    """The jobs in event files."""

    processes: list[JobProcess]
    left_out: list[str]
    """What does not become lineage, and why, one line each."""


def read_jobs(paths: Iterable[Path], connections: Mapping[str, object]) -> ReadJobs:
    """Return the latest state of the jobs in event files.

    Args:
        paths: The files, and folders of them.
        connections: Namespaces of datasets, or the beginning of some with a `*`; None for those to leave out.
            Only whether a value is None matters here.

    Raises:
        OpenLineageError: A file or an event is invalid, or a namespace has no connection.
    """
    found = (each for path in event_files(paths) for each in events_in(path))
    states = latest_states((event, each) for each in found if (event := event_of(each)))
    _refuse_equal_ids(states)
    datasets = known_datasets(sorted(states, key=lambda state: state.time), connections)
    jobs = _Jobs(datasets, connections)
    lineages = [(state, datasets.named(state.lineage())) for state in states if not state.failed]
    refuse_uncovered({each for _, of in lineages for each in (*of.inputs, *of.outputs)}, connections)
    for state, lineage in lineages:
        jobs.add(state, lineage)
    failed = [f"job {_id(state)!r}: no run that succeeded" for state in states if state.failed]
    return ReadJobs(jobs.processes, [*jobs.left_out, *failed])


class _Jobs:
    """The jobs that become processes, and notes about the others."""

    def __init__(self, datasets: KnownDatasets, connections: Mapping[str, object]) -> None:
        self._datasets, self._connections = datasets, connections
        self._tables = datasets.tables()
        self.processes: list[JobProcess] = []
        self.left_out: list[str] = []

    def add(self, state: JobState, lineage: JobLineage) -> None:
        """Add a job."""
        kept = self._kept(lineage)
        if not kept.is_complete:
            why = "only datasets that are left out" if lineage.is_complete else _missing(lineage)
            self.left_out.append(f"job {_id(state)!r}: {why}")
            return
        process = JobProcess(
            process_id=_id(state),
            attributes={"name": state.job.name.strip(), **_attributes(state.facets)},
            keys=used_keys((*kept.inputs, *kept.outputs), self._connections),
            lineage=kept,
            kinds=self._datasets.kinds,
            tables=self._tables,
            found=state.found,
        )
        self.processes.append(process)
        if lost := process.count_fields_without_column():
            what = f"{counted(lost, 'output field')} of or from files, objects, or topics"
            self.left_out.append(f"job {_id(state)!r}: {what}, which have no columns in Atlan")

    def _kept(self, lineage: JobLineage) -> JobLineage:
        """Return the lineage without the datasets that are left out."""
        inputs, outputs = (
            dict.fromkeys(filter(self._keeps, side)) for side in (lineage.inputs, lineage.outputs)
        )
        columns = {}
        for target, sources in lineage.columns.items():
            left = [each for each in sources if self._keeps(each.dataset)]
            if left and self._keeps(target.dataset):
                columns[target] = dict.fromkeys(left)
        return JobLineage(inputs, outputs, columns)

    def _keeps(self, dataset: DatasetName) -> bool:
        return not left_out(dataset, self._connections)


def _refuse_equal_ids(states: Iterable[JobState]) -> None:
    """Check that no two jobs have the same process id.

    Raises:
        OpenLineageError: Two jobs have the same.
    """
    first: dict[str, JobState] = {}
    for state in states:
        other = first.setdefault(_id(state), state)
        if other.job != state.job:
            names = " and ".join(f"{each.name!r} in {each.namespace!r}" for each in (other.job, state.job))
            raise state.found.error(f"the jobs {names} would be one process, {_id(state)!r}")


def _id(state: JobState) -> str:
    return f"{state.job.namespace}/{state.job.name}".strip()


def _missing(lineage: JobLineage) -> str:
    sides = {"inputs": lineage.inputs, "outputs": lineage.outputs}
    return " and ".join(f"no {name}" for name, side in sides.items() if not side)


def _attributes(facets: JobFacets) -> dict[str, str]:
    found = {
        "sql": facets.sql.query if facets.sql else "",
        "description": facets.documentation.description if facets.documentation else "",
        "source_url": facets.source_code_location.url if facets.source_code_location else "",
    }
    return {name: text for name, text in found.items() if text.strip()}
