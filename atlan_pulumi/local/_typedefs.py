"""Type definitions that users make: Atlan tags, custom metadata, enumerations."""

from __future__ import annotations

import secrets
import string
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    bad_request,
    display_name_taken,
    invalid_parameters,
    tag_in_use,
    typedef_in_use,
    typedef_taken,
    unknown_typedef,
)
from atlan_pulumi.local.store import Definition, Store

LISTS = {
    "ENUM": "enumDefs",
    "STRUCT": "structDefs",
    "CLASSIFICATION": "classificationDefs",
    "ENTITY": "entityDefs",
    "RELATIONSHIP": "relationshipDefs",
    "BUSINESS_METADATA": "businessMetadataDefs",
}
"""Where the definitions of each category stand in a request and in an answer."""

_MADE_BY_USERS = ("CLASSIFICATION", "BUSINESS_METADATA", "ENUM")
_ALPHABET = string.ascii_letters + string.digits
_TAGGED = """EXISTS (SELECT 1 FROM json_each(extras, '$.classifications')
 WHERE json_extract(value, '$.typeName') = ?)"""
_DESCRIBED = "EXISTS (SELECT 1 FROM json_each(extras, '$.businessAttributes') WHERE key = ?)"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "atlan-pulumi:local:typedef")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who makes a definition, and when."""

    user: str
    now: int


def internal_name() -> str:
    """Return a new internal name: Atlan makes them up, and keeps what people read as the display name."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(22))


def read(body: Any) -> list[Definition]:
    """Return the definitions of a request, each with its category.

    Raises:
        MalformedRequestError: the body is no set of type definitions.
        AtlasError: it holds a category that is not supported here.
    """
    if not isinstance(body, dict):
        raise MalformedRequestError("no type definitions")
    for category in ("ENTITY", "STRUCT", "RELATIONSHIP"):
        if body.get(LISTS[category]):
            raise bad_request(f"the local Atlan takes no {LISTS[category]}: it knows only Atlan's own")
    return [
        {**_object(one), "category": category}
        for category in _MADE_BY_USERS
        for one in body.get(LISTS[category]) or ()
    ]


def answer(definitions: Iterable[Definition]) -> dict[str, list[Definition]]:
    """Return definitions by category, as requests and answers hold them."""
    lists: dict[str, list[Definition]] = {name: [] for name in LISTS.values()}
    for one in definitions:
        lists[LISTS[one["category"]]].append(one)
    return lists


def with_named_attributes(definition: Definition, known: Iterable[str] = ()) -> Definition:
    """Return a definition whose attributes have internal names; those in `known` keep theirs."""
    if definition["category"] == "ENUM":
        return definition
    names = frozenset(known)
    attributes = [
        one if one.get("name") in names else {**one, "name": internal_name()}
        for one in map(_object, definition.get("attributeDefs") or ())
    ]
    return {**definition, "attributeDefs": attributes}


def _object(value: Any) -> Definition:
    if not isinstance(value, dict):
        raise MalformedRequestError("a type definition is not an object")
    return value


def define(store: Store, body: Any, stamp: Stamp) -> list[Definition]:
    """Create the definitions of a request, all or none.

    Tags and custom metadata get internal names of the server's own, attributes included.

    Raises:
        MalformedRequestError: the body is no set of type definitions.
        AtlasError: a name is missing or taken, or the category is not supported here.
    """
    made = [_define(store, one, stamp) for one in read(body)]
    if not made:
        raise invalid_parameters("no type definitions to create")
    return made


def _define(store: Store, sent: Definition, stamp: Stamp) -> Definition:
    shown = sent.get("displayName") or sent.get("name")
    if not shown:
        raise invalid_parameters("a type definition has no name")
    _refuse_double(store, sent["category"], shown)
    times = {"createTime": stamp.now, "updateTime": stamp.now, "version": 1}
    users = {"createdBy": stamp.user, "updatedBy": stamp.user}
    own = {"guid": str(uuid.uuid4()), **times, **users}
    names = {"name": shown} if sent["category"] == "ENUM" else {"name": internal_name(), "displayName": shown}
    definition = with_named_attributes({**sent, **own, **names})
    store.typedefs.put(definition)
    return definition


def _refuse_double(store: Store, category: str, shown: str) -> None:
    if category == "ENUM":
        if store.typedefs.get(shown):
            raise typedef_taken(shown)
    elif any(one.get("displayName") == shown for one in store.typedefs.of(category)):
        raise display_name_taken(shown)


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


def plant_types(
    store: Store, tags: Iterable[str], metadata: Mapping[str, Mapping[str, str]], user: str
) -> None:
    """Define tags, and custom metadata with their attributes and types, where they are not defined yet."""
    definitions = [_definition("CLASSIFICATION", name, user) for name in tags]
    for name, attributes in metadata.items():
        defined = [_attribute(attribute, kind) for attribute, kind in attributes.items()]
        definitions.append(_definition("BUSINESS_METADATA", name, user, attributeDefs=defined))
    for one in definitions:
        if store.typedefs.get(one["name"]) is None:
            store.typedefs.put(one)


def _definition(category: str, name: str, user: str, **more: Any) -> Definition:
    guid = str(uuid.uuid5(_NAMESPACE, f"{category}:{name}"))
    own = {"category": category, "guid": guid, "name": name, "displayName": name}
    return {
        **own,
        "createdBy": user,
        "updatedBy": user,
        "createTime": 0,
        "updateTime": 0,
        "version": 1,
        **more,
    }


def _attribute(name: str, kind: str) -> Definition:
    options = {"applicableEntityTypes": '["Asset"]', "primitiveType": kind, "customMetadataVersion": "v2"}
    known = {"name": name, "displayName": name, "typeName": kind, "options": options}
    return {**known, "cardinality": "SINGLE", "isOptional": True, "isUnique": False, "isIndexable": True}
