"""What Atlan makes of a job, by the connector of the connection that takes its events.

`docs/openlineage.md` has the sources, and says how sure each fact is.
"""

from __future__ import annotations

_SPARK = "SparkJob"
_JOB_TYPES = {"spark": _SPARK, "generic-openlineage": "FlowControlOperation"}
_AIRFLOW = frozenset({"airflow", "airflow-astronomer", "airflow-cloud-composer", "airflow-mwaa"})
#: Namespaces of systems that are not relational: generic OpenLineage makes no lineage of their columns.
_NOT_RELATIONAL = frozenset(
    {"s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "kafka", "hdfs", "file"}
)
GENERIC = "generic-openlineage"


def job_types(connector: str) -> tuple[str, ...]:
    """The types that the entity of a job may have: the one that Atlan makes, and the one of earlier releases.

    Example:
        >>> job_types("spark")
        ('SparkJob',)
        >>> job_types("generic-openlineage")
        ('FlowControlOperation', 'SparkJob')
    """
    return tuple(dict.fromkeys((_JOB_TYPES.get(connector, _SPARK), _SPARK)))


def objection_to_connector(connector: str) -> str | None:
    """Why a job cannot be declared in a connection of this connector; None where it can."""
    if connector in _JOB_TYPES:
        return None
    instead = "declare a Process instead, or send the events with `atlan-pulumi openlineage emit`"
    if connector in _AIRFLOW:
        made = f"Atlan makes an AirflowDag or an AirflowTask of the events of an {connector} connection"
        return f"{made}, under names that it does not document: {instead}"
    return f"what Atlan makes of the events of a {connector!r} connection is not documented: {instead}"


def is_relational(namespace: str) -> bool:
    """Return whether the scheme of a dataset's namespace is that of a relational system."""
    return namespace.partition(":")[0].lower() not in _NOT_RELATIONAL
