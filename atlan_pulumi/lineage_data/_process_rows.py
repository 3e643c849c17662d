"""Combine rows into processes. The rows of one process must not contradict each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

from atlan_pulumi.lineage_data._normalize import TABLE, refuse_type, table_reference
from atlan_pulumi.lineage_data._problems import InvalidDataError, format_value, source_error
from atlan_pulumi.lineage_data._rows import ATTRIBUTES, SQL, Row
from atlan_pulumi.naming import table_of

_TABLES = frozenset({"input_table", "output_table", "input_column", "output_column"})


class _ColumnKey(NamedTuple):
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}/{self.column}"


def processes_of_rows(
    rows: Iterable[Row], where: str, attributes: Sequence[str] = ATTRIBUTES
) -> dict[str, dict[str, Any]]:
    """Return the processes that the rows describe, in the order of their first rows.

    Columns have the form `<table>/<column>`, which normalization shortens.

    Args:
        rows: The rows.
        where: The label of the source in errors.
        attributes: The columns that describe the process.

    Raises:
        LineageDataError: There are no rows, or a row is incomplete, contradicts another, or repeats it.
    """
    processes: dict[str, _Process] = {}
    for row in rows:
        process_id = row.required("process")
        processes.setdefault(process_id, _Process(process_id, attributes)).add(row)
    if not processes:
        raise source_error(where, "no rows")
    return {process_id: process.to_mapping() for process_id, process in processes.items()}


class _Process:
    """A process, built row by row."""

    def __init__(self, process_id: str, attributes: Sequence[str]) -> None:
        self._attributes = attributes
        self._label = f"the process {format_value(process_id)}"
        self._tables: dict[str, dict[str, None]] = {"input": {}, "output": {}}
        self._columns: dict[_ColumnKey, dict[_ColumnKey, Row]] = {}
        self._values: dict[tuple[str, Hashable], tuple[Any, Row]] = {}

    def add(self, row: Row) -> None:
        """Add a row.

        Raises:
            LineageDataError: The row is incomplete, contradicts another, or repeats it.
        """
        for attribute in self._attributes:
            self._set(row, attribute, None, self._label)
        if not SQL.isdisjoint(row.cells) and _TABLES.isdisjoint(row.cells):
            return  # the SQL decides the tables
        source, target = self._end(row, "input"), self._end(row, "output")
        if source and target:
            self._link(row, source, target)
        elif source or target:
            empty, given = ("output", "input") if source else ("input", "output")
            reason = f"is empty, but {given}_column is not; set both, or neither for table lineage only"
            raise row.error(f"{empty}_column", reason)
        elif "column_sql" in row.cells:
            raise row.error("column_sql", "needs input_column and output_column in the same row")

    def to_mapping(self) -> dict[str, Any]:
        """Return the process as a mapping."""
        process = {name: self._value(name, None) for name in self._attributes if (name, None) in self._values}
        for side, tables in self._tables.items():
            if tables:
                process[f"{side}s"] = [self._reference(side, table) for table in tables]
        if not any(self._tables.values()):
            return process
        columns = process["columns"] = {}
        column_sql = process["column_sql"] = {}
        for target, sources in self._columns.items():
            text = self._text("output", target, next(iter(sources.values())))
            columns[text] = [self._text("input", source, row) for source, row in sources.items()]
            if ("column_sql", target) in self._values:
                column_sql[text] = self._value("column_sql", target)
        return process

    def _end(self, row: Row, side: str) -> _ColumnKey | None:
        table = row.required(f"{side}_table")
        self._tables[side][table] = None
        if f"{side}_type" in row.cells:
            try:
                refuse_type(row.text(f"{side}_type"))
            except InvalidDataError as problem:
                raise row.error(f"{side}_type", problem) from None
            self._set(row, f"{side}_type", table, f"the table {format_value(table)}")
        column = row.text(f"{side}_column").removeprefix(f"{table}/")
        return _ColumnKey(table, column) if column else None

    def _link(self, row: Row, source: _ColumnKey, target: _ColumnKey) -> None:
        sources = self._columns.setdefault(target, {})
        if source in sources:
            edge = f"{format_value(source.column)} to {format_value(target.column)}"
            raise row.error("input_column", f"duplicate of {sources[source].place} ({edge}); remove one")
        sources[source] = row
        self._set(row, "column_sql", target, f"the column {format_value(str(target))}")

    def _set(self, row: Row, column: str, about: Hashable, label: str) -> None:
        if column not in row.cells:
            return
        value = row.cells[column]
        first, first_row = self._values.setdefault((column, about), (value, row))
        if first != value:
            reason = f"differs from {first_row.place} for {label}"
            raise row.error(column, f"{reason}; set it once, or to the same value in every row")

    def _value(self, column: str, about: Hashable) -> Any:
        return self._values[column, about][0]

    def _reference(self, side: str, table: str) -> Any:
        key = (f"{side}_type", table)
        return table_reference(self._value(*key) if key in self._values else TABLE, table)

    def _text(self, side: str, field: _ColumnKey, row: Row) -> str:
        owner = table_of(str(field), self._tables[side])
        if owner != field.table:
            reason = f"{format_value(str(field))} can also be a column of {format_value(owner)}"
            raise row.error(f"{side}_column", f"{reason}; such a column cannot be declared here")
        return str(field)
