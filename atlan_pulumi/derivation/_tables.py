"""The tables of a script: which asset each name in its SQL means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from atlan_pulumi.naming import asset_path, below_connection
from atlan_pulumi.sql import name_parts

WHOLE = 3
"""The parts of a complete name: database, schema, and table."""


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


def declared_table(
    name: str, tables: Sequence[CatalogTable], *, any_case: bool, whole: bool = False
) -> CatalogTable | None:
    """Return the only table whose path ends with a name in SQL; None if there is none, or more than one.

    Args:
        name: The name as SQL has it, such as `RAW.ORDERS`.
        tables: The tables to choose from.
        any_case: Whether a path may differ in case.
        whole: Whether the path must be the name.
    """
    parts = tuple(name_parts(name))
    of = [each for each in tables if not whole or len(each.path) == len(parts)]
    found = [each for each in of if each.path[-len(parts) :] == parts]
    if not found and any_case:
        found = [each for each in of if _folded(each.path[-len(parts) :]) == _folded(parts)]
    return found[0] if len({each.qualified_name for each in found}) == 1 else None


def qualified_name_in(connection: str, name: str) -> str | None:
    """Return the qualifiedName of a table with a complete name in SQL: database, schema, and table.

    None for any other name, also for one with a slash, which would be another path.
    """
    parts = name_parts(name)
    is_complete = len(parts) == WHOLE and all(part and "/" not in part for part in parts)
    return below_connection(connection, "/".join(parts)) if is_complete else None


def schema_of(tables: Mapping[str, CatalogTable]) -> dict[str, Sequence[str] | None]:
    """Return the columns of tables by their names in the SQL; None where they are not known.

    A name that is listed is not taken for another one that is similar.
    """
    return {name: table.columns for name, table in tables.items()}


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)
