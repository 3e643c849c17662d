"""The edges between columns of a script, by qualifiedName."""

from __future__ import annotations

from collections.abc import Mapping

from atlan_pulumi.derivation._tables import CatalogTable
from atlan_pulumi.sql import DerivedLineage, Problem, TableColumn, Transformation

Indirect = dict[str, dict[str, frozenset[Transformation]]]
"""The columns that only join, filter, group, or sort the rows of a table, each with how."""
NOWHERE = (0, 0)
"""The place of a table whose place is not known."""


class Edges:
    """The edges between columns, by qualifiedName.

    Attributes:
        columns: How each output column is derived from each of its sources.
        lines: The line of each output column's expression.
        indirect: The columns that only join, filter, group, or sort, by output table.
        written: The names of the columns that are written, by output table, also those without a source.
        problems: Why some edges are not known.
    """

    def __init__(self, tables: Mapping[str, CatalogTable], found: DerivedLineage) -> None:
        """Set up.

        Args:
            tables: The tables by their names in the SQL.
            found: The lineage by the names in the SQL.
        """
        self._tables, self._places = tables, found.places
        self.columns: dict[str, dict[str, Transformation]] = {}
        self.lines: dict[str, int] = {}
        self.indirect: Indirect = {}
        self.written = {
            tables[table].qualified_name: columns
            for table, columns in found.written.items()
            if table in tables and table not in found.guessed
        }
        self.problems: dict[Problem, None] = {}
        for target, sources in found.transformations.items():
            if target.table in tables and target.table not in found.guessed:
                self._add(target, sources, found.lines.get(target, 0))
        for table, kinds in found.indirect.items():
            self._add_indirect(table, kinds)

    def _add(self, target: TableColumn, sources: Mapping[TableColumn, Transformation], line: int) -> None:
        column = target.column
        for (table, name), how in sources.items():
            if name == "*" or column == "*":
                self._star(table)
            elif "/" in name or "/" in column:
                what = f"column {name if '/' in name else column!r} has a slash in its name"
                self.problems[Problem(f"{what}: declare its lineage with a ColumnProcess")] = None
            elif table in self._tables:
                full = self._tables[target.table].column_name(column)
                self.columns.setdefault(full, {})[self._tables[table].column_name(name)] = how
                if line:
                    self.lines.setdefault(full, line)

    def _star(self, table: str) -> None:
        message = f"* of {table!r} cannot be expanded: its columns are not in Atlan"
        self.problems[Problem(message, *self._places.get(table, NOWHERE))] = None

    def _add_indirect(self, table: str, kinds: Mapping[TableColumn, frozenset[Transformation]]) -> None:
        if (target := self._tables.get(table)) is None:
            return
        for (of, name), how in kinds.items():
            if of in self._tables and name != "*" and "/" not in name:
                found = self.indirect.setdefault(target.qualified_name, {})
                found[self._tables[of].column_name(name)] = how
