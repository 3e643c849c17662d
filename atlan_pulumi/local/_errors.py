"""Errors in the format of Atlan's metastore. Codes and texts are from its public error table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any


class AtlasError(Exception):
    """A refused request: HTTP status, Atlas error code, and message."""

    def __init__(self, status: int, code: str, message: str, entity_guid: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.entity_guid = entity_guid

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        body = {"errorCode": self.code, "errorMessage": self.message}
        return {**body, "entityGuid": self.entity_guid} if self.entity_guid else body


class MalformedRequestError(Exception):
    """A body that the metastore cannot parse. The response is 500 with plain text."""


def invalid_parameters(what: str) -> AtlasError:
    """400: a parameter of the request is missing or invalid."""
    return AtlasError(400, "ATLAS-400-00-01A", f"invalid parameters: {what}")


def bad_request(what: str) -> AtlasError:
    """400: the request is inconsistent or not supported."""
    return AtlasError(400, "ATLAS-400-00-029", what)


def unknown_type(type_name: object) -> AtlasError:
    """400: the entity type does not exist."""
    return AtlasError(400, "ATLAS-400-00-014", f"Type ENTITY with name {_text(type_name)} does not exist")


def invalid_reference(reference: object) -> AtlasError:
    """400: a reference has no type or no entity."""
    return AtlasError(400, "ATLAS-400-00-021", f"ObjectId is not valid {format_object_id(reference)}")


def wrong_end(name: str, type1: str, type2: str) -> AtlasError:
    """400: a relationship does not accept an entity of this type."""
    message = f"invalid relationshipDef: {name}: end type 1: {type1}, end type 2: {type2}"
    return AtlasError(400, "ATLAS-400-00-036", message)


def unknown_relationship(type_name: str, other: str, attribute: str) -> AtlasError:
    """400: an attribute with references is not a relationship of the type."""
    message = f"No relationshipDef defined between {type_name} and {other} on attribute: {attribute}"
    return AtlasError(400, "ATLAS-400-00-043", message)


def conflicting_relationship_maps(attribute: str) -> AtlasError:
    """400: an attribute is both in relationshipAttributes and in an append or remove map."""
    message = f"{attribute}: attribute already exists in relationshipAttributes"
    return AtlasError(400, "ATLAS-400-00-108", message)


def no_admins(type_name: str) -> AtlasError:
    """400: a connection would have no admin."""
    return AtlasError(400, "ATLAS-400-00-114", f"Admin list should not be empty for type {type_name}")


def too_many_entities(limit: int) -> AtlasError:
    """400: the request has too many entities."""
    message = f"Request Error - Entities should be less than or equal to: {limit}"
    return AtlasError(400, "ATLAS-400-00-212", message)


def window_too_large(wanted: int, limit: int) -> AtlasError:
    """400: the page ends after the result window of Elasticsearch."""
    message = (
        f"Result window is too large, from + size must be less than or equal to: [{limit}] but was [{wanted}]"
    )
    return AtlasError(400, "ATLAS-400-00-503", f"ES query failed with response: {message}")


def process_hidden_at_start(guid: str, type_name: str) -> AtlasError:
    """404: lineage that hides processes starts at a process."""
    start = f"Given instance guid {guid} with type {type_name}"
    message = f"{start} is not a valid lineage entity type with hideProcess as true."
    return AtlasError(404, "ATLAS-404-00-017", message)


def invalid_pagination(code: str, message: str) -> AtlasError:
    """400: the page of a lineage graph is invalid."""
    return AtlasError(400, f"ATLAS-400-00-{code}", message)


def unknown_relationship_guid(guid: str) -> AtlasError:
    """404: no relationship has this GUID."""
    return AtlasError(404, "ATLAS-404-00-00C", f"Given relationship guid {guid} is invalid/not found")


def relationship_deleted(guid: str) -> AtlasError:
    """404: the relationship was deleted before."""
    message = f"Attempting to delete a relationship which is already deleted : {guid}"
    return AtlasError(404, "ATLAS-404-00-00F", message)


def unknown_relationship_type(name: object) -> AtlasError:
    """400: the relationship type does not exist."""
    return AtlasError(400, "ATLAS-400-00-028", f"invalid value: unknown relationship type'{_text(name)}'")


def missing_relationship_end(type_name: str) -> AtlasError:
    """400: an end of a relationship does not exist."""
    message = f"Relationship end is invalid. Expected {type_name} but is NULL"
    return AtlasError(400, "ATLAS-400-00-07D", message)


def relationship_exists(name: str, end1: str, end2: str) -> AtlasError:
    """409: the relationship between the two entities exists."""
    message = f"relationship {name} already exists between entities {end1} and {end2}"
    return AtlasError(409, "ATLAS-409-00-004", message)


def relationship_changed(guid: str) -> AtlasError:
    """404: the request changes the type or an end of a relationship."""
    message = f"change of relationship end is not permitted. relationship-guid={guid}"
    return AtlasError(404, "ATLAS-400-00-069", message)


def forbidden(user: str, operation: str) -> AtlasError:
    """403: the user is not authorized, or not authorized yet."""
    return AtlasError(403, "ATLAS-403-00-001", f"{user} is not authorized to perform {operation}")


def unknown_guid(guid: str) -> AtlasError:
    """404: no entity has this GUID."""
    return AtlasError(404, "ATLAS-404-00-005", f"Given instance guid {guid} is invalid/not found")


def invalid_instance(what: str) -> AtlasError:
    """404: an attribute is missing or has the wrong type."""
    message = f"Invalid instance creation/updation parameters passed : {what}"
    return AtlasError(404, "ATLAS-404-00-007", message)


def unknown_name(type_name: str, qualified_name: str) -> AtlasError:
    """404: no entity of this type has this qualifiedName."""
    message = f"Instance {type_name} with unique attribute {{qualifiedName={qualified_name}}} does not exist"
    return AtlasError(404, "ATLAS-404-00-009", message)


def unresolved_reference(reference: object) -> AtlasError:
    """404: a referenced entity does not exist."""
    return AtlasError(
        404, "ATLAS-404-00-00A", f"Referenced entity {format_object_id(reference)} is not found"
    )


def texts_too_long(attributes: Iterable[str], limit: int) -> AtlasError:
    """500: texts are too long. The metastore answers 500 although the client is at fault."""
    messages = [f"Attribute {name} exceeds limit of {limit} characters" for name in attributes]
    return AtlasError(500, "ATLAS-500-00-001", json.dumps(messages))


def unknown_tag(name: object) -> AtlasError:
    """404: no tag has this internal name."""
    return AtlasError(404, "ATLAS-404-00-008", f"Given classification {_text(name)} was invalid")


def tag_not_attached(name: str) -> AtlasError:
    """400: the entity does not have this tag."""
    return AtlasError(400, "ATLAS-400-00-06D", f"Classification {name} is not associated with entity")


def unknown_typedef(name: str) -> AtlasError:
    """404: no type definition has this name."""
    return AtlasError(404, "ATLAS-404-00-001", f"Given typename {name} was invalid")


def unknown_typedef_guid(guid: str) -> AtlasError:
    """404: no type definition has this GUID."""
    return AtlasError(404, "ATLAS-404-00-002", f"Given type guid {guid} was invalid")


def typedef_taken(name: str) -> AtlasError:
    """409: a type definition with this name exists."""
    return AtlasError(409, "ATLAS-409-00-001", f"Given type {name} already exists")


def display_name_taken(name: str) -> AtlasError:
    """409: a type definition with this display name exists."""
    return AtlasError(409, "ATLAS-409-00-012", f"Given type {name} already exists")


def tag_in_use(definition: Mapping[str, Any]) -> AtlasError:
    """409: entities have this tag."""
    names = f"{definition.get('displayName')} [{definition.get('name')}]"
    return AtlasError(409, "ATLAS-400-00-0016", f"Given classification {names} has references")


def typedef_in_use(name: str) -> AtlasError:
    """409: entities have values of this type."""
    return AtlasError(409, "ATLAS-409-00-002", f"Given type {name} has references")


def no_lineage_type(guid: str, type_name: str) -> AtlasError:
    """404: entities of this type have no lineage."""
    message = f"Given instance guid {guid} with type {type_name} is not a valid lineage entity type."
    return AtlasError(404, "ATLAS-404-00-011", message)


def unknown_path(path: str) -> AtlasError:
    """404: the resource does not exist."""
    return AtlasError(404, "ATLAS-404-00-019", f"{path} not found")


def name_taken(type_name: str, qualified_name: str) -> AtlasError:
    """409: another entity of the type has the new qualifiedName."""
    message = f"failed to update entity: {type_name} {qualified_name} exists already"
    return AtlasError(409, "ATLAS-409-00-003", message)


def format_object_id(reference: object) -> str:
    """Return a reference as the metastore prints it: the GUID, or `AtlasObjectId{…}`."""
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
