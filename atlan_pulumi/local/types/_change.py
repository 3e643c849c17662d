"""Updating and removing type definitions."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import invalid_parameters, tag_in_use, typedef_in_use, unknown_typedef
from atlan_pulumi.local.store import Definition, Store
from atlan_pulumi.local.types._form import Stamp, read, with_named_attributes

_TAGGED = """EXISTS (SELECT 1 FROM json_each(extras, '$.classifications')
 WHERE json_extract(value, '$.typeName') = ?)"""
_DESCRIBED = "EXISTS (SELECT 1 FROM json_each(extras, '$.businessAttributes') WHERE key = ?)"


def change(store: Store, body: Any, stamp: Stamp) -> list[Definition]:
    """Update the definitions of a request; attributes that are new get internal names.

    Raises:
        MalformedRequestError: the body is no set of type definitions.
        AtlasError: a definition does not exist.
    """
    sent = read(body)
    if not sent:
        raise invalid_parameters("no type definitions to update")
    return [_change(store, one, stamp) for one in sent]


def remove(store: Store, name: str) -> None:
    """Remove the definition with this internal name.

    Raises:
        AtlasError: it does not exist, or entities use it.
    """
    definition = store.typedefs.get(name)
    if definition is None:
        raise unknown_typedef(name)
    if definition["category"] == "CLASSIFICATION" and store.entities.count(_TAGGED, (name,)):
        raise tag_in_use(definition)
    if definition["category"] == "BUSINESS_METADATA" and store.entities.count(_DESCRIBED, (name,)):
        raise typedef_in_use(name)
    store.typedefs.remove(name)


def _change(store: Store, sent: Definition, stamp: Stamp) -> Definition:
    name = str(sent.get("name"))
    current = store.typedefs.get(name)
    if current is None or current["category"] != sent["category"]:
        raise unknown_typedef(name)
    known = [one["name"] for one in current.get("attributeDefs") or ()]
    kept = {key: current[key] for key in ("guid", "name", "createTime", "createdBy")}
    stamps = {"updateTime": stamp.now, "updatedBy": stamp.user, "version": current["version"] + 1}
    definition = with_named_attributes({**current, **sent, **kept, **stamps}, known)
    store.typedefs.put(definition)
    return definition
