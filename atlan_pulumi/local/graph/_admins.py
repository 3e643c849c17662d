"""Connections keep at least one admin, and their qualifiedName; whoever creates one becomes an admin."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local._errors import no_admins
from atlan_pulumi.local.store import Entity

_LISTS = ("adminUsers", "adminGroups", "adminRoles")


def with_creator(values: dict[str, Any], user: str) -> dict[str, Any]:
    """A new connection's attributes, the creator among its admins."""
    users = values.get("adminUsers") or []
    return {**values, "adminUsers": users if user in users else [*users, user]}


def check_admins(connection: Entity, values: dict[str, Any]) -> dict[str, Any]:
    """An existing connection's new attributes, its qualifiedName kept.

    Raises:
        AtlasError: lists of admins were sent, and none would be left.
    """
    kept = {name: value for name, value in values.items() if name != "qualifiedName"}
    sent = [name for name in _LISTS if name in kept]
    if sent and not any(kept.get(name, connection.attributes.get(name)) for name in _LISTS):
        raise no_admins(connection.type_name)
    return kept
