"""The relationships between Atlan's types.

Sources: the public typedefs of Atlan's metastore, and the models of Atlan's SDK (pyatlan 11.6.0).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from atlan_pulumi.naming.asset_types import is_a

# Each row has a name and two ends, `Type.attribute`. A star marks an end that holds a set. An end without an
# attribute is only a type. The types in "alike" have the relationship attributes of another type in Atlan's
# models without being a subtype of it.
_TABLE = json.loads(Path(__file__).with_name("relationships.json").read_text("utf-8"))
_RELATED_AS: dict[str, str] = _TABLE["alike"]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A definition: `type1.name1` lists entities of `type2`, whose `name2` refers back."""

    name: str
    type1: str
    name1: str
    many1: bool
    type2: str
    name2: str
    many2: bool


@dataclass(frozen=True, slots=True)
class RelationshipEnd:
    """One end of a relationship, at the entity with the attribute."""

    relationship: Relationship
    first: bool

    @property
    def attribute(self) -> str:
        """The attribute at this end. Empty if Atlan's models have none."""
        return self.relationship.name1 if self.first else self.relationship.name2

    @property
    def type_name(self) -> str:
        """The type with the attribute."""
        return self.relationship.type1 if self.first else self.relationship.type2

    @property
    def many(self) -> bool:
        """Whether the attribute holds a set."""
        return self.relationship.many1 if self.first else self.relationship.many2

    @property
    def other(self) -> RelationshipEnd:
        """The other end of the relationship."""
        return RelationshipEnd(self.relationship, not self.first)


def _parse(name: str, left: str, right: str) -> Relationship:
    (type1, name1), (type2, name2) = left.split("."), (right.split(".") if "." in right else (right, ""))
    many1, many2 = name1.endswith("*"), name2.endswith("*") or not name2
    return Relationship(name, type1, name1.rstrip("*"), many1, type2, name2.rstrip("*"), many2)


_DEFINITIONS = {row[0]: _parse(*row) for row in _TABLE["relationships"]}
_ENDS = [
    end
    for definition in _DEFINITIONS.values()
    for end in (RelationshipEnd(definition, True), RelationshipEnd(definition, False))
    if end.attribute
]


def fits_end(type_name: str, base: str) -> bool:
    """Check whether an entity of a type fits an end of a relationship with the type `base`."""
    return is_a(type_name, base) or (type_name in _RELATED_AS and is_a(_RELATED_AS[type_name], base))


def relationship(name: str) -> Relationship | None:
    """Return the definition with this name."""
    return _DEFINITIONS.get(name)


def relationships() -> list[str]:
    """Return the names of all definitions."""
    return list(_DEFINITIONS)


@cache
def ends_of(type_name: str) -> tuple[RelationshipEnd, ...]:
    """Return the relationship attributes of a type."""
    return tuple(end for end in _ENDS if fits_end(type_name, end.type_name))


def find_end(type_name: str, attribute: str) -> RelationshipEnd | None:
    """Return the relationship of an attribute, or None if the attribute is not a relationship."""
    return ends_by_attribute(type_name).get(attribute)


@cache
def ends_by_attribute(type_name: str) -> dict[str, RelationshipEnd]:
    """Return the relationship attributes of a type, by name."""
    return {end.attribute: end for end in ends_of(type_name)}


_ANY = frozenset({"Asset", "Catalog", "Referenceable"})
"""Types whose relationships all assets have, such as to a readme. None of them contains another asset."""


@cache
def container_attribute(type_name: str, container: str) -> str | None:
    """Return the attribute with which an asset refers to the one that contains it; None if there is none.

    Args:
        type_name: The type of the asset.
        container: The type of the asset that contains it.

    Example:
        >>> container_attribute("Column", "View")
        'view'
    """
    single = [end for end in _single_ends(type_name) if fits_end(container, end.other.type_name)]
    closest = [
        end for end in single if all(is_a(end.other.type_name, each.other.type_name) for each in single)
    ]
    return closest[0].attribute if len({end.attribute for end in closest}) == 1 else None


def container_types(type_name: str) -> list[str]:
    """Return the types of the assets that an asset of a type can refer to as its container, sorted."""
    named = {end.other.type_name for end in _single_ends(type_name)}
    return sorted(name for name in named if container_attribute(type_name, name))


@cache
def contents_attributes(type_name: str) -> list[str]:
    """Return the attributes with which an asset refers to those that it contains, sorted.

    Example:
        >>> "columns" in contents_attributes("Table")
        True
    """
    found = {
        end.attribute
        for end in ends_of(type_name)
        if end.many
        and end.other.attribute
        and end.type_name not in _ANY
        and container_attribute(end.other.type_name, type_name) == end.other.attribute
    }
    return sorted(found)


def _single_ends(type_name: str) -> list[RelationshipEnd]:
    return [
        end
        for end in ends_of(type_name)
        if not end.many and end.type_name not in _ANY and end.other.type_name not in _ANY
    ]
