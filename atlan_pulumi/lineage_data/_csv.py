"""Read rows from CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from typing import Any, NamedTuple

from atlan_pulumi.lineage_data._builder_columns import is_builder_header
from atlan_pulumi.lineage_data._problems import InvalidDataError, source_error
from atlan_pulumi.lineage_data._rows import (
    Row,
    count_known_columns,
    header_columns,
    is_empty,
    without_empty_cells,
)

_SEPARATORS = (",", ";", "\t")


class Line(NamedTuple):
    """A line of a CSV text, which may contain line ends within quotes.

    Attributes:
        number: The number of its first line.
        cells: Its cells.
    """

    number: int
    cells: list[str]


class CsvTable(NamedTuple):
    """A CSV text."""

    where: str
    separator: str
    heading: Line
    lines: Iterator[Line]

    def cells(self, line: Line, columns: Sequence[str]) -> dict[str, Any]:
        """Return the nonempty cells of a line by column.

        Raises:
            LineageDataError: The line has more cells than there are columns.
        """
        if not all(map(is_empty, line.cells[len(columns) :])):
            reason = f"{len(line.cells)} cells, but {len(columns)} columns in the header"
            hint = f"quote cells that contain {self.separator!r}"
            raise source_error(self.where, f"line {line.number}: {reason}; {hint}")
        return without_empty_cells(dict(zip(columns, line.cells, strict=False)))


def rows_of_csv(text: str, where: str) -> Iterator[Row]:
    """Yield the rows of a CSV text, without blank rows.

    Raises:
        LineageDataError: The text is not valid CSV, or its header is invalid.
    """
    table = table_of_csv(text, where, count_known_columns)
    if is_builder_header(table.heading.cells):
        what = "a file of Atlan's Lineage Builder, whose connections are names"
        raise source_error(where, f"{what}; read it with atlan.lineage_from_builder(path)")
    try:
        columns = header_columns(table.heading.cells)
    except InvalidDataError as problem:
        raise source_error(where, f"line {table.heading.number}: {problem}") from None
    for line in table.lines:
        yield Row(where, f"line {line.number}", table.cells(line, columns))


def table_of_csv(text: str, where: str, count_known: Callable[[Iterable[str]], int]) -> CsvTable:
    """Return the header and the lines of a CSV text, without blank lines.

    Args:
        text: The text.
        where: The label of the source in errors.
        count_known: Counts the names in a header that are columns.

    Raises:
        LineageDataError: The text is not valid CSV, or has no header.
    """
    separator = _separator(text, count_known)
    lines = _lines(text, where, separator)
    heading = next(lines, None)
    if heading is None:
        raise source_error(where, "no header")
    while heading.cells and is_empty(heading.cells[-1]):
        heading.cells.pop()
    return CsvTable(where, separator, heading, lines)


def _separator(text: str, count_known: Callable[[Iterable[str]], int]) -> str:
    # Column names do not contain separators: pick the separator that yields the most known names.
    heading = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=lambda each: count_known(name.strip(' "\r') for name in heading.split(each)))


def _lines(text: str, where: str, separator: str) -> Iterator[Line]:
    # The reader handles line ends within quoted cells, and blanks between a separator and a quote.
    source = StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)
    number = 1
    try:
        for cells in reader:
            if not all(map(is_empty, cells)):
                yield Line(number, cells)
            number = reader.line_num + 1
    except csv.Error as error:
        raise source_error(where, f"line {number}: invalid CSV: {error}") from None
