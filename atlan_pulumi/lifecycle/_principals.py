"""Users and groups that properties name. Atlan writes any name, whether it exists or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle._inputs import InputProblem
from atlan_pulumi.lifecycle._values import has_unknown

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

_BLANK = "remove the blank at its beginning or end"


def unknown_owners(
    client: AtlanClient, declared: Mapping[str, Any], changed: Sequence[str]
) -> Iterator[InputProblem]:
    """Yield a problem for each owner in a changed list that Atlan does not know.

    An API key that may not list users and groups gets no such problems: it needs neither to write owners.

    Args:
        client: The tenant.
        declared: The declared properties.
        changed: The names of the changed ones.
    """
    from atlan_pulumi.client import PermissionDeniedError  # noqa: PLC0415 - imports the HTTP client

    try:
        yield from unknown_users(client, declared, changed, "owner_users")
        yield from unknown_groups(client, declared, changed, "owner_groups")
    except PermissionDeniedError:
        return


def unknown_users(
    client: AtlanClient, declared: Mapping[str, Any], changed: Sequence[str], name: str
) -> Iterator[InputProblem]:
    """Yield a problem for each user in a changed list that Atlan does not know."""
    for user in known_names(declared, name, changed):
        if not client.identities.user_exists(user):
            reason = _BLANK if client.identities.user_exists(user.strip()) else "use the user name"
            yield InputProblem(name, f"Atlan has no user {user!r} ({reason})")


def unknown_groups(
    client: AtlanClient, declared: Mapping[str, Any], changed: Sequence[str], name: str
) -> Iterator[InputProblem]:
    """Yield a problem for each group in a changed list that Atlan does not know."""
    for group in known_names(declared, name, changed):
        if not client.identities.group_exists(group):
            reason = _BLANK if client.identities.group_exists(group.strip()) else "use its internal name"
            yield InputProblem(name, f"Atlan has no group {group!r} ({reason})")


def known_names(declared: Mapping[str, Any], name: str, changed: Sequence[str]) -> list[str]:
    """Return the known elements of a changed list."""
    value = declared.get(name)
    if name not in changed or not isinstance(value, list):
        return []
    return [item for item in value if not has_unknown(item)]
