"""Rows of type definitions that users make: tags, custom metadata, enumerations."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local.store._database import Database

Definition = dict[str, Any]


class Typedefs:
    """Reads and writes type definitions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> Definition | None:
        """Return the definition with this internal name."""
        row = self._database.row("SELECT body FROM typedef WHERE name = ?", (name,))
        return None if row is None else json.loads(row[0])

    def by_guid(self, guid: str) -> Definition | None:
        """Return the definition with this GUID."""
        row = self._database.row("SELECT body FROM typedef WHERE guid = ?", (guid,))
        return None if row is None else json.loads(row[0])

    def of(self, category: str) -> list[Definition]:
        """Return the definitions of a category, oldest first."""
        sql = "SELECT body FROM typedef WHERE category = ? ORDER BY rowid"
        return [json.loads(row[0]) for row in self._database.rows(sql, (category,))]

    def put(self, definition: Definition) -> None:
        """Insert or replace a definition."""
        self._database.execute(
            "INSERT INTO typedef (name, guid, category, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            (definition["name"], definition["guid"], definition["category"], json.dumps(definition)),
        )

    def remove(self, name: str) -> None:
        """Forget a definition."""
        self._database.execute("DELETE FROM typedef WHERE name = ?", (name,))
