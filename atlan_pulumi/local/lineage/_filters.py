"""The filters of a lineage request: criteria on attributes, joined by AND or OR."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.store import Edge, Entity

T = TypeVar("T")
Held = Callable[[T, str], list[Any]]
"""Gives the values of an attribute."""
Test = Callable[[T], bool]

_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda held, wanted: held == wanted,
    "eq": lambda held, wanted: held == wanted,
    "!=": lambda held, wanted: held != wanted,
    "neq": lambda held, wanted: held != wanted,
    "startsWith": lambda held, wanted: held.startswith(wanted),
    "endsWith": lambda held, wanted: held.endswith(wanted),
    "contains": lambda held, wanted: wanted in held,
    "like": lambda held, wanted: wanted in held,
    "not_contains": lambda held, wanted: wanted not in held,
    "in": lambda held, wanted: held in [one.strip() for one in wanted.split(",")],
    "<": lambda held, wanted: _number(held) < _number(wanted),
    "<=": lambda held, wanted: _number(held) <= _number(wanted),
    ">": lambda held, wanted: _number(held) > _number(wanted),
    ">=": lambda held, wanted: _number(held) >= _number(wanted),
}
_PRESENCE = {"isNull": False, "is_null": False, "notNull": True, "not_null": True, "notEmpty": True}


def compile_filter(body: Any) -> Test[Entity]:
    """Return the test of a filter on entities; everything passes when there is none.

    Raises:
        AtlasError: the filter is not understood.
    """
    return _compile(body, _held_by_entity)


def compile_edge_filter(body: Any) -> Test[Edge]:
    """Return the test of a filter on relationships; everything passes when there is none.

    Raises:
        AtlasError: the filter is not understood.
    """
    return _compile(body, _held_by_edge)


def _held_by_entity(entity: Entity, name: str) -> list[Any]:
    system = {
        "__state": entity.status,
        "__guid": entity.guid,
        "__typeName": entity.type_name,
        "__hasLineage": entity.has_lineage,
        "__timestamp": entity.create_time,
        "__modificationTimestamp": entity.update_time,
        "__createdBy": entity.created_by,
        "__modifiedBy": entity.updated_by,
    }
    value = system[name] if name in system else entity.attributes.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def _held_by_edge(edge: Edge, name: str) -> list[Any]:
    values = {"__state": edge.status, "__guid": edge.guid, "__typeName": edge.relationship}
    return [values[name]] if name in values else []


def _compile(body: Any, held: Held[T]) -> Test[T]:
    if not body:
        return lambda _: True
    if not isinstance(body, dict):
        raise bad_request("a lineage filter must be an object")
    if "attributeName" in body:
        return _criterion(body, held)
    tests = [_compile(one, held) for one in body.get("criterion") or ()]
    join = any if body.get("condition") == "OR" else all
    return lambda one: join(test(one) for test in tests)


def _criterion(body: dict[str, Any], held: Held[T]) -> Test[T]:
    name, operator = str(body["attributeName"]), str(body.get("operator"))
    if operator in _PRESENCE:
        return lambda one: bool(held(one, name)) == _PRESENCE[operator]
    if operator not in _COMPARISONS:
        raise bad_request(f"unknown operator {operator} in a lineage filter")
    compare, wanted = _COMPARISONS[operator], _text(body.get("attributeValue"))
    return lambda one: any(compare(_text(value), wanted) for value in held(one, name) or [None])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")  # compares as false with everything
