"""Aggregations: buckets, metrics, and aggregations within buckets."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.search._fields import IndexField, entity_field
from atlan_pulumi.local.search._query import SqlCondition, compile_query
from atlan_pulumi.local.store import Store, StoredEntity

JsonObject = dict[str, Any]

_BUCKETS = ("terms", "missing", "filter", "filters")
_METRICS = {
    "min": "min({0})",
    "max": "max({0})",
    "sum": "total({0})",
    "avg": "avg({0})",
    "value_count": "count({0})",
    "cardinality": "count(DISTINCT {0})",
}
_KINDS = (*_BUCKETS, *_METRICS, "stats", "top_hits")
_STATS = ("count", "min", "max", "avg", "sum")
_DEFAULT_SIZE = 10
_MOST_BUCKETS = 65_536
_ORDERS = {"_count": "size {0}, bucket", "_key": "bucket {0}", "_term": "bucket {0}"}


def aggregate(store: Store, condition: SqlCondition, wanted: Any) -> JsonObject:
    """Compute aggregations over the entities that meet a condition.

    Args:
        store: the data.
        condition: selects the entities.
        wanted: the aggregations, by the names that the client chose.

    Raises:
        AtlasError: an aggregation is invalid or not supported.
    """
    if not isinstance(wanted, dict):
        raise bad_request("aggregations must be an object")
    return {name: _aggregate_one(store, condition, body) for name, body in wanted.items()}


def _aggregate_one(store: Store, condition: SqlCondition, body: Any) -> JsonObject:
    if not isinstance(body, dict):
        raise bad_request("an aggregation must be an object")
    nested = body.get("aggregations") or body.get("aggs") or {}
    kinds = [kind for kind in body if kind not in ("aggregations", "aggs", "meta")]
    if len(kinds) != 1 or kinds[0] not in _KINDS:
        raise bad_request(
            f"an aggregation must have one of {', '.join(_KINDS)}; it has {', '.join(kinds) or 'none'}"
        )
    (kind,) = kinds
    options = body[kind]
    if not isinstance(options, dict):
        raise bad_request(f"the body of an aggregation [{kind}] must be an object")
    if kind == "filters":
        return _filters(store, condition, options, nested)
    if kind == "filter":
        return _bucket(store, _and(condition, compile_query(options)), nested)
    if kind == "top_hits":
        return _top_hits(store, condition, options)
    one = _require_field(kind, options)
    if kind == "terms":
        return _terms(store, condition, one, options, nested)
    if kind == "missing":
        lacks = SqlCondition(f"NOT ifnull(({one.any_value(lambda value: f'{value} IS NOT NULL')}), 0)")
        return _bucket(store, _and(condition, lacks), nested)
    return (
        _stats(store, condition, one) if kind == "stats" else {"value": _metric(store, condition, one, kind)}
    )


def _require_field(kind: str, options: JsonObject) -> IndexField:
    if not options.get("field"):
        raise bad_request(f"an aggregation [{kind}] must have a field")
    return entity_field(str(options["field"]))


def _and(one: SqlCondition, other: SqlCondition) -> SqlCondition:
    return SqlCondition(f"({one.sql}) AND ({other.sql})", (*one.values, *other.values))


def _bucket(store: Store, condition: SqlCondition, nested: Any) -> JsonObject:
    count = store.entities.count(condition.sql, condition.values)
    return {"doc_count": count, **aggregate(store, condition, nested)}


def _filters(store: Store, condition: SqlCondition, options: JsonObject, nested: Any) -> JsonObject:
    named = options.get("filters")
    if not isinstance(named, dict):
        raise bad_request("an aggregation [filters] must have named filters")
    conditions = {name: _and(condition, compile_query(one)) for name, one in named.items()}
    return {"buckets": {name: _bucket(store, one, nested) for name, one in conditions.items()}}


def _terms(
    store: Store, condition: SqlCondition, one: IndexField, options: JsonObject, nested: Any
) -> JsonObject:
    source, value = one.values
    groups = store.entities.group(
        source, value, condition.sql, condition.values, _bucket_order(options.get("order"))
    )
    known = [(key, size) for key, size in groups if key is not None]
    shown = known[: _bucket_limit(options)]
    buckets = [
        {
            "key": key,
            "doc_count": size,
            **aggregate(store, _and(condition, _has_value(one, key)), nested),
        }
        for key, size in shown
    ]
    rest = sum(size for _, size in known[len(shown) :])
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": rest, "buckets": buckets}


def _has_value(one: IndexField, key: Any) -> SqlCondition:
    return SqlCondition(one.any_value(lambda value: f"{value} = ?"), (key,))


def _bucket_order(order: Any) -> str:
    if order is None:
        return "size DESC, bucket"
    ((name, way),) = order.items() if isinstance(order, dict) and len(order) == 1 else ((None, None),)
    if name not in _ORDERS or str(way).lower() not in ("asc", "desc"):
        raise bad_request("buckets are ordered by _count or _key, asc or desc")
    return _ORDERS[name].format(str(way).upper())


def _bucket_limit(options: JsonObject) -> int:
    size = options.get("size", _DEFAULT_SIZE)
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= _MOST_BUCKETS:
        raise bad_request(f"[size] of an aggregation must be a number from 1 to {_MOST_BUCKETS}")
    return size


def _metric(store: Store, condition: SqlCondition, one: IndexField, kind: str) -> Any:
    source, value = one.values
    return store.entities.compute(source, _METRICS[kind].format(value), condition.sql, condition.values)


def _stats(store: Store, condition: SqlCondition, one: IndexField) -> JsonObject:
    kinds = {"count": "value_count"}
    return {name: _metric(store, condition, one, kinds.get(name, name)) for name in _STATS}


def _top_hits(store: Store, condition: SqlCondition, options: JsonObject) -> JsonObject:
    """Return some of the entities, with the attributes in `_source`."""
    source = options.get("_source")
    names = source.get("includes") if isinstance(source, dict) else source
    wanted = [str(name) for name in names] if isinstance(names, list) else []
    found = store.entities.where(
        condition.sql, condition.values, f"ORDER BY guid LIMIT {_bucket_limit({'size': 3} | options)}"
    )
    hits = [{"_id": one.guid, "_score": 1.0, "_source": _hit_source(one, wanted)} for one in found]
    total = store.entities.count(condition.sql, condition.values)
    return {"hits": {"total": {"value": total, "relation": "eq"}, "max_score": 1.0, "hits": hits}}


def _hit_source(entity: StoredEntity, names: list[str]) -> JsonObject:
    system = {"__guid": entity.guid, "__typeName": entity.type_name, "__state": entity.status}
    values = {**entity.attributes, **system}
    return {name: values[name] for name in names if name in values}
