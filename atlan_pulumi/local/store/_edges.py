"""Rows of relationships between two entities."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from atlan_pulumi.local.store._database import Database

_COLUMNS = "id, guid, relationship, end1, end2, status"
_ACTIVATE = """
INSERT INTO edge (guid, relationship, end1, end2, status) VALUES (?, ?, ?, ?, 'ACTIVE')
ON CONFLICT (end1, relationship, end2) DO UPDATE SET status = 'ACTIVE'
"""


@dataclass(slots=True)
class Edge:
    """One relationship; DELETED means dropped by an update (an archived end counts when it is read)."""

    id: int
    guid: str
    relationship: str
    end1: str
    end2: str
    status: str

    def other(self, guid: str) -> str:
        """The entity at the other side."""
        return self.end2 if guid == self.end1 else self.end1


class Edges:
    """Reads and writes edges."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: list[tuple[str, str, str, str]] = []

    def get(self, guid: str) -> Edge | None:
        """Return the edge with this GUID."""
        self.flush()
        row = self._database.row(f"SELECT {_COLUMNS} FROM edge WHERE guid = ?", (guid,))  # noqa: S608
        return None if row is None else Edge(*row)

    def of(self, guid: str) -> list[Edge]:
        """All edges of an entity, in the order in which they were made."""
        self.flush()
        sql = (
            f"SELECT {_COLUMNS} FROM edge WHERE end1 = ? "  # noqa: S608 - fixed names
            f"UNION SELECT {_COLUMNS} FROM edge WHERE end2 = ? ORDER BY id"
        )
        return [Edge(*row) for row in self._database.rows(sql, (guid, guid))]

    def at(self, guid: str, relationship: str, *, first: bool) -> list[Edge]:
        """The edges of one relationship which hold the entity as their first (or second) end."""
        self.flush()
        end = "end1" if first else "end2"
        sql = f"SELECT {_COLUMNS} FROM edge WHERE {end} = ? AND relationship = ? ORDER BY id"  # noqa: S608
        return [Edge(*row) for row in self._database.rows(sql, (guid, relationship))]

    def activate(self, relationship: str, end1: str, end2: str) -> None:
        """Make an edge, or bring back a dropped one; it is written with the next ones, or by `flush`."""
        self._unwritten.append((str(uuid.uuid4()), relationship, end1, end2))

    def flush(self) -> None:
        """Write down the edges that `activate` made."""
        if self._unwritten:
            rows, self._unwritten = self._unwritten, []
            self._database.execute_many(_ACTIVATE, rows)

    def discard(self) -> None:
        """Forget the edges that are not written yet, as their transaction failed."""
        self._unwritten.clear()

    def activate_all(self, end1: str, relationship: str) -> None:
        """Bring back all dropped edges of one relationship that start at an entity."""
        self.flush()
        self._database.execute(
            "UPDATE edge SET status = 'ACTIVE' WHERE end1 = ? AND relationship = ?", (end1, relationship)
        )

    def drop(self, edges: Iterable[Edge]) -> None:
        """Mark edges as dropped."""
        self.flush()
        for edge in edges:
            self._database.execute("UPDATE edge SET status = 'DELETED' WHERE id = ?", (edge.id,))

    def remove_all(self, guid: str) -> None:
        """Forget all edges of an entity."""
        self.flush()
        self._database.execute("DELETE FROM edge WHERE end1 = ? OR end2 = ?", (guid, guid))
