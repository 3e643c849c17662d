"""JSON views: headers, full entities, related entities, and responses to writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from atlan_pulumi.local._schema import attribute_types, unset_value
from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
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


@dataclass(frozen=True, slots=True)
class Related:
    """An edge and the entity at its other end."""

    edge: StoredEdge
    entity: StoredEntity
    active: bool
    """Whether the edge and the entities at both ends are active."""

    def stub(self) -> dict[str, Any]:
        """Return the related entity as in `relationshipAttributes`."""
        return {
            **object_id(self.entity),
            "entityStatus": self.entity.status,
            "displayText": self.entity.name,
            "relationshipType": self.edge.relationship,
            "relationshipGuid": self.edge.guid,
            "relationshipStatus": "ACTIVE" if self.active else "DELETED",
            "relationshipAttributes": {"typeName": self.edge.relationship},
        }


class Relations:
    """The relationships of an entity, loaded on first use."""

    def __init__(self, store: Store, entity: StoredEntity) -> None:
        self._store = store
        self._entity = entity

    @cached_property
    def _edges(self) -> list[StoredEdge]:
        return self._store.edges.of(self._entity.guid)

    @cached_property
    def _others(self) -> dict[str, StoredEntity]:
        return self._store.entities.get_many(edge.other(self._entity.guid) for edge in self._edges)

    @property
    def held_ends(self) -> Iterable[tuple[str, bool]]:
        """The relationships with edges. The flag is true if the entity is the first end."""
        return self._edges_by_end.keys()

    def at(self, end: RelationshipEnd) -> list[Related]:
        """Return the entities of a relationship attribute, oldest first, including dropped edges."""
        return [self._relate(edge) for edge in self._edges_at(end)]

    @cached_property
    def _edges_by_end(self) -> dict[tuple[str, bool], list[StoredEdge]]:
        found: dict[tuple[str, bool], list[StoredEdge]] = {}
        for edge in self._edges:
            for first, guid in ((True, edge.end1), (False, edge.end2)):
                if guid == self._entity.guid:
                    found.setdefault((edge.relationship, first), []).append(edge)
        return found

    def _edges_at(self, end: RelationshipEnd) -> list[StoredEdge]:
        return self._edges_by_end.get((end.relationship.name, end.first), [])

    def _relate(self, edge: StoredEdge) -> Related:
        other = self._others[edge.other(self._entity.guid)]
        active = edge.status == "ACTIVE" and self._entity.active and other.active
        return Related(edge, other, active)


def object_id(entity: StoredEntity) -> dict[str, Any]:
    """Return a reference to an entity: GUID, type, and qualifiedName."""
    unique = {"qualifiedName": entity.qualified_name}
    return {"guid": entity.guid, "typeName": entity.type_name, "uniqueAttributes": unique}


def show_entity(store: Store, entity: StoredEntity, *, relationships: bool = True) -> dict[str, Any]:
    """Return an entity with all of its attributes, including unset ones.

    Args:
        store: the data.
        entity: the entity.
        relationships: include `relationshipAttributes`.
    """
    relations = Relations(store, entity)
    body = {
        "typeName": entity.type_name,
        "attributes": {
            **_unset_attributes(entity.type_name),
            "__hasLineage": entity.has_lineage,
            **entity.attributes,
            **input_output_attributes(relations, entity.type_name, dropped=True),
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
            **_show_relationships(relations, entity.type_name),
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


def _show_relationships(relations: Relations, type_name: str) -> dict[str, Any]:
    ends = _ends(type_name)
    return {
        ends[key].attribute: _show_related(relations, ends[key]) for key in relations.held_ends if key in ends
    }


def input_output_attributes(relations: Relations, type_name: str, *, dropped: bool) -> dict[str, Any]:
    """Return `inputs` and `outputs` as attributes, optionally with dropped edges."""
    ends = (end for name in _INPUTS_OUTPUTS if (end := find_end(type_name, name)) is not None)
    return {
        end.attribute: [object_id(one.entity) for one in relations.at(end) if dropped or one.active]
        for end in ends
    }


def _show_related(relations: Relations, end: RelationshipEnd) -> Any:
    found = relations.at(end)
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


def _show_written(session: Session, entities: Iterable[StoredEntity]) -> list[dict[str, Any]]:
    return [
        show_header(entity, {**entity.attributes, **_current_inputs_outputs(session, entity)})
        for entity in entities
    ]


def _current_inputs_outputs(session: Session, entity: StoredEntity) -> dict[str, Any]:
    return input_output_attributes(Relations(session.store, entity), entity.type_name, dropped=False)


def _show_plain(entities: Iterable[StoredEntity]) -> list[dict[str, Any]]:
    return [show_header(entity, {}) for entity in entities]
