"""The tables of entities and of the edges between them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local.store._database import SqliteDatabase
from atlan_pulumi.naming.asset_types import subtypes

_COLUMNS = (
    "guid, type_name, status, has_lineage, created_by, updated_by, create_time, update_time, "
    "attributes, extras"
)
_PUT = """
INSERT INTO entity (guid, type_name, status, has_lineage, created_by, updated_by, create_time, update_time,
                    attributes, extras, qualified_name, name)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (guid) DO UPDATE SET status = excluded.status, updated_by = excluded.updated_by,
  update_time = excluded.update_time, attributes = excluded.attributes, extras = excluded.extras,
  qualified_name = excluded.qualified_name, name = excluded.name
"""
_CHUNK = 500  # SQLite's lowest limit is 999 parameters
_EXACT_TYPE_ONLY = frozenset({"Table"})  # the metastore does not look up subtypes of these
_EDGE_COLUMNS = "id, guid, relationship, end1, end2, status"
_ACTIVATE = """
INSERT INTO edge (guid, relationship, end1, end2, status) VALUES (?, ?, ?, ?, 'ACTIVE')
ON CONFLICT (end1, relationship, end2) DO UPDATE SET status = 'ACTIVE'
"""


@dataclass(slots=True)
class StoredEntity:
    """An entity. Times are in milliseconds since the epoch. Unset attributes are absent."""

    guid: str
    type_name: str
    status: str = "ACTIVE"
    has_lineage: bool = False
    created_by: str = ""
    updated_by: str = ""
    create_time: int = 0
    update_time: int = 0
    attributes: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str:
        """The qualifiedName, unique within the type."""
        return str(self.attributes["qualifiedName"])

    @property
    def name(self) -> str:
        """The display name."""
        return str(self.attributes.get("name") or "")

    @property
    def active(self) -> bool:
        """Whether the entity is not archived."""
        return self.status == "ACTIVE"


class EntityTable:
    """Reads and writes entities."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database

    def get(self, guid: str) -> StoredEntity | None:
        """Return the entity with this GUID."""
        found = self.where("guid = ?", (guid,))
        return found[0] if found else None

    def get_many(self, guids: Iterable[str]) -> dict[str, StoredEntity]:
        """Return the entities with these GUIDs, by GUID. Unknown GUIDs are absent."""
        wanted = list(dict.fromkeys(guids))
        found: dict[str, StoredEntity] = {}
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            found.update((entity.guid, entity) for entity in self.where(f"guid IN ({marks})", chunk))
        return found

    def find(self, type_name: str, qualified_name: str) -> StoredEntity | None:
        """Return the entity of this type, or else of a subtype, with this qualifiedName, archived or not."""
        return choose_by_type(type_name, self.find_all(qualified_name))

    def find_all(self, qualified_name: str) -> list[StoredEntity]:
        """Return the entities of any type with this qualifiedName, archived or not."""
        return self.where("qualified_name = ?", (qualified_name,))

    def where(self, condition: str, parameters: Sequence[Any] = (), suffix: str = "") -> list[StoredEntity]:
        """Return the entities that meet an SQL condition."""
        sql = f"SELECT {_COLUMNS} FROM entity WHERE {condition} {suffix}"  # noqa: S608 - values are parameters
        return [_from_row(row) for row in self._database.rows(sql, parameters)]

    def count(self, condition: str, parameters: Sequence[Any] = ()) -> int:
        """Return the number of entities that meet an SQL condition."""
        sql = f"SELECT count(*) FROM entity WHERE {condition}"  # noqa: S608 - values are parameters
        return int(self._database.row(sql, parameters)[0])

    def group(
        self,
        source: str,
        expression: str,
        condition: str,
        parameters: Sequence[Any],
        order: str = "size DESC, bucket",
    ) -> list[tuple[Any, int]]:
        """Count the entities that meet an SQL condition, grouped by an SQL expression.

        Args:
            source: a table-valued function over the row of the entity, if the expression reads one.
            expression: the expression to group by.
            condition: selects the entities.
            parameters: the parameters of the condition.
            order: the order of the groups. Default: largest first.
        """
        what = f"{expression} AS bucket, count(DISTINCT guid) AS size"
        sql = f"SELECT {what} FROM {_matching_rows(source, condition)} GROUP BY bucket ORDER BY {order}"  # noqa: S608
        return [(bucket, size) for bucket, size in self._database.rows(sql, parameters)]

    def compute(self, source: str, expression: str, condition: str, parameters: Sequence[Any]) -> Any:
        """Compute an SQL aggregate over the entities that meet an SQL condition. See `group` for `source`."""
        sql = f"SELECT {expression} FROM {_matching_rows(source, condition)}"  # noqa: S608 - values are parameters
        return self._database.row(sql, parameters)[0]

    def put(self, entity: StoredEntity) -> None:
        """Insert or replace an entity, except for its lineage flag (see `set_lineage`)."""
        self._database.execute(_PUT, _to_row(entity))

    def put_all(self, entities: Iterable[StoredEntity]) -> None:
        """Insert or replace entities."""
        self._database.execute_many(_PUT, [_to_row(entity) for entity in entities])

    def stamp_all(self, entities: Iterable[StoredEntity]) -> None:
        """Update only the last writer and the update time of entities."""
        rows = [(one.updated_by, one.update_time, one.guid) for one in entities]
        self._database.execute_many("UPDATE entity SET updated_by = ?, update_time = ? WHERE guid = ?", rows)

    def set_lineage(self, guid: str, condition: str, parameters: Sequence[Any]) -> bool:
        """Set the lineage flag of an entity to the value of an SQL condition.

        Returns:
            Whether the flag changed.
        """
        sql = f"UPDATE entity SET has_lineage = ({condition}) WHERE guid = ? AND has_lineage <> ({condition})"  # noqa: S608
        return self._database.execute(sql, [*parameters, guid, *parameters]) > 0

    def remove(self, guid: str) -> None:
        """Delete an entity."""
        self._database.execute("DELETE FROM entity WHERE guid = ?", (guid,))


