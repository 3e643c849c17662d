"""Aggregations: buckets and metrics, and aggregations within buckets."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.search._fields import Field, field
from atlan_pulumi.local.search._query import Condition, compile_query
from atlan_pulumi.local.store import Entity, Store

Answer = dict[str, Any]

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


def aggregate(store: Store, condition: Condition, wanted: Any) -> Answer:
    """Compute aggregations over the entities that meet a condition.

    Args:
        store: the data.
        condition: which entities.
        wanted: the aggregations by the names that the client gives them.

    Raises:
        AtlasError: an aggregation is not understood.
    """
    if not isinstance(wanted, dict):
        raise bad_request("aggregations must be an object")
    return {name: _one(store, condition, body) for name, body in wanted.items()}


def _one(store: Store, condition: Condition, body: Any) -> Answer:
    if not isinstance(body, dict):
        raise bad_request("an aggregation must be an object")
    nested = body.get("aggregations") or body.get("aggs") or {}
    kinds = [kind for kind in body if kind not in ("aggregations", "aggs", "meta")]
    if len(kinds) != 1 or kinds[0] not in _KINDS:
        raise bad_request(f"an aggregation is one of {', '.join(_KINDS)}; not {', '.join(kinds) or 'none'}")
    (kind,) = kinds
    options = body[kind]
    if not isinstance(options, dict):
        raise bad_request(f"the body of an aggregation [{kind}] must be an object")
    if kind == "filters":
        return _filters(store, condition, options, nested)
    if kind == "filter":
        return _bucket(store, _both(condition, compile_query(options)), nested)
    if kind == "top_hits":
        return _hits(store, condition, options)
    one = _field(kind, options)
    if kind == "terms":
        return _terms(store, condition, one, options, nested)
    if kind == "missing":
        lacks = Condition(f"NOT ifnull(({one.holds(lambda held: f'{held} IS NOT NULL')}), 0)")
        return _bucket(store, _both(condition, lacks), nested)
    return (
        _stats(store, condition, one) if kind == "stats" else {"value": _metric(store, condition, one, kind)}
    )


def _field(kind: str, options: Answer) -> Field:
    if not options.get("field"):
        raise bad_request(f"an aggregation [{kind}] names a field")
    return field(str(options["field"]))


def _both(one: Condition, other: Condition) -> Condition:
    return Condition(f"({one.sql}) AND ({other.sql})", (*one.values, *other.values))


def _bucket(store: Store, condition: Condition, nested: Any) -> Answer:
    count = store.entities.count(condition.sql, condition.values)
    return {"doc_count": count, **aggregate(store, condition, nested)}


def _filters(store: Store, condition: Condition, options: Answer, nested: Any) -> Answer:
    named = options.get("filters")
    if not isinstance(named, dict):
        raise bad_request("an aggregation [filters] names its filters")
    conditions = {name: _both(condition, compile_query(one)) for name, one in named.items()}
    return {"buckets": {name: _bucket(store, one, nested) for name, one in conditions.items()}}


def _terms(store: Store, condition: Condition, one: Field, options: Answer, nested: Any) -> Answer:
    source, value = one.values
    groups = store.entities.group(
        source, value, condition.sql, condition.values, _order(options.get("order"))
    )
    known = [(key, size) for key, size in groups if key is not None]
    shown = known[: _size(options)]
    buckets = [
        {
            "key": key,
            "doc_count": size,
            **aggregate(store, _both(condition, _equal(one, key)), nested),
        }
        for key, size in shown
    ]
    rest = sum(size for _, size in known[len(shown) :])
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": rest, "buckets": buckets}


def _equal(one: Field, key: Any) -> Condition:
    return Condition(one.holds(lambda held: f"{held} = ?"), (key,))


def _order(order: Any) -> str:
    if order is None:
        return "size DESC, bucket"
    ((name, way),) = order.items() if isinstance(order, dict) and len(order) == 1 else ((None, None),)
    if name not in _ORDERS or str(way).lower() not in ("asc", "desc"):
        raise bad_request("buckets are ordered by one of _count and _key, asc or desc")
    return _ORDERS[name].format(str(way).upper())


def _size(options: Answer) -> int:
    size = options.get("size", _DEFAULT_SIZE)
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= _MOST_BUCKETS:
        raise bad_request(f"[size] of an aggregation must be a number from 1 to {_MOST_BUCKETS}")
    return size


def _metric(store: Store, condition: Condition, one: Field, kind: str) -> Any:
    source, value = one.values
    return store.entities.compute(source, _METRICS[kind].format(value), condition.sql, condition.values)


def _stats(store: Store, condition: Condition, one: Field) -> Answer:
    kinds = {"count": "value_count"}
    return {name: _metric(store, condition, one, kinds.get(name, name)) for name in _STATS}


def _hits(store: Store, condition: Condition, options: Answer) -> Answer:
    """Return some of the entities, with the attributes that `_source` names."""
    source = options.get("_source")
    names = source.get("includes") if isinstance(source, dict) else source
    wanted = [str(name) for name in names] if isinstance(names, list) else []
    found = store.entities.where(
        condition.sql, condition.values, f"ORDER BY guid LIMIT {_size({'size': 3} | options)}"
    )
    hits = [{"_id": one.guid, "_score": 1.0, "_source": _source(one, wanted)} for one in found]
    total = store.entities.count(condition.sql, condition.values)
    return {"hits": {"total": {"value": total, "relation": "eq"}, "max_score": 1.0, "hits": hits}}


def _source(entity: Entity, names: list[str]) -> Answer:
    system = {"__guid": entity.guid, "__typeName": entity.type_name, "__state": entity.status}
    values = {**entity.attributes, **system}
    return {name: values[name] for name in names if name in values}
