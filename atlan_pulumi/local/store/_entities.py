"""Rows of entities."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local.store._database import Database
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
_CHUNK = 500  # below SQLite's oldest limit of 999 parameters
_EXACT_TYPE_ONLY = frozenset({"Table"})  # the metastore looks for no sub-types of these
_EDGE_COLUMNS = "id, guid, relationship, end1, end2, status"
_ACTIVATE = """
INSERT INTO edge (guid, relationship, end1, end2, status) VALUES (?, ?, ?, ?, 'ACTIVE')
ON CONFLICT (end1, relationship, end2) DO UPDATE SET status = 'ACTIVE'
"""


@dataclass(slots=True)
class Entity:
    """One entity; times are in milliseconds since the epoch, unset attributes are absent."""

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
        """Its unique name within its type."""
        return str(self.attributes["qualifiedName"])

    @property
    def name(self) -> str:
        """Its name for people."""
        return str(self.attributes.get("name") or "")

    @property
    def active(self) -> bool:
        """Whether the entity is not archived."""
        return self.status == "ACTIVE"


class Entities:
    """Reads and writes entities."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, guid: str) -> Entity | None:
        """The entity with this GUID."""
        found = self.where("guid = ?", (guid,))
        return found[0] if found else None

    def get_many(self, guids: Iterable[str]) -> dict[str, Entity]:
        """The entities with these GUIDs; unknown ones are missing."""
        wanted = list(dict.fromkeys(guids))
        found: dict[str, Entity] = {}
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            found.update((entity.guid, entity) for entity in self.where(f"guid IN ({marks})", chunk))
        return found

    def find(self, type_name: str, qualified_name: str) -> Entity | None:
        """Return the entity of this type, else of a subtype, with this qualifiedName, archived or not."""
        return choose(type_name, self.named(qualified_name))

    def named(self, qualified_name: str) -> list[Entity]:
        """Return the entities of any type with this qualifiedName, archived or not."""
        return self.where("qualified_name = ?", (qualified_name,))

    def where(self, condition: str, parameters: Sequence[Any] = (), suffix: str = "") -> list[Entity]:
        """The entities that meet an SQL condition."""
        sql = f"SELECT {_COLUMNS} FROM entity WHERE {condition} {suffix}"  # noqa: S608 - values are parameters
        return [_entity(row) for row in self._database.rows(sql, parameters)]

    def count(self, condition: str, parameters: Sequence[Any] = ()) -> int:
        """How many entities meet an SQL condition."""
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
        """Count the entities that meet an SQL condition, by an SQL expression.

        Args:
            source: a table-valued function over the entity's row, if the expression reads one.
            expression: what to count by.
            condition: which entities.
            parameters: of the condition.
            order: of the counts; largest first without it.
        """
        what = f"{expression} AS bucket, count(DISTINCT guid) AS size"
        sql = f"SELECT {what} FROM {_found(source, condition)} GROUP BY bucket ORDER BY {order}"  # noqa: S608
        return [(bucket, size) for bucket, size in self._database.rows(sql, parameters)]

    def compute(self, source: str, expression: str, condition: str, parameters: Sequence[Any]) -> Any:
        """Compute an SQL aggregate over the entities that meet an SQL condition; `source` as in `group`."""
        sql = f"SELECT {expression} FROM {_found(source, condition)}"  # noqa: S608 - values are parameters
        return self._database.row(sql, parameters)[0]

    def put(self, entity: Entity) -> None:
        """Insert or replace an entity (but for its lineage flag: see `set_lineage`)."""
        self._database.execute(_PUT, _row(entity))

    def put_all(self, entities: Iterable[Entity]) -> None:
        """Insert or replace entities."""
        self._database.execute_many(_PUT, [_row(entity) for entity in entities])

    def stamp_all(self, entities: Iterable[Entity]) -> None:
        """Write down who changed entities last, and when, and nothing else of them."""
        rows = [(one.updated_by, one.update_time, one.guid) for one in entities]
        self._database.execute_many("UPDATE entity SET updated_by = ?, update_time = ? WHERE guid = ?", rows)

    def set_lineage(self, guid: str, condition: str, parameters: Sequence[Any]) -> bool:
        """Set an entity's lineage flag to what an SQL condition on its row gives.

        Returns:
            Whether the flag changed.
        """
        sql = f"UPDATE entity SET has_lineage = ({condition}) WHERE guid = ? AND has_lineage <> ({condition})"  # noqa: S608
        return self._database.execute(sql, [*parameters, guid, *parameters]) > 0

    def remove(self, guid: str) -> None:
        """Forget an entity."""
        self._database.execute("DELETE FROM entity WHERE guid = ?", (guid,))


def _found(source: str, condition: str) -> str:
    found = f"(SELECT * FROM entity WHERE {condition})"  # noqa: S608 - values are parameters
    return f"{found}, {source}" if source else found


def choose(type_name: str, candidates: Sequence[Entity]) -> Entity | None:
    """Return the candidate of exactly this type, else one of a subtype."""
    exact = next((one for one in candidates if one.type_name == type_name), None)
    if exact or type_name in _EXACT_TYPE_ONLY:
        return exact
    return next((one for one in candidates if one.type_name in subtypes(type_name)), None)


def _row(entity: Entity) -> tuple[Any, ...]:
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


def _entity(row: tuple[Any, ...]) -> Entity:
    extras = {} if row[-1] == "{}" else json.loads(row[-1])
    values = (*row[:-2], json.loads(row[-2]), extras)
    entity = Entity(*values)
    entity.has_lineage = bool(entity.has_lineage)
    return entity


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
        row = self._database.row(f"SELECT {_EDGE_COLUMNS} FROM edge WHERE guid = ?", (guid,))  # noqa: S608
        return None if row is None else Edge(*row)

    def of(self, guid: str) -> list[Edge]:
        """All edges of an entity, in the order in which they were made."""
        self.flush()
        sql = (
            f"SELECT {_EDGE_COLUMNS} FROM edge WHERE end1 = ? "  # noqa: S608 - fixed names
            f"UNION SELECT {_EDGE_COLUMNS} FROM edge WHERE end2 = ? ORDER BY id"
        )
        return [Edge(*row) for row in self._database.rows(sql, (guid, guid))]

    def at(self, guid: str, relationship: str, *, first: bool) -> list[Edge]:
        """The edges of one relationship which hold the entity as their first (or second) end."""
        self.flush()
        end = "end1" if first else "end2"
        sql = f"SELECT {_EDGE_COLUMNS} FROM edge WHERE {end} = ? AND relationship = ? ORDER BY id"  # noqa: S608
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
