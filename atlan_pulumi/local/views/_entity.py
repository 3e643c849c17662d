"""The whole of an entity, as a GET answers it."""

from __future__ import annotations

from functools import cache
from typing import Any

from atlan_pulumi.local.schema import End, attributes_of, ends_of, find_end, unset_value
from atlan_pulumi.local.store import Entity, Store
from atlan_pulumi.local.views._related import Relations, object_id

_LISTED_TWICE = ("inputs", "outputs")  # attributes of the type as well as relationships


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
