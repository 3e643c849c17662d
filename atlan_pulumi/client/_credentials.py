"""Credentials that connections use; Atlan never tells their secrets again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from atlan_pulumi.client._calls import Call, segment
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import NotFoundError

_CREDENTIALS = "/api/service/credentials"


class _Listed(BaseModel):
    records: Annotated[list[dict[str, Any]], BeforeValidator(lambda value: value or [])] = []


class Credentials:
    """Creates, reads, changes and archives credentials, as plain data with Atlan's names."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Create one, which Atlan tests first; the answer's `id` is its GUID.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        query = (("testCredential", "true"),)
        return self._transport.fetch(Call("POST", _CREDENTIALS, query, dict(payload)), dict[str, Any])

    def get(self, guid: str) -> dict[str, Any] | None:
        """One without its secrets; None when there is none of that GUID.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        try:
            return self._transport.fetch(Call("GET", _path(guid)), dict[str, Any])
        except NotFoundError:
            return None

    def named(self, name: str) -> list[dict[str, Any]]:
        """All of that name, without their secrets, the oldest first.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        query = (("filter", json.dumps({"name": name})), ("limit", "100"), ("offset", "0"))
        found = self._transport.fetch(Call("GET", _CREDENTIALS, query), _Listed).records
        same = [each for each in found if each.get("name") == name and each.get("id")]
        return sorted(same, key=lambda each: (each.get("createdAt") or 0, each["id"]))

    def update(self, guid: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Change one.

        Raises:
            NotFoundError: There is none of that GUID.
            AtlanRequestError: There is no usable answer.
        """
        return self._transport.fetch(Call("POST", _path(guid), body=dict(payload)), dict[str, Any])

    def delete(self, guid: str) -> None:
        """Archive one; one that is gone already is fine.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        try:
            self._transport.send(Call("POST", f"{_path(guid)}/archive", json_answer=False))
        except NotFoundError:
            return


def _path(guid: str) -> str:
    return f"{_CREDENTIALS}/{segment(guid)}"