def _matching_rows(source: str, condition: str) -> str:
    found = f"(SELECT * FROM entity WHERE {condition})"  # noqa: S608 - values are parameters
    return f"{found}, {source}" if source else found


def choose_by_type(type_name: str, candidates: Sequence[StoredEntity]) -> StoredEntity | None:
    """Return the candidate of exactly this type, or else one of a subtype."""
    exact = next((one for one in candidates if one.type_name == type_name), None)
    if exact or type_name in _EXACT_TYPE_ONLY:
        return exact
    return next((one for one in candidates if one.type_name in subtypes(type_name)), None)


def _to_row(entity: StoredEntity) -> tuple[Any, ...]:
    return (
        entity.guid,
        entity.type_name,
        entity.status,
        entity.has_lineage,
        entity.created_by,
        entity.updated_by,
        entity.create_time,
        entity.update_time,
        json.dumps(entity.attributes),
        json.dumps(entity.extras) if entity.extras else "{}",
        entity.qualified_name,
        entity.name,
    )


def _from_row(row: tuple[Any, ...]) -> StoredEntity:
    extras = {} if row[-1] == "{}" else json.loads(row[-1])
    values = (*row[:-2], json.loads(row[-2]), extras)
    entity = StoredEntity(*values)
    entity.has_lineage = bool(entity.has_lineage)
    return entity


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
        self.flush()
        for edge in edges:
            self._database.execute("UPDATE edge SET status = 'DELETED' WHERE id = ?", (edge.id,))

    def remove_all(self, guid: str) -> None:
        """Delete all edges of an entity."""
        self.flush()
        self._database.execute("DELETE FROM edge WHERE end1 = ? OR end2 = ?", (guid, guid))
