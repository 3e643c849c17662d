"""`sql-or-source-url`: processes say which code runs, or where to find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import UNKNOWN, Declared, Edge
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import Settings

CodeProperty = Literal[
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
_DEFAULT_PROPERTIES: tuple[CodeProperty, ...] = ("sql", "code", "source_url")
_JOB = "OpenLineageJob"
#: The job facet, and its field, that corresponds to a property.
_FACETS = {
    "sql": ("sql", "query"),
    "code": ("sourceCode", "sourceCode"),
    "source_url": ("sourceCodeLocation", "url"),
}
_MISSING = "nothing says which code runs"


class SqlOrSourceUrlSettings(Settings):
    """The settings of `sql-or-source-url`."""

    any_of: Annotated[
        list[CodeProperty],
        Field(
            min_length=1,
            description="Properties of which at least one must be set, by their names in Python.",
        ),
    ] = Field(default_factory=lambda: list(_DEFAULT_PROPERTIES))
    column_processes: Annotated[bool, Field(description="Whether to check column processes too.")] = False


class SqlOrSourceUrl(ResourceRule[SqlOrSourceUrlSettings]):
    """A process says which code runs, or where to find it.

    Why: users who follow an edge want to see the code behind it, and reviewers need it to verify the edge.
    For an `OpenLineageJob`, the job facets `sql`, `sourceCode`, and `sourceCodeLocation` count as `sql`,
    `code`, and `source_url`. The column processes of a `ColumnLineage` or a `ProcessSet` have only `sql`.

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
    description = "Processes must say which code runs, or where to find it."
    severity = Severity.LOW

    def check(self, resource: Declared, settings: SqlOrSourceUrlSettings) -> Iterator[str]:
        """Yield each edge that has none of the properties."""
        for edge in resource.edges:
            if edge.is_column_process and not settings.column_processes:
                continue
            is_job = resource.kind == _JOB
            problem = _job_problem(edge, settings) if is_job else _edge_problem(edge, resource, settings)
            if problem:
                yield f"{edge}: {problem}"


sql_or_source_url = SqlOrSourceUrl()


def _edge_problem(edge: Edge, resource: Declared, settings: SqlOrSourceUrlSettings) -> str | None:
    """Return the missing properties; the column processes of a bulk resource have only `sql`."""
    is_bulk_column = edge.is_column_process and resource.kind != "ColumnProcess"
    wanted = [name for name in settings.any_of if name == "sql" or not is_bulk_column]
    if not wanted or any(_is_set(edge.declared.get(name)) for name in wanted):
        return None
    return f"{wanted[0]}: {_MISSING}: set {_one_of(wanted)}"


def _job_problem(edge: Edge, settings: SqlOrSourceUrlSettings) -> str | None:
    """Return the missing facets of a job; its column lineage has no properties for code."""
    facets = UNKNOWN if edge.is_column_process else edge.declared.get("job_facets", {})
    wanted = [_FACETS[name] for name in settings.any_of if name in _FACETS]
    if (
        not isinstance(facets, Mapping)
        or not wanted
        or any(_has_field(facets.get(key), field) for key, field in wanted)
    ):
        return None
    return f"job_facets: {_MISSING}: set the facet {_one_of([key for key, _ in wanted])}"


def _has_field(facet: Any, field: str) -> bool:
    return facet is UNKNOWN or (isinstance(facet, Mapping) and _is_set(facet.get(field)))


def _is_set(value: Any) -> bool:
    """Return whether a property has a value; an unknown value counts."""
    if value is UNKNOWN:
        return True
    return bool(value.strip() if isinstance(value, str) else value)


def _one_of(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
