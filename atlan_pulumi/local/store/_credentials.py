"""Rows of credentials, as `/api/service/credentials` keeps them."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local.store._database import Database


class Credentials:
    """Reads and writes credentials; passwords are never stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, guid: str) -> dict[str, Any] | None:
        """The credential with this GUID."""
        row = self._database.row("SELECT body FROM credential WHERE guid = ?", (guid,))
        return json.loads(row[0]) if row else None

    def all(self) -> list[dict[str, Any]]:
        """All credentials, by name."""
        rows = self._database.rows("SELECT body FROM credential ORDER BY name")
        return [json.loads(body) for (body,) in rows]

    def put(self, guid: str, body: dict[str, Any]) -> None:
        """Insert or replace a credential."""
        self._database.execute(
            "INSERT OR REPLACE INTO credential (guid, name, body) VALUES (?, ?, ?)",
            (guid, str(body.get("name") or ""), json.dumps(body)),
        )

    def remove(self, guid: str) -> bool:
        """Forget a credential.

        Returns:
            Whether it existed.
        """
        return self._database.execute("DELETE FROM credential WHERE guid = ?", (guid,)) > 0
