"""Which table a column belongs to, in full and in short form; ids of column processes.

Thousands of qualifiedNames that repeat their tables would fill a state, and nobody could read a preview of
them. The short form of a column does not change when another table joins: a preview shows what changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

_MOST_SEGMENTS = 4
"""A text of so many segments or more that begins like a qualifiedName is one."""


def split(qualified_name: str) -> tuple[str, str]:
    """The table and the name of a column: the name is what stands after the last slash."""
    table, _, name = qualified_name.rpartition("/")
    return table, name


class Tables:
    """The tables at one side of a process, in an order that lasts.

    Attributes:
        names: Their qualifiedNames.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(names))
        self._short = dict.fromkeys(self.names[:1], "")
        for name in self.names[1:]:
            self._short[name] = _first_free(name, set(self._short.values()))
        self._long = {short: name for name, short in self._short.items()}

    def short(self, column: str) -> str:
        """The short form of a column; one of another table stays as it is."""
        table, name = split(column)
        if table not in self._short:
            return column
        return f"{self._short[table]}/{name}" if self._short[table] else name

    def long(self, column: str) -> str:
        """The qualifiedName of a column in short form."""
        short, name = split(column)
        return f"{self._long[short]}/{name}" if short in self._long else column

    def find(self, text: str) -> list[str]:
        """The qualifiedNames that a text as an author writes it may mean: in full, or led by a table.

        Args:
            text: `ID`, `ORDERS/ID`, `RAW/PUBLIC/ORDERS/ID` or a qualifiedName.
        """
        table, name = split(text)
        if not table:
            return [f"{each}/{name}" for each in self.names]
        if table in self.names:
            return [text]
        meant = [each for each in self.names if each.endswith(f"/{table}")]
        if meant or text.count("/") < _MOST_SEGMENTS:
            return [f"{each}/{name}" for each in meant]
        return [text]


def ordered(used: Iterable[str], former: Sequence[str]) -> list[str]:
    """The tables that are used: those that were there before in their former order, then the others."""
    wanted = set(used)
    kept = [name for name in former if name in wanted]
    return [*kept, *sorted(wanted.difference(kept))]


def column_ids(columns: Iterable[str]) -> dict[str, str]:
    """An id for each output column of a process, by qualifiedName: its name.

    Where two columns of different tables share a name, each of them is led by as many segments of its table
    as it takes to tell all of that name apart: `ORDERS/ID` and `ITEMS/ID`.
    """
    alike: dict[str, list[str]] = {}
    for column in columns:
        alike.setdefault(split(column)[1], []).append(column)
    return {column: id_ for group in alike.values() for column, id_ in _told_apart(group).items()}


def _told_apart(columns: list[str]) -> dict[str, str]:
    length = 1
    while len({_last(column, length) for column in columns}) < len(columns):
        length += 1
    return {column: _last(column, length) for column in columns}


def _last(text: str, segments: int) -> str:
    return "/".join(text.split("/")[-segments:])


def _first_free(name: str, taken: set[str]) -> str:
    """The shortest end of a name that no earlier one has."""
    segments = name.count("/") + 1
    return next((end for n in range(1, segments) if (end := _last(name, n)) not in taken), name)


def table_of(text: str, names: Collection[str]) -> str:
    """The longest of the names that `text` begins with as `<name>/<column>`, or an empty text.

    It looks at each slash rather than at each name: a process may have thousands of tables.
    """
    end = text.rfind("/", 0, len(text) - 1)
    while end > 0:
        if text[:end] in names:
            return text[:end]
        end = text.rfind("/", 0, end)
    return ""
