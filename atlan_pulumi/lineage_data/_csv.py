"""CSV as rows: whichever separator the header uses, and each row with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from atlan_pulumi.lineage_data._errors import FlawError, unreadable
from atlan_pulumi.lineage_data._header import columns_of, known_in
from atlan_pulumi.lineage_data._row import Row, filled, is_empty

_SEPARATORS = (",", ";", "\t")


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
    except FlawError as flaw:
        raise unreadable(where, f"line {heading.number}: {flaw}") from None
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
