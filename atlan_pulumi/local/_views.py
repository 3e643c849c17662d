"""How entities are shown: header, whole, related, answer to a write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from atlan_pulumi.local._schema import End, attributes_of, ends_of, find_end, unset_value
from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.store import Edge, Entity, Store

_LISTED_TWICE = ("inputs", "outputs")  # attributes of the type as well as relationships


def header(entity: Entity, attributes: dict[str, Any]) -> dict[str, Any]:
    """An entity's header.

    Args:
        entity: which.
        attributes: what to show beside its name and qualifiedName.
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
    """An edge and the entity at its other side."""

    edge: Edge
    entity: Entity
    live: bool
    """Whether the edge stands and neither side is archived."""

    def stub(self) -> dict[str, Any]:
        """The related entity as `relationshipAttributes` lists it."""
        return {
            **object_id(self.entity),
            "entityStatus": self.entity.status,
            "displayText": self.entity.name,
            "relationshipType": self.edge.relationship,
            "relationshipGuid": self.edge.guid,
            "relationshipStatus": "ACTIVE" if self.live else "DELETED",
            "relationshipAttributes": {"typeName": self.edge.relationship},
        }


class Relations:
    """The relationships of one entity, read once, when first asked for."""

    def __init__(self, store: Store, entity: Entity) -> None:
        self._store = store
        self._entity = entity

    @cached_property
    def _edges(self) -> list[Edge]:
        return self._store.edges.of(self._entity.guid)

    @cached_property
    def _others(self) -> dict[str, Entity]:
        return self._store.entities.get_many(edge.other(self._entity.guid) for edge in self._edges)

    @property
    def sides(self) -> Iterable[tuple[str, bool]]:
        """The relationships that hold something, each with whether the entity is its first end."""
        return self._by_end.keys()

    def at(self, end: End) -> list[Related]:
        """What one relationship attribute holds, dropped edges included; oldest first."""
        return [self._related(edge) for edge in self._holding(end)]

    @cached_property
    def _by_end(self) -> dict[tuple[str, bool], list[Edge]]:
        found: dict[tuple[str, bool], list[Edge]] = {}
        for edge in self._edges:
            for first, guid in ((True, edge.end1), (False, edge.end2)):
                if guid == self._entity.guid:
                    found.setdefault((edge.relationship, first), []).append(edge)
        return found

    def _holding(self, end: End) -> list[Edge]:
        return self._by_end.get((end.relationship.name, end.first), [])

    def _related(self, edge: Edge) -> Related:
        other = self._others[edge.other(self._entity.guid)]
        live = edge.status == "ACTIVE" and self._entity.active and other.active
        return Related(edge, other, live)


def object_id(entity: Entity) -> dict[str, Any]:
    """The shortest reference to an entity that says what it is."""
    unique = {"qualifiedName": entity.qualified_name}
    return {"guid": entity.guid, "typeName": entity.type_name, "uniqueAttributes": unique}


def whole(store: Store, entity: Entity, *, relationships: bool = True) -> dict[str, Any]:
    """An entity with all its attributes, unset ones as the server shows them.

    Args:
        store: the data.
        entity: which.
        relationships: whether to tell `relationshipAttributes`.
    """
    relations = Relations(store, entity)
    shown = {
        "typeName": entity.type_name,
        "attributes": {
            **_unset(entity.type_name),
            "__hasLineage": entity.has_lineage,
            **entity.attributes,
            **listed(relations, entity.type_name, dropped=True),
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
        shown["relationshipAttributes"] = {
            **_unrelated(entity.type_name),
            **_related(relations, entity.type_name),
        }
    return shown


@cache
def _unset(type_name: str) -> dict[str, Any]:
    return {name: unset_value(kind) for name, kind in attributes_of(type_name).items()}


@cache
def _unrelated(type_name: str) -> dict[str, Any]:
    return {end.attribute: [] if end.many else None for end in ends_of(type_name)}


@cache
def _ends(type_name: str) -> dict[tuple[str, bool], End]:
    return {(end.relationship.name, end.first): end for end in ends_of(type_name)}


def _related(relations: Relations, type_name: str) -> dict[str, Any]:
    ends = _ends(type_name)
    return {ends[key].attribute: _stubs(relations, ends[key]) for key in relations.sides if key in ends}


def listed(relations: Relations, type_name: str, *, dropped: bool) -> dict[str, Any]:
    """`inputs` and `outputs` as plain attributes, which do not say whether an edge was dropped."""
    ends = (end for name in _LISTED_TWICE if (end := find_end(type_name, name)) is not None)
    return {
        end.attribute: [object_id(one.entity) for one in relations.at(end) if dropped or one.live]
        for end in ends
    }


def _stubs(relations: Relations, end: End) -> Any:
    found = relations.at(end)
    if end.many:
        return [related.stub() for related in found]
    live = [
        related for related in found if related.live
    ]  # a former partner shows when there is no present one
    last = (live or found)[-1:]
    return last[0].stub() if last else None


def mutation(
    session: Session,
    assignments: dict[str, str] | None = None,
    *,
    update: str = "UPDATE",
    handler: str = "",
) -> dict[str, Any]:
    """What a write did; empty parts are left out.

    Args:
        session: the write, settled.
        assignments: GUIDs by placeholder.
        update: the name under which directly updated entities appear (`PARTIAL_UPDATE` for a patch).
        handler: the delete type that deleted entities name.
    """
    done = {
        "CREATE": _written(session, session.created.values()),
        update: _written(session, session.changed.values()),
        "DELETE": [{**one, "deleteHandler": handler} for one in _plain(session.deleted.values())],
    }
    done["UPDATE"] = [*done.get("UPDATE", ()), *_plain(session.touched)]
    mutated = {name: headers for name, headers in done.items() if headers}
    answer: dict[str, Any] = {"mutatedEntities": mutated} if mutated else {}
    return {**answer, "guidAssignments": assignments} if assignments else answer


def _written(session: Session, entities: Iterable[Entity]) -> list[dict[str, Any]]:
    return [header(entity, {**entity.attributes, **_lineage(session, entity)}) for entity in entities]


def _lineage(session: Session, entity: Entity) -> dict[str, Any]:
    return listed(Relations(session.store, entity), entity.type_name, dropped=False)


def _plain(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    return [header(entity, {}) for entity in entities]
