"""`connection-admins`: connections have more than one admin, and all required admins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pulumi_policy import Severity
from pydantic import Field

from atlan_pulumi.declared import UNKNOWN, Declared, has_unknown
from atlan_pulumi.policies._rule import ResourceRule
from atlan_pulumi.policies._rule_settings import NonBlank, Settings

_USERS, _GROUPS, _ROLES = "admin_users", "admin_groups", "admin_roles"


class ConnectionAdminsSettings(Settings):
    """The settings of `connection-admins`."""

    allow_single_user: Annotated[bool, Field(description="Whether a single user may be the only admin.")] = (
        False
    )
    required_groups: Annotated[
        list[NonBlank], Field(description="Internal names of groups that must be admins of each connection.")
    ] = Field(default_factory=list)
    required_roles: Annotated[
        list[NonBlank],
        Field(description="Roles that must be admins of each connection, as in programs: `$admin`."),
    ] = Field(default_factory=list)


class ConnectionAdmins(ResourceRule[ConnectionAdminsSettings]):
    """A connection has a group, a role, or several users as admins, and all required admins.

    Why: only the admins of a connection can change its assets and its access. If the only admin leaves,
    nobody can.

    Passes:
        ```python
        import atlan_pulumi as atlan

        atlan.Connection(
            "etl",
            name="etl",
            connector="airflow",
            qualified_name="default/airflow/1657025300",
            admin_users=["alice"],
            admin_roles=["$admin"],
        )
        ```

    Fails:
        ```python
        import atlan_pulumi as atlan

        atlan.Connection(
            "etl",
            name="etl",
            connector="airflow",
            qualified_name="default/airflow/1657025300",
            admin_users=["alice"],
        )
        ```

    Configuration:
        ```json
        {
          "connection-admins": {
            "enforcementLevel": "mandatory",
            "requiredRoles": ["$admin"]
          }
        }
        ```
    """

    settings = ConnectionAdminsSettings
    description = "Connections must have more than one admin, and all required admins."
    severity = Severity.MEDIUM

    def check(self, resource: Declared, settings: ConnectionAdminsSettings) -> Iterator[str]:
        """Yield a single admin, and each required admin that is missing."""
        if not resource.is_connection:
            return
        users, groups, roles = (_names(resource.props.get(name)) for name in (_USERS, _GROUPS, _ROLES))
        single = len(users) == 1 and resource.props.get(_USERS) is not UNKNOWN
        if single and not groups and not roles and not settings.allow_single_user:
            what = "a single user is the only admin"
            yield f"{resource}: {_USERS}: {what}: add a group or a role, or a second user"
        for property_, given, required in (
            (_GROUPS, groups, settings.required_groups),
            (_ROLES, roles, settings.required_roles),
        ):
            missing = [] if has_unknown(given) else [each for each in required if each not in given]
            yield from (f"{resource}: {property_}: {each!r} is missing: add it" for each in missing)


connection_admins = ConnectionAdmins()


def _names(value: Any) -> list[Any]:
    """Return the names; for an unknown list, one unknown name."""
    if value is UNKNOWN:
        return [UNKNOWN]
    return value if isinstance(value, list) else []
