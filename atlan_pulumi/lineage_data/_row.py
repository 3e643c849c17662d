"""One row of lineage: what its cells say, and where it stands."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from atlan_pulumi.lineage_data._errors import LineageDataError, unreadable
from atlan_pulumi.lineage_data._header import VERBATIM
from atlan_pulumi.lineage_data._words import kind

# What pandas writes into cells without a value, beside NaN.
_EMPTY_TYPES = frozenset({"NAType", "NaTType"})


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
