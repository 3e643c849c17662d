"""Compile an Elasticsearch query to an SQL condition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.search._fields import FieldLookup, IndexField, entity_field, parse_time

_ALL, _NONE = "1", "0"
_BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_INTEGER_LIMIT = 2**63
_LAST = "\U0010ffff"


_CLAUSES = ("must", "filter", "must_not", "should")


@dataclass(frozen=True, slots=True)
class SqlCondition:
    """An SQL condition and its parameters."""

    sql: str
    values: tuple[Any, ...] = ()


def compile_query(query: Any, fields: FieldLookup = entity_field) -> SqlCondition:
    """Return the SQL condition of a query. Without a query, everything matches.

    Args:
        query: the query.
        fields: returns the field with a name. Default: the fields of entities.

    Raises:
        AtlasError: the query is invalid or not supported.
    """
    if not query:
        return SqlCondition(_ALL)
    if not isinstance(query, dict) or len(query) != 1:
        raise bad_request("a query must be an object with one key, the query type")
    ((kind, body),) = query.items()
    if kind not in _COMPILERS:
        raise bad_request(f"unknown query [{kind}]")
    return _COMPILERS[kind](body, fields)


def _bool(body: Any, fields: FieldLookup) -> SqlCondition:
    clauses = {
        name: [compile_query(one, fields) for one in _as_list(_require_object(body).get(name))]
        for name in _CLAUSES
    }
    musts = [*clauses["must"], *clauses["filter"]]
    parts = [SqlCondition(f"({one.sql})", one.values) for one in musts]
    parts += [SqlCondition(f"NOT {_not_null(one).sql}", one.values) for one in clauses["must_not"]]
    minimum = _minimum_match(body.get("minimum_should_match"), 0 if musts else 1)
    if clauses["should"] and minimum > 0:
        parts.append(_at_least(minimum, clauses["should"]))
    return _join(parts, " AND ") if parts else SqlCondition(_ALL)


def _at_least(minimum: int, conditions: list[SqlCondition]) -> SqlCondition:
    if minimum == 1:  # OR can use indexes, unlike a sum
        return _join((SqlCondition(f"({one.sql})", one.values) for one in conditions), " OR ", "({})")
    return _join((_not_null(one) for one in conditions), " + ", f"(({{}}) >= {minimum})")


def _not_null(condition: SqlCondition) -> SqlCondition:
    """Return a condition that is false instead of NULL."""
    return SqlCondition(f"ifnull(({condition.sql}), 0)", condition.values)


def _minimum_match(value: Any, default: int) -> int:
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        raise bad_request("minimum_should_match must be a number") from None


def _join(conditions: Iterable[SqlCondition], by: str, frame: str = "{}") -> SqlCondition:
    found = list(conditions)
    sql = frame.format(by.join(one.sql for one in found))
    return SqlCondition(sql, tuple(value for one in found for value in one.values))


def _term(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body, "value")
    return _equals(fields(name), options.get("value"), fold=bool(options.get("case_insensitive")))


def _terms(body: Any, fields: FieldLookup) -> SqlCondition:
    lists = {name: values for name, values in _require_object(body).items() if isinstance(values, list)}
    if len(lists) != 1:
        raise bad_request("a terms query must have one field with a list of values")
    ((name, wanted),) = lists.items()
    one = fields(name)
    if not wanted:
        return SqlCondition(_NONE)
    if one.analyzed or one.hierarchical:
        return _join((_equals(one, value) for value in wanted), " OR ", "({})")
    folding, marks = " COLLATE NOCASE" if one.folds else "", ", ".join("?" * len(wanted))
    return SqlCondition(
        one.any_value(lambda value: f"{value}{folding} IN ({marks})"),
        tuple(_to_scalar(value) for value in wanted),
    )


def _to_scalar(value: Any) -> Any:
    """Return a value that SQLite can store."""
    if isinstance(value, (dict, list)):
        raise bad_request("a query must compare with single values")
    return float(value) if isinstance(value, int) and abs(value) >= _INTEGER_LIMIT else value


def _equals(one: IndexField, value: Any, *, fold: bool = False) -> SqlCondition:
    value = _to_scalar(value)
    if one.analyzed:
        return _matches_pattern(one, _word_pattern(re.escape(str(value))), fold=True)
    if one.base == "__hasLineage" and isinstance(value, str):
        value = value.lower() == "true"
    folding = " COLLATE NOCASE" if fold or one.folds else ""
    # On the left: SQLite makes OR an IN, which ignores a collation on the right.
    equal = SqlCondition(one.any_value(lambda value: f"{value}{folding} = ?"), (value,))
    if not one.hierarchical:
        return equal
    return _join((equal, _starts_with(one, f"{value}/")), " OR ", "({})")


def _prefix(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body, "value")
    one, start = fields(name), str(options.get("value"))
    if one.folds or options.get("case_insensitive"):
        return _matches_pattern(one, f"^{re.escape(start)}", fold=True)
    return _starts_with(one, start)


def _starts_with(one: IndexField, start: str) -> SqlCondition:
    return SqlCondition(
        one.any_value(lambda value: f"({value} >= ? AND {value} < ?)"), (start, start + _LAST)
    )


def _wildcard(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body, "value", "wildcard")
    text = re.escape(str(options.get("value", options.get("wildcard"))))
    pattern = text.replace(r"\*", ".*").replace(r"\?", ".")
    return _matches_pattern(fields(name), f"^(?:{pattern})$", fold=bool(options.get("case_insensitive")))


def _regexp(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body, "value")
    pattern = f"^(?:{options.get('value')})$"
    try:
        re.compile(pattern)
    except re.error as error:
        raise bad_request(f"the pattern of a regexp query is invalid: {error}") from None
    return _matches_pattern(fields(name), pattern, fold=bool(options.get("case_insensitive")))


def _match(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body, "query")
    words = re.findall(r"[^\W_]+", str(options.get("query")))
    if not words:
        return SqlCondition(_NONE)
    by = " AND " if str(options.get("operator", "or")).lower() == "and" else " OR "
    return _join(
        (_matches_pattern(fields(name), _word_pattern(word), fold=True) for word in words), by, "({})"
    )


def _match_phrase(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body, "query")
    words = re.findall(r"[^\W_]+", str(options.get("query")))
    return (
        _matches_pattern(fields(name), _word_pattern(r"[\W_]+".join(words)), fold=True)
        if words
        else SqlCondition(_NONE)
    )


def _word_pattern(text: str) -> str:
    return rf"(?:^|[\W_])(?:{text})(?:$|[\W_])"


def _matches_pattern(one: IndexField, pattern: str, *, fold: bool) -> SqlCondition:
    folded = f"(?is){pattern}" if fold or one.folds else f"(?s){pattern}"
    return SqlCondition(one.any_value(lambda value: f"{value} REGEXP ?"), (folded,))


def _exists(body: Any, fields: FieldLookup) -> SqlCondition:
    one = fields(str(_require_object(body).get("field")))
    return SqlCondition(one.any_value(lambda value: f"{value} IS NOT NULL"))


def _range(body: Any, fields: FieldLookup) -> SqlCondition:
    name, options = _single_field(body)
    tests = [
        _compare(fields(name), sign, options[key])
        for key, sign in _BOUNDS.items()
        if options.get(key) is not None
    ]
    return _join(tests, " AND ") if tests else SqlCondition(_ALL)


def _compare(one: IndexField, sign: str, bound: Any) -> SqlCondition:
    if one.is_name and isinstance(bound, str):  # names are ordered as texts, also for paging by GUID
        return SqlCondition(one.any_value(lambda value: f"{value} {sign} ?"), (bound,))
    try:
        number = float(bound)
    except (TypeError, ValueError):
        number = _parse_bound(one, bound, up=sign in (">", "<="))
    return SqlCondition(one.any_value(lambda value: f"{value} {sign} ?"), (number,))


def _parse_bound(one: IndexField, bound: Any, *, up: bool) -> float:
    try:
        return parse_time(str(bound), up=up)
    except ValueError:
        what = f"the bounds of a range query on {one.base} must be numbers or dates"
        raise bad_request(what) from None


def _single_field(body: Any, *keys: str) -> tuple[str, dict[str, Any]]:
    """Return the field of a query on one field, and its options. A plain value is the first option."""
    fields = [(name, value) for name, value in _require_object(body).items() if name != "boost"]
    if len(fields) != 1:
        raise bad_request("a query on one field must have exactly one field")
    name, value = fields[0]
    return name, value if isinstance(value, dict) else {keys[0] if keys else "value": value}


def _require_object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise bad_request("the body of a query must be an object")
    return body


def _as_list(clauses: Any) -> list[Any]:
    return [] if clauses is None else clauses if isinstance(clauses, list) else [clauses]


_COMPILERS: dict[str, Callable[[Any, FieldLookup], SqlCondition]] = {
    "bool": _bool,
    "exists": _exists,
    "match": _match,
    "match_all": lambda *_: SqlCondition(_ALL),
    "match_none": lambda *_: SqlCondition(_NONE),
    "match_phrase": _match_phrase,
    "prefix": _prefix,
    "range": _range,
    "regexp": _regexp,
    "term": _term,
    "terms": _terms,
    "wildcard": _wildcard,
}
