"""Parse the bodies of write requests."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local._errors import (
    MalformedRequestError,
    bad_request,
    invalid_parameters,
    texts_too_long,
    too_many_entities,
)

_MAX_ENTITIES = 10_000
_MAX_TEXT_LENGTH = 100_000


@dataclass(frozen=True, slots=True)
class BulkFlags:
    """The query parameters of a bulk write."""

    replace_tags: bool = False
    append_tags: bool = False
    replace_business_attributes: bool = False
    overwrite_business_attributes: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> BulkFlags:
        """Parse a query string.

        Raises:
            AtlasError: the query sets more than one flag for tags.
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
    """An entity from a request."""

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
        """The qualifiedName in the payload, or None."""
        value = self.attributes.get("qualifiedName")
        return None if value is None else str(value)

    @property
    def asks_to_restore(self) -> bool:
        """Whether the payload restores an archived entity."""
        return "ACTIVE" in (self.status, self.attributes.get("__state"))


def parse_bulk(body: Any) -> list[Payload]:
    """Return the entities of a bulk write.

    Raises:
        MalformedRequestError: the body does not have the shape `{"entities": […]}`.
        AtlasError: the list is empty or too long.
    """
    if not isinstance(body, dict) or not isinstance(body.get("entities"), list):
        raise MalformedRequestError("no list of entities")
    entities = body["entities"]
    if not entities:
        raise invalid_parameters("no entities to create/update.")
    if len(entities) > _MAX_ENTITIES:
        raise too_many_entities(_MAX_ENTITIES)
    return [parse_entity(one) for one in entities]


def parse_entity(body: Any) -> Payload:
    """Return one entity of a request.

    Raises:
        MalformedRequestError: the entity is not an object, or a part of it has the wrong shape.
        AtlasError: the entity is null, or a text is too long.
    """
    if body is None:
        raise invalid_parameters("found null entity")
    if not isinstance(body, dict):
        raise MalformedRequestError("an entity must be an object")
    guid = body.get("guid")
    attributes = _object_at(body, "attributes")
    _check_lengths(attributes)
    return Payload(
        type_name=body.get("typeName"),
        guid=_new_placeholder() if guid is None else str(guid),
        status=body.get("status"),
        attributes=attributes,
        relationships=_object_at(body, "relationshipAttributes"),
        append=_object_at(body, "appendRelationshipAttributes"),
        remove=_object_at(body, "removeRelationshipAttributes"),
        raw=body,
    )


def _check_lengths(attributes: dict[str, Any]) -> None:
    too_long = [
        name for name, value in attributes.items() if isinstance(value, str) and len(value) > _MAX_TEXT_LENGTH
    ]
    if too_long:
        raise texts_too_long(too_long, _MAX_TEXT_LENGTH)


def _new_placeholder() -> str:
    return str(-1 - secrets.randbelow(10**16))


def _object_at(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = {} if body.get(key) is None else body[key]
    if not isinstance(value, dict):
        raise MalformedRequestError(f"{key} must be an object")
    return value
