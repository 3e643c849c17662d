"""Rows of OpenLineage events, kept as they came, in the order of their arrival."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.store._database import Database

_AFTER = "SELECT id, connector, received_time, received_by, body FROM event WHERE id > ? ORDER BY id"


@dataclass(frozen=True, slots=True)
class Event:
    """One body that a producer sent; its time is in milliseconds since the epoch."""

    id: int
    connector: str
    received_time: int
    received_by: str
    body: Any


class Events:
    """Reads and writes events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, connector: str, received_time: int, received_by: str, body: Any) -> None:
        """Keep an event."""
        self._database.execute(
            "INSERT INTO event (connector, received_time, received_by, body) VALUES (?, ?, ?, ?)",
            (connector, received_time, received_by, json.dumps(body)),
        )

    def after(self, last_id: int = 0) -> list[Event]:
        """The events that came after the one with this id; all without it."""
        return [_event(row) for row in self._database.rows(_AFTER, (last_id,))]


def _event(row: tuple[Any, ...]) -> Event:
    values = (*row[:-1], json.loads(row[-1]))
    return Event(*values)
