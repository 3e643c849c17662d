"""`column-coverage`: the columns of what a process writes have column lineage."""

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
from atlan_pulumi.policies._stack import Stack, Violation, above
from atlan_pulumi.policies._table_columns import columns_in_atlan, fields_in_schemas

_MOST_COLUMNS = 5


class ColumnCoverageSettings(Settings):
    """The settings of `column-coverage`."""

    threshold: Annotated[
        float,
        Field(ge=0, le=1, description="The share of a table's columns that must have lineage, at least."),
    ] = 0.8
    tables: Annotated[
        list[Glob], Field(min_length=1, description="Globs of the tables that it applies to.")
    ] = Field(default_factory=lambda: ["*"])
    columns: Annotated[
        dict[str, list[str]],
        Field(description="The names of the columns of tables, by the tables' qualifiedNames."),
    ] = Field(default_factory=dict)
    ask_atlan: Annotated[
        bool, Field(description="Whether Atlan is asked which columns the other tables have.")
    ] = True


class ColumnCoverage(StackRule[ColumnCoverageSettings]):
    """Most columns of each table that a process writes have column lineage.

    Why: a question such as "which reports use this column?" is answered by what is mapped. A table with half
    a mapping answers it wrongly, and looks as if it answered it.
    Which columns a table has is told by the setting `columns`, else by the facet `schema` of a job's dataset,
    else by Atlan: with `atlan:baseUrl` and `atlan:apiKey` of the stack, else `ATLAN_BASE_URL` and
    `ATLAN_API_KEY`, one search a hundred tables. What none of them tells is passed over, such as a table that
    is yet to be made, and so is what a preview does not know all lineage of. Where Atlan is to be asked and
    does not answer, that is a violation of its own: silence would look like coverage.

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
    description = "Most columns of each table that a process writes have column lineage."
    severity = Severity.LOW

    def check(self, stack: Stack, settings: ColumnCoverageSettings) -> Iterator[Violation]:
        """Each table of which too few columns have lineage; and one line where Atlan cannot tell."""
        outputs = _outputs(stack, settings)
        columns = _told_columns(stack, outputs, settings)
        unknown = {key: each for key, each in outputs.items() if key not in columns}
        asked = {name: key for key, each in unknown.items() if (name := stack.qualified_name(each.table))}
        try:
            found = columns_in_atlan(list(asked)) if settings.ask_atlan else {}
        except AtlanError as error:
            found = {}
            first = min((unknown[key] for key in asked.values()), key=lambda each: each.resource.urn)
            yield Violation(f"{first.edge}: outputs: {_untold(len(asked), error)}", first.resource)
        columns |= {asked[name]: told for name, told in found.items()}
        lineage = _lineage(stack, outputs)
        for key, (table, resource, edge) in outputs.items():
            if key in columns and (reason := _objection(columns[key], lineage[key], settings.threshold)):
                yield Violation(f"{edge}: outputs: {table}: {reason}", resource)


column_coverage = ColumnCoverage()


class _Output(NamedTuple):
    """A table, and the first process that writes it."""

    table: Asset
    resource: Declared
    edge: Edge


def _outputs(stack: Stack, settings: ColumnCoverageSettings) -> dict[str, _Output]:
    """The tables to look at, by their keys in the stack, sorted."""
    found: dict[str, _Output] = {}
    for resource, edge in stack.processes():
        for table in edge.outputs:
            if matches(table.names, settings.tables):
                found.setdefault(stack.key(table), _Output(table, resource, edge))
    return {key: found[key] for key in sorted(found.keys() - _half_known(stack))}


def _half_known(stack: Stack) -> set[str]:
    """The tables of which not all column lineage is known yet."""
    found: set[str] = set()
    for resource in stack.resources:
        open_ = (edge.is_column_process and "outputs" in edge.unknown for edge in resource.edges)
        if not resource.whole or any(open_):
            for process in stack.parents(resource):
                found |= {stack.key(table) for table in process.outputs}
    return found


def _told_columns(
    stack: Stack, outputs: Mapping[str, _Output], settings: ColumnCoverageSettings
) -> dict[str, list[str]]:
    """The columns of the tables of which the settings or a schema tell them."""
    found = {}
    for _, edge in stack.processes():
        for dataset, fields in fields_in_schemas(edge):
            found[stack.key(dataset)] = fields
    for key, each in outputs.items():
        for name in (key, *each.table.names):
            if name in settings.columns:
                found[key] = settings.columns[name]
    return found


def _lineage(stack: Stack, outputs: Collection[str]) -> dict[str, set[str]]:
    """The columns of the tables that have lineage, or that hold one that has; without regard to case."""
    keys = {key: key for key in outputs}
    found: dict[str, set[str]] = defaultdict(set)
    for _, edge in stack.processes():
        keys |= {table.name: stack.key(table) for table in edge.outputs}
    for _, edge in stack.columns():
        for column in edge.outputs:
            table = next((name for name in above(column.name) if name in keys), None)
            if table is not None:
                name = column.name[len(table) + 1 :].casefold()
                found[keys[table]] |= {name, name.partition("/")[0]}
    return found


def _objection(columns: Sequence[str], lineage: Collection[str], threshold: float) -> str | None:
    every = {name.casefold(): name for name in columns}
    missing = sorted(name for key, name in every.items() if key not in lineage)
    covered = len(every) - len(missing)
    if not every or covered / len(every) >= threshold:
        return None
    share = f"{covered:,} of {len(every):,} columns have lineage ({covered * 100 // len(every)} %)"
    more = [f"{len(missing) - _MOST_COLUMNS:,} more"] if len(missing) > _MOST_COLUMNS else []
    names = ", ".join([*missing[:_MOST_COLUMNS], *more])
    return f"{share}, and {threshold * 100:g} % are due: map {names}, or lower the threshold"


def _untold(number: int, error: AtlanError) -> str:
    tables = "a table" if number == 1 else f"{number:,} tables"
    what = f"the column coverage of {tables} cannot be told, since Atlan does not say which columns there are"
    return f"{what} ({error}): give them as `columns`, or set `askAtlan` to false"
