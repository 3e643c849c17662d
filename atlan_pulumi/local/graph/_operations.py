"""Upsert, patch, delete, and restore entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local.graph._attributes import apply_extras, apply_values, set_extras
from atlan_pulumi.local.graph._identity import Entry, match_entity
from atlan_pulumi.local.graph._lineage_flags import LINEAGE
from atlan_pulumi.local.graph._links import apply_links
from atlan_pulumi.local.graph._mentions import preload_mentioned
from atlan_pulumi.local.graph._payload import BulkFlags, Payload
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import StoredEdge, StoredEntity
from atlan_pulumi.naming.asset_types import is_a

_PERMANENT = frozenset({"HARD", "PURGE"})


def delete_entities(session: Session, guids: Iterable[str], delete_type: str) -> None:
    """Delete entities. Unknown GUIDs are ignored. Nothing cascades.

    Args:
        session: the write.
        guids: the entities.
        delete_type: `PURGE` removes active and archived entities, `HARD` active ones. Other types archive.
    """
    edges = _load_deletable(session, guids, delete_type)
    entities = [one for guid in edges if (one := session.get(guid)) is not None]
    for entity in entities:
        session.touch(_active_neighbors(session, entity, edges[entity.guid]))
        session.note_lineage_change(edges[entity.guid])
        session.delete(entity)
        entity.status = "DELETED"
    if delete_type in _PERMANENT:
        session.store.edges.remove_all(edges)
        session.store.entities.remove_all(edges)
    else:
        session.store.entities.put_all(entities)
        session.store.edges.drop(_unrestorable(entities, edges))
    session.flush()


def _load_deletable(session: Session, guids: Iterable[str], delete_type: str) -> dict[str, list[StoredEdge]]:
    """Load the entities to delete and their neighbors, and return their edges by GUID."""
    wanted = dict.fromkeys(guids)
    session.preload(guids=wanted)
    found = [one for guid in wanted if (one := session.get(guid)) is not None]
    deletable = [one.guid for one in found if one.active or delete_type == "PURGE"]
    edges = session.store.edges.of_all(deletable)
    session.preload(guids={edge.other(guid) for guid, each in edges.items() for edge in each})
    return edges


def _unrestorable(
    entities: Iterable[StoredEntity], edges: Mapping[str, list[StoredEdge]]
) -> Iterator[StoredEdge]:
    """Yield the lineage edges of assets. A restore brings back those of a process, but not of an asset."""
    for entity in entities:
        if not is_a(entity.type_name, "Process"):
            yield from (edge for edge in edges[entity.guid] if edge.relationship in LINEAGE)


def restore_entities(session: Session, guids: Iterable[str]) -> None:
    """Restore archived entities. Unknown and active entities are skipped.

    As in Atlan, this does not set `__hasLineage`.
    """
    wanted = dict.fromkeys(guids)
    session.preload(guids=wanted)
    for guid in wanted:
        entity = session.get(guid)
        if entity is not None and not entity.active:
            _reactivate(session, entity)
    session.flush()


def reactivate(session: Session, entity: StoredEntity) -> None:
    """Restore an archived entity as part of an upsert, which sets `__hasLineage`."""
    session.note_lineage_change(_reactivate(session, entity))


def _reactivate(session: Session, entity: StoredEntity) -> list[StoredEdge]:
    """Restore an archived entity, and return its edges.

    A process regains all of its inputs and outputs, including previously dropped ones. An asset regains none:
    archiving dropped them. Other relationships do not change.
    """
    entity.status = "ACTIVE"
    session.change(entity)
    if is_a(entity.type_name, "Process"):
        for relationship in LINEAGE:
            session.store.edges.activate_all(entity.guid, relationship)
    edges = session.store.edges.of(entity.guid)
    session.touch(_active_neighbors(session, entity, edges))
    return edges


def _active_neighbors(session: Session, entity: StoredEntity, edges: Iterable[StoredEdge]) -> list[str]:
    # The metastore does not update a process that loses an asset.
    is_process = is_a(entity.type_name, "Process")
    found = []
    for edge in edges:
        other = session.get(edge.other(entity.guid))
        if other is None or not other.active or edge.status != "ACTIVE":
            continue
        if is_process or not is_a(other.type_name, "Process"):
            found.append(other.guid)
    return found


def upsert_entities(session: Session, payloads: Iterable[Payload], flags: BulkFlags) -> dict[str, str]:
    """Create or update entities, all or none.

    Args:
        session: the write.
        payloads: the entities. Two with the same type and qualifiedName are one entity; the last value wins.
        flags: how to apply tags and custom metadata.

    Returns:
        The GUID of each entity, by the placeholder of the client.

    Raises:
        AtlasError: a payload is refused. The transaction must be rolled back.
    """
    payloads = list(payloads)
    preload_mentioned(session, payloads)
    entries = []
    for payload in payloads:
        with _ErrorContext(payload):
            entries.append(match_entity(session, payload))
    placeholders = {entry.payload.guid: entry.entity for entry in entries}
    for entry in entries:
        with _ErrorContext(entry.payload):
            _apply_payload(session, entry, flags, partial=False)
    for entry in entries:
        with _ErrorContext(entry.payload):
            links = apply_links(session, entry, placeholders)
            if links:
                session.change(entry.entity, relationships=links)
    session.flush()
    return {guid: entity.guid for guid, entity in placeholders.items() if guid != entity.guid}


def patch_entity(session: Session, entity: StoredEntity, payload: Payload) -> None:
    """Update some attributes of an entity.

    Raises:
        AtlasError: the payload is refused.
    """
    entry = Entry(payload, entity)
    _apply_payload(session, entry, BulkFlags(), partial=True)
    links = apply_links(session, entry, {})
    if links:
        session.change(entity, relationships=links)
    session.flush()


def annotate_entity(session: Session, entity: StoredEntity, extras: dict[str, Any]) -> None:
    """Set the given tags, custom metadata, and labels of an entity.

    Raises:
        AtlasError: a tag or custom metadata is not defined, or a label is malformed.
    """
    if set_extras(session, entity, extras):
        session.change(entity)
    session.flush()


def _apply_payload(session: Session, entry: Entry, flags: BulkFlags, *, partial: bool) -> None:
    entity = entry.entity
    values = apply_values(session, entry, partial=partial)
    extras = apply_extras(session, entry, flags, new=entity.guid in session.created)
    if values or extras:
        session.change(entity, attributes=values)
    if entry.payload.asks_to_restore and not entity.active:
        reactivate(session, entity)


class _ErrorContext:
    """Adds the GUID of a payload to an error about it."""

    __slots__ = ("_payload",)

    def __init__(self, payload: Payload) -> None:
        self._payload = payload

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, AtlasError):
            error.entity_guid = error.entity_guid or self._payload.guid
