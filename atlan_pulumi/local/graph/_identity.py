"""Which entity a payload means: by its GUID, else by its type and qualifiedName, else a new one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._errors import invalid_instance, invalid_reference, unknown_type, unresolved
from atlan_pulumi.local.graph._payload import Payload
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.store import Entity
from atlan_pulumi.naming.asset_types import is_known


@dataclass(frozen=True, slots=True)
class Entry:
    """A payload and the entity that it creates or updates."""

    payload: Payload
    entity: Entity


def is_assigned(guid: str) -> bool:
    """Whether the server gave this GUID (and not a client, as a placeholder)."""
    if not guid or guid[0] == "-":
        return False
    try:
        uuid.UUID(guid)
    except ValueError:
        return False
    return True


def is_placeholder(guid: str) -> bool:
    """Whether a client made this GUID up, for references within one request."""
    return guid.startswith("-")


def match(session: Session, payload: Payload) -> Entry:
    """Find or make the entity of a payload.

    Raises:
        AtlasError: unknown type, unusable or unknown GUID, or no qualifiedName for a new entity.
    """
    if not is_known(payload.type_name):
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
        entity = _create(session, payload, assigned=assigned)
    return Entry(payload, entity)


def _create(session: Session, payload: Payload, *, assigned: bool) -> Entity:
    if assigned:
        raise unresolved(payload.guid)
    if payload.qualified_name is None:
        raise invalid_instance(missing(payload.type_name, "qualifiedName"))
    return session.create(payload.type_name, payload.qualified_name)


def missing(type_name: str, attribute: str) -> str:
    """What the server says of a mandatory attribute without a value."""
    return f"{type_name}.{attribute}: mandatory attribute value missing in type {type_name}"


def resolve(session: Session, reference: Any, placeholders: dict[str, Entity]) -> Entity:
    """The referenced entity: by GUID, by a placeholder of this request, else by type and qualifiedName.

    With both a GUID and a qualifiedName the GUID counts, and the type that is named does not matter.
    A qualifiedName means only what was there before the request; a placeholder works in any order.

    Raises:
        AtlasError: the reference is unusable or leads nowhere.
    """
    if not isinstance(reference, dict) or not reference.get("typeName"):
        raise invalid_reference(reference)
    guid = str(reference.get("guid") or "")
    if guid and (is_placeholder(guid) or is_assigned(guid)):
        found = placeholders.get(guid) or session.get(guid)
    else:
        found = _by_name(session, reference)
    if found is None:
        raise unresolved(reference)
    return found


def _by_name(session: Session, reference: dict[str, Any]) -> Entity | None:
    unique = reference.get("uniqueAttributes")
    name = unique.get("qualifiedName") if isinstance(unique, dict) else None
    if name is None:
        raise invalid_reference(reference)
    if not is_known(reference["typeName"]):
        raise unknown_type(reference["typeName"])
    return session.find_referenced(reference["typeName"], str(name))
