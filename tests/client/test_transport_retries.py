"""Which responses are retried, how, and for how long."""

from collections.abc import Callable
from email.utils import formatdate

import pytest
from client.clocks import LeapingClock
from client.scripted_server import ScriptedServer, reset, respond

from atlan_pulumi.client import (
    AtlanClient,
    Entity,
    NetworkError,
    PermissionDeniedError,
    RateLimitedError,
    ServerError,
)

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
FOUND = respond({"entity": {"typeName": "Table", "guid": "g"}})
TABLE = Entity(type_name="Table", attributes={"qualifiedName": "c/T"})


def busy(retry_after: str | None = None, **body: str) -> object:
    return respond(
        body or "slow down", 429, headers={"retry-after": retry_after} if retry_after is not None else {}
    )


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
def test_server_errors_are_retried(status: int, scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(respond("oops", status), respond("oops", status), FOUND)
    assert client.entities.get("g") is not None
    assert len(server.received) == 3
    assert clock.slept[0] <= 0.5
    assert clock.slept[1] <= 1


def test_retries_are_limited(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(respond({"message": "down"}, 503))
    with pytest.raises(ServerError) as caught:
        client.entities.get("g")
    assert caught.value.attempts == len(server.received) == 10
    assert f"503: down (tried 10 times in {sum(clock.slept):.0f} s, request id" in str(caught.value)
    assert "try again later" in str(caught.value)


def test_a_503_honors_retry_after(scripted: Scripted, clock: LeapingClock) -> None:
    client, _ = scripted(respond("down", 503, headers={"retry-after": "17"}), FOUND)
    client.entities.get("g")
    assert clock.slept == [17]


@pytest.mark.parametrize(("deadline", "attempts"), [(34.0, 2), (34.3, 2), (34.6, 3)])
def test_no_attempt_starts_without_time_for_a_response(
    deadline: float, attempts: int, scripted: Scripted
) -> None:
    client, server = scripted(respond("down", 503, headers={"retry-after": "17"}), deadline=deadline)
    with pytest.raises(ServerError, match=f"503: down .tried {attempts} times"):
        client.entities.get("g")
    assert len(server.received) == attempts


def test_a_429_blocks_for_a_minute(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(busy(), FOUND)
    assert client.entities.get("g") is not None
    assert sum(clock.slept) == pytest.approx(60)
    assert len(server.received) == 2


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("5", 5), ("86400", 120), ("-3", 60), ("garbage", 60), ("9" * 400, 120)]
)
def test_a_429_honors_retry_after_within_limits(
    retry_after: str, seconds: float, scripted: Scripted, clock: LeapingClock
) -> None:
    client, _ = scripted(busy(retry_after), FOUND)
    client.entities.get("g")
    assert sum(clock.slept) == pytest.approx(seconds)


def test_a_429_honors_a_retry_after_date(scripted: Scripted, clock: LeapingClock) -> None:
    client, _ = scripted(busy(formatdate(clock.now + 33, usegmt=True)), FOUND)
    client.entities.get("g")
    assert sum(clock.slept) == pytest.approx(33, abs=1)


def test_a_retry_after_of_zero_still_backs_off(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(busy("0"))
    with pytest.raises(RateLimitedError):
        client.entities.get("g")
    assert len(server.received) == 10
    assert sum(clock.slept) > 1


def test_an_endless_block_is_an_error(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(busy())
    with pytest.raises(RateLimitedError) as caught:
        client.entities.get("g")
    assert "429: slow down (tried 5 times in 240 s" in str(caught.value)
    assert "lower atlan:requestsPerMinute" in str(caught.value)
    assert len(server.received) == 5


def test_a_block_applies_to_all_clients_of_a_tenant(
    scripted: Scripted, new_client: Callable[..., AtlanClient], clock: LeapingClock
) -> None:
    client, server = scripted(busy(), FOUND)
    other = new_client(server, requests_per_minute=100)
    with pytest.raises(RateLimitedError):
        new_client(server, deadline=1.0).entities.get("g")
    assert clock.slept == []
    assert other.entities.get("g") is not None
    assert client.entities.get("g") is not None
    assert clock.slept == [60]


def test_a_search_timeout_blocks_no_other_request(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(busy(errorCode="ATLAS-400-00-502", errorMessage="ES query timed out"), FOUND)
    assert client.entities.get("g") is not None
    assert sum(clock.slept) <= 0.5
    assert len(server.received) == 2


def test_a_403_is_not_retried(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(respond({"errorCode": "ATLAS-403-00-001", "errorMessage": "no"}, 403))
    with pytest.raises(PermissionDeniedError, match="403 ATLAS-403-00-001: no"):
        client.entities.upsert([TABLE])
    assert (len(server.received), clock.slept) == (1, [])


def test_a_403_in_a_fresh_connection_is_retried(scripted: Scripted) -> None:
    client, server = scripted(respond("no", 403), respond("no", 403), respond({}), respond("no", 403), FOUND)
    client.entities.upsert([TABLE], fresh_connection=True)
    assert len(server.received) == 3
    assert client.entities.get("g", fresh_connection=True) is not None
    assert len(server.received) == 5


def test_retries_in_a_fresh_connection_are_limited(scripted: Scripted) -> None:
    client, _ = scripted(respond("no", 403))
    with pytest.raises(PermissionDeniedError, match="tried 10 times"):
        client.entities.get("g", fresh_connection=True)


def test_different_faults_are_retried(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(reset, respond("x", 500), busy("2"), respond("x", 504), reset, FOUND)
    assert client.entities.get("g") is not None
    assert len(server.received) == 6


@pytest.mark.parametrize("status", [200, 202, 204, 400, 404, 405, 409, 429, 500, 501, 503])
def test_ping_accepts_any_response(status: int, scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(respond("whatever", status) if status != 204 else respond(b"", 204))
    client.ping()
    assert [each.target for each in server.received] == ["/api/service/whoami"]
    assert clock.slept == []


def test_ping_raises_for_a_refused_key(scripted: Scripted) -> None:
    for status in (401, 403):
        client, server = scripted(respond({"message": "no"}, status))
        with pytest.raises(Exception, match=f"GET /api/service/whoami: {status}: no"):
            client.ping()
        assert len(server.received) == 1


def test_ping_raises_for_a_login_page(scripted: Scripted) -> None:
    client, _ = scripted(respond("<html>"))
    with pytest.raises(Exception, match="a login page or proxy answered instead of Atlan"):
        client.ping()
    client, _ = scripted(respond(b"", 302, headers={"location": "/login"}))
    with pytest.raises(Exception, match="redirects to /login"):
        client.ping()


def test_ping_retries_twice(scripted: Scripted, clock: LeapingClock) -> None:
    client, server = scripted(reset)
    with pytest.raises(NetworkError, match="tried 3 times"):
        client.ping()
    assert len(server.received) == 3
    assert sum(clock.slept) <= 1.5
