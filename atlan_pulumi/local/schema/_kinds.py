"""Kinds of attribute values: what the server accepts, how it stores it, and what "unset" reads as."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

Kind = str
"""A type's name as Atlas writes it: `string`, `boolean`, `array<string>`, `certificate_status`, …"""

ENUMS: dict[Kind, frozenset[str]] = {
    "certificate_status": frozenset({"DRAFT", "VERIFIED", "DEPRECATED"}),
    "query_username_strategy": frozenset({"connectionUsername", "atlanUsername"}),
    "AIDatasetType": frozenset({"TRAINING", "TESTING", "INFERENCE", "VALIDATION", "INPUT", "OUTPUT"}),
}

_UNSET: dict[Kind, Any] = {"boolean": False, "date": 0}
_INT_BITS = {"int": 31, "long": 63}


def unset_value(kind: Kind) -> Any:
    """What a GET answers for an attribute of this kind that was never set."""
    return [] if kind.startswith("array<") else _UNSET.get(kind)


def normalise(value: Any, kind: Kind) -> Any:
    """The value as the server keeps it; None for one that clears the attribute.

    Raises:
        ValueError, TypeError: the value is of the wrong kind.
    """
    if value is None:
        return None
    if kind in ENUMS:
        return _element(value, kind)
    return _NORMALISERS[kind](value)


def same_value(left: Any, right: Any, kind: Kind) -> bool:
    """Whether two normalised values are the same to the server: unset ones and orders do not matter."""
    if kind.startswith("array<"):
        return {_key(item) for item in left or ()} == {_key(item) for item in right or ()}
    if kind.startswith("map<"):
        return (left or {}) == (right or {})
    unset = unset_value(kind)
    return bool((unset if left is None else left) == (unset if right is None else right))


def _key(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _element(value: Any, kind: Kind) -> str:
    if value not in ENUMS[kind]:
        raise ValueError(value)
    return str(value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)  # Atlas takes anything for a string


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _integer(kind: Kind) -> Callable[[Any], int]:
    limit = 1 << _INT_BITS[kind]

    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise TypeError(value)
        number = int(value)
        if not -limit <= number < limit:
            raise ValueError(value)
        return number

    return convert


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    return float(value)


def _date(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError(value)
    if isinstance(value, (int, float)):
        return int(value)
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    moment = datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def _strings(value: Any) -> list[str] | None:
    if not isinstance(value, list):
        raise TypeError(value)
    return list(dict.fromkeys(_string(item) for item in value if item is not None)) or None


def _map(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict):
        raise TypeError(value)
    return {str(key): _string(item) for key, item in value.items() if item is not None} or None


_NORMALISERS: dict[Kind, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "int": _integer("int"),
    "long": _integer("long"),
    "float": _float,
    "date": _date,
    "array<string>": _strings,
    "map<string,string>": _map,
}
