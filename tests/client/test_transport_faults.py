"""Network and server faults, on real sockets."""

import gzip
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from client.clocks import LeapingClock
from client.scripted_server import ScriptedServer, close, drip, hang, raw, reset, respond, truncated
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity, NetworkError
from atlan_pulumi.client._rate_limit import SYSTEM_CLOCK

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
TABLE = {"typeName": "Table", "guid": "g", "attributes": {"qualifiedName": "c/T", "name": "T"}}
FOUND = {"entity": TABLE}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(reset, id="reset after reading"),
        pytest.param(close, id="closed without a response"),
        pytest.param(truncated(FOUND), id="truncated"),
        pytest.param(truncated(FOUND, declared=False), id="truncated without a declared length"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\ncontent-le"), id="truncated in the head"),
        pytest.param(raw(b"\x15\x03\x01\x00\x02\x02\x16"), id="not HTTP"),
        pytest.param(
            raw(b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"en'), id="truncated in a chunk"
        ),
        pytest.param(
            respond(gzip.compress(json.dumps(FOUND).encode())[:-20], headers={"content-encoding": "gzip"}),
            id="compressed and truncated",
        ),
        pytest.param(respond(b"not gzip at all", headers={"content-encoding": "gzip"}), id="not decodable"),
        pytest.param(hang, id="no response in time"),
    ],
)
def test_network_faults_are_retried(fault: object, scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(fault, fault, respond(FOUND), read_timeout=1.0 if fault is hang else 20.0)
    found = client.entities.get("g")
    assert found is not None
    assert found.qualified_name == "c/T"
    assert len(server.received) == 3
    assert len(clock.slept) == 2
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


@pytest.mark.parametrize("body", ["{", "[", '{"entity": {"typeName": "Table"}', '[{"a": 1}', '{"a": "b}'])
def test_incomplete_json_is_retried(body: str, scripted: Scripted) -> None:
    client, server = scripted(respond(body), respond(FOUND))
    assert client.entities.get("g") is not None
    assert len(server.received) == 2


def test_connections_reset_before_reading_are_retried(
    new_server: Callable[..., ScriptedServer], new_client: Callable[..., AtlanClient]
) -> None:
    server = new_server(respond(FOUND), refused_connections=3)
    assert new_client(server).entities.get("g") is not None
    assert [each.connection for each in server.received] == [4]


def test_a_connection_closed_while_idle_is_replaced(scripted: Scripted) -> None:
    client, server = scripted(respond(FOUND), reset, respond(FOUND))
    assert client.entities.get("g") is not None
    assert client.entities.get("g") is not None
    assert [each.connection for each in server.received] == [1, 1, 2]


def test_a_write_with_a_lost_response_is_repeated_unchanged(scripted: Scripted) -> None:
    client, server = scripted(close, respond({"guidAssignments": {"-1": "g"}}))
    result = client.entities.upsert([Entity(type_name="Table", attributes={"qualifiedName": "c/T"})])
    assert result.guid_assignments == {"-1": "g"}
    first, second = server.received
    assert (first.method, first.target, first.body) == (second.method, second.target, second.body)


def test_threads_share_connections(scripted: Scripted) -> None:
    client, server = scripted(respond(FOUND))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: client.entities.get("g"), range(60)))
    assert len(found) == 60
    assert all(each is not None for each in found)
    assert len({each.connection for each in server.received}) <= 4


def test_the_error_contains_attempts_and_duration(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(reset)
    with pytest.raises(NetworkError) as caught:
        client.entities.get("g")
    error, message = caught.value, str(caught.value)
    assert message.startswith("GET /api/meta/entity/guid/g: the connection broke")
    assert f"tried 10 times in {sum(clock.slept):.0f} s" in message
    assert f"request id {server.received[0].headers['x-atlan-request-id']}" in message
    assert "check the base URL" in message
    assert (error.attempts, error.status, error.code) == (10, None, None)
    assert len(server.received) == 10


def test_a_server_that_is_down_is_a_network_error(
    new_server: Callable[..., ScriptedServer], new_client: Callable[..., AtlanClient]
) -> None:
    server = new_server(respond())
    server.stop()
    with pytest.raises(
        NetworkError, match=r"GET /api/meta/entity/guid/g: no connection \(.*refused.*tried 10"
    ):
        new_client(server).entities.get("g")


def test_waits_grow_and_are_random(scripted: Scripted, clock: LeapingClock) -> None:
    client, _ = scripted(reset)
    with pytest.raises(NetworkError):
        client.entities.get("g")
    bounds = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert len(clock.slept) == len(bounds)
    assert all(0 <= slept <= bound for slept, bound in zip(clock.slept, bounds, strict=True))
    assert len(set(clock.slept)) == len(bounds)


def test_no_wait_extends_beyond_the_deadline(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(respond({}, 503, headers={"retry-after": "100"}), deadline=250.0)
    with pytest.raises(Exception, match="tried 3 times in 200 s"):
        client.entities.get("g")
    assert clock.slept == [100, 100]
    assert len(server.received) == 3


@pytest.mark.parametrize("fault", [hang, drip])
def test_an_endless_response_ends_at_the_deadline(
    fault: object, new_server: Callable[..., ScriptedServer]
) -> None:
    server, began = new_server(fault), time.monotonic()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0, deadline=0.4)
    with (
        AtlanClient(settings, clock=SYSTEM_CLOCK) as client,
        pytest.raises(NetworkError, match="in time"),
    ):
        client.entities.get("g")
    assert len(server.received) == 1
    assert time.monotonic() - began < 10
