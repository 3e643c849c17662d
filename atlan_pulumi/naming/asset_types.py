"""The types of Atlan's assets, and what each is a kind of.

Source: the typeNames and super types of the public model classes of Atlan's own SDK (pyatlan 11.6.0).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_PARENTS: dict[str, list[str]] = json.loads(Path(__file__).with_name("types.json").read_text("utf-8"))


def is_known(type_name: object) -> bool:
    """Whether an entity of this type may exist."""
    return isinstance(type_name, str) and type_name in _PARENTS


def type_names() -> list[str]:
    """All known types, sorted."""
    return sorted(_PARENTS)


@cache
def supertypes(type_name: str) -> frozenset[str]:
    """All super types, without the type itself; empty for an unknown type."""
    parents = _PARENTS.get(type_name, [])
    return frozenset(parents).union(*(supertypes(parent) for parent in parents))


@cache
def subtypes(type_name: str) -> frozenset[str]:
    """All sub-types, without the type itself."""
    return frozenset(name for name in _PARENTS if type_name in supertypes(name))


def is_a(type_name: str, base: str) -> bool:
    """Whether `type_name` is `base` or one of its sub-types."""
    return type_name == base or base in supertypes(type_name)
