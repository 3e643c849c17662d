"""Atlan's asset types and their supertypes.

Source: the typeNames and base classes of the public models in Atlan's own SDK (pyatlan 11.6.0).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_PARENTS: dict[str, list[str]] = json.loads(Path(__file__).with_name("types.json").read_text("utf-8"))


def is_asset_type(type_name: object) -> bool:
    """Return whether Atlan has this asset type."""
    return isinstance(type_name, str) and type_name in _PARENTS


def type_names() -> list[str]:
    """Return all asset types, sorted."""
    return sorted(_PARENTS)


@cache
def supertypes(type_name: str) -> frozenset[str]:
    """Return all supertypes, without the type itself; empty for an unknown type."""
    parents = _PARENTS.get(type_name, [])
    return frozenset(parents).union(*(supertypes(parent) for parent in parents))


@cache
def subtypes(type_name: str) -> frozenset[str]:
    """Return all subtypes, without the type itself."""
    return frozenset(name for name in _PARENTS if type_name in supertypes(name))


#: Types with subtypes of which assets exist. All others with subtypes are abstract.
_CONCRETE = frozenset({"Table", "Column", "Database", "Procedure", "KafkaTopic", "KafkaConsumerGroup"})


def is_source_type(type_name: str) -> bool:
    """Return whether a type is one of assets in a source, such as tables and files.

    Processes, connections, and abstract types are not. An asset of such a type can be partial.
    """
    if not is_a(type_name, "Catalog") or is_a(type_name, "Process"):
        return False
    return type_name in _CONCRETE or not subtypes(type_name)


def is_a(type_name: str, base: str) -> bool:
    """Return whether `type_name` is `base` or one of its subtypes."""
    return type_name == base or base in supertypes(type_name)
