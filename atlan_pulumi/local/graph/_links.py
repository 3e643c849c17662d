"""Apply the relationships of an upsert. A list replaces the current one. The order does not matter."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import (
    conflicting_relationship_maps,
    invalid_instance,
    invalid_reference,
    unknown_relationship,
    wrong_end,
)
from atlan_pulumi.local.graph._edges import active_edges, drop_edges
from atlan_pulumi.local.graph._identity import Entry, resolve_reference
from atlan_pulumi.local.graph._payload import Payload
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import StoredEntity
from atlan_pulumi.naming.relationships import RelationshipEnd, ends_by_attribute, fits_end


def apply_links(session: Session, entry: Entry, placeholders: dict[str, StoredEntity]) -> dict[str, Any]:
    """Apply the relationships of a payload.

    Returns:
        The sent values of the attributes whose edges changed.

    Raises:
        AtlasError: a reference is invalid, its target does not exist or has the wrong type, or the entity
            type does not have the relationship.
    """
    payload, entity = entry.payload, entry.entity
    _refuse_conflicting_maps(payload)
    _refuse_unknown(entity, payload)
    changed = {}
    for end, value in _sent_ends(entity, {**payload.attributes, **payload.relationships}):
        targets = _resolve_targets(session, end, value, entity, placeholders)
        if _drop_selected(session, end, entity, keep=set(targets)) | _add_edges(
            session, end, entity, targets
        ):
            changed[end.attribute] = value
    appended = _resolve_sent(session, entity, payload.append, placeholders)
    removed = _resolve_sent(session, entity, payload.remove, placeholders)
    if appended and removed:  # Atlan then ignores both
        return changed
    for end, targets in appended:
        if _add_edges(session, end, entity, targets):
            changed[end.attribute] = payload.append[end.attribute]
    for end, targets in removed:
        if _drop_selected(session, end, entity, only=set(targets)):
            changed[end.attribute] = payload.remove[end.attribute]
    return changed


def _resolve_sent(
    session: Session, entity: StoredEntity, sent: dict[str, Any], placeholders: dict[str, StoredEntity]
) -> list[tuple[RelationshipEnd, dict[str, StoredEntity]]]:
    return [
        (end, _resolve_targets(session, end, value, entity, placeholders))
        for end, value in _sent_ends(entity, sent)
    ]


def _refuse_unknown(entity: StoredEntity, payload: Payload) -> None:
    """Refuse references in an attribute that is not a relationship. Atlan ignores them silently."""
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


def _refuse_conflicting_maps(payload: Payload) -> None:
    for attribute in payload.append.keys() | payload.remove.keys():
        if attribute in payload.relationships:
            raise conflicting_relationship_maps(attribute)


def _sent_ends(entity: StoredEntity, values: dict[str, Any]) -> list[tuple[RelationshipEnd, Any]]:
    ends = ends_by_attribute(entity.type_name)
    return [(ends[name], value) for name, value in values.items() if name in ends]


def _resolve_targets(
    session: Session,
    end: RelationshipEnd,
    value: Any,
    entity: StoredEntity,
    placeholders: dict[str, StoredEntity],
) -> dict[str, StoredEntity]:
    targets = [resolve_reference(session, one, placeholders) for one in _reference_list(end, value, entity)]
    for target in targets:
        if not fits_end(target.type_name, end.other.type_name):
            types = (entity.type_name, target.type_name)
            raise wrong_end(end.relationship.name, *(types if end.first else reversed(types)))
    return {target.guid: target for target in targets}


def _reference_list(end: RelationshipEnd, value: Any, entity: StoredEntity) -> list[Any]:
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


def _add_edges(
    session: Session, end: RelationshipEnd, entity: StoredEntity, targets: dict[str, StoredEntity]
) -> bool:
    if targets and not end.many:
        _drop_selected(session, end, entity, keep=set(targets))
    linked = (
        set()
        if session.has_no_links(entity, end.relationship.name)
        else {edge.other(entity.guid) for edge in active_edges(session, end, entity.guid)}
    )
    new = [guid for guid in targets if guid not in linked]
    for guid in new:
        if not end.other.many:  # the other end holds one entity: replace it
            drop_edges(session, active_edges(session, end.other, guid))
        ends = (entity.guid, guid) if end.first else (guid, entity.guid)
        session.link(end.relationship.name, *ends)
    session.touch(new)
    return bool(new)


def _drop_selected(
    session: Session,
    end: RelationshipEnd,
    entity: StoredEntity,
    *,
    keep: set[str] | None = None,
    only: set[str] | None = None,
) -> bool:
    if session.has_no_links(entity, end.relationship.name):
        return False
    dropped = [
        edge
        for edge in active_edges(session, end, entity.guid)
        if (keep is None or edge.other(entity.guid) not in keep)
        and (only is None or edge.other(entity.guid) in only)
    ]
    drop_edges(session, dropped)
    return bool(dropped)
