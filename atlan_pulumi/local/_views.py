"""JSON views: headers, full entities, related entities, and responses to writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from atlan_pulumi.local._relations import Related, Relations, object_id
from atlan_pulumi.local._schema import attribute_types, unset_value
from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.store import Store, StoredEntity
from atlan_pulumi.naming.relationships import RelationshipEnd, ends_of, find_end

_INPUTS_OUTPUTS = ("inputs", "outputs")  # both attributes and relationships


def show_header(entity: StoredEntity, attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the header of an entity.

    Args:
        entity: the entity.
        attributes: more attributes than name and qualifiedName.
    """
    tags = entity.extras.get("classifications") or []
    return {
        "typeName": entity.type_name,
        "attributes": {"name": entity.name, "qualifiedName": entity.qualified_name, **attributes},
        "guid": entity.guid,
        "status": entity.status,
        "displayText": entity.name,
        "classificationNames": [tag.get("typeName") for tag in tags],
        "classifications": tags,
        "meaningNames": [],
        "meanings": [],
        "isIncomplete": False,
        "labels": entity.extras.get("labels") or [],
        "createdBy": entity.created_by,
        "updatedBy": entity.updated_by,
        "createTime": entity.create_time,
        "updateTime": entity.update_time,
    }


def show_entity(store: Store, entity: StoredEntity, *, relationships: bool = True) -> dict[str, Any]:
    """Return an entity. See `show_entities`."""
    return show_entities(store, [entity], relationships=relationships)[0]


def show_entities(
    store: Store, entities: Sequence[StoredEntity], *, relationships: bool = True
) -> list[dict[str, Any]]:
    """Return entities with all of their attributes, including unset ones.

    Args:
        store: the data.
        entities: the entities.
        relationships: include `relationshipAttributes`.
    """
    relations = Relations(store, entities)
    return [_show_entity(relations, one, relationships=relationships) for one in entities]


def _show_entity(relations: Relations, entity: StoredEntity, *, relationships: bool) -> dict[str, Any]:
    body = {
        "typeName": entity.type_name,
        "attributes": {
            **_unset_attributes(entity.type_name),
            "__hasLineage": entity.has_lineage,
            **entity.attributes,
            **_inputs_outputs(relations, entity, dropped=True),
        },
        "guid": entity.guid,
        "status": entity.status,
        "isIncomplete": False,
        "createdBy": entity.created_by,
        "updatedBy": entity.updated_by,
        "createTime": entity.create_time,
        "updateTime": entity.update_time,
        "version": 0,
        "labels": entity.extras.get("labels") or [],
        "classifications": entity.extras.get("classifications") or [],
        "businessAttributes": entity.extras.get("businessAttributes") or {},
        "customAttributes": entity.extras.get("customAttributes") or {},
    }
    if relationships:
        body["relationshipAttributes"] = {
            **_empty_relationships(entity.type_name),
            **_show_relationships(relations, entity),
        }
    return body


@cache
def _unset_attributes(type_name: str) -> dict[str, Any]:
    return {name: unset_value(value_type) for name, value_type in attribute_types(type_name).items()}


@cache
def _empty_relationships(type_name: str) -> dict[str, Any]:
    return {end.attribute: [] if end.many else None for end in ends_of(type_name)}


@cache
def _ends(type_name: str) -> dict[tuple[str, bool], RelationshipEnd]:
    return {(end.relationship.name, end.first): end for end in ends_of(type_name)}


def _show_relationships(relations: Relations, entity: StoredEntity) -> dict[str, Any]:
    ends = _ends(entity.type_name)
    held = [ends[key] for key in relations.held_ends(entity) if key in ends]
    return {end.attribute: _show_related(end, relations.at(entity, end)) for end in held}


def _inputs_outputs(relations: Relations, entity: StoredEntity, *, dropped: bool) -> dict[str, Any]:
    """Return `inputs` and `outputs` as attributes, optionally with dropped edges."""
    ends = (end for name in _INPUTS_OUTPUTS if (end := find_end(entity.type_name, name)) is not None)
    return {
        end.attribute: [object_id(one.entity) for one in relations.at(entity, end) if dropped or one.active]
        for end in ends
    }


def _show_related(end: RelationshipEnd, found: list[Related]) -> Any:
    if end.many:
        return [related.stub() for related in found]
    active = [related for related in found if related.active]
    last = (active or found)[-1:]  # without an active entity, the last dropped one is shown
    return last[0].stub() if last else None


def mutation_response(
    session: Session,
    assignments: dict[str, str] | None = None,
    *,
    update: str = "UPDATE",
    handler: str = "",
) -> dict[str, Any]:
    """Return the response to a write, without empty parts.

    Args:
        session: the flushed write.
        assignments: GUIDs by placeholder.
        update: the key of directly updated entities. A patch uses `PARTIAL_UPDATE`.
        handler: the `deleteHandler` of deleted entities.
    """
    changes = {
        "CREATE": _show_written(session, session.created.values()),
        update: _show_written(session, session.changed.values()),
        "DELETE": [{**one, "deleteHandler": handler} for one in _show_plain(session.deleted.values())],
    }
    changes["UPDATE"] = [*changes.get("UPDATE", ()), *_show_plain(session.touched)]
    mutated = {name: headers for name, headers in changes.items() if headers}
    answer: dict[str, Any] = {"mutatedEntities": mutated} if mutated else {}
    return {**answer, "guidAssignments": assignments} if assignments else answer


def _show_written(session: Session, entities: Collection[StoredEntity]) -> list[dict[str, Any]]:
    relations = Relations(session.store, entities, session.get_many)
    return [
        show_header(one, {**one.attributes, **_inputs_outputs(relations, one, dropped=False)})
        for one in entities
    ]


def _show_plain(entities: Iterable[StoredEntity]) -> list[dict[str, Any]]:
    return [show_header(entity, {}) for entity in entities]
