"""Relations: the columns of a table or a query, each with the columns that it is derived from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from atlan_pulumi.sql._lineage import Sources, TableColumn, Transformation

STAR = "*"
Indirect = tuple[Sources, Transformation]
"""Columns that filter, join, group, or sort, and which of these they do."""


@dataclass(frozen=True)
class OutputColumn:
    """A column of a relation.

    Attributes:
        name: Its name.
        sources: The columns that it is derived from.
        fields: The fields of a struct that have sources of their own, by path in lower case.
        line: The line of its expression in the SQL, from 1; 0 if it is unknown.
    """

    name: str
    sources: Sources = field(default_factory=dict)
    fields: Mapping[str, Sources] = field(default_factory=dict)
    line: int = field(default=0, compare=False)

    def named(self, name: str) -> OutputColumn:
        """Return the column under another name."""
        return replace(self, name=name)


@dataclass(frozen=True)
class Relation:
    """A table, or the result of a query.

    Attributes:
        columns: The known columns, in order.
        open: Groups of tables whose columns are not known. A column that is not among the known ones may be
            one of any group, and is then one of every table of the group, as in a UNION.
        indirect: The columns that filter, join, group, or sort the rows of a table or view of the script.
        rest: What a column that is not known is derived from, if a function returns it; else None.
    """

    columns: tuple[OutputColumn, ...] = ()
    open: tuple[tuple[str, ...], ...] = ()
    indirect: tuple[Indirect, ...] = ()
    rest: Sources | None = None

    @property
    def is_open(self) -> bool:
        """Whether there may be columns that are not known."""
        return bool(self.open) or self.rest is not None

    def find(self, name: str) -> OutputColumn | None:
        """Return the known column with a name, not case-sensitive; exact matches come first."""
        alike = self._alike.get(name.lower())
        return next((each for each in alike if each.name == name), alike[0]) if alike else None

    @cached_property
    def _alike(self) -> dict[str, list[OutputColumn]]:
        """The columns by their names in lower case."""
        found: dict[str, list[OutputColumn]] = {}
        for each in self.columns:
            found.setdefault(each.name.lower(), []).append(each)
        return found

    def find_path(self, path: Sequence[str]) -> Sources | None:
        """Return the sources of the deepest known part of a path: a column, and fields in it."""
        for length in range(len(path), 0, -1):
            if column := self.find(".".join(path[:length])):
                below = [".".join(path[length:end]).lower() for end in range(len(path), length, -1)]
                return next((column.fields[each] for each in below if each in column.fields), column.sources)
        return None

    def guess(self, name: str) -> OutputColumn | None:
        """Return a column that is not known as one of the only open group; None if there are several."""
        if self.rest is not None:
            return OutputColumn(name, self.rest)
        if len(self.open) != 1:
            return None
        return OutputColumn(
            name, {TableColumn(table, name): Transformation.IDENTITY for table in self.open[0]}
        )

    def star(self) -> Iterator[OutputColumn]:
        """Yield the columns of `*`; one with the name `*` stands for the columns of open tables."""
        yield from self.columns
        for group in self.open:
            sources = {TableColumn(table, STAR): Transformation.IDENTITY for table in group}
            yield OutputColumn(STAR, sources)

    def renamed(self, names: Iterable[str]) -> Relation:
        """Return the relation with other names for its first columns."""
        given = list(names)
        pairs = list(zip(given, self.columns, strict=False))
        rest = self.columns[len(pairs) :]
        columns = (each.named(name) for name, each in pairs)
        return Relation((*columns, *rest), self.open)


class Written(NamedTuple):
    """The columns that a statement writes into one table; of a bare SELECT, the table is empty."""

    table: str
    columns: list[OutputColumn]


def relation_of(columns: Iterable[OutputColumn], indirect: Iterable[Indirect] = ()) -> Relation:
    """Return the relation of a select list, in which a `*` stands for the columns of open tables."""
    every = list(columns)
    known = tuple(each for each in every if each.name != STAR)
    groups = tuple(tuple(source.table for source in each.sources) for each in every if each.name == STAR)
    return Relation(known, groups, tuple(indirect))


def table_relation(name: str, columns: Iterable[str] | None) -> Relation:
    """Return the relation of a table, whose columns may be unknown."""
    if columns is None:
        return Relation(open=((name,),))
    return Relation(
        tuple(OutputColumn(each, {TableColumn(name, each): Transformation.IDENTITY}) for each in columns)
    )


def merged(*several: Sources) -> dict[TableColumn, Transformation]:
    """Return all sources. For one that occurs several times, the first transformation counts."""
    found: dict[TableColumn, Transformation] = {}
    for sources in several:
        for source, how in sources.items():
            found.setdefault(source, how)
    return found


def through(
    sources: Mapping[TableColumn, Transformation], how: Transformation
) -> dict[TableColumn, Transformation]:
    """Return sources after a further transformation."""
    return {source: before.then(how) for source, before in sources.items()}
