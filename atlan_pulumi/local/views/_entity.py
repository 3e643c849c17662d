"""The whole of an entity, as a GET answers it."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local.schema import End, attributes_of, ends_of, unset_value
from atlan_pulumi.local.store import Entity, Store
from atlan_pulumi.local.views._related import Relations, object_id

_LISTED_TWICE = frozenset({"inputs", "outputs"})  # attributes of the type as well as relationships


def whole(store: Store, entity: Entity, *, relationships: bool = True) -> dict[str, Any]:
    """An entity with all its attributes, unset ones as the server shows them.

    Args:
        store: the data.
        entity: which.
        relationships: whether to tell `relationshipAttributes`.
    """
    relations = Relations(store, entity)
    unset = {name: unset_value(kind) for name, kind in attributes_of(entity.type_name).items()}
    shown = {
        "typeName": entity.type_name,
        "attributes": {
            **unset,
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
        ends = ends_of(entity.type_name)
        shown["relationshipAttributes"] = {end.attribute: _stubs(relations, end) for end in ends}
    return shown


def listed(relations: Relations, type_name: str, *, dropped: bool) -> dict[str, Any]:
    """`inputs` and `outputs` as plain attributes, which do not say whether an edge was dropped."""
    ends = (end for end in ends_of(type_name) if end.attribute in _LISTED_TWICE)
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
