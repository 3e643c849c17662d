"""Checks of an asset's inputs that depend on its type: its attributes, and what can contain it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from atlan_pulumi.lifecycle import MOST_CHARACTERS, AssetInputs, has_unknown, wire_name
from atlan_pulumi.naming import asset_types
from atlan_pulumi.naming.asset_attributes import value_kinds
from atlan_pulumi.naming.relationships import container_types, find_end
from atlan_pulumi.resources.asset_containers import container_attributes
from atlan_pulumi.text import did_you_mean, enumerate_first

_LARGEST = 2**53
_NEVER_SET = frozenset({"isPartial"})

_VALUES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "text": (str,),
    "texts": (list,),
}
_WORDS = {
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
    "text": "a text",
    "texts": "a list of texts",
}
#: Attributes that follow from the other inputs, and the inputs to set instead.
_IMPLIED = {
    "connectionName": "connection",
    "connectionQualifiedName": "connection",
    "connectorName": "connection",
    "lastSyncWorkflowName": "atlan:ownershipMark",
    "qualifiedName": "qualified_name",
}


def not_a_container_reason(type_name: str, container: str) -> str:
    """Return why an asset cannot be below another one."""
    known = container_types(type_name)
    expected = f"; expected {enumerate_first(known)}" if known else "; set qualified_name instead"
    return f"a {type_name} is not below a {container} in Atlan{expected}"


def attribute_problem(type_name: str, name: str, value: Any) -> str | None:
    """Return why an attribute cannot be set, and what to do; None if it can."""
    if instead := _IMPLIED.get(name) or _properties().get(name):
        return f"set {instead} instead"
    if name in _NEVER_SET or name in container_attributes():
        return "follows from the other inputs: leave it out"
    known = value_kinds(type_name)
    if name in known:
        return _value_problem(known[name], value)
    if find_end(type_name, name) is not None:
        return "is a relationship: only parent can be set"
    return f"a {type_name} has no such attribute{did_you_mean(_camel_case(name), known)}"


def _value_problem(kind: str, value: Any) -> str | None:
    types = _VALUES.get(kind)
    if types is None or has_unknown(value) or value is None:
        return None
    fits = isinstance(value, types) and isinstance(value, bool) == (kind == "boolean")
    if not fits or (kind == "texts" and not all(isinstance(each, str) for each in value)):
        return f"must be {_WORDS[kind]}, not {value!r}"
    return _too_large(value)


def _too_large(value: Any) -> str | None:
    """Return why a value cannot be sent; None if it can."""
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        return f"is {len(value):,} characters long; Atlan takes {MOST_CHARACTERS:,} at most"
    if isinstance(value, int) and abs(value) > _LARGEST:
        return f"must be at most {_LARGEST:,}: Pulumi rounds larger numbers"
    return None


def normalized(type_name: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes as Atlan has them: lists of texts are sets, and integers are no floats.

    The engine passes every number on as a float.
    """
    kinds = value_kinds(type_name)
    return {name: _normalized(kinds.get(name), value) for name, value in attributes.items()}


def _normalized(kind: str | None, value: Any) -> Any:
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    texts = isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
    return sorted(set(value)) if kind == "texts" and texts else value


@functools.cache
def _properties() -> dict[str, str]:
    """Return the properties that every asset has, by Atlan's names of their attributes."""
    return {wire_name(AssetInputs, name): name for name in AssetInputs.model_fields}


def _camel_case(name: str) -> str:
    """Return the name as Atlan writes it, such as `maxLength` for `max_length`."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def unknown_type_reason(type_name: object) -> str:
    """Return why no asset can have a type, and the nearest type."""
    if asset_types.is_asset_type(type_name):
        return f"type_name: a {type_name} is not an asset of a source, such as a Table or a File"
    near = did_you_mean(
        type_name, [name for name in asset_types.type_names() if asset_types.is_source_type(name)]
    )
    return f"type_name: {type_name!r} is not an Atlan type, such as 'Table' (case-sensitive){near}"
