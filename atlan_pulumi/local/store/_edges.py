"""The table of the edges between entities."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from atlan_pulumi.local.store._database import SqliteDatabase

_EDGE_COLUMNS = "id, guid, relationship, end1, end2, status"
_OF_ENTITIES = (
    f"SELECT {_EDGE_COLUMNS} FROM edge WHERE end1 IN ({{marks}}) "  # noqa: S608 - fixed names
    f"UNION ALL SELECT {_EDGE_COLUMNS} FROM edge WHERE end2 IN ({{marks}})"
)
_ACTIVATE = """
INSERT INTO edge (guid, relationship, end1, end2, status) VALUES (?, ?, ?, ?, 'ACTIVE')
ON CONFLICT (end1, relationship, end2) DO UPDATE SET status = 'ACTIVE'
"""


@dataclass(slots=True)
class StoredEdge:
    """A relationship between two entities.

    The status DELETED means that an update dropped the edge. Archived ends are considered at reading.
    """

    id: int
    guid: str
    relationship: str
    end1: str
    end2: str
    status: str

    def other(self, guid: str) -> str:
        """Return the GUID at the other end."""
        return self.end2 if guid == self.end1 else self.end1


class EdgeTable:
    """Reads and writes edges."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._unwritten: list[tuple[str, str, str, str]] = []

    def get(self, guid: str) -> StoredEdge | None:
        """Return the edge with this GUID."""
        self.flush()
        row = self._database.row(f"SELECT {_EDGE_COLUMNS} FROM edge WHERE guid = ?", (guid,))  # noqa: S608
        return None if row is None else StoredEdge(*row)

    def of(self, guid: str) -> list[StoredEdge]:
        """Return all edges of an entity, oldest first."""
        self.flush()
        sql = (
            f"SELECT {_EDGE_COLUMNS} FROM edge WHERE end1 = ? "  # noqa: S608 - fixed names
            f"UNION SELECT {_EDGE_COLUMNS} FROM edge WHERE end2 = ? ORDER BY id"
        )
        return [StoredEdge(*row) for row in self._database.rows(sql, (guid, guid))]

    def of_all(self, guids: Iterable[str]) -> dict[str, list[StoredEdge]]:
        """Return the edges of entities by GUID, as `of` does for one of them."""
        self.flush()
        found: dict[str, list[StoredEdge]] = {guid: [] for guid in guids}
        edges = {row[0]: StoredEdge(*row) for row in self._database.rows_in(_OF_ENTITIES, found)}
        for _, edge in sorted(edges.items()):
            if edge.end1 in found:
                found[edge.end1].append(edge)
            if edge.end2 in found and edge.end2 != edge.end1:
                found[edge.end2].append(edge)
        return found

    def at(self, guid: str, relationship: str, *, first: bool) -> list[StoredEdge]:
        """Return the edges of a relationship that have the entity as their first (or second) end."""
        self.flush()
        end = "end1" if first else "end2"
        sql = f"SELECT {_EDGE_COLUMNS} FROM edge WHERE {end} = ? AND relationship = ? ORDER BY id"  # noqa: S608
        return [StoredEdge(*row) for row in self._database.rows(sql, (guid, relationship))]

    def activate(self, relationship: str, end1: str, end2: str) -> None:
        """Create an edge, or reactivate a dropped one. The next read or `flush` writes it."""
        self._unwritten.append((str(uuid.uuid4()), relationship, end1, end2))

    def flush(self) -> None:
        """Write the edges that `activate` collected."""
        if self._unwritten:
            rows, self._unwritten = self._unwritten, []
            self._database.execute_many(_ACTIVATE, rows)

    def discard(self) -> None:
        """Discard the unwritten edges of a failed transaction."""
        self._unwritten.clear()

    def activate_all(self, end1: str, relationship: str) -> None:
        """Reactivate all dropped edges of a relationship that start at an entity."""
        self.flush()
        self._database.execute(
            "UPDATE edge SET status = 'ACTIVE' WHERE end1 = ? AND relationship = ?", (end1, relationship)
        )

    def drop(self, edges: Iterable[StoredEdge]) -> None:
        """Mark edges as deleted."""
        ids = [edge.id for edge in edges]
        if ids:
            self.flush()
            self._database.execute_in("UPDATE edge SET status = 'DELETED' WHERE id IN ({marks})", ids)

    def remove_all(self, guids: Collection[str]) -> None:
        """Delete all edges of entities."""
        self.flush()
        self._database.execute_in("DELETE FROM edge WHERE end1 IN ({marks})", guids)
        self._database.execute_in("DELETE FROM edge WHERE end2 IN ({marks})", guids)
