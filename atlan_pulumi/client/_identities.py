"""client.identities: roles, users, and groups by name."""

from __future__ import annotations

import difflib
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from atlan_pulumi.client._calls import Call
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import NotFoundError

_ROLES = "/api/service/roles"
_USERS = "/api/service/users"
_GROUPS = "/api/service/v2/groups"
_API_KEYS = "/api/service/apikeys"
_SERVICE_ACCOUNT = "service-account-"
_PAGE = 100
_Value = TypeVar("_Value")


class _RecordPage(BaseModel):
    records: list[dict[str, Any]] | None


class IdentityClient:
    """Looks up names. Each list is fetched once, and kept for the lifetime of the client."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._roles = _Once(self._fetch_roles)
        self._users = _Once(lambda: self._names(_USERS, "username", ("sort", "username")))
        self._groups = _Once(lambda: self._names(_GROUPS, "name", ("sort", "name")))
        self._api_keys: dict[str, bool] = {}

    def roles(self) -> dict[str, str]:
        """Return the GUIDs of the tenant's roles by name, such as `$admin`.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return dict(self._roles())

    def role_names(self) -> list[str]:
        """Return the names of the tenant's roles, sorted.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return sorted(self._roles())

    def role_id(self, name: str) -> str:
        """Return the GUID of a role.

        Raises:
            NotFoundError: The role does not exist; the message contains the nearest names.
            AtlanRequestError: Atlan gave no usable response.
        """
        roles = self._roles()
        if name not in roles:
            raise NotFoundError(f"Atlan has no role {name!r}{_suggestion(name, roles)}")
        return roles[name]

    def user_exists(self, name: str) -> bool:
        """Return whether a user, or the user of an API token (`service-account-…`), has this name.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        if name.startswith(_SERVICE_ACCOUNT):
            return self._api_key_exists(name)
        return name in self._users()

    def group_exists(self, name: str) -> bool:
        """Return whether a group has this internal name (not the display name).

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return name in self._groups()

    def _api_key_exists(self, name: str) -> bool:
        if name not in self._api_keys:
            client_id = name.removeprefix(_SERVICE_ACCOUNT)
            matching = ("filter", json.dumps({"clientId": client_id}))
            query = (("count", "true"), ("offset", "0"), ("limit", "5"), matching)
            self._api_keys[name] = bool(
                self._transport.fetch(Call("GET", _API_KEYS, query), _RecordPage).records
            )
        return self._api_keys[name]

    def _fetch_roles(self) -> dict[str, str]:
        workspace_roles = ("filter", json.dumps({"name": {"$ilike": "$%"}}))
        records = self._all(_ROLES, workspace_roles)
        whole = (record for record in records if record.get("name") and record.get("id"))
        return {str(record["name"]): str(record["id"]) for record in whole}

    def _names(self, path: str, key: str, *parameters: tuple[str, str]) -> frozenset[str]:
        return frozenset(str(record[key]) for record in self._all(path, *parameters) if record.get(key))

    def _all(self, path: str, *parameters: tuple[str, str]) -> list[dict[str, Any]]:
        """Return the records of all pages.

        The list ends with an empty page, or with one that repeats the page before.
        """
        found: list[dict[str, Any]] = []
        last: list[dict[str, Any]] = []
        while True:
            paging = (("count", "true"), ("offset", str(len(found))), ("limit", str(_PAGE)))
            page = self._transport.fetch(Call("GET", path, (*parameters, *paging)), _RecordPage).records
            if not page or page == last:
                return found
            last = page
            found += page


class _Once(Generic[_Value]):
    """A value that is fetched on first use; concurrent callers wait for it."""

    def __init__(self, fetch: Callable[[], _Value]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._kept: list[_Value] = []

    def __call__(self) -> _Value:
        with self._lock:
            if not self._kept:
                self._kept.append(self._fetch())
            return self._kept[0]


def _suggestion(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return f": did you mean {' or '.join(repr(each) for each in near)}?"
    return f"; it has {', '.join(repr(each) for each in names[:10]) or 'none'}"
