"""Roles, users, groups, and API keys of `/api/service`."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

_ROLES = ("$admin", "$member", "$guest", "$api-token-default-access")
_USERS = ("jsmith", "jdoe")
_GROUPS = ("group1", "group2")
_SERVICE_ACCOUNT = "service-account-"


class Directory:
    """All roles, users, groups, and API keys. `add` adds names from a seed.

    Args:
        keys: the user name of each API key. A name with the prefix `service-account-` is a service account.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {_digest(key): name for key, name in keys.items()}
        people = [name for name in keys.values() if not name.startswith(_SERVICE_ACCOUNT)]
        self._users = list(dict.fromkeys([*_USERS, *people]))
        self._groups = list(_GROUPS)

    def add(self, users: list[str], groups: list[str]) -> None:
        """Add users and groups."""
        self._users = list(dict.fromkeys([*self._users, *users]))
        self._groups = list(dict.fromkeys([*self._groups, *groups]))

    def user_of(self, authorization: str) -> str | None:
        """Return the user of an Authorization header, or None if the key is unknown."""
        scheme, _, key = authorization.partition(" ")
        return self._keys.get(_digest(key.strip())) if scheme.lower() == "bearer" else None

    def roles(self) -> list[dict[str, Any]]:
        """Return all roles."""
        return [
            {
                "id": _stable_id("role", name),
                "name": name,
                "description": f"{name.strip('$').replace('-', ' ').capitalize()} role",
                "clientRole": False,
                "level": "workspace",
                "memberCount": "0",
                "userCount": 0,
            }
            for name in _ROLES
        ]

    def users(self) -> list[dict[str, Any]]:
        """Return all users, sorted by name."""
        return [self.user(name) for name in sorted(self._users)]

    def user(self, name: str) -> dict[str, Any]:
        """Return one user."""
        return {
            "id": _stable_id("user", name),
            "username": name,
            "email": f"{name}@example.com",
            "emailVerified": True,
            "enabled": True,
            "firstName": name,
            "lastName": "",
            "workspaceRole": "$admin",
        }

    def groups(self) -> list[dict[str, Any]]:
        """Return all groups, sorted by name."""
        return [
            {
                "id": _stable_id("group", name),
                "name": name,
                "alias": name,
                "path": f"/{name}",
                "userCount": 0,
            }
            for name in sorted(self._groups)
        ]

    def api_keys(self) -> list[dict[str, Any]]:
        """Return the service accounts of the API keys, without the keys."""
        names = sorted({name for name in self._keys.values() if name.startswith(_SERVICE_ACCOUNT)})
        return [
            {
                "id": _stable_id("user", name),
                "clientId": name.removeprefix(_SERVICE_ACCOUNT),
                "displayName": name.removeprefix(_SERVICE_ACCOUNT),
                "attributes": {"clientId": name.removeprefix(_SERVICE_ACCOUNT)},
            }
            for name in names
        ]


def filter_records(records: list[dict[str, Any]], condition: str) -> list[dict[str, Any]]:
    """Return the records that match a `filter`: a JSON object of values, `{"$ilike": …}`, `$and`, and `$or`.

    Raises:
        ValueError: the filter is not JSON.
    """
    expected = json.loads(condition) if condition else {}
    return [record for record in records if _matches_filter(record, expected)]


def _matches_filter(record: dict[str, Any], expected: Any) -> bool:
    for name, value in expected.items():
        if name in ("$and", "$or"):
            join = all if name == "$and" else any
            if not join(_matches_filter(record, one) for one in value):
                return False
        elif not _matches_value(record.get(name), value):
            return False
    return True


def _matches_value(actual: Any, expected: Any) -> bool:
    if not isinstance(expected, dict):
        return bool(actual == expected)
    return all(_OPERATORS.get(operator, _equal)(actual, value) for operator, value in expected.items())


def _equal(actual: Any, value: Any) -> bool:
    return bool(actual == value)


def _like(actual: Any, value: Any) -> bool:
    return re.fullmatch(re.escape(str(value)).replace("%", ".*"), str(actual or "")) is not None


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$like": _like,
    "$ilike": lambda actual, value: _like(str(actual or "").lower(), str(value).lower()),
    "$in": lambda actual, value: actual in value,
    "$ne": lambda actual, value: bool(actual != value),
}


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _stable_id(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"local-atlan:{kind}:{name}"))
