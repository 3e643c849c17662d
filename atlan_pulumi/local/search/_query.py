"""From a query in Elasticsearch's language to an SQL condition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.search._fields import Field, Fields, field, milliseconds

_ALL, _NONE = "1", "0"
_BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_HUGE = 2**63
_LAST = "\U0010ffff"


_CLAUSES = ("must", "filter", "must_not", "should")


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition and its parameters."""

    sql: str
    values: tuple[Any, ...] = ()


def compile_query(query: Any, fields: Fields = field) -> Condition:
    """Return the condition of a query; everything matches when there is none.

    Args:
        query: the query.
        fields: gives the field of a name; those of entities without it.

    Raises:
        AtlasError: the query is not understood.
    """
    if not query:
        return Condition(_ALL)
    if not isinstance(query, dict) or len(query) != 1:
        raise bad_request("a query must be an object with one key, the kind of query")
    ((kind, body),) = query.items()
    if kind not in _KINDS:
        raise bad_request(f"unknown query [{kind}]")
    return _KINDS[kind](body, fields)


def _bool(body: Any, fields: Fields) -> Condition:
    clauses = {
        name: [compile_query(one, fields) for one in _listed(_object(body).get(name))] for name in _CLAUSES
    }
    musts = [*clauses["must"], *clauses["filter"]]
    parts = [Condition(f"({one.sql})", one.values) for one in musts]
    parts += [Condition(f"NOT {_decided(one).sql}", one.values) for one in clauses["must_not"]]
    least = _least(body.get("minimum_should_match"), 0 if musts else 1)
    if clauses["should"] and least > 0:
        parts.append(_at_least(least, clauses["should"]))
    return _joined(parts, " AND ") if parts else Condition(_ALL)


def _at_least(least: int, conditions: list[Condition]) -> Condition:
    if least == 1:  # an OR can use indexes, a sum cannot
        return _joined((Condition(f"({one.sql})", one.values) for one in conditions), " OR ", "({})")
    return _joined((_decided(one) for one in conditions), " + ", f"(({{}}) >= {least})")


def _decided(condition: Condition) -> Condition:
    """True or false, never SQL's null."""
    return Condition(f"ifnull(({condition.sql}), 0)", condition.values)


def _least(value: Any, default: int) -> int:
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        raise bad_request("minimum_should_match must be a number") from None


def _joined(conditions: Iterable[Condition], by: str, frame: str = "{}") -> Condition:
    found = list(conditions)
    sql = frame.format(by.join(one.sql for one in found))
    return Condition(sql, tuple(value for one in found for value in one.values))


def _term(body: Any, fields: Fields) -> Condition:
    name, options = _only(body, "value")
    return _equal(fields(name), options.get("value"), fold=bool(options.get("case_insensitive")))


def _terms(body: Any, fields: Fields) -> Condition:
    lists = {name: values for name, values in _object(body).items() if isinstance(values, list)}
    if len(lists) != 1:
        raise bad_request("a terms query names one field and a list of values")
    ((name, wanted),) = lists.items()
    one = fields(name)
    if not wanted:
        return Condition(_NONE)
    if one.analysed or one.hierarchical:
        return _joined((_equal(one, value) for value in wanted), " OR ", "({})")
    folding, marks = " COLLATE NOCASE" if one.folds else "", ", ".join("?" * len(wanted))
    return Condition(
        one.holds(lambda held: f"{held}{folding} IN ({marks})"), tuple(_scalar(value) for value in wanted)
    )


def _scalar(value: Any) -> Any:
    """A value as SQLite can hold it."""
    if isinstance(value, (dict, list)):
        raise bad_request("a query compares with single values only")
    return float(value) if isinstance(value, int) and abs(value) >= _HUGE else value


def _equal(one: Field, value: Any, *, fold: bool = False) -> Condition:
    value = _scalar(value)
    if one.analysed:
        return _pattern(one, _word(re.escape(str(value))), fold=True)
    if one.base == "__hasLineage" and isinstance(value, str):
        value = value.lower() == "true"
    folding = " COLLATE NOCASE" if fold or one.folds else ""
    equal = Condition(one.holds(lambda held: f"{held} = ?{folding}"), (value,))
    if not one.hierarchical:
        return equal
    return _joined((equal, _starts(one, f"{value}/")), " OR ", "({})")


