"""The class and the arguments with which a program declares an asset."""

from __future__ import annotations

from typing import NamedTuple

from atlan_pulumi.importer._assets import implied_place
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import Props


class AssetCall(NamedTuple):
    """A call that declares an asset.

    Attributes:
        name: The class, such as `Table`; `Asset` for a type or a name without a class of its own.
        arguments: The values by argument.
        place: The argument with the containing asset. Empty if there is none.
        place_type: The type for which the qualifiedName is enough there. Empty if it is never enough.
    """

    name: str
    arguments: Props
    place: str = ""
    place_type: str = ""


#: The argument with the containing asset, and its type, by class.
_PLACES = {
    "Schema": ("database", "Database"),
    "Table": ("schema", "Schema"),
    "View": ("schema", "Schema"),
    "Column": ("table", "Table"),
}
#: The arguments for attributes, by class.
_ARGUMENTS = {
    "View": {"definition": "definition"},
    "Column": {
        "order": "order",
        "dataType": "data_type",
        "isNullable": "is_nullable",
        "isPrimary": "is_primary",
    },
}


def asset_call(resource: Resource) -> AssetCall:
    """Return the call that declares an asset, without values that follow from others."""
    inputs, kind = resource.inputs, resource.declared.kind.name
    left_out = {"managed_by", *implied_place(inputs)}
    given = {name: value for name, value in inputs.items() if name not in left_out}
    if kind == "Database" and not {"parent", "qualified_name"} & given.keys():
        return AssetCall(kind, given)
    if _has_class(kind, given):
        place, place_type = _PLACES[kind]
        given[place] = given.pop("parent")
        return AssetCall(kind, given | _attributes(kind, given.pop("attributes", {})), place, place_type)
    return AssetCall("Asset", {"type_name": kind, **given}, "parent" if "parent" in given else "")


def _has_class(kind: str, given: Props) -> bool:
    """Return whether the class of a type takes all arguments."""
    if kind not in _PLACES or "parent" not in given or "qualified_name" in given:
        return False
    if kind == "Column":
        return "order" in given.get("attributes", {})
    return bool(given["parent"]["type_name"] == _PLACES[kind][1])


def _attributes(kind: str, attributes: Props) -> Props:
    """Return attributes as arguments of the class of a type."""
    own = _ARGUMENTS.get(kind, {})
    given = {own[name]: value for name, value in attributes.items() if name in own}
    rest = {name: value for name, value in attributes.items() if name not in own}
    return given | ({"attributes": rest} if rest else {})
