"""Relationships of an upsert: a list that is sent replaces the old one, whatever its order."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import (
    attribute_twice,
    invalid_instance,
    invalid_reference,
    unknown_relationship,
    wrong_end,
)
from atlan_pulumi.local._schema import End, ends_by_attribute, fits
from atlan_pulumi.local.graph._identity import Entry, resolve
from atlan_pulumi.local.graph._payload import Payload
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import Edge, Entity


def apply_links(session: Session, entry: Entry, placeholders: dict[str, Entity]) -> dict[str, Any]:
    """Take over the relationships of a payload.

    Returns:
        What was sent for the attributes of which an edge was made or dropped.

    Raises:
        AtlasError: a reference is unusable, leads nowhere or to an entity of the wrong type, or the type has
            no such relationship.
    """
    payload, entity = entry.payload, entry.entity
    _refuse_doubles(payload)
    _refuse_unknown(entity, payload)
    changed = {}
    for end, value in _sent(entity, {**payload.attributes, **payload.relationships}):
        targets = _targets(session, end, value, entity, placeholders)
        if _drop(session, end, entity, keep=set(targets)) | _add(session, end, entity, targets):
            changed[end.attribute] = value
    appended = _resolved(session, entity, payload.append, placeholders)
    removed = _resolved(session, entity, payload.remove, placeholders)
    if appended and removed:  # Atlan then does neither
        return changed
    for end, targets in appended:
        if _add(session, end, entity, targets):
            changed[end.attribute] = payload.append[end.attribute]
    for end, targets in removed:
        if _drop(session, end, entity, only=set(targets)):
            changed[end.attribute] = payload.remove[end.attribute]
    return changed


def _resolved(
    session: Session, entity: Entity, sent: dict[str, Any], placeholders: dict[str, Entity]
) -> list[tuple[End, dict[str, Entity]]]:
    return [(end, _targets(session, end, value, entity, placeholders)) for end, value in _sent(entity, sent)]


def _refuse_unknown(entity: Entity, payload: Payload) -> None:
    """Refuse references by an attribute that is no relationship; Atlan ignores them, and nobody notices."""
    ends = ends_by_attribute(entity.type_name)
    for values in (payload.attributes, payload.relationships, payload.append, payload.remove):
        for name, value in values.items():
            if isinstance(value, (dict, list)) and name not in ends:
                reference = _first_reference(value)
                if reference is not None:
                    raise unknown_relationship(entity.type_name, str(reference["typeName"]), name)


def _first_reference(value: Any) -> dict[str, Any] | None:
    first = value[0] if isinstance(value, list) and value else value
    is_one = (
        isinstance(first, dict) and "typeName" in first and ("guid" in first or "uniqueAttributes" in first)
    )
    return first if is_one else None


def _refuse_doubles(payload: Payload) -> None:
    for attribute in payload.append.keys() | payload.remove.keys():
        if attribute in payload.relationships:
            raise attribute_twice(attribute)


def _sent(entity: Entity, values: dict[str, Any]) -> list[tuple[End, Any]]:
    ends = ends_by_attribute(entity.type_name)
    return [(ends[name], value) for name, value in values.items() if name in ends]


def _targets(
    session: Session, end: End, value: Any, entity: Entity, placeholders: dict[str, Entity]
) -> dict[str, Entity]:
    targets = [resolve(session, one, placeholders) for one in _references(end, value, entity)]
    for target in targets:
        if not fits(target.type_name, end.other.type_name):
            types = (entity.type_name, target.type_name)
            raise wrong_end(end.relationship.name, *(types if end.first else reversed(types)))
    return {target.guid: target for target in targets}


def _references(end: End, value: Any, entity: Entity) -> list[Any]:
    if value is None or value == []:
        return []
    if not end.many:
        if isinstance(value, list):
            raise invalid_reference(value)
        return [value]
    if not isinstance(value, list):
        what = f"{entity.type_name}.{end.attribute}={json.dumps(value)}"
        raise invalid_instance(f"{what}: invalid value for type array<{end.other.type_name}>")
    return value


def _add(session: Session, end: End, entity: Entity, targets: dict[str, Entity]) -> bool:
    if targets and not end.many:
        _drop(session, end, entity, keep=set(targets))
    linked = (
        set()
        if session.unlinked(entity, end.relationship.name)
        else {edge.other(entity.guid) for edge in _active(session, end, entity.guid)}
    )
    new = [guid for guid in targets if guid not in linked]
    for guid in new:
        if not end.other.many:  # the other side can have one partner only: it leaves its former one
            _unlink(session, _active(session, end.other, guid))
        ends = (entity.guid, guid) if end.first else (guid, entity.guid)
        session.link(end.relationship.name, *ends)
    session.touch(new)
    return bool(new)


def _drop(
    session: Session, end: End, entity: Entity, *, keep: set[str] | None = None, only: set[str] | None = None
) -> bool:
    if session.unlinked(entity, end.relationship.name):
        return False
    gone = [
        edge
        for edge in _active(session, end, entity.guid)
        if (keep is None or edge.other(entity.guid) not in keep)
        and (only is None or edge.other(entity.guid) in only)
    ]
    _unlink(session, gone)
    return bool(gone)


def _unlink(session: Session, edges: list[Edge]) -> None:
    session.store.edges.drop(edges)
    session.touch(guid for edge in edges for guid in (edge.end1, edge.end2))
    session.relinked(edges)


def _active(session: Session, end: End, guid: str) -> list[Edge]:
    edges = session.store.edges.at(guid, end.relationship.name, first=end.first)
    return [edge for edge in edges if edge.status == "ACTIVE"]