def _prefix(body: Any, fields: Fields) -> Condition:
    name, options = _only(body, "value")
    one, start = fields(name), str(options.get("value"))
    if one.folds or options.get("case_insensitive"):
        return _pattern(one, f"^{re.escape(start)}", fold=True)
    return _starts(one, start)


def _starts(one: Field, start: str) -> Condition:
    return Condition(one.holds(lambda held: f"({held} >= ? AND {held} < ?)"), (start, start + _LAST))


def _wildcard(body: Any, fields: Fields) -> Condition:
    name, options = _only(body, "value", "wildcard")
    text = re.escape(str(options.get("value", options.get("wildcard"))))
    pattern = text.replace(r"\*", ".*").replace(r"\?", ".")
    return _pattern(fields(name), f"^(?:{pattern})$", fold=bool(options.get("case_insensitive")))


def _regexp(body: Any, fields: Fields) -> Condition:
    name, options = _only(body, "value")
    pattern = f"^(?:{options.get('value')})$"
    try:
        re.compile(pattern)
    except re.error as error:
        raise bad_request(f"the pattern of a regexp query is wrong: {error}") from None
    return _pattern(fields(name), pattern, fold=bool(options.get("case_insensitive")))


def _match(body: Any, fields: Fields) -> Condition:
    name, options = _only(body, "query")
    words = re.findall(r"[^\W_]+", str(options.get("query")))
    if not words:
        return Condition(_NONE)
    by = " AND " if str(options.get("operator", "or")).lower() == "and" else " OR "
    return _joined((_pattern(fields(name), _word(word), fold=True) for word in words), by, "({})")


def _match_phrase(body: Any, fields: Fields) -> Condition:
    name, options = _only(body, "query")
    words = re.findall(r"[^\W_]+", str(options.get("query")))
    return _pattern(fields(name), _word(r"[\W_]+".join(words)), fold=True) if words else Condition(_NONE)


def _word(text: str) -> str:
    return rf"(?:^|[\W_])(?:{text})(?:$|[\W_])"


def _pattern(one: Field, pattern: str, *, fold: bool) -> Condition:
    folded = f"(?is){pattern}" if fold or one.folds else f"(?s){pattern}"
    return Condition(one.holds(lambda held: f"{held} REGEXP ?"), (folded,))


def _exists(body: Any, fields: Fields) -> Condition:
    one = fields(str(_object(body).get("field")))
    return Condition(one.holds(lambda held: f"{held} IS NOT NULL"))


def _range(body: Any, fields: Fields) -> Condition:
    name, options = _only(body)
    tests = [
        _compared(fields(name), sign, options[key])
        for key, sign in _BOUNDS.items()
        if options.get(key) is not None
    ]
    return _joined(tests, " AND ") if tests else Condition(_ALL)


def _compared(one: Field, sign: str, bound: Any) -> Condition:
    if one.is_name and isinstance(bound, str):  # names are ordered as texts, as pages by GUID need it
        return Condition(one.holds(lambda held: f"{held} {sign} ?"), (bound,))
    try:
        number = float(bound)
    except (TypeError, ValueError):
        number = _date(one, bound, up=sign in (">", "<="))
    return Condition(one.holds(lambda held: f"{held} {sign} ?"), (number,))


def _date(one: Field, bound: Any, *, up: bool) -> float:
    try:
        return milliseconds(str(bound), up=up)
    except ValueError:
        what = f"the bounds of a range query on {one.base} must be numbers or dates"
        raise bad_request(what) from None


def _only(body: Any, *keys: str) -> tuple[str, dict[str, Any]]:
    """The field of a one-field query, and its options; a bare value stands for the first option."""
    fields = [(name, value) for name, value in _object(body).items() if name != "boost"]
    if len(fields) != 1:
        raise bad_request("a query on one field names exactly one")
    name, value = fields[0]
    return name, value if isinstance(value, dict) else {keys[0] if keys else "value": value}


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise bad_request("the body of a query must be an object")
    return body


def _listed(clauses: Any) -> list[Any]:
    return [] if clauses is None else clauses if isinstance(clauses, list) else [clauses]


_KINDS: dict[str, Callable[[Any, Fields], Condition]] = {
    "bool": _bool,
    "exists": _exists,
    "match": _match,
    "match_all": lambda *_: Condition(_ALL),
    "match_none": lambda *_: Condition(_NONE),
    "match_phrase": _match_phrase,
    "prefix": _prefix,
    "range": _range,
    "regexp": _regexp,
    "term": _term,
    "terms": _terms,
    "wildcard": _wildcard,
}
