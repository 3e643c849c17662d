"""OpenLineage events as its own client writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from openlineage.client.event_v2 import (
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    documentation_job,
    source_code_location_job,
    sql_job,
)
from openlineage.client.serde import Serde

OUT = "snowflake://shop-main"
"""The namespace of datasets that have no other."""
_FACETS: dict[str, Any] = {
    "sql": sql_job.SQLJobFacet,
    "documentation": documentation_job.DocumentationJobFacet,
    "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet,
}
Name = str | tuple[str, str]
"""The name of a dataset, or its namespace and its name."""
Columns = Mapping[str, Iterable[column_lineage_dataset.InputField]]


def field(name: Name, of: str, *kinds: str) -> column_lineage_dataset.InputField:
    """Return an input field, used as these types of transformations say."""
    steps = [column_lineage_dataset.Transformation(type=kind) for kind in kinds]
    return column_lineage_dataset.InputField(*_named(name), of, transformations=steps)


def _named(name: Name) -> tuple[str, str]:
    return (OUT, name) if isinstance(name, str) else name


def outputs(columns: Mapping[Any, Columns]) -> list[OutputDataset]:
    """Return outputs with their `columnLineage` facets."""
    made = []
    for name, fields in columns.items():
        targets = {key: column_lineage_dataset.Fields(inputFields=list(of)) for key, of in fields.items()}
        facet = column_lineage_dataset.ColumnLineageDatasetFacet(fields=targets)
        made.append(OutputDataset(*_named(name), facets={"columnLineage": facet} if targets else {}))
    return made


def job_of(name: str, namespace: str = "airflow", facets: Mapping[str, Any] | None = None) -> Job:
    """Return a job with facets from plain data, or as they are."""
    made = {key: _FACETS[key](**of) if isinstance(of, dict) else of for key, of in (facets or {}).items()}
    return Job(namespace=namespace, name=name, facets=made)


def run_event(
    job: str,
    inputs: Iterable[Name],
    columns: Mapping[Any, Columns],
    *,
    job_facets: Mapping[str, Any] | None = None,
    time: str = "2026-05-04",
    state: str = "COMPLETE",
    run: str | None = None,
) -> dict[str, Any]:
    """Return a run event as plain data.

    Args:
        job: The name of the job.
        inputs: The inputs.
        columns: Output -> output field -> input fields.
        job_facets: Facets of the job.
        time: The time of the event, which may be a day.
        state: The state of the run.
        run: What the runId is made of. Default: the time.
    """
    event = RunEvent(
        eventType=RunState(state),
        eventTime=time if "T" in time else f"{time}T02:00:00Z",
        run=Run(runId=str(uuid5(NAMESPACE_URL, run or time))),
        job=job_of(job, facets=job_facets),
        producer="https://etl.example.com",
        inputs=[InputDataset(*_named(each)) for each in inputs],
        outputs=outputs(columns),
    )
    return Serde.to_dict(event)


def job_event(job: Job, time: str = "2026-05-04T02:00:00Z", **sides: Any) -> dict[str, Any]:
    """Return a job event as plain data."""
    return Serde.to_dict(JobEvent(eventTime=time, job=job, producer="https://etl.example.com", **sides))
