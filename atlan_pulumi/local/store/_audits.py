"""Rows of the activity log: who did what to which entity, and when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.store._database import Database

_COLUMNS = "id, entity, type_name, qualified_name, action, user, time, detail"


NewAudit = tuple[str, str, str, str, str, int, str]
"""GUID, type, qualifiedName, action, user, time, and the detail as JSON."""


@dataclass(frozen=True, slots=True)
class Audit:
    """One entry; its time is in milliseconds since the epoch."""

    id: int
    entity: str
    type_name: str
    qualified_name: str
    action: str
    user: str
    time: int
    detail: Any


class Audits:
    """Reads and writes the activity log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entries: Iterable[NewAudit]) -> None:
        """Append entries."""
        self._database.execute_many(
            "INSERT INTO audit (entity, type_name, qualified_name, action, user, time, detail) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            list(entries),
        )

    def where(self, condition: str, parameters: Sequence[Any] = (), suffix: str = "") -> list[Audit]:
        """Return the entries that meet an SQL condition."""
        sql = f"SELECT {_COLUMNS} FROM audit WHERE {condition} {suffix}"  # noqa: S608 - values are parameters
        return [_audit(row) for row in self._database.rows(sql, parameters)]

    def count(self, condition: str, parameters: Sequence[Any] = ()) -> int:
        """Return how many entries meet an SQL condition."""
        sql = f"SELECT count(*) FROM audit WHERE {condition}"  # noqa: S608 - values are parameters
        return int(self._database.row(sql, parameters)[0])


def _audit(row: tuple[Any, ...]) -> Audit:
    values = (*row[:-1], json.loads(row[-1]))
    return Audit(*values)
