"""`column-coverage`: the columns of the tables that processes write have column lineage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Asset, Declared, Edge
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Glob, Settings, matches
from atlan_pulumi.policies._sql_lineage import derive, script_of, sql_of
from atlan_pulumi.policies._stack import Stack, Violation, parent_names
from atlan_pulumi.policies._table_columns import columns_in_atlan, fields_in_schemas

_MAX_COLUMNS = 5


class ColumnCoverageSettings(Settings):
    """The settings of `column-coverage`."""

    threshold: Annotated[
        float,
        Field(ge=0, le=1, description="Minimum share of a table's columns that must have lineage."),
    ] = 0.8
    tables: Annotated[list[Glob], Field(min_length=1, description="Globs of the tables to check.")] = Field(
        default_factory=lambda: ["*"]
    )
    columns: Annotated[
        dict[str, list[str]],
        Field(description="Column names of tables, by the qualifiedNames of the tables."),
    ] = Field(default_factory=dict)
    ignore_columns: Annotated[
        list[Glob],
        Field(
            description="Globs of the names of columns that need no lineage, since no column is their source."
        ),
    ] = Field(default_factory=lambda: ["_*", "dbt_*"])
    ask_atlan: Annotated[bool, Field(description="Whether to ask Atlan for the columns of other tables.")] = (
        True
    )


class ColumnCoverage(StackRule[ColumnCoverageSettings]):
    """Most columns of each table that a process writes have column lineage.

    Why: column lineage answers questions such as "which reports use this column?". With half of the columns
    mapped, the answer is wrong, but looks complete. By default, columns whose names begin with an underscore
    do not count: loaders such as Fivetran, Airbyte, and dlt use such names for columns without a source, such
    as the time of the load. The columns of a table come from the setting `columns`,
    from the `schema` facet of a job's dataset, or from Atlan, in this order. To those in Atlan, the rule adds
    the columns that the `sql` of a process writes, which Atlan may not have yet (extra `sql`). Atlan is asked
    with the `atlan:baseUrl` and `atlan:apiKey` of the stack, or with `ATLAN_BASE_URL` and `ATLAN_API_KEY`;
    one search covers a hundred tables. The rule skips tables whose columns are unknown, such as new tables
    without SQL, and tables whose lineage a preview does not know completely. If Atlan does not respond, the
    rule reports a violation, since silence would look like coverage.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.ColumnLineage(
            "load-orders-columns", process=load, columns={"ORDER_ID": "ID", "NET": ["AMOUNT", "DISCOUNT"]}
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            process_id="load_orders",
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
        )
        atlan.ColumnLineage("load-orders-columns", process=load, columns={"ORDER_ID": "ID"})
        ```

    Configuration:
        ```json
        {
          "column-coverage": {
            "enforcementLevel": "advisory",
            "threshold": 0.9,
            "tables": ["*/MART/*"],
            "columns": {"default/snowflake/1657025257/MART/PUBLIC/ORDERS": ["ORDER_ID", "NET"]}
          }
        }
        ```
    """

    settings = ColumnCoverageSettings
    description = "Most columns of each table that a process writes must have column lineage."
    severity = Severity.LOW

    def check(self, stack: Stack, settings: ColumnCoverageSettings) -> Iterator[Violation]:
        """Yield each table with too few mapped columns, and one violation if Atlan does not respond."""
        outputs = _outputs(stack, settings)
        columns = _declared_columns(stack, outputs, settings)
        unknown = {key: each for key, each in outputs.items() if key not in columns}
        asked = {name: key for key, each in unknown.items() if (name := stack.qualified_name(each.table))}
        try:
            found = columns_in_atlan(list(asked)) if settings.ask_atlan else {}
        except AtlanError as error:
            found = {}
            first = min((unknown[key] for key in asked.values()), key=lambda each: each.resource.urn)
            yield Violation(f"{first.edge}: outputs: {_atlan_failed(len(asked), error)}", first.resource)
        columns |= {asked[name]: names for name, names in found.items()}
        for key, names in _columns_in_sql(stack, unknown, ask=settings.ask_atlan).items():
            columns[key] = [*columns.get(key, ()), *names]
        mapped = _mapped_columns(stack, outputs)
        for key, (table, resource, edge) in outputs.items():
            if key in columns and (problem := _problem(columns[key], mapped[key], settings)):
                yield Violation(f"{edge}: outputs: {table}: {problem}", resource)


column_coverage = ColumnCoverage()


class _OutputTable(NamedTuple):
    """A table, and the first process that writes to it."""

    table: Asset
    resource: Declared
    edge: Edge


def _outputs(stack: Stack, settings: ColumnCoverageSettings) -> dict[str, _OutputTable]:
    """Return the tables to check by their keys in the stack, sorted."""
    found: dict[str, _OutputTable] = {}
    for resource, edge in stack.processes():
        for table in edge.outputs:
            if matches(table.names, settings.tables):
                found.setdefault(stack.key(table), _OutputTable(table, resource, edge))
    return {key: found[key] for key in sorted(found.keys() - _partly_known(stack))}


def _partly_known(stack: Stack) -> set[str]:
    """Return the keys of the tables whose column lineage is not completely known yet."""
    found: set[str] = set()
    for resource in stack.resources:
        unknown = (edge.is_column_process and "outputs" in edge.unknown for edge in resource.edges)
        if not resource.whole or any(unknown):
            for process in stack.parents(resource):
                found |= {stack.key(table) for table in process.outputs}
    return found


def _declared_columns(
    stack: Stack, outputs: Mapping[str, _OutputTable], settings: ColumnCoverageSettings
) -> dict[str, list[str]]:
    """Return the columns of tables that are in the settings or in a `schema` facet."""
    found = {}
    for _, edge in stack.processes():
        for dataset, fields in fields_in_schemas(edge):
            found[stack.key(dataset)] = fields
    for key, each in outputs.items():
        for name in (key, *each.table.names):
            if name in settings.columns:
                found[key] = settings.columns[name]
    return found


def _columns_in_sql(stack: Stack, unknown: Collection[str], *, ask: bool) -> dict[str, list[str]]:
    """Return the columns of tables that the SQL of their processes writes, without those of constants."""
    writing = [edge for _, edge in stack.processes() if {*map(stack.key, edge.outputs)} & {*unknown}]
    with_sql = [(edge, sql) for edge in writing if (sql := sql_of(edge)) is not None]
    if not with_sql:
        return {}
    try:
        derived = derive([script_of(edge, sql, short_names=True) for edge, sql in with_sql], ask=ask)
    except (AtlanError, ModuleNotFoundError):  # without the extra, or as the look-up of the columns
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    for (edge, _), lineage in zip(with_sql, derived, strict=True):
        keys = {each.name: key for each in edge.outputs if (key := stack.key(each)) in unknown}
        for table, names in {} if lineage.refusals else lineage.written.items():
            decided = [name for name in names if f"{table}/{name}" in lineage.columns]
            if table in keys:
                found[keys[table]] += names if lineage.problems else decided
    return found


def _mapped_columns(stack: Stack, outputs: Collection[str]) -> dict[str, set[str]]:
    """Return each table's columns that have lineage, case-folded; nested columns with their parents."""
    keys = {key: key for key in outputs}
    found: dict[str, set[str]] = defaultdict(set)
    for _, edge in stack.processes():
        keys |= {table.name: stack.key(table) for table in edge.outputs}
    for _, edge in stack.columns():
        for column in edge.outputs:
            table = next((name for name in parent_names(column.name) if name in keys), None)
            if table is not None:
                name = column.name[len(table) + 1 :].casefold()
                found[keys[table]] |= {name, name.partition("/")[0]}
    return found


def _problem(columns: Sequence[str], mapped: Collection[str], settings: ColumnCoverageSettings) -> str | None:
    threshold = settings.threshold
    by_key = {name.casefold(): name for name in columns if not matches((name,), settings.ignore_columns)}
    missing = sorted(name for key, name in by_key.items() if key not in mapped)
    covered = len(by_key) - len(missing)
    if not by_key or covered / len(by_key) >= threshold:
        return None
    share = f"{covered:,} of {len(by_key):,} columns have lineage ({covered * 100 // len(by_key)}%)"
    more = [f"{len(missing) - _MAX_COLUMNS:,} more"] if len(missing) > _MAX_COLUMNS else []
    names = ", ".join([*missing[:_MAX_COLUMNS], *more])
    return f"{share}, below the threshold of {threshold * 100:g}%: map {names}, or lower the threshold"


def _atlan_failed(count: int, error: AtlanError) -> str:
    tables = "a table" if count == 1 else f"{count:,} tables"
    what = f"the column coverage of {tables} is unknown, because Atlan did not return the columns"
    return f"{what} ({error}): set `columns`, or set `askAtlan` to false"
