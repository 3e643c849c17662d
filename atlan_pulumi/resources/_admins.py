"""Administrators of a connection: roles by name or GUID, groups and users by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import (
    InputProblem,
    Props,
    is_guid,
    known_names,
    unknown_groups,
    unknown_users,
)
from atlan_pulumi.text import did_you_mean

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient


def role_guid(client: AtlanClient, role: str) -> str:
    """Return the GUID of a role, which is given by name or GUID.

    Raises:
        NotFoundError: Atlan has no role of that name.
    """
    return role if is_guid(role) else client.identities.role_id(role)


def role_names(client: AtlanClient, guids: Sequence[str], declared: Sequence[str]) -> list[str]:
    """Return roles in their declared form; others by name if they have one."""
    names = {guid: name for name, guid in client.identities.roles().items()}
    forms = {client.identities.roles().get(role, role): role for role in declared}
    return sorted(forms.get(guid) or names.get(guid) or guid for guid in guids)


def unknown_principals(
    client: AtlanClient, declared: Props, changed: Sequence[str]
) -> Iterator[InputProblem]:
    """Yield a problem for each administrator in a changed list that Atlan does not know."""
    for role in known_names(declared, "admin_roles", changed):
        if not is_guid(role) and role not in client.identities.roles():
            near = did_you_mean(role, client.identities.roles())
            yield InputProblem("admin_roles", f"Atlan has no role {role!r}{near}")
    yield from unknown_groups(client, declared, changed, "admin_groups")
    yield from unknown_users(client, declared, changed, "admin_users")
