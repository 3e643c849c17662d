"""User-defined types: tags, custom metadata, and enumerations."""

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
"""The key of each category in requests and responses."""

_USER_CATEGORIES = ("CLASSIFICATION", "BUSINESS_METADATA", "ENUM")
_ALPHABET = string.ascii_letters + string.digits
_HAS_TAG = """EXISTS (SELECT 1 FROM json_each(extras, '$.classifications')
 WHERE json_extract(value, '$.typeName') = ?)"""
_HAS_CUSTOM_METADATA = "EXISTS (SELECT 1 FROM json_each(extras, '$.businessAttributes') WHERE key = ?)"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "atlan-pulumi:local:typedef")


@dataclass(frozen=True, slots=True)
class Stamp:
    """The author and the time of a write."""

    user: str
    now: int


def internal_name() -> str:
    """Return a random internal name. Atlan stores the name from the user as the display name."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(22))


def parse_definitions(body: Any) -> list[Definition]:
    """Return the definitions of a request, each with its category.

    Raises:
        MalformedRequestError: the body does not contain type definitions.
        AtlasError: the body contains a category that the local Atlan does not support.
    """
    if not isinstance(body, dict):
        raise MalformedRequestError("the body must be an object with type definitions")
    for category in ("ENTITY", "STRUCT", "RELATIONSHIP"):
        if body.get(LISTS[category]):
            raise bad_request(
                f"the local Atlan does not accept {LISTS[category]}; it has only those of Atlan"
            )
    return [
        {**_require_object(one), "category": category}
        for category in _USER_CATEGORIES
        for one in body.get(LISTS[category]) or ()
    ]


def group_by_category(definitions: Iterable[Definition]) -> dict[str, list[Definition]]:
    """Return definitions by category, as in requests and responses."""
    lists: dict[str, list[Definition]] = {name: [] for name in LISTS.values()}
    for one in definitions:
        lists[LISTS[one["category"]]].append(one)
    return lists


def with_named_attributes(definition: Definition, known: Iterable[str] = ()) -> Definition:
    """Return a definition whose attributes have internal names. Names in `known` are kept."""
    if definition["category"] == "ENUM":
        return definition
    names = frozenset(known)
    attributes = [
        one if one.get("name") in names else {**one, "name": internal_name()}
        for one in map(_require_object, definition.get("attributeDefs") or ())
    ]
    return {**definition, "attributeDefs": attributes}


def _require_object(value: Any) -> Definition:
    if not isinstance(value, dict):
        raise MalformedRequestError("a type definition must be an object")
    return value


def create_definitions(store: Store, body: Any, stamp: Stamp) -> list[Definition]:
    """Create the definitions in a request, all or none.

    Tags, custom metadata, and their attributes get internal names from the server.

    Raises:
        MalformedRequestError: the body does not contain type definitions.
        AtlasError: a name is missing or taken, or the local Atlan does not support the category.
    """
    created = [_create_definition(store, one, stamp) for one in parse_definitions(body)]
    if not created:
        raise invalid_parameters("no type definitions to create")
    return created


def _create_definition(store: Store, sent: Definition, stamp: Stamp) -> Definition:
    display_name = sent.get("displayName") or sent.get("name")
    if not display_name:
        raise invalid_parameters("a type definition has no name")
    _refuse_taken_name(store, sent["category"], display_name)
    times = {"createTime": stamp.now, "updateTime": stamp.now, "version": 1}
    users = {"createdBy": stamp.user, "updatedBy": stamp.user}
    own = {"guid": str(uuid.uuid4()), **times, **users}
    names = (
        {"name": display_name}
        if sent["category"] == "ENUM"
        else {"name": internal_name(), "displayName": display_name}
    )
    definition = with_named_attributes({**sent, **own, **names})
    store.typedefs.put(definition)
    return definition


def _refuse_taken_name(store: Store, category: str, display_name: str) -> None:
    if category == "ENUM":
        if store.typedefs.get(display_name):
            raise typedef_taken(display_name)
    elif any(one.get("displayName") == display_name for one in store.typedefs.of(category)):
        raise display_name_taken(display_name)


def update_definitions(store: Store, body: Any, stamp: Stamp) -> list[Definition]:
    """Update the definitions in a request. New attributes get internal names.

    Raises:
        MalformedRequestError: the body does not contain type definitions.
        AtlasError: a definition does not exist.
    """
    sent = parse_definitions(body)
    if not sent:
        raise invalid_parameters("no type definitions to update")
    return [_update_definition(store, one, stamp) for one in sent]


def delete_definition(store: Store, name: str) -> None:
    """Delete the definition with this internal name.

    Raises:
        AtlasError: the definition does not exist, or entities use it.
    """
    definition = store.typedefs.get(name)
    if definition is None:
        raise unknown_typedef(name)
    if definition["category"] == "CLASSIFICATION" and store.entities.count(_HAS_TAG, (name,)):
        raise tag_in_use(definition)
    if definition["category"] == "BUSINESS_METADATA" and store.entities.count(_HAS_CUSTOM_METADATA, (name,)):
        raise typedef_in_use(name)
    store.typedefs.remove(name)


def _update_definition(store: Store, sent: Definition, stamp: Stamp) -> Definition:
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


def define_seed_types(
    store: Store, tags: Iterable[str], metadata: Mapping[str, Mapping[str, str]], user: str
) -> None:
    """Define the tags and custom metadata of a seed that do not exist yet."""
    definitions = [_seed_definition("CLASSIFICATION", name, user) for name in tags]
    for name, attributes in metadata.items():
        defined = [_seed_attribute(attribute, kind) for attribute, kind in attributes.items()]
        definitions.append(_seed_definition("BUSINESS_METADATA", name, user, attributeDefs=defined))
    for one in definitions:
        if store.typedefs.get(one["name"]) is None:
            store.typedefs.put(one)


def _seed_definition(category: str, name: str, user: str, **more: Any) -> Definition:
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


def _seed_attribute(name: str, kind: str) -> Definition:
    options = {"applicableEntityTypes": '["Asset"]', "primitiveType": kind, "customMetadataVersion": "v2"}
    known = {"name": name, "displayName": name, "typeName": kind, "options": options}
    return {**known, "cardinality": "SINGLE", "isOptional": True, "isUnique": False, "isIndexable": True}
