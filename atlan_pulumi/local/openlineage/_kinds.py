"""What a job becomes in Atlan, by the connector of the path that received its events.

Sources: Atlan's pages "What does Atlan crawl from …" of Apache Spark, Apache Airflow, Astronomer and Generic
OpenLineage, and its event conventions of the latter. `docs/openlineage.md` says how sure each fact is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.openlineage._run import Run

_AIRFLOW = ("airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa")


@dataclass(frozen=True)
class Kind:
    """What a job is.

    Attributes:
        type_name: The type of its entity.
        path: Where that lies below the connection.
        name: The name that Atlan shows.
        link: The attribute of a Process that refers to the job; None where the job has no lineage.
        links_many: Whether that attribute holds a set.
        has_sides: Whether the job's entity has the inputs and outputs too.
        facts: The attributes that its latest run gives it.
        parent: The type and path of the entity above it, and the attribute that refers to that.
    """

    type_name: str
    path: str
    name: str
    link: str | None
    links_many: bool
    has_sides: bool
    facts: Callable[[Run], dict[str, Any]]
    parent: tuple[str, str, str] | None = None


def kind_of(connector: str, job: str, parent: str | None) -> Kind | None:
    """What a job is; None where nobody knows what Atlan makes of the connector's events.

    Args:
        connector: The connector, such as `spark`.
        job: The job's name.
        parent: The name of the job in the run's facet `parent`.
    """
    if connector == "spark":
        return Kind("SparkJob", job, job, "sparkJobs", True, True, _of_spark)
    if connector == "generic-openlineage":
        above = ("FlowControlOperation", parent, "flowControlledBy") if parent else None
        name = _below(job, parent)
        return Kind("FlowControlOperation", job, name, "flowOrchestratedBy", False, False, _of_flow, above)
    if connector not in _AIRFLOW:
        return None
    if parent is None:
        return Kind("AirflowDag", job, job, None, False, False, _of_airflow)
    name = _below(job, parent)
    dag = ("AirflowDag", parent, "airflowDag")
    return Kind("AirflowTask", f"{parent}/{name}", name, "airflowTasks", True, True, _of_task, dag)


def _below(job: str, parent: str | None) -> str:
    """The name of a job without that of its parent, which leads it by convention."""
    return job.removeprefix(f"{parent}.") or job


def _of_spark(run: Run) -> dict[str, Any]:
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


def _of_flow(run: Run) -> dict[str, Any]:
    job_type = run.job_facets.get("jobType", {})
    return {
        "assetUserDefinedType": job_type.get("jobType"),
        "flowRunId": run.id,
        "flowStartedAt": run.started,
        "flowFinishedAt": run.ended,
        "flowStatus": run.state,
        "flowErrorMessage": run.run_facets.get("errorMessage", {}).get("message"),
    }


def _of_airflow(run: Run) -> dict[str, Any]:
    engine = run.run_facets.get("processing_engine", {})
    return {
        "airflowRunName": run.id,
        "airflowRunVersion": engine.get("version"),
        "airflowRunOpenLineageVersion": engine.get("openlineageAdapterVersion"),
        "airflowRunStartTime": run.started,
        "airflowRunEndTime": run.ended,
        "airflowRunOpenLineageState": run.state,
    }


def _of_task(run: Run) -> dict[str, Any]:
    return {**_of_airflow(run), "airflowTaskSql": run.job_facets.get("sql", {}).get("query")}
