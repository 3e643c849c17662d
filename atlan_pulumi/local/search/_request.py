"""`POST /api/meta/search/indexsearch`."""

from __future__ import annotations

import json
from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.search._fields import field
from atlan_pulumi.local.search._projection import Projection
from atlan_pulumi.local.search._query import Condition, compile_query
from atlan_pulumi.local.store import Store

_DEFAULT_SIZE = 10
_MOST = 2**31 - 1


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
    start, size = _number(dsl, "from", 0), _number(dsl, "size", _DEFAULT_SIZE)
    found = store.entities.where(
        condition.sql, condition.values, f"ORDER BY {_order(dsl.get('sort'))} LIMIT {size} OFFSET {start}"
    )
    answer: dict[str, Any] = {"queryType": "INDEX", "searchParameters": {**body, "query": json.dumps(dsl)}}
    if found:
        projection = Projection(store, body.get("attributes"), body.get("relationAttributes"))
        answer["entities"] = [projection.header(entity) for entity in found]
    answer["approximateCount"] = store.entities.count(condition.sql, condition.values)
    aggregations = dsl.get("aggregations") or dsl.get("aggs")
    if aggregations:
        answer["aggregations"] = {name: _buckets(store, condition, one) for name, one in aggregations.items()}
    return answer


def _condition(dsl: dict[str, Any], seen_until: int | None) -> Condition:
    parts = [compile_query(dsl.get("query")), compile_query(dsl.get("post_filter"))]
    if seen_until is not None:
        parts.append(Condition("create_time <= ?", (seen_until,)))
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.values))


def _number(dsl: dict[str, Any], name: str, default: int) -> int:
    value = dsl.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise bad_request(f"[{name}] must be a number from 0 to {_MOST}")
    return value


def _order(sort: Any) -> str:
    items = [] if sort is None else sort if isinstance(sort, list) else [sort]
    orders = []
    for item in items:
        for name, options in item.items() if isinstance(item, dict) else [(str(item), "asc")]:
            order = options.get("order", "asc") if isinstance(options, dict) else options
            if name != "_score":
                orders.append(f"{field(name).scalar} {'DESC' if str(order).lower() == 'desc' else 'ASC'}")
    return ", ".join([*orders, "guid"])


def _buckets(store: Store, condition: Condition, aggregation: Any) -> dict[str, Any]:
    terms = aggregation.get("terms") if isinstance(aggregation, dict) else None
    if not isinstance(terms, dict) or not terms.get("field"):
        raise bad_request("of aggregations only 'terms' with a field is understood")
    expression = field(str(terms["field"])).scalar
    groups = store.entities.group(expression, condition.sql, condition.values)
    known = [{"key": key, "doc_count": size} for key, size in groups if key is not None]
    shown = known[: _number(terms, "size", _DEFAULT_SIZE)]
    rest = sum(one["doc_count"] for one in known[len(shown) :])
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": rest, "buckets": shown}
