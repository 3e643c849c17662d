"""upsert, patch, delete, restore."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local.graph._attributes import apply_extras, apply_values, set_extras
from atlan_pulumi.local.graph._identity import Entry, match
from atlan_pulumi.local.graph._links import apply_links
from atlan_pulumi.local.graph._payload import BulkFlags, Payload
from atlan_pulumi.local.graph._session import INPUTS, OUTPUTS, Session
from atlan_pulumi.local.store import Edge, Entity
from atlan_pulumi.naming.asset_types import is_a

LINEAGE = (INPUTS, OUTPUTS)
_FOR_EVER = frozenset({"HARD", "PURGE"})


def delete(session: Session, guids: Iterable[str], delete_type: str) -> None:
    """Delete entities; unknown GUIDs are no error, nothing else goes with them.

    Args:
        session: the write.
        guids: which.
        delete_type: `PURGE` removes active and archived ones, `HARD` active ones; anything else archives.
    """
    for guid in dict.fromkeys(guids):
        entity = session.get(guid)
        if entity is None or (not entity.active and delete_type != "PURGE"):
            continue
        edges = session.store.edges.of(guid)
        session.touch(_neighbours(session, entity, edges))
        session.relinked(edges)
        session.delete(entity)
        if delete_type in _FOR_EVER:
            session.store.edges.remove_all(guid)
            session.store.entities.remove(guid)
            entity.status = "DELETED"
        else:
            entity.status = "DELETED"
            session.store.entities.put(entity)
            if not is_a(entity.type_name, "Process"):  # a process gets its edges back, an asset does not
                session.store.edges.drop(edge for edge in edges if edge.relationship in LINEAGE)
    session.settle()


def restore(session: Session, guids: Iterable[str]) -> None:
    """Make archived entities active again; unknown and active ones are skipped.

    As in Atlan, nothing gets `__hasLineage` by this.
    """
    for guid in dict.fromkeys(guids):
        entity = session.get(guid)
        if entity is not None and not entity.active:
            _revive(session, entity)
    session.settle()


def revive(session: Session, entity: Entity) -> None:
    """Make one archived entity active again as part of an upsert, which sets `__hasLineage`."""
    session.relinked(_revive(session, entity))


def _revive(session: Session, entity: Entity) -> list[Edge]:
    """Make one archived entity active again, and return its edges.

    A process regains all of its inputs and outputs, those dropped earlier included. An asset regains none:
    they were dropped when it was archived. All other relationships are as they were.
    """
    entity.status = "ACTIVE"
    session.change(entity)
    if is_a(entity.type_name, "Process"):
        for relationship in LINEAGE:
            session.store.edges.activate_all(entity.guid, relationship)
    edges = session.store.edges.of(entity.guid)
    session.touch(_neighbours(session, entity, edges))
    return edges


def _neighbours(session: Session, entity: Entity, edges: Iterable[Edge]) -> list[str]:
    # A process that loses an asset is not told: the metastore leaves it as it is.
    is_process = is_a(entity.type_name, "Process")
    found = []
    for edge in edges:
        other = session.get(edge.other(entity.guid))
        if other is None or not other.active or edge.status != "ACTIVE":
            continue
        if is_process or not is_a(other.type_name, "Process"):
            found.append(other.guid)
    return found


def upsert(session: Session, payloads: Iterable[Payload], flags: BulkFlags) -> dict[str, str]:
    """Create or update entities, all or none.

    Args:
        session: the write.
        payloads: what was sent; two of one type and qualifiedName make one entity, the last value wins.
        flags: how to treat tags and custom metadata.

    Returns:
        The GUID of each entity by the placeholder that the client gave it.

    Raises:
        AtlasError: a payload is refused; nothing must be committed then.
    """
    entries = []
    for payload in payloads:
        with _blaming(payload):
            entries.append(match(session, payload))
    placeholders = {entry.payload.guid: entry.entity for entry in entries}
    for entry in entries:
        with _blaming(entry.payload):
            _apply(session, entry, flags, partial=False)
    for entry in entries:
        with _blaming(entry.payload):
            links = apply_links(session, entry, placeholders)
            if links:
                session.change(entry.entity, relationships=links)
    session.settle()
    return {guid: entity.guid for guid, entity in placeholders.items() if guid != entity.guid}


def patch(session: Session, entity: Entity, payload: Payload) -> None:
    """Update single attributes of an entity.

    Raises:
        AtlasError: the payload is refused.
    """
    entry = Entry(payload, entity)
    _apply(session, entry, BulkFlags(), partial=True)
    links = apply_links(session, entry, {})
    if links:
        session.change(entity, relationships=links)
    session.settle()


def annotate(session: Session, entity: Entity, extras: dict[str, Any]) -> None:
    """Set what is given of an entity's tags, custom metadata and labels.

    Raises:
        AtlasError: a tag or custom metadata is not defined, or a label is malformed.
    """
    if set_extras(session, entity, extras):
        session.change(entity)
    session.settle()


def _apply(session: Session, entry: Entry, flags: BulkFlags, *, partial: bool) -> None:
    entity = entry.entity
    values = apply_values(session, entry, partial=partial)
    extras = apply_extras(session, entry, flags, new=entity.guid in session.created)
    if values or extras:
        session.change(entity, attributes=values)
    if entry.payload.wants_active and not entity.active:
        revive(session, entity)


@contextmanager
def _blaming(payload: Payload) -> Iterator[None]:
    try:
        yield
    except AtlasError as error:
        error.entity_guid = error.entity_guid or payload.guid
        raise
