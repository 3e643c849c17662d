"""All tables of the local Atlan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from atlan_pulumi.local._json import decode, encode
from atlan_pulumi.local.store._audits import AuditTable
from atlan_pulumi.local.store._database import SqliteDatabase
from atlan_pulumi.local.store._edges import EdgeTable
from atlan_pulumi.local.store._entities import EntityTable

_COLUMNS = "id, connector, received_time, received_by, outcome, body"
_EVENTS_AFTER = f"SELECT {_COLUMNS} FROM event WHERE id > ? ORDER BY id"  # noqa: S608 - fixed names
_UNPROCESSED = f"SELECT {_COLUMNS} FROM event WHERE outcome IS NULL AND received_time <= ? ORDER BY id"  # noqa: S608
RunKey = tuple[str, str, str]
"""GUID of the connection, name of the job, and id of the run."""

_ADD_RUN_EVENT = "INSERT OR IGNORE INTO run_event (connection, job, run, time, event) VALUES (?, ?, ?, ?, ?)"
_RUNS_OF_JOB = """
SELECT run, event FROM run_event AS one WHERE connection = ? AND job = ?
ORDER BY (SELECT min(time) FROM run_event AS any
          WHERE any.connection = one.connection AND any.job = one.job AND any.run = one.run) DESC, run
"""
Definition = dict[str, Any]


class CredentialTable:
    """Reads and writes credentials, which contain no passwords."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def get(self, guid: str) -> dict[str, Any] | None:
        """Return the credential with this GUID."""
        row = self._database.row("SELECT body FROM credential WHERE guid = ?", (guid,))
        return decode(row[0]) if row else None

    def all(self) -> list[dict[str, Any]]:
        """Return all credentials, sorted by name."""
        rows = self._database.rows("SELECT body FROM credential ORDER BY name")
        return [decode(body) for (body,) in rows]

    def put(self, guid: str, body: dict[str, Any]) -> None:
        """Insert or replace a credential."""
        self._database.execute(
            "INSERT OR REPLACE INTO credential (guid, name, body) VALUES (?, ?, ?)",
            (guid, str(body.get("name") or ""), encode(body)),
        )

    def remove(self, guid: str) -> bool:
        """Delete a credential, and return whether it existed."""
        return self._database.execute("DELETE FROM credential WHERE guid = ?", (guid,)) > 0


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A request body from an OpenLineage producer. Its time is in milliseconds since the epoch.

    The outcome is the result of processing it, or None before that.
    """

    id: int
    connector: str
    received_time: int
    received_by: str
    outcome: str | None
    body: Any


class EventTable:
    """Reads and writes OpenLineage events."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def add(self, connector: str, received_time: int, received_by: str, body: Any) -> None:
        """Store an event."""
        self._database.execute(
            "INSERT INTO event (connector, received_time, received_by, body) VALUES (?, ?, ?, ?)",
            (connector, received_time, received_by, encode(body)),
        )

    def all_after(self, last_id: int = 0) -> list[StoredEvent]:
        """Return the events after the one with this id. Default: all."""
        return [_parse_event(row) for row in self._database.rows(_EVENTS_AFTER, (last_id,))]

    def unprocessed(self, received_until: int) -> list[StoredEvent]:
        """Return the unprocessed events that were received up to a time, in the order of arrival."""
        return [_parse_event(row) for row in self._database.rows(_UNPROCESSED, (received_until,))]

    def set_outcome(self, event: StoredEvent, outcome: str) -> None:
        """Mark an event as processed, with its outcome."""
        self._database.execute("UPDATE event SET outcome = ? WHERE id = ?", (outcome, event.id))


def _parse_event(row: tuple[Any, ...]) -> StoredEvent:
    values = (*row[:-1], decode(row[-1]))
    return StoredEvent(*values)


class RunTable:
    """Reads and writes the events of each run of a job."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def add(self, run: RunKey, event: str, time: int) -> None:
        """Store an event. An event that is sent twice is stored once.

        Args:
            run: the run of the event.
            event: the event, as JSON with sorted keys.
            time: the eventTime, in milliseconds since the epoch.
        """
        self._database.execute(_ADD_RUN_EVENT, (*run, time, event))

    def delete_other_runs(self, run: RunKey) -> None:
        """Delete all other runs of the job."""
        self._database.execute("DELETE FROM run_event WHERE connection = ? AND job = ? AND run <> ?", run)

    def latest_first(self, connection: str, job: str) -> list[list[str]]:
        """Return the events of each run of a job. The run that started last comes first."""
        rows = self._database.rows(_RUNS_OF_JOB, (connection, job))
        return [[event for _, event in of_run] for _, of_run in groupby(rows, key=lambda row: row[0])]


class TypedefTable:
    """Reads and writes type definitions."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def get(self, name: str) -> Definition | None:
        """Return the definition with this internal name."""
        row = self._database.row("SELECT body FROM typedef WHERE name = ?", (name,))
        return None if row is None else decode(row[0])

    def by_guid(self, guid: str) -> Definition | None:
        """Return the definition with this GUID."""
        row = self._database.row("SELECT body FROM typedef WHERE guid = ?", (guid,))
        return None if row is None else decode(row[0])

    def of(self, category: str) -> list[Definition]:
        """Return the definitions in a category, oldest first."""
        sql = "SELECT body FROM typedef WHERE category = ? ORDER BY rowid"
        return [decode(row[0]) for row in self._database.rows(sql, (category,))]

    def put(self, definition: Definition) -> None:
        """Insert or replace a definition."""
        self._database.execute(
            "INSERT INTO typedef (name, guid, category, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            (definition["name"], definition["guid"], definition["category"], encode(definition)),
        )

    def remove(self, name: str) -> None:
        """Delete a definition."""
        self._database.execute("DELETE FROM typedef WHERE name = ?", (name,))


class Store:
    """The data of a local Atlan.

    Args:
        path: the SQLite file. None keeps the data in memory.

    Raises:
        LocalAtlanError: the file cannot be opened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._database = SqliteDatabase(path)
        self.entities = EntityTable(self._database)
        self.edges = EdgeTable(self._database)
        self.credentials = CredentialTable(self._database)
        self.events = EventTable(self._database)
        self.runs = RunTable(self._database)
        self.typedefs = TypedefTable(self._database)
        self.audits = AuditTable(self._database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all writes in the block, or none."""
        try:
            with self._database.transaction():
                yield
                self.edges.flush()
        finally:
            self.edges.discard()

    def clear(self) -> None:
        """Delete all data."""
        self.edges.discard()
        with self.transaction():
            self._database.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
