"""Creating and updating entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from atlan_pulumi.local._errors import AtlasError
from atlan_pulumi.local.graph._delete import revive
from atlan_pulumi.local.graph._extras import apply_extras
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
            if apply_links(session, entry, placeholders):
                session.change(entry.entity)
    session.settle()
    return {guid: entity.guid for guid, entity in placeholders.items() if guid != entity.guid}


def patch(session: Session, entity: Entity, payload: Payload) -> None:
    """Update single attributes of an entity.

    Raises:
        AtlasError: the payload is refused.
    """
    entry = Entry(payload, entity)
    _apply(session, entry, BulkFlags(), partial=True)
    if apply_links(session, entry, {}):
        session.change(entity)
    session.settle()


def _apply(session: Session, entry: Entry, flags: BulkFlags, *, partial: bool) -> None:
    entity = entry.entity
    changed = apply_values(session, entry, partial=partial)
    changed |= apply_extras(entry, flags, new=entity.guid in session.created)
    if changed:
        session.change(entity)
    if entry.payload.wants_active and not entity.active:
        revive(session, entity)


@contextmanager
def _blaming(payload: Payload) -> Iterator[None]:
    try:
        yield
    except AtlasError as error:
        error.entity_guid = error.entity_guid or payload.guid
        raise
