"""One write in progress: the entities it holds, what happened to them, and who must be told."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from atlan_pulumi.local.graph._log import Log
from atlan_pulumi.local.store import Definition, Edge, Entity, Store, choose

INPUTS = "catalog_process_inputs"
OUTPUTS = "process_catalog_outputs"

_LIVE_ASSET = """EXISTS (SELECT 1 FROM edge JOIN entity AS asset ON asset.guid = edge.end2
 WHERE edge.end1 = ? AND edge.relationship = ? AND edge.status = 'ACTIVE' AND asset.status = 'ACTIVE')"""
_PROCESS = f"status = 'ACTIVE' AND {_LIVE_ASSET} AND {_LIVE_ASSET}"
_ASSET = """EXISTS (SELECT 1 FROM edge JOIN entity AS process ON process.guid = edge.end1
 WHERE edge.end2 = ? AND edge.relationship IN (?, ?) AND edge.status = 'ACTIVE' AND process.has_lineage)"""
Values = Mapping[str, Any]
_NOTHING: Values = {}


class LineageFlags:
    """Collects what a write relinked, and sets the flags anew at its end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._processes: set[str] = set()
        self._assets: set[str] = set()

    def note(self, edges: Iterable[Edge]) -> None:
        """Remember edges that were made, dropped, or lost or regained an end."""
        for edge in edges:
            self.note_ends(edge.relationship, edge.end1, edge.end2)

    def note_ends(self, relationship: str, end1: str, end2: str) -> None:
        """Remember an edge by its ends."""
        if relationship in (INPUTS, OUTPUTS):
            self._processes.add(end1)
            self._assets.add(end2)

    def recompute(self) -> None:
        """Set the flags of all that was noted, and of whatever depends on it."""
        for process in self._processes:
            values = (process, INPUTS, process, OUTPUTS)
            if self._store.entities.set_lineage(process, _PROCESS, values):
                self._assets.update(edge.end2 for edge in self._lineage_edges(process))
        for asset in self._assets:
            self._store.entities.set_lineage(asset, _ASSET, (asset, INPUTS, OUTPUTS))

    def _lineage_edges(self, process: str) -> list[Edge]:
        edges = self._store.edges
        return [*edges.at(process, INPUTS, first=True), *edges.at(process, OUTPUTS, first=True)]


