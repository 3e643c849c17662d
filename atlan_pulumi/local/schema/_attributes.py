"""Attributes of the types whose definition is known, and their kinds."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from atlan_pulumi.asset_types import is_a, supertypes
from atlan_pulumi.local.schema._kinds import Kind

_BY_TYPE: dict[str, dict[Kind, list[str]]] = json.loads(
    Path(__file__).with_name("attributes.json").read_text("utf-8")
)
_EXTENDED = ("Dbt", "Flow", "Sap")  # process types with attributes of their own


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

    Other types keep whatever a catalogue or a client gives them.
    """
    return type_name == "Connection" or (is_a(type_name, "Process") and not type_name.startswith(_EXTENDED))
