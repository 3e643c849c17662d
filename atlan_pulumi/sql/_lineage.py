"""The lineage of SQL: tables, columns, how each is derived, and what could not be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class TableColumn(NamedTuple):
    """A column of a table. The table of a statement that only selects is empty."""

    table: str
    column: str


class Transformation(Enum):
    """How a column is derived, as OpenLineage's transformation types and subtypes.

    The members are in the order of their strength: in a chain, the strongest one counts.
    """

    IDENTITY = ("DIRECT", "IDENTITY")
    TRANSFORMATION = ("DIRECT", "TRANSFORMATION")
    AGGREGATION = ("DIRECT", "AGGREGATION")
    CONDITIONAL = ("INDIRECT", "CONDITIONAL")
    WINDOW = ("INDIRECT", "WINDOW")
    JOIN = ("INDIRECT", "JOIN")
    FILTER = ("INDIRECT", "FILTER")
    GROUP_BY = ("INDIRECT", "GROUP_BY")
    SORT = ("INDIRECT", "SORT")

    @property
    def type(self) -> str:
        """`DIRECT` or `INDIRECT`."""
        return self.value[0]

    @property
    def subtype(self) -> str:
        """Such as `IDENTITY` or `JOIN`."""
        return self.value[1]

    def then(self, other: Transformation) -> Transformation:
        """Return the transformation of a chain: this one, and after it another one."""
        return max(self, other, key=_ORDER.index)


_ORDER = list(Transformation)
Sources = Mapping[TableColumn, Transformation]


class Problem(NamedTuple):
    """A part of the SQL that could not be decided.

    Attributes:
        message: What could not be decided, and what would decide it, in one line.
        line: The line in the SQL, from 1; 0 if it is unknown.
        column: The position in the line, from 1; 0 if it is unknown.
        hides_tables: Whether a whole statement was left out, so that tables may be missing, not only columns.
    """

    message: str
    line: int = 0
    column: int = 0
    hides_tables: bool = False

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}" if self.line else self.message


@dataclass(frozen=True)
class DerivedLineage:
    """The lineage of one or many statements.

    Attributes:
        inputs: The tables that are read, in the order of the SQL.
        outputs: The tables that are written, in the order of the SQL.
        columns: The columns that the value of each output column is derived from.
        transformations: How each output column is derived from each of them.
        indirect: The columns that only filter, join, group, or sort, by output table, each with how.
        problems: What could not be decided. An edge that may be wrong is left out and is a problem.
        guessed: The tables whose columns are not known, and are named after those of a query.
        kinds: What CREATE makes: `view`, `materialized view`, or `dynamic table`, by table.
        written: The columns that are written, by output table, also those without a source.
        lines: The line of the expression of each output column, from 1, as far as it is known.
        places: The line and the column, from 1, of the first reference to each table, as far as known.
    """

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    columns: dict[TableColumn, frozenset[TableColumn]] = field(default_factory=dict)
    transformations: dict[TableColumn, dict[TableColumn, Transformation]] = field(default_factory=dict)
    indirect: dict[str, dict[TableColumn, frozenset[Transformation]]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    guessed: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[TableColumn, int] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
