"""client.credentials: credentials of connections. Atlan never returns their secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from atlan_pulumi.client._calls import Call, quote_segment
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import NotFoundError

_CREDENTIALS = "/api/service/credentials"


class _CredentialPage(BaseModel):
    records: Annotated[list[dict[str, Any]], BeforeValidator(lambda value: value or [])] = []


class CredentialClient:
    """Creates, reads, updates, and archives credentials, as plain data with Atlan's names."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Create a credential, which Atlan tests first; the `id` in the response is its GUID.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        query = (("testCredential", "true"),)
        return self._transport.fetch(Call("POST", _CREDENTIALS, query, dict(payload)), dict[str, Any])

    def get(self, guid: str) -> dict[str, Any] | None:
        """Return a credential without its secrets; None if the GUID does not exist.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        try:
            return self._transport.fetch(Call("GET", _credential_path(guid)), dict[str, Any])
        except NotFoundError:
            return None

    def find_by_name(self, name: str) -> list[dict[str, Any]]:
        """Return all credentials with this name, without their secrets, the oldest first.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        query = (("filter", json.dumps({"name": name})), ("limit", "100"), ("offset", "0"))
        found = self._transport.fetch(Call("GET", _CREDENTIALS, query), _CredentialPage).records
        same = [each for each in found if each.get("name") == name and each.get("id")]
        return sorted(same, key=lambda each: (each.get("createdAt") or 0, each["id"]))

    def update(self, guid: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Update a credential.

        Raises:
            NotFoundError: The GUID does not exist.
            AtlanRequestError: Atlan gave no usable response.
        """
        return self._transport.fetch(Call("POST", _credential_path(guid), body=dict(payload)), dict[str, Any])

    def delete(self, guid: str) -> None:
        """Archive a credential; one that no longer exists is skipped.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        try:
            self._transport.send(Call("POST", f"{_credential_path(guid)}/archive", expects_json=False))
        except NotFoundError:
            return


def _credential_path(guid: str) -> str:
    return f"{_CREDENTIALS}/{quote_segment(guid)}"
