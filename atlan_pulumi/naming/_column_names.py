"""Tables of columns: full and short column names; ids of column processes.

A state and a preview with thousands of full qualifiedNames would be large and hard to read. The short form of
a column does not change when the process gets another table, so that a preview shows only real changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

_MOST_SEGMENTS = 4
"""Segments from which a text that begins like a qualifiedName is one."""


def split_column(qualified_name: str) -> tuple[str, str]:
    """Return the table and the name of a column: the name follows the last slash."""
    table, _, name = qualified_name.rpartition("/")
    return table, name


class Tables:
    """The input or output tables of a process, in a stable order.

    Attributes:
        names: Their qualifiedNames.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(names))
        self._short = dict.fromkeys(self.names[:1], "")
        for name in self.names[1:]:
            self._short[name] = _first_free(name, set(self._short.values()))
        self._long = {short: name for name, short in self._short.items()}

    def shorten(self, column: str) -> str:
        """Return the short form of a column; a column of another table is unchanged."""
        table, name = split_column(column)
        if table not in self._short:
            return column
        return f"{self._short[table]}/{name}" if self._short[table] else name

    def expand(self, column: str) -> str:
        """Return the qualifiedName of a column in short form."""
        short, name = split_column(column)
        return f"{self._long[short]}/{name}" if short in self._long else column

    def find(self, text: str) -> list[str]:
        """Return the qualifiedNames that an author's text may refer to.

        In full, or with the end of a table's name.

        Args:
            text: `ID`, `ORDERS/ID`, `RAW/PUBLIC/ORDERS/ID`, or a qualifiedName.
        """
        table, name = split_column(text)
        if not table:
            return [f"{each}/{name}" for each in self.names]
        if table in self.names:
            return [text]
        matches = [each for each in self.names if each.endswith(f"/{table}")]
        if matches or text.count("/") < _MOST_SEGMENTS:
            return [f"{each}/{name}" for each in matches]
        return [text]


def keep_order(used: Iterable[str], former: Sequence[str]) -> list[str]:
    """Return the used tables: those of the former list in their former order, then the others, sorted."""
    wanted = set(used)
    kept = [name for name in former if name in wanted]
    return [*kept, *sorted(wanted.difference(kept))]


def column_ids(columns: Iterable[str]) -> dict[str, str]:
    """Return an id for each output column of a process, by qualifiedName: its name.

    If columns of several tables have the same name, their ids start with as many segments of the table as
    needed to be unique: `ORDERS/ID` and `ITEMS/ID`.
    """
    same_name: dict[str, list[str]] = {}
    for column in columns:
        same_name.setdefault(split_column(column)[1], []).append(column)
    ids: dict[str, str] = {}
    for name, group in same_name.items():
        ids |= {group[0]: name} if len(group) == 1 else _unique_ids(group)
    return ids


def _unique_ids(columns: list[str]) -> dict[str, str]:
    length = 2
    while len({_last(column, length) for column in columns}) < len(columns):
        length += 1
    return {column: _last(column, length) for column in columns}


def _last(text: str, segments: int) -> str:
    return "/".join(text.split("/")[-segments:])


def _first_free(name: str, taken: set[str]) -> str:
    """Return the shortest end of a name that is not taken."""
    segments = name.count("/") + 1
    return next((end for n in range(1, segments) if (end := _last(name, n)) not in taken), name)


def table_of(text: str, names: Collection[str]) -> str:
    """Return the longest of the names that `text` begins with, as `<name>/<column>`, or an empty text.

    It checks each slash rather than each name, since a process may have thousands of tables.
    """
    end = text.rfind("/", 0, len(text) - 1)
    while end > 0:
        if text[:end] in names:
            return text[:end]
        end = text.rfind("/", 0, end)
    return ""
