"""Rows: CSV, records, data frames; their header and cells."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, NamedTuple

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.lineage_data._problems import InvalidDataError, kind, shown, unreadable
from atlan_pulumi.text import did_you_mean

REQUIRED = ["process", "input_table", "output_table"]
ATTRIBUTES = ["name", "sql", "description", "source_url"]
"""What is said of a process as a whole."""
NAMES = [*REQUIRED, "input_column", "output_column", *ATTRIBUTES, "column_sql", "input_type", "output_type"]
VERBATIM = frozenset({"sql", "description", "column_sql"})
"""Where blanks around a text are part of it."""

_FOLDED = {name.replace("_", ""): name for name in NAMES}
# What pandas writes into cells without a value, beside NaN.
_EMPTY_TYPES = frozenset({"NAType", "NaTType"})
_SEPARATORS = (",", ";", "\t")
_RECORDS = "the records"
_FRAME = "the data frame"


def columns_of(names: Iterable[object]) -> list[str]:
    """The columns that a header names, in its order.

    Raises:
        InvalidDataError: A name is not known, or is there twice, or a required one is missing.
    """
    found: dict[str, object] = {}
    for number, name in enumerate(names, 1):
        column = _column(name, number)
        if column in found:
            also = f", as {shown(found[column])}" if found[column] != name else ""
            raise InvalidDataError(f"the column {shown(name)} is there already{also}; take one out")
        found[column] = name
    for column in REQUIRED:
        if column not in found:
            raise InvalidDataError(f"the column {column!r} is missing; {', '.join(REQUIRED)} are required")
    return list(found)


def known_in(names: Iterable[str]) -> int:
    """How many of some names are columns."""
    return sum(_fold(name) in _FOLDED for name in names)


def _column(name: object, number: int) -> str:
    if not isinstance(name, str):
        raise InvalidDataError(f"the name of column {number} is {kind(name)}, and must be a text")
    if not name.strip():
        raise InvalidDataError(
            f"column {number} has no name (an index, written by pandas?); name it, or take it out"
        )
    column = _FOLDED.get(_fold(name))
    if column is None:
        near = did_you_mean(name, NAMES) or f"; there are {', '.join(NAMES)}"
        raise InvalidDataError(f"there is no column {shown(name)}{near}")
    return column


def _fold(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


class Row(NamedTuple):
    """One input column that becomes one output column, or an edge between tables only."""

    where: str
    """The source, such as a file."""
    place: str
    """Where in it the row stands, such as `line 3`."""
    cells: dict[str, Any]
    """Column to value; none is empty."""

    def text(self, column: str) -> str:
        """A cell that holds a text, or an empty text where there is nothing.

        Raises:
            LineageDataError: It holds something else.
        """
        value = self.cells.get(column, "")
        if not isinstance(value, str):
            raise self.error(column, f"is {kind(value)}, and must be a text")
        return value

    def required(self, column: str) -> str:
        """A cell that must not be empty.

        Raises:
            LineageDataError: It is empty, or holds something else than a text.
        """
        if not (text := self.text(column)):
            raise self.error(column, "must not be empty: each row names its process and two tables")
        return text

    def error(self, column: str, reason: object) -> LineageDataError:
        """The error for one of the cells."""
        return unreadable(self.where, f"{self.place}, {column}: {reason}")


def filled(cells: dict[str, Any]) -> dict[str, Any]:
    """The cells that hold something, without the blanks around it."""
    return {column: _trimmed(column, value) for column, value in cells.items() if not is_empty(value)}


def is_empty(value: object) -> bool:
    """Whether a cell says nothing: it is blank, or holds what a data frame writes for no value."""
    if isinstance(value, str):
        return not value or value.isspace()
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in _EMPTY_TYPES
    )


def _trimmed(column: str, value: Any) -> Any:
    return value.strip() if isinstance(value, str) and column not in VERBATIM else value


class _Line(NamedTuple):
    number: int
    cells: list[str]


def rows_of_csv(text: str, where: str) -> Iterator[Row]:
    """The rows of a CSV; rows without any content are passed over.

    Raises:
        LineageDataError: It is not CSV, or its columns are not as they have to be.
    """
    separator = _separator(text)
    lines = _lines(text, where, separator)
    heading = next(lines, None)
    if heading is None:
        raise unreadable(where, "there are no names in it, not even those of a header")
    while heading.cells and is_empty(heading.cells[-1]):
        heading.cells.pop()
    try:
        columns = columns_of(heading.cells)
    except InvalidDataError as problem:
        raise unreadable(where, f"line {heading.number}: {problem}") from None
    for line in lines:
        _refuse_more(line, len(columns), where, separator)
        yield Row(where, f"line {line.number}", filled(dict(zip(columns, line.cells, strict=False))))


def _separator(text: str) -> str:
    # No name in a header holds a separator, so the one that gives the most names that are known is it.
    heading = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=lambda each: known_in(name.strip(' "\r') for name in heading.split(each)))


def _lines(text: str, where: str, separator: str) -> Iterator[_Line]:
    # Line ends are left to the reader: within quotes they are part of a cell. So are blanks after a
    # separator, as in a table that is aligned for the eye: a quote may follow them.
    source = StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    number = 1
    try:
        for cells in reader:
            if not all(map(is_empty, cells)):
                yield _Line(number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(where, f"line {number} is not CSV: {error}") from None


def _refuse_more(line: _Line, most: int, where: str, separator: str) -> None:
    if not all(map(is_empty, line.cells[most:])):
        reason = f"there are {len(line.cells)} cells, and {most} columns in the header"
        raise unreadable(where, f"line {line.number}: {reason}; quote a cell that holds {separator!r}")


class _Kind(NamedTuple):
    """How a kind of data frame gives its records, and the names of its columns."""

    method: str
    arguments: tuple[str, ...]
    names: str


# Polars comes before pandas: its frames have a `to_dict` as well, which takes other arguments.
_KINDS = (
    _Kind("to_dicts", (), "columns"),  # polars
    _Kind("to_pylist", (), "column_names"),  # pyarrow
    _Kind("to_dict", ("records",), "columns"),  # pandas
)


class Rows(NamedTuple):
    """Rows, and what to call their source in an error."""

    rows: Iterator[Row]
    where: str


def rows_of(source: object) -> Rows | None:
    """The rows of a sequence of records or of a data frame; nothing where it is neither.

    Raises:
        LineageDataError: Their columns are not as they have to be.
    """
    for each in _KINDS:
        # The class is asked: an Output of Pulumi's would say that it has any attribute.
        if hasattr(type(source), each.method) and hasattr(source, each.names):
            return Rows(_of_frame(source, each), _FRAME)
    if isinstance(source, Sequence) and not isinstance(source, (str, bytes, bytearray)):
        return Rows(_of_records(source), _RECORDS)
    return None


def _of_frame(frame: Any, how: _Kind) -> Iterator[Row]:
    # Before the records: of two columns of one name, they hold only one.
    names = list(getattr(frame, how.names))
    columns = _columns(_FRAME, names)
    return _rows(_FRAME, columns, getattr(frame, how.method)(*how.arguments))


def _of_records(records: Sequence[Any]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise unreadable(_RECORDS, f"row {number} is {kind(record)}, and must be a mapping")
    if not records:
        return iter(())
    names = dict.fromkeys(name for record in records for name in record)
    return _rows(_RECORDS, _columns(_RECORDS, names), records)


def _columns(where: str, names: Iterable[Any]) -> dict[Any, str]:
    names = list(names)
    try:
        return dict(zip(names, columns_of(names), strict=True))
    except InvalidDataError as problem:
        raise unreadable(where, problem) from None


def _rows(where: str, columns: dict[Any, str], records: Iterable[Mapping[Any, Any]]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if cells := filled({columns[name]: value for name, value in record.items()}):
            yield Row(where, f"row {number}", cells)
