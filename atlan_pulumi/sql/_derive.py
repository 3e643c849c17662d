"""`derive_lineage`: the lineage of SQL, statement by statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from atlan_pulumi.sql._context import Context, UnreadError
from atlan_pulumi.sql._dialects import rules_of
from atlan_pulumi.sql._lineage import DerivedLineage, Problem, TableColumn, Transformation
from atlan_pulumi.sql._parse import parse_script
from atlan_pulumi.sql._query import resolve_query
from atlan_pulumi.sql._relation import STAR, OutputColumn, Written, merged
from atlan_pulumi.sql._schema import Names
from atlan_pulumi.sql._statements import BY_HAND, analyze


def derive_lineage(
    sql: str,
    *,
    dialect: str | None = None,
    schema: Mapping[str, Sequence[str] | None] | None = None,
    default_database: str | None = None,
    default_schema: str | None = None,
    view_columns: Sequence[str] | None = None,
) -> DerivedLineage:
    """Derive the lineage of SQL: which tables it reads and writes, and where each column comes from.

    Args:
        sql: One or many statements.
        dialect: The dialect, such as `snowflake` or `bigquery`; None for standard SQL. `postgresql`, `mssql`,
            and `sparksql` are `postgres`, `tsql`, and `spark`.
        schema: The columns of tables, by names of one to three parts, such as `{"RAW.ORDERS": ["ID"]}`; None
            for a table whose columns are not known.
        default_database: The database of names that lack one.
        default_schema: The schema of names that lack one.
        view_columns: The names of the columns of a view whose query the SQL is, by position.

    Returns:
        The lineage. What cannot be decided is among its `problems`.

    Example:
        ```python
        from atlan_pulumi.sql import TableColumn, derive_lineage

        found = derive_lineage("insert into mart.orders (id) select order_id from raw.orders")
        assert found.columns[TableColumn("mart.orders", "id")] == {("raw.orders", "order_id")}
        ```
    """
    try:
        rules = rules_of(dialect)
    except ValueError as error:
        return DerivedLineage(problems=(Problem(str(error).partition("\n")[0], hides_tables=True),))
    names = Names(rules, schema, default_database, default_schema)
    context = Context(names, resolve_query, view_columns or ())
    result = _Result(context)
    for statement in parse_script(sql, rules):
        if isinstance(statement, Problem):
            context.problems[statement] = None
            continue
        context.indirect = []
        try:
            written = analyze(statement, context)
        except RecursionError:
            what = "a statement is nested too deeply to be analyzed: simplify its expressions"
            context.problem(what, hides_tables=True)
            continue
        except UnreadError as error:
            context.problem(f"{error}: {BY_HAND}", statement, hides_tables=True)
            continue
        except Exception as error:  # noqa: BLE001 - one statement must not hide the others
            what = f"a statement cannot be analyzed ({type(error).__name__})"
            context.problem(f"{what}: please report it, with the SQL", statement, hides_tables=True)
            continue
        for each in written:
            result.add(each)
    return result.lineage()


class _Result:
    """Collects what the statements of a script write."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outputs: dict[str, None] = {}
        self._columns: dict[TableColumn, dict[TableColumn, Transformation]] = {}
        self._lines: dict[TableColumn, int] = {}
        self._written: dict[str, dict[str, None]] = {}
        self._indirect: dict[str, dict[TableColumn, set[Transformation]]] = {}

    def add(self, written: Written) -> None:
        """Add what a statement writes."""
        if written.table:
            self._outputs.setdefault(written.table)
        for column in written.columns:
            self._add_column(written.table, column)
        for sources, how in self._context.indirect:
            for source in sources:
                self._indirect.setdefault(written.table, {}).setdefault(source, set()).add(how)

    def _add_column(self, table: str, column: OutputColumn) -> None:
        target = TableColumn(table, column.name)
        if column.name != STAR:
            self._written.setdefault(table, {})[column.name] = None
        self._columns[target] = merged(self._columns.get(target, {}), column.sources)
        if column.line:
            self._lines.setdefault(target, column.line)

    def _add_unread(self, made: Mapping[str, Written]) -> None:
        """Add those views or temporary tables that no later statement reads."""
        for key, each in made.items():
            if key not in self._context.read_views:
                self._context.indirect = list(self._context.made[key].indirect)
                self.add(each)

    def lineage(self) -> DerivedLineage:
        """Return the lineage of the whole script."""
        self._add_unread(self._context.views)
        if not self._outputs and not self._columns:  # a script that only makes temporary tables
            self._add_unread(self._context.temporary)
        derived = {target: sources for target, sources in self._columns.items() if sources}
        return DerivedLineage(
            tuple(self._context.inputs),
            tuple(self._outputs),
            {target: frozenset(sources) for target, sources in derived.items()},
            derived,
            {
                table: {source: frozenset(how) for source, how in found.items()}
                for table, found in self._indirect.items()
            },
            tuple(self._context.problems),
            tuple(self._context.guessed),
            {name: kind for name, kind in self._context.kinds.items() if name in self._outputs},
            {table: tuple(columns) for table, columns in self._written.items()},
            {target: line for target, line in self._lines.items() if target in derived},
            self._context.names.places,
        )
