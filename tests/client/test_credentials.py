"""Requests of `client.credentials`."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, respond

from atlan_pulumi.client import AtlanClient, NotFoundError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
PAYLOAD = {"name": "default-spark-1-0", "authType": "atlan_api_key", "connector": "spark"}


def test_credentials_are_created(scripted: Scripted) -> None:
    client, server = scripted(respond({"id": "c1", **PAYLOAD}))
    assert client.credentials.create(PAYLOAD)["id"] == "c1"
    (request,) = server.received
    assert (request.method, request.target) == ("POST", "/api/service/credentials?testCredential=true")
    assert request.json == PAYLOAD


def test_credentials_are_read_changed_and_archived(scripted: Scripted) -> None:
    client, server = scripted(respond({"id": "c/1"}), respond({"id": "c/1", "host": "h"}), respond(b"", 200))
    assert client.credentials.get("c/1") == {"id": "c/1"}
    assert client.credentials.update("c/1", {"host": "h"}) == {"id": "c/1", "host": "h"}
    client.credentials.delete("c/1")
    assert [(each.method, each.target) for each in server.received] == [
        ("GET", "/api/service/credentials/c%2F1"),
        ("POST", "/api/service/credentials/c%2F1"),
        ("POST", "/api/service/credentials/c%2F1/archive"),
    ]
    assert [each.json for each in server.received] == [None, {"host": "h"}, None]


def test_missing_credentials(scripted: Scripted) -> None:
    client, _ = scripted(respond({"code": "404", "message": "no such credential"}, 404))
    assert client.credentials.get("c1") is None
    client.credentials.delete("c1")
    with pytest.raises(NotFoundError, match="404: no such credential"):
        client.credentials.update("c1", {})
