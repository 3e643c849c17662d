"""Users and groups that properties name. Atlan writes any name, whether it exists or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    users = known_names(declared, name, changed)
    return _unknown(name, "Atlan has no user", users, client.identities.user_exists, "use the user name")


def unknown_groups(
    client: AtlanClient, declared: Mapping[str, Any], changed: Sequence[str], name: str
) -> Iterator[InputProblem]:
    """Yield a problem for each group in a changed list that Atlan does not know."""
    groups = known_names(declared, name, changed)
    return _unknown(
        name, "Atlan has no group", groups, client.identities.group_exists, "use its internal name"
    )


def _unknown(
    name: str, problem: str, principals: Sequence[str], exists: Callable[[str], bool], advice: str
) -> Iterator[InputProblem]:
    for principal in principals:
        if not exists(principal):
            reason = _BLANK if exists(principal.strip()) else advice
            yield InputProblem(name, f"{problem} {principal!r} ({reason})")


def known_names(declared: Mapping[str, Any], name: str, changed: Sequence[str]) -> list[str]:
    """Return the known elements of a changed list."""
    value = declared.get(name)
    if name not in changed or not isinstance(value, list):
        return []
    return [item for item in value if not has_unknown(item)]
