"""Credentials that connections use; Atlan never tells their secrets again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlan_pulumi.client._call import Call, segment
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import NotFoundError

_CREDENTIALS = "/api/service/credentials"


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