class Session:
    """The unit of work of one request; call `settle` before the transaction ends.

    Args:
        store: the data, inside an open transaction.
        user: who writes.
        now: time of the write in milliseconds since the epoch; now without it.
        new_guid: makes the GUID of a new entity from its type and qualifiedName; a random one without it.
        own_names: whether a reference by qualifiedName may lead to an entity that this write creates. Atlan
            resolves such references before it creates anything; only a seed catalog is read as a whole.
    """

    def __init__(
        self,
        store: Store,
        user: str,
        now: int | None = None,
        new_guid: Callable[[str, str], str] = lambda *_: str(uuid.uuid4()),
        *,
        own_names: bool = False,
    ) -> None:
        self.store = store
        self.user = user
        self.now = int(time.time() * 1000) if now is None else now
        self._new_guid = new_guid
        self._own_names = own_names
        self.created: dict[str, Entity] = {}
        self.changed: dict[str, Entity] = {}
        self.deleted: dict[str, Entity] = {}
        self._touched: dict[str, Entity] = {}
        self._held: dict[str, Entity] = {}
        self._named: dict[tuple[str, str], Entity] = {}
        self._unwritten: dict[str, list[Entity]] = {}
        self._linked: set[tuple[str, str]] = set()
        self._definitions: dict[str, Definition | None] = {}
        self._log = Log()
        self._flags = LineageFlags(store)

    @property
    def touched(self) -> list[Entity]:
        """Entities that changed only because a relationship of theirs did."""
        direct = self.created.keys() | self.changed.keys() | self.deleted.keys()
        return [entity for guid, entity in self._touched.items() if guid not in direct]

    @property
    def written(self) -> int:
        """How many entities the write itself created, changed or deleted."""
        return len(self.created) + len(self.changed.keys() - self.created.keys()) + len(self.deleted)

    def get(self, guid: str) -> Entity | None:
        """The entity with this GUID, one made in this write included."""
        if guid not in self._held:
            found = self.store.entities.get(guid)
            if found is None:
                return None
            self._held[guid] = found
        return self._held[guid]

    def find(self, type_name: str, qualified_name: str) -> Entity | None:
        """The entity of this type, else a sub-type, with this qualifiedName."""
        held = self._named.get((type_name, qualified_name))
        if held is not None and held.attributes["qualifiedName"] == qualified_name:
            return held
        new, old = self._unwritten.get(qualified_name, ()), self.store.entities.named(qualified_name)
        found = choose(type_name, [*new, *old])
        if found is None:
            return None
        entity = self._named[type_name, qualified_name] = self._held.setdefault(found.guid, found)
        return entity

    def find_referenced(self, type_name: str, qualified_name: str) -> Entity | None:
        """Return the entity that a reference by qualifiedName means: one that was there before this write."""
        found = self.find(type_name, qualified_name)
        if found is None or self._own_names or found.guid not in self.created:
            return found
        every = self.store.entities.named(qualified_name)
        earlier = choose(type_name, [one for one in every if one.guid not in self.created])
        return None if earlier is None else self._held.setdefault(earlier.guid, earlier)

    def create(self, type_name: str, qualified_name: str) -> Entity:
        """A new entity, visible at once to `find`."""
        entity = Entity(
            self._new_guid(type_name, qualified_name), type_name, attributes={"qualifiedName": qualified_name}
        )
        entity.created_by = entity.updated_by = self.user
        entity.create_time = entity.update_time = self.now
        self._held[entity.guid] = self.created[entity.guid] = entity
        self._log.note(entity, "ENTITY_CREATE", entity.attributes)
        self._unwritten.setdefault(qualified_name, []).append(entity)
        return entity

    def change(
        self, entity: Entity, *, attributes: Values = _NOTHING, relationships: Values = _NOTHING
    ) -> None:
        """Note that the write changed an entity.

        Args:
            entity: which.
            attributes: what changed, for the activity log.
            relationships: likewise.
        """
        if entity.guid not in self.created:
            self.changed[entity.guid] = entity
            self._log.note(entity, "ENTITY_UPDATE", attributes)
        self._log.relate(entity, relationships)
        self._stamp(entity)

    def log(self, entity: Entity, action: str, detail: Any) -> None:
        """Write an entry of its own into the activity log."""
        self._log.add(entity, action, detail)

    def definition(self, name: str) -> Definition | None:
        """Return the definition of a tag or of custom metadata."""
        if name not in self._definitions:
            self._definitions[name] = self.store.typedefs.get(name)
        return self._definitions[name]

    def touch(self, guids: Iterable[str]) -> None:
        """Note that relationships of these entities changed."""
        for guid in guids:
            entity = self.get(guid)
            if entity is not None:
                self._touched[guid] = entity
                self._stamp(entity)

    def delete(self, entity: Entity) -> None:
        """Note that the write deleted an entity."""
        self.deleted[entity.guid] = entity
        self._log.note(entity, "ENTITY_DELETE", _NOTHING)
        self._stamp(entity)

    def unlinked(self, entity: Entity, relationship: str) -> bool:
        """Whether an entity was made in this write, and has no such relationship yet."""
        return entity.guid in self.created and (entity.guid, relationship) not in self._linked

    def link(self, relationship: str, end1: str, end2: str) -> None:
        """Make an edge."""
        self.store.edges.activate(relationship, end1, end2)
        self._linked.update(((end1, relationship), (end2, relationship)))
        self._flags.note_ends(relationship, end1, end2)

    def relinked(self, edges: Iterable[Edge]) -> None:
        """Note that lineage through these edges may have come or gone."""
        self._flags.note(edges)

    def settle(self) -> None:
        """Write everything down and recompute which assets have lineage."""
        written = {**self.changed, **self.created}
        self.store.entities.put_all(one for one in written.values() if one.guid not in self.deleted)
        self._unwritten.clear()
        self.store.entities.stamp_all(
            one for guid, one in self._touched.items() if guid not in written and guid not in self.deleted
        )
        self.store.edges.flush()
        self._flags.recompute()
        self.store.audits.add(self._log.entries(self.user, self.now))

    def _stamp(self, entity: Entity) -> None:
        entity.updated_by, entity.update_time = self.user, self.now
