"""Roles, users, groups and API keys, as `/api/service` lists them."""

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
    """Who is known; names that a seed adds come with `add`.

    Args:
        keys: user name by API key. A name that starts with `service-account-` is a key's own account.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {_digest(key): name for key, name in keys.items()}
        people = [name for name in keys.values() if not name.startswith(_SERVICE_ACCOUNT)]
        self._users = list(dict.fromkeys([*_USERS, *people]))
        self._groups = list(_GROUPS)

    def add(self, users: list[str], groups: list[str]) -> None:
        """Make more users and groups known."""
        self._users = list(dict.fromkeys([*self._users, *users]))
        self._groups = list(dict.fromkeys([*self._groups, *groups]))

    def user_of(self, authorization: str) -> str | None:
        """The user behind an Authorization header; None when its key is not known."""
        scheme, _, key = authorization.partition(" ")
        return self._keys.get(_digest(key.strip())) if scheme.lower() == "bearer" else None

    def roles(self) -> list[dict[str, Any]]:
        """All roles."""
        return [
            {
                "id": _identifier("role", name),
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
        """All users, by name."""
        return [self.user(name) for name in sorted(self._users)]

    def user(self, name: str) -> dict[str, Any]:
        """One user."""
        return {
            "id": _identifier("user", name),
            "username": name,
            "email": f"{name}@example.com",
            "emailVerified": True,
            "enabled": True,
            "firstName": name,
            "lastName": "",
            "workspaceRole": "$admin",
        }

    def groups(self) -> list[dict[str, Any]]:
        """All groups, by name."""
        return [
            {
                "id": _identifier("group", name),
                "name": name,
                "alias": name,
                "path": f"/{name}",
                "userCount": 0,
            }
            for name in sorted(self._groups)
        ]

    def api_keys(self) -> list[dict[str, Any]]:
        """The service accounts of the API keys; never the keys."""
        names = sorted({name for name in self._keys.values() if name.startswith(_SERVICE_ACCOUNT)})
        return [
            {
                "id": _identifier("user", name),
                "clientId": name.removeprefix(_SERVICE_ACCOUNT),
                "displayName": name.removeprefix(_SERVICE_ACCOUNT),
                "attributes": {"clientId": name.removeprefix(_SERVICE_ACCOUNT)},
            }
            for name in names
        ]


def select(records: list[dict[str, Any]], condition: str) -> list[dict[str, Any]]:
    """The records that meet a `filter` parameter: JSON of names to values, `{"$ilike": …}`, `$and`, `$or`.

    Raises:
        ValueError: the filter is not JSON.
    """
    wanted = json.loads(condition) if condition else {}
    return [record for record in records if _meets(record, wanted)]


def _meets(record: dict[str, Any], wanted: Any) -> bool:
    for name, value in wanted.items():
        if name in ("$and", "$or"):
            join = all if name == "$and" else any
            if not join(_meets(record, one) for one in value):
                return False
        elif not _matches(record.get(name), value):
            return False
    return True


def _matches(held: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(held == wanted)
    return all(_TESTS.get(operator, _equal)(held, value) for operator, value in wanted.items())


def _equal(held: Any, value: Any) -> bool:
    return bool(held == value)


def _like(held: Any, value: Any) -> bool:
    return re.fullmatch(re.escape(str(value)).replace("%", ".*"), str(held or "")) is not None


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "$like": _like,
    "$ilike": lambda held, value: _like(str(held or "").lower(), str(value).lower()),
    "$in": lambda held, value: held in value,
    "$ne": lambda held, value: bool(held != value),
}


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _identifier(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"local-atlan:{kind}:{name}"))
