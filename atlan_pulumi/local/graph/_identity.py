"""Find the entity of a payload by GUID, or else by type and qualifiedName, or else create it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._errors import invalid_instance, invalid_reference, unknown_type, unresolved_reference
from atlan_pulumi.local.graph._payload import Payload
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import StoredEntity
from atlan_pulumi.naming.asset_types import is_asset_type


@dataclass(frozen=True, slots=True)
class Entry:
    """A payload and the entity that it creates or updates."""

    payload: Payload
    entity: StoredEntity


def is_assigned(guid: str) -> bool:
    """Check whether the server assigned this GUID (it is no placeholder of a client)."""
    if not guid or guid[0] == "-":
        return False
    try:
        uuid.UUID(guid)
    except ValueError:
        return False
    return True


def is_placeholder(guid: str) -> bool:
    """Check whether this GUID is a placeholder of a client, for references within one request."""
    return guid.startswith("-")


def match_entity(session: Session, payload: Payload) -> Entry:
    """Find or create the entity of a payload.

    Raises:
        AtlasError: the type or the GUID is unknown, the GUID is invalid, or a new entity has no
            qualifiedName.
    """
    if not is_asset_type(payload.type_name):
        raise unknown_type(payload.type_name)
    guid = payload.guid
    assigned = is_assigned(guid)
    if not assigned and not is_placeholder(guid):
        raise invalid_reference(f"invalid guid {guid}")
    entity = session.get(guid) if assigned else None
    name = payload.qualified_name
    if entity is None and name is not None:
        entity = session.find(payload.type_name, name)
    if entity is None:
        entity = _create_entity(session, payload, assigned=assigned)
    return Entry(payload, entity)


def _create_entity(session: Session, payload: Payload, *, assigned: bool) -> StoredEntity:
    if assigned:
        raise unresolved_reference(payload.guid)
    if payload.qualified_name is None:
        raise invalid_instance(missing_attribute(payload.type_name, "qualifiedName"))
    return session.create(payload.type_name, payload.qualified_name)


def missing_attribute(type_name: str, attribute: str) -> str:
    """Return the message of the server about a mandatory attribute without a value."""
    return f"{type_name}.{attribute}: mandatory attribute value missing in type {type_name}"


def resolve_reference(
    session: Session, reference: Any, placeholders: dict[str, StoredEntity]
) -> StoredEntity:
    """Return the referenced entity: by GUID, placeholder of this request, or type and qualifiedName.

    A GUID takes precedence over a qualifiedName and ignores the type. A qualifiedName refers only to entities
    from before the request. Placeholders work in any order.

    Raises:
        AtlasError: the reference is invalid, or the entity does not exist.
    """
    if not isinstance(reference, dict) or not reference.get("typeName"):
        raise invalid_reference(reference)
    guid = str(reference.get("guid") or "")
    if guid and (is_placeholder(guid) or is_assigned(guid)):
        found = placeholders.get(guid) or session.get(guid)
    else:
        found = _find_by_name(session, reference)
    if found is None:
        raise unresolved_reference(reference)
    return found


def _find_by_name(session: Session, reference: dict[str, Any]) -> StoredEntity | None:
    unique = reference.get("uniqueAttributes")
    name = unique.get("qualifiedName") if isinstance(unique, dict) else None
    if name is None:
        raise invalid_reference(reference)
    if not is_asset_type(reference["typeName"]):
        raise unknown_type(reference["typeName"])
    return session.find_reference_target(reference["typeName"], str(name))
