"""`sql-or-source-url`: a process tells which code runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import UNKNOWN, Declared, Edge
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Settings

Telling = Literal[
    "sql",
    "code",
    "source_url",
    "source_embed_url",
    "ast",
    "additional_etl_context",
    "adf_activity",
    "airflow_tasks",
    "bigquery_routines",
    "fabric_activities",
    "fivetran_connector",
    "flow_orchestrated_by",
    "matillion_component",
    "power_bi_dataflow",
    "spark_jobs",
    "sql_functions",
    "sql_procedures",
]
_USUAL: tuple[Telling, ...] = ("sql", "code", "source_url")
_JOB = "OpenLineageJob"
#: What takes the place of a property in a job: a facet of its, and what in that has to be given.
_FACETS = {
    "sql": ("sql", "query"),
    "code": ("sourceCode", "sourceCode"),
    "source_url": ("sourceCodeLocation", "url"),
}
_NOTHING = "nothing tells which code runs"


class SqlOrSourceUrlSettings(Settings):
    """The settings of `sql-or-source-url`."""

    any_of: Annotated[
        list[Telling],
        Field(
            min_length=1,
            description="The properties one of which has to be given, as they are called in Python.",
        ),
    ] = Field(default_factory=lambda: list(_USUAL))
    column_processes: Annotated[bool, Field(description="Whether column processes have to tell it, too.")] = (
        False
    )


class SqlOrSourceUrl(ResourceRule[SqlOrSourceUrlSettings]):
    """A process tells which code runs, or where it is to be found.

    Why: who follows an edge wants to see what makes it, and whoever reviews the edge has nothing else to hold
    it against. Of an `OpenLineageJob` the job's facets `sql`, `sourceCode` and `sourceCodeLocation` count as
    `sql`, `code` and `source_url`. The column processes of a `ColumnLineage` or a `ProcessSet` can tell their
    SQL alone.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            source_url="https://orchestrator.example.com/dags/123",
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="dag_123",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            description="Copies the orders.",
        )
        ```

    Configuration:
        ```json
        {
          "sql-or-source-url": {
            "enforcementLevel": "mandatory",
            "anyOf": ["sql", "code", "source_url", "airflow_tasks"],
            "columnProcesses": false
          }
        }
        ```
    """

    settings = SqlOrSourceUrlSettings
    description = "A process tells the code that runs, or where it is to be found."
    severity = Severity.LOW

    def check(self, resource: Declared, settings: SqlOrSourceUrlSettings) -> Iterator[str]:
        """Each edge that tells nothing of what is asked for."""
        for edge in resource.edges:
            if edge.is_column_process and not settings.column_processes:
                continue
            reason = _of_job(edge, settings) if resource.kind == _JOB else _of_edge(edge, resource, settings)
            if reason:
                yield f"{edge}: {reason}"


sql_or_source_url = SqlOrSourceUrl()


def _of_edge(edge: Edge, resource: Declared, settings: SqlOrSourceUrlSettings) -> str | None:
    """What an edge lacks; one of many columns cannot lack what it cannot be given."""
    is_part = edge.is_column_process and resource.kind != "ColumnProcess"
    wanted = [name for name in settings.any_of if name == "sql" or not is_part]
    if not wanted or any(_is_given(edge.declared.get(name)) for name in wanted):
        return None
    return f"{wanted[0]}: {_NOTHING}: give {_one_of(wanted)}"


def _of_job(edge: Edge, settings: SqlOrSourceUrlSettings) -> str | None:
    """What a job's facets lack; its column lineage cannot tell any code."""
    facets = UNKNOWN if edge.is_column_process else edge.declared.get("job_facets", {})
    wanted = [_FACETS[name] for name in settings.any_of if name in _FACETS]
    if (
        not isinstance(facets, Mapping)
        or not wanted
        or any(_tells(facets.get(key), field) for key, field in wanted)
    ):
        return None
    return f"job_facets: {_NOTHING}: give the facet {_one_of([key for key, _ in wanted])}"


def _tells(facet: Any, field: str) -> bool:
    return facet is UNKNOWN or (isinstance(facet, Mapping) and _is_given(facet.get(field)))


def _is_given(value: Any) -> bool:
    """Whether there is something; what is not known yet will be."""
    if value is UNKNOWN:
        return True
    return bool(value.strip() if isinstance(value, str) else value)


def _one_of(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
