"""One side of a process: its tables, and which of them a text about a column means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.lifecycle import did_you_mean
from atlan_pulumi.lineage_data._errors import FlawError, at, refuse_data
from atlan_pulumi.lineage_data._tables import name_of, plain_table, table_of
from atlan_pulumi.lineage_data._words import shown, shown_all


@dataclass(frozen=True)
class Side:
    """The inputs of a process, or its outputs.

    Attributes:
        label: `inputs` or `outputs`.
        tables: The tables in the plain form, or a value that is not known yet.
        names: The names of those tables whose names are known.
        is_open: Whether there may be tables whose names are not known.
    """

    label: str
    tables: Any
    names: frozenset[str]
    is_open: bool

    def column(self, text: str) -> str:
        """The one text for a column: bare where there is one table, else `<table>/<column>`.

        Raises:
            FlawError: It does not tell which of the tables it is of.
        """
        table = table_of(text, self.names)
        if len(self.names) == 1 and not self.is_open:
            return self._bare(text, table)
        if table or self.is_open:
            return text
        above = text.rpartition("/")[0]
        ending = [name for name in self.names if name.endswith(f"/{above}")]
        if len(ending) == 1:  # led by the end of a table's name, as a ColumnLineage takes it too
            return f"{ending[0]}/{text[len(above) + 1 :]}"
        near = did_you_mean(above, list(self.names))
        tables = shown_all(sorted(self.names))
        raise FlawError(f"names no table of the {self.label} ({tables}); write it as <table>/<column>{near}")

    def _bare(self, text: str, table: str) -> str:
        column = text[len(table) + 1 :] if table else text
        # A column whose own name begins like its table's would be another one if it stood bare.
        return text if table_of(column, self.names) else column


def read_side(process: Mapping[str, Any], label: str) -> Side:
    """A side of a process, its tables checked.

    Raises:
        FlawError: It is missing, or something that stands there is no table, or is there twice.
    """
    if label not in process:
        raise FlawError(f"{label} is missing; give a table, or a list of tables")
    value = process[label]
    if isinstance(value, (str, Mapping)):
        value = [value]
    with at(label):
        if not isinstance(value, (list, tuple)):
            refuse_data(value, "a table, or a list of tables")
            return Side(label, value, frozenset(), is_open=True)
        if not value:
            raise FlawError("is empty; give at least one table")
    tables = []
    for number, item in enumerate(value):
        with at(f"{label}[{number}]"):
            tables.append(plain_table(item))
    return _side(label, tables)


def _side(label: str, tables: list[Any]) -> Side:
    names: set[str] = set()
    for number, name in enumerate(map(name_of, tables)):
        if isinstance(name, str):
            if name in names:
                raise FlawError(f"{label}[{number}]: {shown(name)} is there already; take one out")
            names.add(name)
    return Side(label, tables, frozenset(names), is_open=len(names) < len(tables))
