"""`POST /api/meta/entity/auditSearch`: the activity log."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local._views import header
from atlan_pulumi.local.search._fields import audit_field
from atlan_pulumi.local.search._query import Condition, compile_query
from atlan_pulumi.local.search._request import page_of
from atlan_pulumi.local.store import Audit, Entity, Store


def audit_search(store: Store, body: Any, guid: str | None = None) -> dict[str, Any]:
    """Search the activity log.

    Args:
        store: the data.
        body: `{"dsl": {…}, "attributes": […]}`.
        guid: only what was done to this entity.

    Returns:
        The answer. Details of entities that exist are those of now.

    Raises:
        AtlasError: the request is not understood.
    """
    dsl = body.get("dsl") if isinstance(body, dict) else None
    if not isinstance(dsl, dict):
        raise bad_request("Missing request body or 'dsl'")
    condition = _condition(dsl, guid)
    found = store.audits.where(condition.sql, condition.values, page_of(dsl, audit_field, "id"))
    entities = store.entities.get_many(one.entity for one in found)
    shown = [str(name) for name in body.get("attributes") or ()]
    return {
        "entityAudits": [_shown(one, entities.get(one.entity), shown) for one in found],
        "aggregations": None,
        "count": len(found),
        "totalCount": store.audits.count(condition.sql, condition.values),
        "linkedEntities": {},
    }


def _condition(dsl: dict[str, Any], guid: str | None) -> Condition:
    if dsl.get("aggregations") or dsl.get("aggs"):
        raise bad_request("the local Atlan computes no aggregations over the activity log")
    parts = [compile_query(dsl.get("query"), audit_field)]
    if guid is not None:
        parts.append(Condition("entity = ?", (guid,)))
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.values))


def _shown(audit: Audit, entity: Entity | None, attributes: list[str]) -> dict[str, Any]:
    return {
        "entityQualifiedName": audit.qualified_name,
        "typeName": audit.type_name,
        "entityId": audit.entity,
        "timestamp": audit.time,
        "created": audit.time,
        "user": audit.user,
        "action": audit.action,
        "details": None,
        "eventKey": f"{audit.entity}:{audit.time}:{audit.id}",
        "entity": None,
        "type": None,
        "detail": audit.detail,
        "entityDetail": None if entity is None else _detail(entity, attributes),
        "headers": {},
    }


def _detail(entity: Entity, attributes: list[str]) -> dict[str, Any]:
    values = {name: entity.attributes[name] for name in attributes if name in entity.attributes}
    return {**header(entity, {}), "attributes": values}
