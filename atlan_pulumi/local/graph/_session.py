"""The unit of work of one write: loaded, created, changed, and deleted entities."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from atlan_pulumi.local.graph._lineage_flags import LineageFlags
from atlan_pulumi.local.graph._log import ActivityLog
from atlan_pulumi.local.store import Definition, Store, StoredEdge, StoredEntity, choose_by_type

Values = Mapping[str, Any]
_NO_VALUES: Values = {}


class Session:
    """The unit of work of one request. Call `flush` before the transaction ends.

    Args:
        store: the data, in an open transaction.
        user: the name of the writer.
        now: the time of the write in milliseconds since the epoch. Default: the current time.
        new_guid: returns the GUID of a new entity from its type and qualifiedName. Default: a random GUID.
        resolve_created_names: resolve a reference by qualifiedName to an entity of this write. Atlan resolves
            such references before it creates entities; only seed catalogs need this.
    """

    def __init__(
        self,
        store: Store,
        user: str,
        now: int | None = None,
        new_guid: Callable[[str, str], str] = lambda *_: str(uuid.uuid4()),
        *,
        resolve_created_names: bool = False,
    ) -> None:
        self.store = store
        self.user = user
        self.now = int(time.time() * 1000) if now is None else now
        self._new_guid = new_guid
        self._resolve_created_names = resolve_created_names
        self.created: dict[str, StoredEntity] = {}
        self.changed: dict[str, StoredEntity] = {}
        self.deleted: dict[str, StoredEntity] = {}
        self._touched: dict[str, StoredEntity] = {}
        self._loaded: dict[str, StoredEntity] = {}
        self._unknown: set[str] = set()
        self._by_name: dict[tuple[str, str], StoredEntity] = {}
        self._stored: dict[str, list[StoredEntity]] = {}
        self._unwritten: dict[str, list[StoredEntity]] = {}
        self._linked_ends: set[tuple[str, str]] = set()
        self._definitions: dict[str, Definition | None] = {}
        self._log = ActivityLog()
        self._flags = LineageFlags(store)

    @property
    def touched(self) -> list[StoredEntity]:
        """The entities that changed only through a relationship."""
        direct = self.created.keys() | self.changed.keys() | self.deleted.keys()
        return [entity for guid, entity in self._touched.items() if guid not in direct]

    @property
    def written_count(self) -> int:
        """The number of entities that the write created, changed, or deleted directly."""
        return len(self.created) + len(self.changed.keys() - self.created.keys()) + len(self.deleted)

    def preload(self, *, guids: Iterable[str] = (), qualified_names: Iterable[str] = ()) -> None:
        """Load entities in a few queries. `get` and `find` then need none for them, known or unknown."""
        new = {guid for guid in guids if guid not in self._loaded}
        found = self.store.entities.get_many(new)
        self._loaded.update(found)
        self._unknown |= new - found.keys()
        names = (name for name in qualified_names if name not in self._stored)
        self._stored.update(self.store.entities.find_all_of(names))

    def get(self, guid: str) -> StoredEntity | None:
        """Return the entity with this GUID, or None. Entities of this write are included."""
        known = self._loaded.get(guid)
        if known is not None or guid in self._unknown:
            return known
        self.preload(guids=[guid])
        return self._loaded.get(guid)

    def get_many(self, guids: Iterable[str]) -> dict[str, StoredEntity]:
        """Return the entities with these GUIDs, by GUID. Unknown ones are absent."""
        wanted = list(guids)
        self.preload(guids=wanted)
        return {guid: entity for guid in wanted if (entity := self.get(guid)) is not None}

    def find(self, type_name: str, qualified_name: str) -> StoredEntity | None:
        """Return the entity of this type, or else of a subtype, with this qualifiedName, or None."""
        held = self._by_name.get((type_name, qualified_name))
        if held is not None and held.attributes["qualifiedName"] == qualified_name:
            return held
        new, old = self._unwritten.get(qualified_name, ()), self._find_stored(qualified_name)
        found = choose_by_type(type_name, [*new, *old])
        if found is None:
            return None
        entity = self._by_name[type_name, qualified_name] = self._loaded.setdefault(found.guid, found)
        return entity

    def find_reference_target(self, type_name: str, qualified_name: str) -> StoredEntity | None:
        """Return the entity of a reference by qualifiedName: one from before this write."""
        found = self.find(type_name, qualified_name)
        if found is None or self._resolve_created_names or found.guid not in self.created:
            return found
        every = self._find_stored(qualified_name)
        earlier = choose_by_type(type_name, [one for one in every if one.guid not in self.created])
        return None if earlier is None else self._loaded.setdefault(earlier.guid, earlier)

    def _find_stored(self, qualified_name: str) -> list[StoredEntity]:
        """Return the entities with this qualifiedName at the last flush."""
        if qualified_name not in self._stored:
            self._stored[qualified_name] = self.store.entities.find_all(qualified_name)
        return self._stored[qualified_name]

    def create(self, type_name: str, qualified_name: str) -> StoredEntity:
        """Create an entity. `find` returns it at once."""
        entity = StoredEntity(
            self._new_guid(type_name, qualified_name), type_name, attributes={"qualifiedName": qualified_name}
        )
        entity.created_by = entity.updated_by = self.user
        entity.create_time = entity.update_time = self.now
        self._loaded[entity.guid] = self.created[entity.guid] = entity
        self._log.note(entity, "ENTITY_CREATE", entity.attributes)
        self._unwritten.setdefault(qualified_name, []).append(entity)
        return entity

    def change(
        self, entity: StoredEntity, *, attributes: Values = _NO_VALUES, relationships: Values = _NO_VALUES
    ) -> None:
        """Record that the write changed an entity.

        Args:
            entity: the entity.
            attributes: the changed attributes, for the activity log.
            relationships: the changed relationships, for the activity log.
        """
        if entity.guid not in self.created:
            self.changed[entity.guid] = entity
            self._log.note(entity, "ENTITY_UPDATE", attributes)
        self._log.relate(entity, relationships)
        self._stamp(entity)

    def log(self, entity: StoredEntity, action: str, detail: Any) -> None:
        """Add a separate entry to the activity log."""
        self._log.add(entity, action, detail)

    def definition(self, name: str) -> Definition | None:
        """Return the definition of a tag or of custom metadata, or None."""
        if name not in self._definitions:
            self._definitions[name] = self.store.typedefs.get(name)
        return self._definitions[name]

    def touch(self, guids: Iterable[str]) -> None:
        """Record that relationships of these entities changed."""
        for guid in guids:
            entity = self.get(guid)
            if entity is not None:
                self._touched[guid] = entity
                self._stamp(entity)

    def delete(self, entity: StoredEntity) -> None:
        """Record that the write deleted an entity."""
        self.deleted[entity.guid] = entity
        self._log.note(entity, "ENTITY_DELETE", _NO_VALUES)
        self._stamp(entity)

    def has_no_links(self, entity: StoredEntity, relationship: str) -> bool:
        """Check whether an entity was created in this write and does not have the relationship yet."""
        return entity.guid in self.created and (entity.guid, relationship) not in self._linked_ends

    def link(self, relationship: str, end1: str, end2: str) -> None:
        """Create an edge."""
        self.store.edges.activate(relationship, end1, end2)
        self._linked_ends.update(((end1, relationship), (end2, relationship)))
        self._flags.note_ends(relationship, end1, end2)

    def note_lineage_change(self, edges: Iterable[StoredEdge]) -> None:
        """Record that lineage through these edges may have changed."""
        self._flags.note(edges)

    def flush(self) -> None:
        """Write all changes, and recompute which entities have lineage."""
        written = {**self.changed, **self.created}
        self.store.entities.put_all(one for one in written.values() if one.guid not in self.deleted)
        self._unwritten.clear()
        self._stored.clear()
        touched = self._touched.keys() - written.keys() - self.deleted.keys()
        self.store.entities.stamp_all(touched, self.user, self.now)
        self.store.edges.flush()
        self._flags.recompute(self.created)
        self.store.audits.add(self._log.entries(self.user, self.now))

    def _stamp(self, entity: StoredEntity) -> None:
        entity.updated_by, entity.update_time = self.user, self.now
