"""`POST /api/meta/entity/auditSearch`: the activity log."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local._views import show_header
from atlan_pulumi.local.search._fields import audit_field
from atlan_pulumi.local.search._query import SqlCondition, compile_query
from atlan_pulumi.local.search._request import all_of, page_clause, require_dsl
from atlan_pulumi.local.store import AuditEntry, Store, StoredEntity


def audit_search(store: Store, body: Any, guid: str | None = None) -> dict[str, Any]:
    """Search the activity log.

    Args:
        store: the data.
        body: `{"dsl": {…}, "attributes": […]}`.
        guid: return only entries of this entity. Default: all entries.

    Returns:
        The response. `entityDetail` has the current attributes of existing entities.

    Raises:
        AtlasError: the request is invalid or not supported.
    """
    dsl = require_dsl(body)
    condition = _condition(dsl, guid)
    found = store.audits.where(condition.sql, condition.values, page_clause(dsl, audit_field, "id"))
    entities = store.entities.get_many(one.entity for one in found)
    shown = [str(name) for name in body.get("attributes") or ()]
    return {
        "entityAudits": [_show_entry(one, entities.get(one.entity), shown) for one in found],
        "aggregations": None,
        "count": len(found),
        "totalCount": store.audits.count(condition.sql, condition.values),
        "linkedEntities": {},
    }


def _condition(dsl: dict[str, Any], guid: str | None) -> SqlCondition:
    if dsl.get("aggregations") or dsl.get("aggs"):
        raise bad_request("the local Atlan does not support aggregations over the activity log")
    parts = [compile_query(dsl.get("query"), audit_field)]
    if guid is not None:
        parts.append(SqlCondition("entity = ?", (guid,)))
    return all_of(parts)


def _show_entry(audit: AuditEntry, entity: StoredEntity | None, attributes: list[str]) -> dict[str, Any]:
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
        "entityDetail": None if entity is None else _entity_detail(entity, attributes),
        "headers": {},
    }


def _entity_detail(entity: StoredEntity, attributes: list[str]) -> dict[str, Any]:
    values = {name: entity.attributes[name] for name in attributes if name in entity.attributes}
    return {**show_header(entity, {}), "attributes": values}
