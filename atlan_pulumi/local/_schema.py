"""The types and attributes of the local Atlan.

Sources: Atlan's public model classes (types and supertypes), and the public typedefs of its metastore
(attributes of Asset, Process, and Connection).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from atlan_pulumi.naming.asset_types import is_a, supertypes

AttributeType = str
"""The type of an attribute in Atlas: `string`, `boolean`, `array<string>`, `certificate_status`, …"""

ENUMS: dict[AttributeType, frozenset[str]] = {
    "certificate_status": frozenset({"DRAFT", "VERIFIED", "DEPRECATED"}),
    "query_username_strategy": frozenset({"connectionUsername", "atlanUsername"}),
    "AIDatasetType": frozenset({"TRAINING", "TESTING", "INFERENCE", "VALIDATION", "INPUT", "OUTPUT"}),
}

_UNSET: dict[AttributeType, Any] = {"boolean": False, "date": 0}
_INT_BITS = {"int": 31, "long": 63}
_BY_TYPE: dict[str, dict[AttributeType, list[str]]] = json.loads(
    Path(__file__).with_name("attributes.json").read_text("utf-8")
)
_EXTENDED = ("Dbt", "Flow", "Sap")  # prefixes of process types with more attributes


def unset_value(value_type: AttributeType) -> Any:
    """Return the value that a GET shows for an unset attribute of this type."""
    return [] if value_type.startswith("array<") else _UNSET.get(value_type)


def normalize_value(value: Any, value_type: AttributeType) -> Any:
    """Return the value as the server stores it, or None if it clears the attribute.

    Raises:
        ValueError, TypeError: the value has the wrong type.
    """
    if value is None:
        return None
    if value_type in ENUMS:
        return _enum_value(value, value_type)
    return _NORMALIZERS[value_type](value)


def is_same_value(left: Any, right: Any, value_type: AttributeType) -> bool:
    """Check whether two normalized values are equal to the server, which ignores order and unset values."""
    if value_type.startswith("array<"):
        return {_comparison_key(item) for item in left or ()} == {
            _comparison_key(item) for item in right or ()
        }
    if value_type.startswith("map<"):
        return (left or {}) == (right or {})
    unset = unset_value(value_type)
    return bool((unset if left is None else left) == (unset if right is None else right))


def _comparison_key(item: Any) -> str:
    return f'"{item}"' if isinstance(item, str) else json.dumps(item, sort_keys=True)


def _enum_value(value: Any, value_type: AttributeType) -> str:
    if value not in ENUMS[value_type]:
        raise ValueError(value)
    return str(value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)  # Atlas converts any value to a string


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _integer(value_type: AttributeType) -> Callable[[Any], int]:
    limit = 1 << _INT_BITS[value_type]

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


_NORMALIZERS: dict[AttributeType, Callable[[Any], Any]] = {
    "string": _string,
    "boolean": _boolean,
    "int": _integer("int"),
    "long": _integer("long"),
    "float": _float,
    "date": _date,
    "array<string>": _strings,
    "map<string,string>": _map,
}


@cache
def attribute_types(type_name: str) -> dict[str, AttributeType]:
    """Return the types of all known attributes of an entity type, including inherited ones."""
    lineage = ("Referenceable", *sorted(supertypes(type_name)), type_name)
    groups = (group for ancestor in lineage for group in _BY_TYPE.get(ancestor, {}).items())
    return {name: value_type for value_type, names in groups for name in names}


def attribute_type(type_name: str, attribute: str) -> AttributeType | None:
    """Return the type of an attribute, or None if its definition is unknown."""
    return attribute_types(type_name).get(attribute)


@cache
def is_closed(type_name: str) -> bool:
    """Check whether all attributes of the type are known, so that unknown ones are ignored.

    Other types store unknown attributes.
    """
    return type_name == "Connection" or (is_a(type_name, "Process") and not type_name.startswith(_EXTENDED))
