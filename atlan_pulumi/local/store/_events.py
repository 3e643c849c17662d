"""Rows of OpenLineage events, kept as they came, in the order of their arrival."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.store._database import Database

_COLUMNS = "id, connector, received_time, received_by, outcome, body"
_AFTER = f"SELECT {_COLUMNS} FROM event WHERE id > ? ORDER BY id"  # noqa: S608 - fixed names
_WAITING = f"SELECT {_COLUMNS} FROM event WHERE outcome IS NULL AND received_time <= ? ORDER BY id"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Event:
    """One body that a producer sent; its time is in milliseconds since the epoch.

    The outcome tells what came of it; None while it waits to be worked in.
    """

    id: int
    connector: str
    received_time: int
    received_by: str
    outcome: str | None
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

    def waiting(self, received_until: int) -> list[Event]:
        """The events that are yet to be worked in and came in no later than that, in their order."""
        return [_event(row) for row in self._database.rows(_WAITING, (received_until,))]

    def done(self, event: Event, outcome: str) -> None:
        """Note that an event was worked in, and what came of it."""
        self._database.execute("UPDATE event SET outcome = ? WHERE id = ?", (outcome, event.id))


def _event(row: tuple[Any, ...]) -> Event:
    values = (*row[:-1], json.loads(row[-1]))
    return Event(*values)
