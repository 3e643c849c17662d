"""The table of the activity log: action, entity, user, and time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._json import decode
from atlan_pulumi.local.store._database import SqliteDatabase

_COLUMNS = "id, entity, type_name, qualified_name, action, user, time, detail"


NewAuditEntry = tuple[str, str, str, str, str, int, str]
"""GUID, type, qualifiedName, action, user, time, and detail (JSON)."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of the activity log. Its time is in milliseconds since the epoch."""

    id: int
    entity: str
    type_name: str
    qualified_name: str
    action: str
    user: str
    time: int
    detail: Any


class AuditTable:
    """Reads and writes the activity log."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def add(self, entries: Iterable[NewAuditEntry]) -> None:
        """Append entries."""
        self._database.execute_many(
            "INSERT INTO audit (entity, type_name, qualified_name, action, user, time, detail) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            list(entries),
        )

    def where(self, condition: str, parameters: Sequence[Any] = (), suffix: str = "") -> list[AuditEntry]:
        """Return the entries that meet an SQL condition."""
        sql = f"SELECT {_COLUMNS} FROM audit WHERE {condition} {suffix}"  # noqa: S608 - values are parameters
        return [_parse_entry(row) for row in self._database.rows(sql, parameters)]

    def count(self, condition: str, parameters: Sequence[Any] = ()) -> int:
        """Return the number of entries that meet an SQL condition."""
        sql = f"SELECT count(*) FROM audit WHERE {condition}"  # noqa: S608 - values are parameters
        return int(self._database.row(sql, parameters)[0])


def _parse_entry(row: tuple[Any, ...]) -> AuditEntry:
    values = (*row[:-1], decode(row[-1]))
    return AuditEntry(*values)
