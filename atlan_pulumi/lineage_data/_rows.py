"""Read rows from CSV, records, and data frames."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data._problems import InvalidDataError, format_value, source_error, type_in_words
from atlan_pulumi.text import did_you_mean, fold_name

REQUIRED = ["process", "input_table", "output_table"]
ATTRIBUTES = ["name", "sql", "sql_file", "description", "source_url"]
"""Columns that describe the process."""
SQL = frozenset({"sql", "sql_file"})
"""Columns that may decide the tables of a process."""
NAMES = [*REQUIRED, "input_column", "output_column", *ATTRIBUTES, "column_sql", "input_type", "output_type"]
VERBATIM = frozenset({"sql", "code", "description", "column_sql"})
"""Columns whose surrounding whitespace is significant."""

_FOLDED = {name.replace("_", ""): name for name in NAMES}
# Types of missing values in pandas, in addition to NaN.
_EMPTY_TYPES = frozenset({"NAType", "NaTType"})
_RECORDS = "the records"
_FRAME = "the data frame"


def header_columns(names: Iterable[object]) -> list[str]:
    """Return the columns of a header, in order.

    Raises:
        InvalidDataError: A name is unknown or a duplicate, or a required column is missing.
    """
    found: dict[str, object] = {}
    for number, name in enumerate(names, 1):
        column = _column(name, number)
        if column in found:
            names_ = dict.fromkeys(format_value(each) for each in (found[column], name))
            both = f"({' and '.join(names_)})" if len(names_) > 1 else format_value(name)
            raise InvalidDataError(f"duplicate column {both}; remove one")
        found[column] = name
    for column in REQUIRED if found.keys().isdisjoint(SQL) else REQUIRED[:1]:
        if column not in found:
            raise InvalidDataError(f"missing column {column!r}; {', '.join(REQUIRED)} are required")
    return list(found)


def count_known_columns(names: Iterable[str]) -> int:
    """Count the names that are columns."""
    return sum(fold_name(name) in _FOLDED for name in names)


def _column(name: object, number: int) -> str:
    if not isinstance(name, str):
        raise InvalidDataError(f"expected a string as the name of column {number}, got {type_in_words(name)}")
    if not name.strip():
        raise InvalidDataError(
            f"column {number} has no name (an index written by pandas?); name it, or remove it"
        )
    column = _FOLDED.get(fold_name(name))
    if column is None:
        near = did_you_mean(name, NAMES) or f"; the columns are {', '.join(NAMES)}"
        raise InvalidDataError(f"unknown column {format_value(name)}{near}")
    return column


class Row(NamedTuple):
    """An edge between two columns, or between two tables only."""

    where: str
    """The source, such as a file."""
    place: str
    """The location of the row, such as `line 3`."""
    cells: dict[str, Any]
    """Column to value, without empty values."""
    labels: Mapping[str, str] = MappingProxyType({})
    """Column to its name in the source, if that is another."""

    def text(self, column: str) -> str:
        """Return the string in a cell, or an empty string.

        Raises:
            LineageDataError: The cell contains another type.
        """
        value = self.cells.get(column, "")
        if not isinstance(value, str):
            raise self.error(column, f"expected a string, got {type_in_words(value)}")
        return value

    def required(self, column: str) -> str:
        """Return the string in a cell that must not be empty.

        Raises:
            LineageDataError: The cell is empty, or contains another type.
        """
        if not (text := self.text(column)):
            raise self.error(column, "must not be empty: each row names its process and two tables")
        return text

    def error(self, column: str, reason: object) -> LineageDataError:
        """Return the error for a cell."""
        return source_error(self.where, f"{self.place}, {self.labels.get(column, column)}: {reason}")


def without_empty_cells(cells: dict[str, Any]) -> dict[str, Any]:
    """Return the nonempty cells, stripped of surrounding whitespace."""
    return {column: _trimmed(column, value) for column, value in cells.items() if not is_empty(value)}


def is_empty(value: object) -> bool:
    """Check whether a cell is blank or a data frame's missing value."""
    if isinstance(value, str):
        return not value or value.isspace()
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in _EMPTY_TYPES
    )


def _trimmed(column: str, value: Any) -> Any:
    return value.strip() if isinstance(value, str) and column not in VERBATIM else value


class _FrameMethods(NamedTuple):
    """The methods of a data frame that return its records and column names."""

    method: str
    arguments: tuple[str, ...]
    names: str


# Polars comes before pandas, because its frames have a `to_dict` with other arguments.
_FRAMES = (
    _FrameMethods("to_dicts", (), "columns"),  # polars
    _FrameMethods("to_pylist", (), "column_names"),  # pyarrow
    _FrameMethods("to_dict", ("records",), "columns"),  # pandas
)


class RowSource(NamedTuple):
    """Rows, and the label of their source in errors."""

    rows: Iterator[Row]
    where: str


def rows_from(source: object) -> RowSource | None:
    """Return the rows of a sequence of records or of a data frame. For other objects, return None.

    Raises:
        LineageDataError: The columns are invalid.
    """
    for each in _FRAMES:
        # Check the class, because a Pulumi Output has every attribute.
        if hasattr(type(source), each.method) and hasattr(source, each.names):
            return RowSource(_of_frame(source, each), _FRAME)
    if isinstance(source, Sequence) and not isinstance(source, (str, bytes, bytearray)):
        return RowSource(_of_records(source), _RECORDS)
    return None


def _of_frame(frame: Any, how: _FrameMethods) -> Iterator[Row]:
    # Check the names first, because the records drop one of two columns with the same name.
    names = list(getattr(frame, how.names))
    columns = _columns(_FRAME, names)
    return _rows(_FRAME, columns, getattr(frame, how.method)(*how.arguments))


def _of_records(records: Sequence[Any]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise source_error(_RECORDS, f"row {number}: expected a mapping, got {type_in_words(record)}")
    if not records:
        return iter(())
    names = dict.fromkeys(name for record in records for name in record)
    return _rows(_RECORDS, _columns(_RECORDS, names), records)


def _columns(where: str, names: Iterable[Any]) -> dict[Any, str]:
    names = list(names)
    try:
        return dict(zip(names, header_columns(names), strict=True))
    except InvalidDataError as problem:
        raise source_error(where, problem) from None


def _rows(where: str, columns: dict[Any, str], records: Iterable[Mapping[Any, Any]]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if cells := without_empty_cells({columns[name]: value for name, value in record.items()}):
            yield Row(where, f"row {number}", cells)
