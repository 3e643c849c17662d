"""Reading the bodies of writes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    bad_request,
    invalid_parameters,
    too_long,
    too_many_entities,
)

_MOST_ENTITIES = 10_000
_LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class BulkFlags:
    """The query parameters of a bulk write."""

    replace_tags: bool = False
    append_tags: bool = False
    replace_business_attributes: bool = False
    overwrite_business_attributes: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> BulkFlags:
        """Read them from a query string.

        Raises:
            AtlasError: more than one way to treat tags is asked for.
        """
        names = ("replaceClassifications", "replaceTags", "appendTags")
        replace_all, replace, append = (query.get(name, "").lower() == "true" for name in names)
        if replace_all + replace + append > 1:
            raise bad_request(f"Only one of [{', '.join(names)}] can be true")
        return cls(
            replace_all or replace,
            append,
            query.get("replaceBusinessAttributes", "").lower() == "true",
            query.get("overwriteBusinessAttributes", "").lower() == "true",
        )


@dataclass(slots=True)
class Payload:
    """One entity as a client sent it."""

    type_name: Any
    guid: str
    status: Any = None
    attributes: dict[str, Any] = field(default_factory=dict)
    relationships: dict[str, Any] = field(default_factory=dict)
    append: dict[str, Any] = field(default_factory=dict)
    remove: dict[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def qualified_name(self) -> str | None:
        """The qualifiedName that was sent, if any."""
        value = self.attributes.get("qualifiedName")
        return None if value is None else str(value)

    @property
    def wants_active(self) -> bool:
        """Whether the payload asks to restore an archived entity."""
        return "ACTIVE" in (self.status, self.attributes.get("__state"))


def parse_bulk(body: Any) -> list[Payload]:
    """The entities of a bulk write.

    Raises:
        MalformedRequestError: the body is not of the shape `{"entities": […]}`.
        AtlasError: there are none, or too many.
    """
    if not isinstance(body, dict) or not isinstance(body.get("entities"), list):
        raise MalformedRequestError("no list of entities")
    entities = body["entities"]
    if not entities:
        raise invalid_parameters("no entities to create/update.")
    if len(entities) > _MOST_ENTITIES:
        raise too_many_entities(_MOST_ENTITIES)
    return [parse_entity(one) for one in entities]


def parse_entity(body: Any) -> Payload:
    """One entity.

    Raises:
        MalformedRequestError: it is not an object, or a part of it has the wrong shape.
        AtlasError: it is null, or a text in it is too long.
    """
    if body is None:
        raise invalid_parameters("found null entity")
    if not isinstance(body, dict):
        raise MalformedRequestError("an entity is not an object")
    guid = body.get("guid")
    attributes = _map(body, "attributes")
    _check_lengths(attributes)
    return Payload(
        type_name=body.get("typeName"),
        guid=_placeholder() if guid is None else str(guid),
        status=body.get("status"),
        attributes=attributes,
        relationships=_map(body, "relationshipAttributes"),
        append=_map(body, "appendRelationshipAttributes"),
        remove=_map(body, "removeRelationshipAttributes"),
        raw=body,
    )


def _check_lengths(attributes: dict[str, Any]) -> None:
    long = [
        name for name, value in attributes.items() if isinstance(value, str) and len(value) > _LONGEST_TEXT
    ]
    if long:
        raise too_long(long, _LONGEST_TEXT)


def _placeholder() -> str:
    return str(-1 - secrets.randbelow(10**16))


def _map(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = {} if body.get(key) is None else body[key]
    if not isinstance(value, dict):
        raise MalformedRequestError(f"{key} is not an object")
    return value
