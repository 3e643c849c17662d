"""Refusals in the shape that Atlan's metastore answers them (codes and texts: its public error table)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any


class AtlasError(Exception):
    """A request is refused: HTTP status, Atlas error code, message."""

    def __init__(self, status: int, code: str, message: str, entity_guid: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.entity_guid = entity_guid

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        body = {"errorCode": self.code, "errorMessage": self.message}
        return {**body, "entityGuid": self.entity_guid} if self.entity_guid else body


class MalformedRequestError(Exception):
    """A body that the metastore cannot read: answered with 500 and plain text."""


def invalid_parameters(what: str) -> AtlasError:
    """400: a parameter of the request is missing or unusable."""
    return AtlasError(400, "ATLAS-400-00-01A", f"invalid parameters: {what}")


def bad_request(what: str) -> AtlasError:
    """400: the request contradicts itself or a rule."""
    return AtlasError(400, "ATLAS-400-00-029", what)


def unknown_type(type_name: object) -> AtlasError:
    """400: no such entity type."""
    return AtlasError(400, "ATLAS-400-00-014", f"Type ENTITY with name {_text(type_name)} does not exist")


def invalid_reference(reference: object) -> AtlasError:
    """400: a reference that names neither a type nor an entity."""
    return AtlasError(400, "ATLAS-400-00-021", f"ObjectId is not valid {object_id(reference)}")


def wrong_end(name: str, type1: str, type2: str) -> AtlasError:
    """400: a relationship cannot hold an entity of this type."""
    message = f"invalid relationshipDef: {name}: end type 1: {type1}, end type 2: {type2}"
    return AtlasError(400, "ATLAS-400-00-036", message)


def attribute_twice(attribute: str) -> AtlasError:
    """400: an attribute stands both in relationshipAttributes and in an append or remove map."""
    message = f"{attribute}: attribute already exists in relationshipAttributes"
    return AtlasError(400, "ATLAS-400-00-108", message)


def no_admins(type_name: str) -> AtlasError:
    """400: a connection would be left without any admin."""
    return AtlasError(400, "ATLAS-400-00-114", f"Admin list should not be empty for type {type_name}")


def too_many_entities(limit: int) -> AtlasError:
    """400: more entities in one request than the server takes."""
    message = f"Request Error - Entities should be less than or equal to: {limit}"
    return AtlasError(400, "ATLAS-400-00-212", message)


def forbidden(user: str, operation: str) -> AtlasError:
    """403: the user may not do this (yet)."""
    return AtlasError(403, "ATLAS-403-00-001", f"{user} is not authorized to perform {operation}")


def unknown_guid(guid: str) -> AtlasError:
    """404: no entity has this GUID."""
    return AtlasError(404, "ATLAS-404-00-005", f"Given instance guid {guid} is invalid/not found")


def invalid_instance(what: str) -> AtlasError:
    """404: an attribute is missing or of the wrong kind."""
    message = f"Invalid instance creation/updation parameters passed : {what}"
    return AtlasError(404, "ATLAS-404-00-007", message)


def unknown_name(type_name: str, qualified_name: str) -> AtlasError:
    """404: no entity of this type has this qualifiedName."""
    message = f"Instance {type_name} with unique attribute {{qualifiedName={qualified_name}}} does not exist"
    return AtlasError(404, "ATLAS-404-00-009", message)


def unresolved(reference: object) -> AtlasError:
    """404: a reference leads to no entity."""
    return AtlasError(404, "ATLAS-404-00-00A", f"Referenced entity {object_id(reference)} is not found")


def too_long(attributes: Iterable[str], limit: int) -> AtlasError:
    """500: texts are longer than the server takes (it answers so, though the mistake is the client's)."""
    messages = [f"Attribute {name} exceeds limit of {limit} characters" for name in attributes]
    return AtlasError(500, "ATLAS-500-00-001", json.dumps(messages))


def no_lineage_type(guid: str, type_name: str) -> AtlasError:
    """404: entities of this type have no lineage."""
    message = f"Given instance guid {guid} with type {type_name} is not a valid lineage entity type."
    return AtlasError(404, "ATLAS-404-00-011", message)


def unknown_path(path: str) -> AtlasError:
    """404: no such resource."""
    return AtlasError(404, "ATLAS-404-00-019", f"{path} not found")


def name_taken(type_name: str, qualified_name: str) -> AtlasError:
    """409: a rename would give two entities of one type one qualifiedName."""
    message = f"failed to update entity: {type_name} {qualified_name} exists already"
    return AtlasError(409, "ATLAS-409-00-003", message)


def object_id(reference: object) -> str:
    """A reference as the metastore prints it: its GUID, or an `AtlasObjectId{…}`."""
    if not isinstance(reference, Mapping):
        return _text(reference)
    if reference.get("guid") and reference.get("typeName"):
        return str(reference["guid"])
    unique = reference.get("uniqueAttributes") or {}
    items = unique.items() if isinstance(unique, Mapping) else ()
    pairs = ", ".join(f"{key}:{value}" for key, value in items)
    guid, type_name = _text(reference.get("guid")), _text(reference.get("typeName"))
    return f"AtlasObjectId{{guid='{guid}', typeName='{type_name}', uniqueAttributes={{{pairs}}}}}"


def _text(value: object) -> str:
    return "null" if value is None else str(value)
