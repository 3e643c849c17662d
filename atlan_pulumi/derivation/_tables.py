"""The tables of a script: which asset each name in its SQL means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from atlan_pulumi.naming import asset_path, below_connection


class CatalogTable(NamedTuple):
    """A table or view in Atlan, or one that the program declares.

    Attributes:
        type_name: Atlan's typeName, such as `Table` or `View`.
        qualified_name: The qualifiedName.
        columns: The names of its columns, in their order; None if they are unknown.
    """

    type_name: str
    qualified_name: str
    columns: tuple[str, ...] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The segments below the connection, such as database, schema, and name."""
        return tuple(asset_path(self.qualified_name).split("/"))

    def column_name(self, name: str) -> str:
        """Return a column's qualifiedName, with the case that the table's columns have."""
        columns = self.columns or ()
        folded = {each.casefold(): each for each in columns}
        exact = name if name in columns else folded.get(name.casefold(), name)
        return f"{self.qualified_name}/{exact}"


def declared_table(name: str, tables: Iterable[CatalogTable]) -> CatalogTable | None:
    """Return the only table whose path ends with a name in SQL, whatever its case.

    A path with exactly this case is preferred. None if there is no such table, or more than one.

    Args:
        name: The name as SQL has it, such as `RAW.ORDERS`.
        tables: The tables to choose from.
    """
    parts = tuple(name.split("."))
    exact = [each for each in tables if each.path[-len(parts) :] == parts]
    folded = exact or [each for each in tables if _folded(each.path[-len(parts) :]) == _folded(parts)]
    return folded[0] if len({each.qualified_name for each in folded}) == 1 else None


def qualified_name_in(connection: str, name: str) -> str:
    """Return the qualifiedName of a table with a complete name in SQL."""
    return below_connection(connection, name.replace(".", "/"))


def schema_of(tables: Mapping[str, CatalogTable]) -> dict[str, Sequence[str]]:
    """Return the columns of the tables whose columns are known, by their names in the SQL."""
    return {name: table.columns for name, table in tables.items() if table.columns is not None}


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)
