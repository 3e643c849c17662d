"""All tables behind one door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from atlan_pulumi.local.store._audits import Audits
from atlan_pulumi.local.store._database import Database
from atlan_pulumi.local.store._entities import Edges, Entities

_COLUMNS = "id, connector, received_time, received_by, outcome, body"
_AFTER = f"SELECT {_COLUMNS} FROM event WHERE id > ? ORDER BY id"  # noqa: S608 - fixed names
_WAITING = f"SELECT {_COLUMNS} FROM event WHERE outcome IS NULL AND received_time <= ? ORDER BY id"  # noqa: S608
RunKey = tuple[str, str, str]
"""GUID of the connection, name of the job, id of the run."""

_ADD = "INSERT OR IGNORE INTO run_event (connection, job, run, time, event) VALUES (?, ?, ?, ?, ?)"
_OF_JOB = """
SELECT run, event FROM run_event AS one WHERE connection = ? AND job = ?
ORDER BY (SELECT min(time) FROM run_event AS any
          WHERE any.connection = one.connection AND any.job = one.job AND any.run = one.run) DESC, run
"""
Definition = dict[str, Any]


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


class Runs:
    """Reads and writes the events of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: RunKey, event: str, time: int) -> None:
        """Keep an event; one that came before is kept once.

        Args:
            run: whose.
            event: the event, as JSON in a fixed form.
            time: its own time, in milliseconds since the epoch.
        """
        self._database.execute(_ADD, (*run, time, event))

    def forget_others(self, run: RunKey) -> None:
        """Forget all runs of a job but this one."""
        self._database.execute("DELETE FROM run_event WHERE connection = ? AND job = ? AND run <> ?", run)

    def latest_first(self, connection: str, job: str) -> list[list[str]]:
        """The events of each run of a job, the run that started last coming first."""
        rows = self._database.rows(_OF_JOB, (connection, job))
        return [[event for _, event in of_run] for _, of_run in groupby(rows, key=lambda row: row[0])]


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


class Store:
    """The local Atlan's data.

    Args:
        path: the SQLite file; None keeps the data in memory.

    Raises:
        LocalAtlanError: the file cannot be opened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._database = Database(path)
        self.entities = Entities(self._database)
        self.edges = Edges(self._database)
        self.credentials = Credentials(self._database)
        self.events = Events(self._database)
        self.runs = Runs(self._database)
        self.typedefs = Typedefs(self._database)
        self.audits = Audits(self._database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written together, or not at all."""
        try:
            with self._database.transaction():
                yield
                self.edges.flush()
        finally:
            self.edges.discard()

    def clear(self) -> None:
        """Remove all data."""
        self.edges.discard()
        with self.transaction():
            self._database.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
