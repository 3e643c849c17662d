"""Mappings of columns as an author writes them: by their names, with their tables where it takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlan_pulumi.importer._full import process_in_full
from atlan_pulumi.importer.code._layout import Items, Node
from atlan_pulumi.importer.code._literals import literal
from atlan_pulumi.importer.code._paths import Writer
from atlan_pulumi.importer.code._values import plain
from atlan_pulumi.resources._column_names import Tables

_FIRST = ("name", "inputs", "outputs")


class Mappings:
    """Writes the columns of one process."""

    def __init__(self, paths: Writer, inputs: Sequence[str], outputs: Sequence[str]) -> None:
        """Take the tables of both sides.

        Args:
            paths: Writes qualifiedNames.
            inputs: The tables that input columns may be named after.
            outputs: The tables that output columns may be named after.
        """
        self._paths = paths
        self._inputs, self._outputs = Tables(inputs), Tables(outputs)

    def columns(self, columns: Mapping[str, Sequence[str]]) -> Node:
        """Output column -> input columns, which are given by qualifiedName."""
        rows = [(self._key(target), self._sources(columns[target])) for target in sorted(columns)]
        return Items("{", "}", rows, spread=len(rows) > 1)

    def sql(self, sql: Mapping[str, str]) -> Node:
        """Output column -> SQL."""
        return Items("{", "}", [(self._key(target), plain(sql[target])) for target in sorted(sql)])

    def _key(self, target: str) -> str:
        return f"{self._column(target, self._outputs)}: "

    def _sources(self, sources: Sequence[str]) -> Node:
        each = [self._column(source, self._inputs) for source in sources]
        return each[0] if len(each) == 1 else Items("[", "]", [("", one) for one in each])

    def _column(self, column: str, tables: Tables) -> str:
        segments = column.split("/")
        for count in range(1, len(segments)):
            text = "/".join(segments[-count:])
            if tables.find(text) == [column]:
                return literal(text)
        return self._paths.write(column, within=True)


def process_of_map(short: Mapping[str, Any], base: str, paths: Writer) -> Node:
    """One process of a `LineageMap`.

    Args:
        short: The process in the short form of a state.
        base: Where the paths of its tables begin.
        paths: Writes qualifiedNames.
    """
    full = process_in_full(short, base)
    write = Mappings(paths, full.inputs, full.outputs)
    of_columns = {"columns": write.columns(full.columns), "column_sql": write.sql(full.sql)}
    names = [*(name for name in _FIRST if name in short), *(name for name in short if name not in _FIRST)]
    written = [(name, of_columns.get(name) or plain(short[name])) for name in names]
    return Items("{", "}", [(f"{literal(name)}: ", node) for name, node in written], spread=True)
