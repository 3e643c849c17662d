"""Requests of `client.events`."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, close, respond

from atlan_pulumi.client import AtlanClient, AuthenticationError, EventsNotConfiguredError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
EVENT = {"eventType": "START", "run": {"runId": "r"}, "job": {"namespace": "n", "name": "j"}}


@pytest.mark.parametrize("body", ["", "accepted", {"any": "thing"}])
def test_any_response_body_is_accepted(body: object, scripted: Scripted) -> None:
    client, server = scripted(respond(body, 202))
    client.events.emit("spark", EVENT)
    (request,) = server.received
    assert (request.method, request.target) == ("POST", "/events/openlineage/spark/api/v1/lineage")
    assert request.json == EVENT


def test_emit_is_retried_after_a_network_error(scripted: Scripted) -> None:
    client, server = scripted(close, respond("", 202))
    client.events.emit("spark", EVENT)
    assert [each.json for each in server.received] == [EVENT, EVENT]


def test_emit_without_a_connection_is_an_error(scripted: Scripted) -> None:
    text = "Unauthorized: url path not configured to receive data, urlPath: /events/openlineage/spark"
    client, server = scripted(respond(text, 401))
    with pytest.raises(EventsNotConfiguredError) as caught:
        client.events.emit("spark", EVENT)
    message = str(caught.value)
    assert "Atlan does not accept OpenLineage events of 'spark'" in message
    assert "create an OpenLineage connection with that connector first" in message
    assert caught.value.request_id == server.received[0].headers["x-atlan-request-id"]
    assert caught.value.request_id in message
    assert caught.value.status == 401


def test_emit_with_a_wrong_key_is_an_error(scripted: Scripted) -> None:
    client, _ = scripted(respond({"code": "401", "message": "Unauthorized"}, 401))
    with pytest.raises(AuthenticationError, match="check atlan:apiKey"):
        client.events.emit("spark", EVENT)
