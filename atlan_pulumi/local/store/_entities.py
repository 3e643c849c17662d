"""The table of entities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local._json import decode, encode
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
_BY_GUIDS = f"SELECT {_COLUMNS} FROM entity WHERE guid IN ({{marks}})"  # noqa: S608 - fixed names
_BY_NAMES = (
    f"SELECT {_COLUMNS} FROM entity WHERE qualified_name IN ({{marks}}) "  # noqa: S608 - fixed names
    "ORDER BY qualified_name, type_name"
)
_FLIP_LINEAGE = "UPDATE entity SET has_lineage = NOT has_lineage WHERE guid IN ({marks})"
_STAMP = "UPDATE entity SET updated_by = ?, update_time = ? WHERE guid IN ({marks})"
_EXACT_TYPE_ONLY = frozenset({"Table"})  # the metastore does not look up subtypes of these


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
        found = map(_from_row, self._database.rows_in(_BY_GUIDS, guids))
        return {entity.guid: entity for entity in found}

    def find(self, type_name: str, qualified_name: str) -> StoredEntity | None:
        """Return the entity of this type, or else of a subtype, with this qualifiedName, archived or not."""
        return choose_by_type(type_name, self.find_all(qualified_name))

    def find_many(self, type_name: str, qualified_names: Iterable[str]) -> list[StoredEntity]:
        """Return the entities that `find` returns for each of these qualifiedNames, without unknown ones."""
        found = (choose_by_type(type_name, each) for each in self.find_all_of(qualified_names).values())
        return [entity for entity in found if entity is not None]

    def find_all(self, qualified_name: str) -> list[StoredEntity]:
        """Return the entities of any type with this qualifiedName, archived or not."""
        return self.where("qualified_name = ?", (qualified_name,))

    def find_all_of(self, qualified_names: Iterable[str]) -> dict[str, list[StoredEntity]]:
        """Return the entities of any type with these qualifiedNames, as `find_all` does for one of them."""
        found: dict[str, list[StoredEntity]] = {name: [] for name in qualified_names}
        for row in self._database.rows_in(_BY_NAMES, found):
            entity = _from_row(row)
            found[entity.qualified_name].append(entity)
        return found

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
        """Insert or replace an entity, except for its lineage flag (see `update_lineage`)."""
        self._database.execute(_PUT, _to_row(entity))

    def put_all(self, entities: Iterable[StoredEntity]) -> None:
        """Insert or replace entities."""
        self._database.execute_many(_PUT, [_to_row(entity) for entity in entities])

    def stamp_all(self, guids: Iterable[str], updated_by: str, update_time: int) -> None:
        """Update only the last writer and the update time of entities."""
        self._database.execute_in(_STAMP, guids, (updated_by, update_time))

    def update_lineage(self, guids: Iterable[str], condition: str) -> list[str]:
        """Set the lineage flags of entities to the value of an SQL condition.

        Returns:
            The GUIDs of the entities whose flag changed.
        """
        sql = f"SELECT guid FROM entity WHERE guid IN ({{marks}}) AND has_lineage <> ({condition})"  # noqa: S608
        changed = [guid for (guid,) in self._database.rows_in(sql, guids)]
        self._database.execute_in(_FLIP_LINEAGE, changed)
        return changed

    def remove_all(self, guids: Iterable[str]) -> None:
        """Delete entities."""
        self._database.execute_in("DELETE FROM entity WHERE guid IN ({marks})", guids)


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
        encode(entity.attributes),
        encode(entity.extras) if entity.extras else "{}",
        entity.qualified_name,
        entity.name,
    )


def _from_row(row: tuple[Any, ...]) -> StoredEntity:
    extras = {} if row[-1] == "{}" else decode(row[-1])
    values = (*row[:-2], decode(row[-2]), extras)
    entity = StoredEntity(*values)
    entity.has_lineage = bool(entity.has_lineage)
    return entity
