"""Files of Atlan's Lineage Builder: rows from one asset to another, with the process between them.

A row names connections by connector and name, and assets by what follows the connection in the qualifiedName.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data._builder_columns import (
    ATTRIBUTES,
    SIDES,
    TRANSFORMATION,
    builder_columns,
    count_builder_columns,
    is_builder_header,
)
from atlan_pulumi.lineage_data._csv import CsvTable, table_of_csv
from atlan_pulumi.lineage_data._normalize import Lineage, normalize_lineage
from atlan_pulumi.lineage_data._problems import InvalidDataError, source_error
from atlan_pulumi.lineage_data._process_rows import processes_of_rows
from atlan_pulumi.lineage_data._rows import Row
from atlan_pulumi.lineage_data._sources import read_text

_COLUMN = "Column"
_OWN_NAMES = {"Source": "input", "Target": "output"}
_LABELS = {
    "process": "Transformation Identity",
    "name": "Transformation Name",
    **{
        f"{own}_{part}": f"{side} {label}"
        for side, own in _OWN_NAMES.items()
        for part, label in (("table", "Identity"), ("column", "Identity"), ("type", "Type"))
    },
    **ATTRIBUTES,
}
"""The columns of a file with other names, for errors."""


class NamedConnection(NamedTuple):
    """A connection as a file names it."""

    connector: str
    name: str

    def __str__(self) -> str:
        return f"{self.connector}/{self.name}"


class BuilderFile:
    """A file of the Lineage Builder."""

    def __init__(self, where: str, rows: Iterable[Row]) -> None:
        """Read the rows.

        Raises:
            LineageDataError: A row is incomplete, or there are none.
        """
        self._where, self._rows = where, list(rows)
        if not self._rows:
            raise source_error(where, "no rows")
        self.connections = self._named(SIDES)
        """The connections of the assets, in order."""
        self.transformations = self._named((TRANSFORMATION,))
        """The connections of the processes, in order."""

    def _named(self, parts: Iterable[str]) -> list[NamedConnection]:
        return list(dict.fromkeys(_connection(row, part) for row in self._rows for part in parts))

    def lineage(self, connections: Mapping[NamedConnection, str], transformation: NamedConnection) -> Lineage:
        """Return the normalized processes of one connection.

        Args:
            connections: The qualifiedNames of the connections of the assets.
            transformation: The connection of the processes.

        Raises:
            LineageDataError: A row is invalid, contradicts another, or repeats it.
        """
        rows = [row for row in self._rows if _connection(row, TRANSFORMATION) == transformation]
        types = dict(self._types(connections))
        own = [_own_row(row, connections, types) for row in rows]
        processes = processes_of_rows(own, self._where, ("name", *ATTRIBUTES))
        for row in own:
            if row.cells["input_table"] == row.cells["output_table"]:
                processes[row.cells["process"]]["reads_own_output"] = True
        return normalize_lineage(processes, self._where)

    def _types(self, connections: Mapping[NamedConnection, str]) -> Iterator[tuple[str, str]]:
        """Yield the qualifiedNames of the assets with their types. A column's row does not type its table."""
        for row in self._rows:
            for side in SIDES:
                if (type_name := _required(row, f"{side} Type")) != _COLUMN:
                    yield _qualified_name(row, side, connections), type_name


def _connection(row: Row, part: str) -> NamedConnection:
    return NamedConnection(_required(row, f"{part} Connector").lower(), _required(row, f"{part} Connection"))


def _required(row: Row, label: str) -> str:
    if not (text := row.text(label)):
        raise row.error(label, "must not be empty")
    return text


def _qualified_name(row: Row, side: str, connections: Mapping[NamedConnection, str]) -> str:
    return f"{connections[_connection(row, side)]}/{_required(row, f'{side} Identity').strip('/')}"


def _own_row(row: Row, connections: Mapping[NamedConnection, str], types: Mapping[str, str]) -> Row:
    """Return a row with the columns of this package's CSV."""
    kinds = [_required(row, f"{side} Type") for side in SIDES]
    if kinds.count(_COLUMN) == 1:
        reason = f"a row connects two columns, or two other assets, not a {kinds[0]} and a {kinds[1]}"
        raise row.error("Target Type", reason)
    cells = {"process": _required(row, f"{TRANSFORMATION} Identity")}
    for side, own in _OWN_NAMES.items():
        cells |= {f"{own}_{part}": text for part, text in _end(row, side, connections, types).items()}
    named = {"name": f"{TRANSFORMATION} Name", **ATTRIBUTES}
    cells |= {name: row.text(label) for name, label in named.items() if label in row.cells}
    return Row(row.where, row.place, cells, _LABELS)


def _end(
    row: Row, side: str, connections: Mapping[NamedConnection, str], types: Mapping[str, str]
) -> dict[str, str]:
    """Return the table, its type, and the column of one side."""
    name = _qualified_name(row, side, connections)
    type_name = row.text(f"{side} Type")
    if type_name != _COLUMN:
        return {"table": name, "type": type_name}
    if "/" not in row.text(f"{side} Identity").strip("/"):
        raise row.error(f"{side} Identity", "of a column, it must contain its table: <table>/<column>")
    table, _, column = name.rpartition("/")
    return {"table": table, "column": column, **({"type": types[table]} if table in types else {})}


def is_builder_file(source: object) -> bool:
    """Return whether a source is the path of a Lineage Builder file."""
    if not isinstance(source, (str, Path)) or Path(source).suffix.lower() != ".csv":
        return False
    try:
        return is_builder_header(_table(Path(source)).heading.cells)
    except LineageDataError:
        return False  # for the reader of other files to report


def read_builder_file(path: Path) -> BuilderFile:
    """Return the content of a Lineage Builder file.

    Raises:
        LineageDataError: The file cannot be read, or its header or a row is invalid.
    """
    table = _table(path)
    try:
        columns = builder_columns(table.heading.cells)
    except InvalidDataError as problem:
        raise source_error(table.where, f"line {table.heading.number}: {problem}") from None
    rows = (Row(table.where, f"line {line.number}", table.cells(line, columns)) for line in table.lines)
    return BuilderFile(table.where, rows)


def _table(path: Path) -> CsvTable:
    where = str(path)
    text = read_text(path, where)
    if not text.strip():
        raise source_error(where, "the file is empty")
    return table_of_csv(text, where, count_builder_columns)
