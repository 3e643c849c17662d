"""Creating and updating entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local.graph._delete import revive
from atlan_pulumi.local.graph._extras import apply_extras, set_extras
from atlan_pulumi.local.graph._identity import Entry, match
from atlan_pulumi.local.graph._links import apply_links
from atlan_pulumi.local.graph._payload import BulkFlags, Payload
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.graph._values import apply_values
from atlan_pulumi.local.store import Entity


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
