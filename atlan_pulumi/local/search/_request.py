"""`POST /api/meta/search/indexsearch`."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import bad_request, window_too_large
from atlan_pulumi.local._relations import Relations, object_id
from atlan_pulumi.local._views import show_header
from atlan_pulumi.local.search._aggregate import aggregate
from atlan_pulumi.local.search._fields import FieldLookup, entity_field
from atlan_pulumi.local.search._query import SqlCondition, compile_query
from atlan_pulumi.local.store import Store, StoredEntity
from atlan_pulumi.naming.relationships import RelationshipEnd, find_end

_DEFAULT_SIZE = 10
_MAX_INT = 2**31 - 1
_WINDOW = 10_000


class Projection:
    """Shows entities as headers, with the requested attributes.

    Args:
        store: the data.
        attributes: names of attributes, including relationships.
        relation_attributes: names of attributes of related entities.
    """

    def __init__(self, store: Store, attributes: Any = None, relation_attributes: Any = None) -> None:
        self._store = store
        self._attributes = [str(name) for name in attributes or ()]
        self._relation_attributes = [str(name) for name in relation_attributes or ()]

    def header(self, entity: StoredEntity) -> dict[str, Any]:
        """Return the header of an entity."""
        ends = {name: end for name in self._attributes if (end := find_end(entity.type_name, name))}
        plain = {name: _attribute_value(entity, name) for name in self._attributes if name not in ends}
        shown = {name: value for name, value in plain.items() if value is not None}
        return show_header(entity, {**shown, **(self._related_entities(entity, ends) if ends else {})})

    def _related_entities(self, entity: StoredEntity, ends: dict[str, RelationshipEnd]) -> dict[str, Any]:
        relations = Relations(self._store, [entity])
        found = {
            name: [one.entity for one in relations.at(entity, end) if one.active]
            for name, end in ends.items()
        }
        return {
            name: [self._reference(one) for one in others]
            if ends[name].many
            else self._last_reference(others)
            for name, others in found.items()
        }

    def _last_reference(self, others: list[StoredEntity]) -> dict[str, Any] | None:
        return self._reference(others[-1]) if others else None

    def _reference(self, other: StoredEntity) -> dict[str, Any]:
        values = {name: _attribute_value(other, name) for name in self._relation_attributes}
        shown = {name: value for name, value in values.items() if value is not None}
        return {**object_id(other), "attributes": shown}


def _attribute_value(entity: StoredEntity, name: str) -> Any:
    if name == "__hasLineage":
        return entity.has_lineage
    if name in entity.attributes or "." not in name:
        return entity.attributes.get(name)
    metadata, _, attribute = name.partition(".")
    return (entity.extras.get("businessAttributes") or {}).get(metadata, {}).get(attribute)


def search(store: Store, body: Any, *, seen_until: int | None = None) -> dict[str, Any]:
    """Search for entities.

    Args:
        store: the data.
        body: `{"dsl": {…}, "attributes": […], "relationAttributes": […]}`.
        seen_until: the index contains only entities that were created until this time, in milliseconds since
            the epoch. Default: all entities.

    Returns:
        The response. It has no `entities` if nothing matches.

    Raises:
        AtlasError: the request is invalid or not supported.
    """
    dsl = require_dsl(body)
    condition = _condition(dsl, seen_until)
    page = page_clause(dsl)
    found = store.entities.where(condition.sql, condition.values, page)
    answer: dict[str, Any] = {"queryType": "INDEX", "searchParameters": {**body, "query": json.dumps(dsl)}}
    if found:
        projection = Projection(store, body.get("attributes"), body.get("relationAttributes"))
        answer["entities"] = [projection.header(entity) for entity in found]
    answer["approximateCount"] = store.entities.count(condition.sql, condition.values)
    aggregations = dsl.get("aggregations") or dsl.get("aggs")
    if aggregations:
        answer["aggregations"] = aggregate(store, condition, aggregations)
    return answer


def require_dsl(body: Any) -> dict[str, Any]:
    """Return the `dsl` of a search request.

    Raises:
        AtlasError: the body has no `dsl`.
    """
    dsl = body.get("dsl") if isinstance(body, dict) else None
    if not isinstance(dsl, dict):
        raise bad_request("Missing request body or 'dsl'")
    return dsl


def all_of(conditions: list[SqlCondition]) -> SqlCondition:
    """Return the conjunction of conditions."""
    sql = " AND ".join(f"({one.sql})" for one in conditions)
    return SqlCondition(sql, tuple(value for one in conditions for value in one.values))


def _condition(dsl: dict[str, Any], seen_until: int | None) -> SqlCondition:
    parts = [compile_query(dsl.get("query")), compile_query(dsl.get("post_filter"))]
    if seen_until is not None:
        parts.append(SqlCondition("create_time <= ?", (seen_until,)))
    return all_of(parts)


def page_clause(dsl: dict[str, Any], fields: FieldLookup = entity_field, last: str = "guid") -> str:
    """Return the SQL clauses of a page: ORDER BY, LIMIT, and OFFSET.

    Args:
        dsl: the search.
        fields: returns the field with a name. Default: the fields of entities.
        last: the last column to sort by, which makes the order unique.

    Raises:
        AtlasError: Elasticsearch does not serve this page.
    """
    start, size = _number(dsl, "from", 0), _number(dsl, "size", _DEFAULT_SIZE)
    if start + size > _WINDOW:
        raise window_too_large(start + size, _WINDOW)
    return f"ORDER BY {_order_clause(dsl.get('sort'), fields, last)} LIMIT {size} OFFSET {start}"


def _number(dsl: dict[str, Any], name: str, default: int) -> int:
    value = dsl.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_INT:
        raise bad_request(f"[{name}] must be a number from 0 to {_MAX_INT}")
    return value


def _order_clause(sort: Any, fields: FieldLookup, last: str) -> str:
    items = [] if sort is None else sort if isinstance(sort, list) else [sort]
    orders = []
    for item in items:
        for name, options in item.items() if isinstance(item, dict) else [(str(item), "asc")]:
            order = options.get("order", "asc") if isinstance(options, dict) else options
            if name != "_score":
                orders.append(f"{fields(name).scalar} {'DESC' if str(order).lower() == 'desc' else 'ASC'}")
    return ", ".join([*orders, last])
