"""The entity that Atlan creates for a job, by the connector in the path of its events.

Sources: the pages "What does Atlan crawl from …" for Apache Spark, Apache Airflow, Astronomer, and Generic
OpenLineage, and the event conventions of the latter. `docs/openlineage.md` says how certain each fact is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.openlineage._run import MergedRun

_AIRFLOW = ("airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa")


@dataclass(frozen=True)
class JobKind:
    """How Atlan represents a job.

    Attributes:
        type_name: The type of the entity.
        path: The path of the entity below the connection.
        name: The display name.
        link: The attribute of a Process that refers to the job. None if the job has no lineage.
        links_many: Whether this attribute holds a set.
        has_inputs_and_outputs: Whether the entity has inputs and outputs, as its Process does.
        run_attributes: Returns attributes from the latest run.
        parent: The type and the path of the parent, and the attribute that refers to it.
    """

    type_name: str
    path: str
    name: str
    link: str | None
    links_many: bool
    has_inputs_and_outputs: bool
    run_attributes: Callable[[MergedRun], dict[str, Any]]
    parent: tuple[str, str, str] | None = None


def job_kind(connector: str, job: str, parent: str | None) -> JobKind | None:
    """Return how Atlan represents a job, or None if no public source says it for this connector.

    Args:
        connector: The connector in the path of the event, such as `spark`.
        job: The name of the job.
        parent: The name of the parent job, from the run facet `parent`.
    """
    if connector == "spark":
        return JobKind("SparkJob", job, job, "sparkJobs", True, True, _spark_attributes)
    if connector == "generic-openlineage":
        parent_link = ("FlowControlOperation", parent, "flowControlledBy") if parent else None
        name = _name_below_parent(job, parent)
        return JobKind(
            "FlowControlOperation",
            job,
            name,
            "flowOrchestratedBy",
            False,
            False,
            _flow_attributes,
            parent_link,
        )
    if connector not in _AIRFLOW:
        return None
    if parent is None:
        return JobKind("AirflowDag", job, job, None, False, False, _airflow_attributes)
    name = _name_below_parent(job, parent)
    dag = ("AirflowDag", parent, "airflowDag")
    return JobKind("AirflowTask", f"{parent}/{name}", name, "airflowTasks", True, True, _task_attributes, dag)


def _name_below_parent(job: str, parent: str | None) -> str:
    """Return the name of a job without the name of its parent, its prefix by convention."""
    return job.removeprefix(f"{parent}.") or job


def _spark_attributes(run: MergedRun) -> dict[str, Any]:
    engine = run.run_facets.get("processing_engine", {})
    application = run.run_facets.get("spark_applicationDetails", {})
    return {
        "sparkAppName": application.get("appName"),
        "sparkMaster": application.get("master"),
        "sparkRunVersion": engine.get("version"),
        "sparkRunOpenLineageVersion": engine.get("openlineageAdapterVersion"),
        "sparkRunStartTime": run.started,
        "sparkRunEndTime": run.ended,
        "sparkRunOpenLineageState": run.state,
    }


def _flow_attributes(run: MergedRun) -> dict[str, Any]:
    job_type = run.job_facets.get("jobType", {})
    return {
        "assetUserDefinedType": job_type.get("jobType"),
        "flowRunId": run.id,
        "flowStartedAt": run.started,
        "flowFinishedAt": run.ended,
        "flowStatus": run.state,
        "flowErrorMessage": run.run_facets.get("errorMessage", {}).get("message"),
    }


def _airflow_attributes(run: MergedRun) -> dict[str, Any]:
    engine = run.run_facets.get("processing_engine", {})
    return {
        "airflowRunName": run.id,
        "airflowRunVersion": engine.get("version"),
        "airflowRunOpenLineageVersion": engine.get("openlineageAdapterVersion"),
        "airflowRunStartTime": run.started,
        "airflowRunEndTime": run.ended,
        "airflowRunOpenLineageState": run.state,
    }


def _task_attributes(run: MergedRun) -> dict[str, Any]:
    return {**_airflow_attributes(run), "airflowTaskSql": run.job_facets.get("sql", {}).get("query")}
