"""The form of type definitions: their categories, names, and stamps."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._errors import MalformedRequestError, bad_request
from atlan_pulumi.local.store import Definition

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
