"""Requests of `client.events`."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, answer, close

from atlan_pulumi.client import AtlanClient, AuthenticationError, EventsNotConfiguredError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
EVENT = {"eventType": "START", "run": {"runId": "r"}, "job": {"namespace": "n", "name": "j"}}


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
