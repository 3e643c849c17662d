"""Types, attributes and relationships that the local Atlan knows.

Facts are from Atlan's public model classes (typeNames and super types) and its metastore's public
typedefs (attributes of Asset, Process and Connection; relationships).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from atlan_pulumi.naming.asset_types import is_a, supertypes

Kind = str
"""A type's name as Atlas writes it: `string`, `boolean`, `array<string>`, `certificate_status`, …"""

ENUMS: dict[Kind, frozenset[str]] = {
    "certificate_status": frozenset({"DRAFT", "VERIFIED", "DEPRECATED"}),
    "query_username_strategy": frozenset({"connectionUsername", "atlanUsername"}),
    "AIDatasetType": frozenset({"TRAINING", "TESTING", "INFERENCE", "VALIDATION", "INPUT", "OUTPUT"}),
}

_UNSET: dict[Kind, Any] = {"boolean": False, "date": 0}
_INT_BITS = {"int": 31, "long": 63}
_BY_TYPE: dict[str, dict[Kind, list[str]]] = json.loads(
    Path(__file__).with_name("attributes.json").read_text("utf-8")
)
_EXTENDED = ("Dbt", "Flow", "Sap")  # process types with attributes of their own
# Each has a name, and two ends as `Type.attribute`; a star marks an end that holds a set. Where Atlan's
# models name no attribute on the other side, its type stands alone. "alike" are types that carry the
# relationship attributes of another one without being a kind of it in those models.
_TABLE = json.loads(Path(__file__).with_name("relationships.json").read_text("utf-8"))
_ALIKE: dict[str, str] = _TABLE["alike"]


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


@cache
def attributes_of(type_name: str) -> dict[str, Kind]:
    """The attributes known for a type, its super types' included, with their kinds."""
    lineage = ("Referenceable", *sorted(supertypes(type_name)), type_name)
    groups = (group for ancestor in lineage for group in _BY_TYPE.get(ancestor, {}).items())
    return {name: kind for kind, names in groups for name in names}


def kind_of(type_name: str, attribute: str) -> Kind | None:
    """The kind of an attribute; None when its definition is not known."""
    return attributes_of(type_name).get(attribute)


@cache
def is_closed(type_name: str) -> bool:
    """Whether all attributes of the type are known, so that any other one is ignored.

    Other types keep whatever a catalog or a client gives them.
    """
    return type_name == "Connection" or (is_a(type_name, "Process") and not type_name.startswith(_EXTENDED))


@dataclass(frozen=True, slots=True)
class Relationship:
    """One definition: `type1.name1` lists entities of `type2`, whose `name2` points back."""

    name: str
    type1: str
    name1: str
    many1: bool
    type2: str
    name2: str
    many2: bool


@dataclass(frozen=True, slots=True)
class End:
    """A relationship seen from the entity that carries the attribute."""

    relationship: Relationship
    first: bool

    @property
    def attribute(self) -> str:
        """The attribute on this side; empty where Atlan's models name none."""
        return self.relationship.name1 if self.first else self.relationship.name2

    @property
    def type_name(self) -> str:
        """The type which carries the attribute."""
        return self.relationship.type1 if self.first else self.relationship.type2

    @property
    def many(self) -> bool:
        """Whether the attribute holds a set."""
        return self.relationship.many1 if self.first else self.relationship.many2

    @property
    def other(self) -> End:
        """The same relationship from the other side."""
        return End(self.relationship, not self.first)


def _parse(name: str, left: str, right: str) -> Relationship:
    (type1, name1), (type2, name2) = left.split("."), (right.split(".") if "." in right else (right, ""))
    many1, many2 = name1.endswith("*"), name2.endswith("*") or not name2
    return Relationship(name, type1, name1.rstrip("*"), many1, type2, name2.rstrip("*"), many2)


_DEFINITIONS = {row[0]: _parse(*row) for row in _TABLE["relationships"]}
_ENDS = [
    end
    for definition in _DEFINITIONS.values()
    for end in (End(definition, True), End(definition, False))
    if end.attribute
]


def fits(type_name: str, base: str) -> bool:
    """Return whether an entity of a type may stand at the end of a relationship that is made for `base`."""
    return is_a(type_name, base) or (type_name in _ALIKE and is_a(_ALIKE[type_name], base))


def relationship(name: str) -> Relationship | None:
    """Return the definition with this name."""
    return _DEFINITIONS.get(name)


def relationships() -> list[str]:
    """Return the names of all definitions."""
    return list(_DEFINITIONS)


@cache
def ends_of(type_name: str) -> tuple[End, ...]:
    """The relationship attributes that an entity of this type carries."""
    return tuple(end for end in _ENDS if fits(type_name, end.type_name))


def find_end(type_name: str, attribute: str) -> End | None:
    """The relationship behind an attribute; None when the attribute is not one."""
    return ends_by_attribute(type_name).get(attribute)


@cache
def ends_by_attribute(type_name: str) -> dict[str, End]:
    """Return the relationship attributes that an entity of this type carries, by their names."""
    return {end.attribute: end for end in ends_of(type_name)}
