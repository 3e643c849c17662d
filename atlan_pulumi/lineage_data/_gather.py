"""From rows to processes: rows of one process add up, and must not contradict each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

from atlan_pulumi.lineage_data._plain import TABLE, reference, refuse_type
from atlan_pulumi.lineage_data._problems import InvalidDataError, shown, unreadable
from atlan_pulumi.lineage_data._rows import ATTRIBUTES, Row
from atlan_pulumi.naming import table_of


class _Field(NamedTuple):
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}/{self.column}"


def gathered(rows: Iterable[Row], where: str) -> dict[str, dict[str, Any]]:
    """The processes that the rows of a source tell of, in the order in which they first appear.

    Columns are written in full, as `<table>/<column>`; the plain form shortens them.

    Raises:
        LineageDataError: There are no rows, or one says too little, or contradicts or repeats another.
    """
    processes: dict[str, _Process] = {}
    for row in rows:
        process_id = row.required("process")
        processes.setdefault(process_id, _Process(process_id)).add(row)
    if not processes:
        raise unreadable(where, "there are no rows in it")
    return {process_id: process.written() for process_id, process in processes.items()}


class _Process:
    """One process, as far as its rows have told of it."""

    def __init__(self, process_id: str) -> None:
        self._whole = f"the process {shown(process_id)}"
        self._tables: dict[str, dict[str, None]] = {"input": {}, "output": {}}
        self._columns: dict[_Field, dict[_Field, Row]] = {}
        self._said: dict[tuple[str, Hashable], tuple[Any, Row]] = {}

    def add(self, row: Row) -> None:
        """Take in what a row says.

        Raises:
            LineageDataError: It says too little, or contradicts or repeats another.
        """
        source, target = self._end(row, "input"), self._end(row, "output")
        for attribute in ATTRIBUTES:
            self._say(row, attribute, None, self._whole)
        if source and target:
            self._link(row, source, target)
        elif source or target:
            empty, given = ("output", "input") if source else ("input", "output")
            reason = f"is empty, but {given}_column is not; give both, or neither for tables alone"
            raise row.error(f"{empty}_column", reason)
        elif "column_sql" in row.cells:
            raise row.error("column_sql", "needs input_column and output_column in the same row")

    def written(self) -> dict[str, Any]:
        """The process as a mapping."""
        process = {name: self._told(name, None) for name in ATTRIBUTES if (name, None) in self._said}
        for side, tables in self._tables.items():
            process[f"{side}s"] = [self._reference(side, table) for table in tables]
        columns = process["columns"] = {}
        column_sql = process["column_sql"] = {}
        for target, sources in self._columns.items():
            text = self._text("output", target, next(iter(sources.values())))
            columns[text] = [self._text("input", source, row) for source, row in sources.items()]
            if ("column_sql", target) in self._said:
                column_sql[text] = self._told("column_sql", target)
        return process

    def _end(self, row: Row, side: str) -> _Field | None:
        table = row.required(f"{side}_table")
        self._tables[side][table] = None
        if f"{side}_type" in row.cells:
            try:
                refuse_type(row.text(f"{side}_type"))
            except InvalidDataError as problem:
                raise row.error(f"{side}_type", problem) from None
            self._say(row, f"{side}_type", table, f"the table {shown(table)}")
        column = row.text(f"{side}_column").removeprefix(f"{table}/")
        return _Field(table, column) if column else None

    def _link(self, row: Row, source: _Field, target: _Field) -> None:
        sources = self._columns.setdefault(target, {})
        if source in sources:
            reason = (
                f"{shown(source.column)} becomes {shown(target.column)} in {sources[source].place} already"
            )
            raise row.error("input_column", f"{reason}; take one out")
        sources[source] = row
        self._say(row, "column_sql", target, f"the column {shown(str(target))}")

    def _say(self, row: Row, column: str, about: Hashable, whom: str) -> None:
        if column not in row.cells:
            return
        value = row.cells[column]
        first, place = self._said.setdefault((column, about), (value, row))
        if first != value:
            reason = f"is not what {place.place} says of {whom}; give it once, or the same each time"
            raise row.error(column, reason)

    def _told(self, column: str, about: Hashable) -> Any:
        return self._said[column, about][0]

    def _reference(self, side: str, table: str) -> Any:
        key = (f"{side}_type", table)
        return reference(self._told(*key) if key in self._said else TABLE, table)

    def _text(self, side: str, field: _Field, row: Row) -> str:
        owner = table_of(str(field), self._tables[side])
        if owner != field.table:
            reason = f"{shown(str(field))} may be a column of {shown(owner)} as well; this cannot be written"
            raise row.error(f"{side}_column", reason)
        return str(field)
