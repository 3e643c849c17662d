"""`sql-agrees`: the declared column lineage of a process is that of its SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import Declared, Edge
from atlan_pulumi.errors import AtlanError
from atlan_pulumi.policies._rule import StackRule
from atlan_pulumi.policies._rule_settings import Settings
from atlan_pulumi.policies._sql_lineage import derive, script_of, sql_of
from atlan_pulumi.policies._stack import Stack, Violation
from atlan_pulumi.text import counted, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.derivation import CatalogLineage, Script

_MOST_NAMED = 3
_Links = dict[tuple[str, str], str]
"""Edges between columns: the qualifiedNames of both, case-folded, and the edge in words."""


class SqlAgreesSettings(Settings):
    """The settings of `sql-agrees`."""

    dialect: Annotated[
        str | None, Field(description="The SQL dialect. By default, that of the connection's connector.")
    ] = None
    default_database: Annotated[
        str | None, Field(description="The database of names in the SQL that lack one.")
    ] = None
    default_schema: Annotated[
        str | None, Field(description="The schema of names in the SQL that lack one.")
    ] = None
    ask_atlan: Annotated[bool, Field(description="Whether to ask Atlan for the columns of the tables.")] = (
        True
    )


class SqlAgrees(StackRule[SqlAgreesSettings]):
    """The declared column lineage of a process is that of its SQL.

    Why: a mapping that is written by hand grows stale with the next change of the SQL, and then says with
    certainty what is no longer true. The rule derives the lineage of each process that has `sql` and declared
    columns, and compares the edges. Columns that the SQL leaves undecided, and SQL that cannot be read
    completely, are not compared, nor are values that a preview does not know. Atlan is asked for the columns
    of the tables with the `atlan:baseUrl` and `atlan:apiKey` of the stack, or with `ATLAN_BASE_URL` and
    `ATLAN_API_KEY`, in a few searches.

    Passes:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            sql="insert into MART.PUBLIC.ORDERS (ORDER_ID) select ID from RAW.PUBLIC.ORDERS",
        )
        atlan.ColumnLineage("load-orders-columns", process=load, columns={"ORDER_ID": "ID"})
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        warehouse = "default/snowflake/1657025257"
        load = atlan.Process(
            "load-orders",
            name="Load orders",
            connection=warehouse,
            inputs=[atlan.table(f"{warehouse}/RAW/PUBLIC/ORDERS")],
            outputs=[atlan.table(f"{warehouse}/MART/PUBLIC/ORDERS")],
            sql="insert into MART.PUBLIC.ORDERS (NET) select AMOUNT - DISCOUNT from RAW.PUBLIC.ORDERS",
        )
        atlan.ColumnLineage("load-orders-columns", process=load, columns={"NET": "AMOUNT"})
        ```

    Configuration:
        ```json
        {
          "sql-agrees": {
            "enforcementLevel": "mandatory",
            "defaultDatabase": "MART",
            "defaultSchema": "PUBLIC"
          }
        }
        ```
    """

    settings = SqlAgreesSettings
    description = "The declared column lineage of a process must be that of its SQL."
    severity = Severity.MEDIUM

    def check(self, stack: Stack, settings: SqlAgreesSettings) -> Iterator[Violation]:
        """Yield each process whose columns differ from its SQL, and one if Atlan does not respond."""
        mapped = list(_mapped(stack))
        if not mapped:
            return
        try:
            derived = derive([_script(each, settings) for each in mapped], ask=settings.ask_atlan)
        except (AtlanError, ModuleNotFoundError) as error:
            first = mapped[0]
            yield Violation(
                f"{first.edge}: columns: the SQL is not compared with them ({error})", first.resource
            )
            return
        for each, found in zip(mapped, derived, strict=True):
            if not found.refusals and (problem := _problem(each, found)):
                yield Violation(f"{each.edge}: columns: {problem}", each.resource)


sql_agrees = SqlAgrees()


class _Mapped(NamedTuple):
    """A process with SQL, and its declared column lineage."""

    resource: Declared
    edge: Edge
    sql: str
    links: _Links


def _mapped(stack: Stack) -> Iterator[_Mapped]:
    """Yield each process whose SQL and columns are known, if it has both."""
    links: dict[str, _Links] = defaultdict(dict)
    unknown: set[str] = set()
    for resource in stack.resources:
        columns = [edge for edge in resource.edges if edge.is_column_process]
        if not resource.whole or any(edge.unknown for edge in columns):
            unknown.update(str(parent.qualified_name) for parent in stack.parents(resource))
        for edge in columns:
            parent = stack.process(edge.process)
            if parent is not None and parent.qualified_name:
                sources = [each.name for each in edge.inputs]
                links[parent.qualified_name] |= _links({each.name: sources for each in edge.outputs})
    for resource, edge in stack.processes():
        sql, name = sql_of(edge), str(edge.qualified_name)
        if sql is not None and name in links and name not in unknown:
            yield _Mapped(resource, edge, sql, links[name])


def _links(columns: Mapping[str, Iterable[str]]) -> _Links:
    """Return the edges of a mapping of columns to their sources."""
    return {
        (source.casefold(), target.casefold()): f"{_short(source)} → {_short(target)}"
        for target, sources in columns.items()
        for source in sources
    }


def _short(column: str) -> str:
    """Return a column with its table."""
    return ".".join(column.split("/")[-2:])


def _script(mapped: _Mapped, settings: SqlAgreesSettings) -> Script:
    return script_of(
        mapped.edge,
        mapped.sql,
        dialect=settings.dialect,
        default_database=settings.default_database,
        default_schema=settings.default_schema,
    )


def _problem(mapped: _Mapped, found: CatalogLineage) -> str | None:
    """Return how the edges differ. An edge may be declared that the SQL leaves undecided."""
    derived = _links(found.columns)
    missing = [text for link, text in derived.items() if link not in mapped.links]
    extra = [text for link, text in mapped.links.items() if link not in derived and not found.problems]
    parts = [f"the SQL also has {_named(missing)}"] if missing else []
    parts += [f"the SQL does not have {_named(extra)}"] if extra else []
    return f"{'; '.join(parts)}: correct the columns, or derive them from the SQL" if parts else None


def _named(links: Iterable[str]) -> str:
    every = sorted(links)
    return f"{counted(len(every), 'edge')} ({enumerate_first(every, _MOST_NAMED)})"
