"""Relationship definitions: two ends, each an attribute of the entity on the other side."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from atlan_pulumi.asset_types import is_a


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


# Each has a name, and two ends as `Type.attribute`; a star marks an end that holds a set. Where Atlan's
# models name no attribute on the other side, its type stands alone. "alike" are types that carry the
# relationship attributes of another one without being a kind of it in those models.
_TABLE = json.loads(Path(__file__).with_name("relationships.json").read_text("utf-8"))
_ALIKE: dict[str, str] = _TABLE["alike"]
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
