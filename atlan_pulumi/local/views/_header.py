"""The short form of an entity, as searches and writes answer it."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local.store import Entity


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
