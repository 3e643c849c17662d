"""Credentials and OpenLineage events."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, answer, close

from atlan_pulumi.client import AtlanClient, AuthenticationError, EventsNotConfiguredError, NotFoundError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
PAYLOAD = {"name": "default-spark-1-0", "authType": "atlan_api_key", "connector": "spark"}
EVENT = {"eventType": "START", "run": {"runId": "r"}, "job": {"namespace": "n", "name": "j"}}


def test_credentials_are_created(scripted: Scripted) -> None:
    client, server = scripted(answer({"id": "c1", **PAYLOAD}))
    assert client.credentials.create(PAYLOAD)["id"] == "c1"
    (request,) = server.received
    assert (request.method, request.target) == ("POST", "/api/service/credentials?testCredential=true")
    assert request.json == PAYLOAD


def test_credentials_are_read_changed_and_archived(scripted: Scripted) -> None:
    client, server = scripted(answer({"id": "c/1"}), answer({"id": "c/1", "host": "h"}), answer(b"", 200))
    assert client.credentials.get("c/1") == {"id": "c/1"}
    assert client.credentials.update("c/1", {"host": "h"}) == {"id": "c/1", "host": "h"}
    client.credentials.delete("c/1")
    assert [(each.method, each.target) for each in server.received] == [
        ("GET", "/api/service/credentials/c%2F1"),
        ("POST", "/api/service/credentials/c%2F1"),
        ("POST", "/api/service/credentials/c%2F1/archive"),
    ]
    assert [each.json for each in server.received] == [None, {"host": "h"}, None]


def test_credentials_that_are_gone(scripted: Scripted) -> None:
    client, _ = scripted(answer({"code": "404", "message": "no such credential"}, 404))
    assert client.credentials.get("c1") is None
    client.credentials.delete("c1")
    with pytest.raises(NotFoundError, match="404: no such credential"):
        client.credentials.update("c1", {})


@pytest.mark.parametrize("body", ["", "accepted", {"any": "thing"}])
def test_events_are_taken_with_any_body(body: object, scripted: Scripted) -> None:
    client, server = scripted(answer(body, 202))
    client.events.emit("spark", EVENT)
    (request,) = server.received
    assert (request.method, request.target) == ("POST", "/events/openlineage/spark/api/v1/lineage")
    assert request.json == EVENT


def test_events_survive_a_network_fault(scripted: Scripted) -> None:
    client, server = scripted(close, answer("", 202))
    client.events.emit("spark", EVENT)
    assert [each.json for each in server.received] == [EVENT, EVENT]


def test_events_need_a_connection(scripted: Scripted) -> None:
    text = "Unauthorized: url path not configured to receive data, urlPath: /events/openlineage/spark"
    client, server = scripted(answer(text, 401))
    with pytest.raises(EventsNotConfiguredError) as caught:
        client.events.emit("spark", EVENT)
    message = str(caught.value)
    assert "Atlan takes no OpenLineage events of 'spark'" in message
    assert "create an OpenLineage connection of that connector first" in message
    assert caught.value.request_id == server.received[0].headers["x-atlan-request-id"]
    assert caught.value.request_id in message
    assert caught.value.status == 401


def test_events_need_the_right_key_too(scripted: Scripted) -> None:
    client, _ = scripted(answer({"code": "401", "message": "Unauthorized"}, 401))
    with pytest.raises(AuthenticationError, match="check atlan:apiKey"):
        client.events.emit("spark", EVENT)
