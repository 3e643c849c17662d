"""DuckDB as an oracle: which columns of a result change if columns of the tables change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import duckdb

Column = tuple[str, str]
"""A table and one of its columns."""


def rotate(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Create two versions of tables: in the second one, each value is in another row of its column.

    Values stay in their domain, so that dates are dates, and keys find rows.
    """
    for number, table in enumerate(tables):
        connection.execute(f"alter table {table} rename to {table}_first")
        (count,) = connection.execute(f"select count(*) from {table}_first").fetchone() or (0,)
        parts, names = [], []
        for index, row in enumerate(connection.execute(f"describe {table}_first").fetchall()):
            ordered = f"(row_number() over () + {7 * index + 3 * number + 1}) % {max(count, 1)}"
            parts.append(f'(select "{row[0]}" from {table}_first order by {ordered}) as c{index}')
            names.append(f'c{index}."{row[0]}"')
        source = " positional join ".join(parts)
        connection.execute(f"create table {table}_second as select {', '.join(names)} from {source}")


class Oracle:
    """Tables in two versions, and the results of queries over any mixture of their columns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
        """Create a view for each table.

        Args:
            connection: The database. It is used with one thread, so that sums have one order.
            tables: The names of the tables. The versions of `t` are the tables `t_first` and `t_second`.
        """
        self.connection = connection
        connection.execute("set threads = 1")
        self.columns = {
            table: [str(row[0]) for row in connection.execute(f"describe {table}_first").fetchall()]
            for table in tables
        }
        self._shown: dict[str, frozenset[str]] = {}
        for table in self.columns:
            self._show(table, frozenset())

    def results(self, query: str, changed: Collection[Column] = ()) -> list[list[Any]]:
        """Return the values of each column of a result, sorted.

        Args:
            query: The query.
            changed: The columns of the tables that have the values of the second version.
        """
        for table in self.columns:
            self._show(table, frozenset(name for of, name in changed if of == table))
        rows = self.connection.execute(query).fetchall()
        return [sorted(column, key=repr) for column in zip(*rows, strict=True)]

    def _show(self, table: str, changed: frozenset[str]) -> None:
        if self._shown.get(table) == changed:
            return
        names = ", ".join(
            f'{"second" if name in changed else "first"}."{name}"' for name in self.columns[table]
        )
        self.connection.execute(
            f"create or replace temp view {table} as select {names} "
            f"from {table}_first first positional join {table}_second second"
        )
        self._shown[table] = changed

    def every_column(self, tables: Iterable[str]) -> set[Column]:
        """Return all columns of some tables."""
        return {(table, name) for table in tables for name in self.columns[table]}

    def changes(self, query: str, before: Sequence[list[Any]], changed: Collection[Column]) -> set[int]:
        """Return the positions of the columns whose values differ from a result before."""
        after = self.results(query, changed)
        if not before or not after:
            return set() if not before and not after else set(range(len(before or after)))
        return {index for index, values in enumerate(before) if values != after[index]}
