"""Finding the entity that a reference means."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import invalid_reference, unknown_type, unresolved
from atlan_pulumi.local.graph._identity import is_assigned, is_placeholder
from atlan_pulumi.local.graph._session import Session
from atlan_pulumi.local.schema import is_known
from atlan_pulumi.local.store import Entity


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
