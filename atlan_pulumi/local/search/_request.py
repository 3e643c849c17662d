"""`POST /api/meta/search/indexsearch`."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import bad_request, window_too_large
from atlan_pulumi.local._schema import End, find_end
from atlan_pulumi.local._views import Relations, header, object_id
from atlan_pulumi.local.search._aggregate import aggregate
from atlan_pulumi.local.search._fields import Fields, field
from atlan_pulumi.local.search._query import Condition, compile_query
from atlan_pulumi.local.store import Entity, Store

_DEFAULT_SIZE = 10
_MOST = 2**31 - 1
_WINDOW = 10_000


class Projection:
    """Shows entities as headers with the attributes that a request asked for.

    Args:
        store: the data.
        attributes: names of attributes, relationships among them.
        relation_attributes: names of attributes to show on related entities.
    """

    def __init__(self, store: Store, attributes: Any = None, relation_attributes: Any = None) -> None:
        self._store = store
        self._attributes = [str(name) for name in attributes or ()]
        self._relation_attributes = [str(name) for name in relation_attributes or ()]

    def header(self, entity: Entity) -> dict[str, Any]:
        """One entity."""
        ends = {name: end for name in self._attributes if (end := find_end(entity.type_name, name))}
        plain = {name: _value(entity, name) for name in self._attributes if name not in ends}
        shown = {name: value for name, value in plain.items() if value is not None}
        return header(entity, {**shown, **(self._related(entity, ends) if ends else {})})

    def _related(self, entity: Entity, ends: dict[str, End]) -> dict[str, Any]:
        relations = Relations(self._store, entity)
        found = {name: [one.entity for one in relations.at(end) if one.live] for name, end in ends.items()}
        return {
            name: [self._reference(one) for one in others] if ends[name].many else self._first(others)
            for name, others in found.items()
        }

    def _first(self, others: list[Entity]) -> dict[str, Any] | None:
        return self._reference(others[-1]) if others else None

    def _reference(self, other: Entity) -> dict[str, Any]:
        values = {name: _value(other, name) for name in self._relation_attributes}
        shown = {name: value for name, value in values.items() if value is not None}
        return {**object_id(other), "attributes": shown}


def _value(entity: Entity, name: str) -> Any:
    if name == "__hasLineage":
        return entity.has_lineage
    if name in entity.attributes or "." not in name:
        return entity.attributes.get(name)
    metadata, _, attribute = name.partition(".")
    return (entity.extras.get("businessAttributes") or {}).get(metadata, {}).get(attribute)


def search(store: Store, body: Any, *, seen_until: int | None = None) -> dict[str, Any]:
    """Run a search.

    Args:
        store: the data.
        body: `{"dsl": {…}, "attributes": […], "relationAttributes": […]}`.
        seen_until: entities made later than this (milliseconds since the epoch) are not in the index yet.

    Returns:
        The answer; without `entities` when nothing matches.

    Raises:
        AtlasError: the request is not understood.
    """
    dsl = body.get("dsl") if isinstance(body, dict) else None
    if not isinstance(dsl, dict):
        raise bad_request("Missing request body or 'dsl'")
    condition = _condition(dsl, seen_until)
    page = page_of(dsl)
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


def _condition(dsl: dict[str, Any], seen_until: int | None) -> Condition:
    parts = [compile_query(dsl.get("query")), compile_query(dsl.get("post_filter"))]
    if seen_until is not None:
        parts.append(Condition("create_time <= ?", (seen_until,)))
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.values))


def page_of(dsl: dict[str, Any], fields: Fields = field, last: str = "guid") -> str:
    """Return the SQL of a page: its order, and where it starts and ends.

    Args:
        dsl: the search.
        fields: gives the field of a name; those of entities without it.
        last: the column that decides in the end.

    Raises:
        AtlasError: the page is not one that Elasticsearch serves.
    """
    start, size = _number(dsl, "from", 0), _number(dsl, "size", _DEFAULT_SIZE)
    if start + size > _WINDOW:
        raise window_too_large(start + size, _WINDOW)
    return f"ORDER BY {_order(dsl.get('sort'), fields, last)} LIMIT {size} OFFSET {start}"


def _number(dsl: dict[str, Any], name: str, default: int) -> int:
    value = dsl.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise bad_request(f"[{name}] must be a number from 0 to {_MOST}")
    return value


def _order(sort: Any, fields: Fields, last: str) -> str:
    items = [] if sort is None else sort if isinstance(sort, list) else [sort]
    orders = []
    for item in items:
        for name, options in item.items() if isinstance(item, dict) else [(str(item), "asc")]:
            order = options.get("order", "asc") if isinstance(options, dict) else options
            if name != "_score":
                orders.append(f"{fields(name).scalar} {'DESC' if str(order).lower() == 'desc' else 'ASC'}")
    return ", ".join([*orders, last])
