"""Concurrent writes share a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from client.callers import Callers, waiting
from client.clocks import HeldClock
from client.entities import CONNECTION, process, table
from client.scripted_server import ScriptedServer, Step, raw, respond
from pydantic import SecretStr

from atlan_pulumi.client import (
    AtlanClient,
    AuthenticationError,
    ClientSettings,
    Entity,
    NotFoundError,
    RateLimitedError,
)
from atlan_pulumi.local import LocalAtlan

NewServer = Callable[..., ScriptedServer]
BULK = "/api/meta/entity/bulk"


@pytest.fixture(scope="module")
def local() -> Iterator[LocalAtlan]:
    with LocalAtlan() as server:
        yield server


def sent(server: LocalAtlan | ScriptedServer) -> list[list[str]]:
    """Return the names in each write, in the order of the requests."""
    if isinstance(server, ScriptedServer):
        bodies = [each.json for each in server.received]
    else:
        bodies = [each["body"] for each in server.requests() if each["path"] == BULK]
    return [[entity["attributes"]["name"] for entity in body["entities"]] for body in bodies]


def test_concurrent_writes_share_a_request(local: LocalAtlan) -> None:
    local._current.context.stats.clear()
    with waiting(local) as callers:
        callers.write(table("a0"), joins=False)
        for number in range(1, 20):
            callers.write(table(f"a{number}", guid="-1" if number % 2 else None))
        callers.finish()
    assert sent(local) == [[f"Ta{number}" for number in range(20)]]
    guids = [callers.results[number].guid_of("Table", f"{CONNECTION}/A/B/Ta{number}") for number in range(20)]
    assert len(set(guids)) == 20
    for number in range(1, 20, 2):
        assert callers.results[number].guid_assignments == {"-1": guids[number]}
    for number in range(0, 20, 2):
        assert callers.results[number].guid_assignments == {}


def test_a_write_that_need_not_wait_is_sent_unchanged(new_server: NewServer) -> None:
    server, clock = new_server(respond({"guidAssignments": {"-7": "g"}})), HeldClock()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=10)
    with AtlanClient(settings, clock=clock) as client:
        assert client.entities.upsert([table(1, guid="-7")]).guid_assignments == {"-7": "g"}
    assert server.received[0].json == {"entities": [table(1, guid="-7").to_wire()]}


def test_consecutive_writes_are_separate_requests(new_server: NewServer) -> None:
    server, clock = new_server(respond({})), HeldClock()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0)
    with AtlanClient(settings, clock=clock) as client:
        for number in range(3):
            client.entities.upsert([table(number)])
    assert sent(server) == [["T0"], ["T1"], ["T2"]]


def test_only_the_caller_whose_entity_is_rejected_gets_the_error(local: LocalAtlan) -> None:
    with waiting(local) as callers:
        with AtlanClient(ClientSettings(local.base_url, SecretStr(local.api_key))) as other:
            other.entities.upsert([table("existing")])
        local._current.context.stats.clear()
        callers.write(process(0, onto="Texisting"), joins=False)
        callers.write(process(1, onto="Tnope"))
        callers.write(process(2, onto="Texisting"))
        callers.finish()
    assert len(sent(local)) == 4, "one shared request, and three single ones"
    assert set(callers.results) == {0, 2}
    assert isinstance(callers.errors[1], NotFoundError)
    assert callers.results[2].guid_of("Process", f"{CONNECTION}/p2")


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (429, RateLimitedError)])
def test_errors_that_concern_all_callers_reach_each_of_them(
    status: int, error: type[Exception], new_server: NewServer
) -> None:
    server = new_server(
        respond({"errorCode": "X-1", "errorMessage": "no"}, status, headers={"Retry-After": "120"})
    )
    with waiting(server) as callers:
        callers.write(table(0), joins=False)
        callers.write(table(1))
        callers.finish()
    assert {tuple(names) for names in sent(server)} == {("T0", "T1")}, "no single request"
    assert [type(callers.errors[number]) for number in (0, 1)] == [error, error]
    first, second = callers.errors[0], callers.errors[1]
    assert first is not second
    assert (str(first), vars(first)) == (str(second), vars(second))
    assert vars(first)["code"] == "X-1"


@pytest.mark.parametrize(
    "fault",
    [
        respond({"errorCode": "ATLAS-403-00-001", "errorMessage": "not on that connection"}, 403),
        respond({}, 501),
        respond({}, 500),
        respond({}, 504),
        respond({}, 307, headers={"Location": "/login"}),
        respond(["another shape"]),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        raw(b""),
    ],
    ids=["403", "501", "500", "504", "redirect", "shape", "empty", "truncated", "closed"],
)
def test_a_failed_shared_request_is_sent_again_per_caller(fault: Step, new_server: NewServer) -> None:
    """For example, a proxy may close the connection because of a word in another caller's SQL."""
    server = new_server(fault, respond({}))
    with waiting(server) as callers:
        callers.write(table(0), joins=False)
        callers.write(table(1))
        callers.finish()
    together, *alone = sent(server)
    assert together == ["T0", "T1"]
    assert sorted(alone) == [["T0"], ["T1"]]
    assert set(callers.results) == {0, 1}


def test_a_blocked_shared_request_is_retried_as_one(new_server: NewServer) -> None:
    server = new_server(respond({}, 429, headers={"Retry-After": "1"}), respond({}))
    with waiting(server) as callers:
        callers.write(table(0), joins=False)
        callers.write(table(1))
        callers.finish()
    assert sent(server) == [["T0", "T1"], ["T0", "T1"]]


def test_writes_of_the_same_name_do_not_share_a_request(new_server: NewServer) -> None:
    server = new_server(respond({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(Entity(type_name="View", attributes=table(1).attributes), joins=False)
        callers.finish()
    assert sorted(sent(server)) == [["T1"], ["T1"]]


def test_writes_with_different_options_do_not_share_a_request(new_server: NewServer) -> None:
    server = new_server(respond({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(table(2), fresh_connection=True, joins=False)
        callers.write(table(3), fresh_connection=True)
        callers.write(table(4))
        callers.finish()
    assert sorted(sent(server)) == [["T1", "T4"], ["T2", "T3"]]


def test_entities_that_refer_to_each_other_do_not_share_a_request(new_server: NewServer) -> None:
    server = new_server(respond({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(table(2, guid="-1"), table(3, guid="-2"), joins=False)
        callers.write(table(4), table(5), joins=False)
        callers.write(table(6), table(7, guid="some-guid"))
        callers.finish()
    assert sorted(sent(server)) == [["T1"], ["T2", "T3"], ["T4", "T5", "T6", "T7"]]
    pair = next(each.json for each in server.received if len(each.json["entities"]) == 2)
    assert [entity["guid"] for entity in pair["entities"]] == ["-1", "-2"]


def test_a_shared_request_stays_within_the_limits(new_server: NewServer) -> None:
    server = new_server(respond({}))
    with waiting(server) as callers:
        callers.write(*[table(number) for number in range(40)], joins=False)
        callers.write(*[table(number) for number in range(40, 50)])
        callers.write(table(50), joins=False)
        callers.write(table(51, labels=["x" * 600_000]))
        callers.write(table(52, labels=["x" * 600_000]), joins=False)
        callers.finish()
    assert sorted(map(len, sent(server))) == [1, 2, 50]


def test_writes_that_wait_for_a_block_share_a_request(new_server: NewServer) -> None:
    server, clock = new_server(respond({})), HeldClock()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0)
    with AtlanClient(settings, clock=clock) as client:
        client._transport._limiter.block(60, clock.now)
        callers = Callers(client, clock)
        callers.write(table(1), joins=False)
        callers.write(table(2))
        callers.finish()
    assert sent(server) == [["T1", "T2"]]


def test_an_interrupted_leader_does_not_lose_the_writes_of_others(new_server: NewServer) -> None:
    server = new_server(respond({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(table(2))
        callers.finish(interrupt=KeyboardInterrupt)
    assert sent(server) == [["T2"]]
    assert isinstance(callers.errors[0], KeyboardInterrupt)
    assert set(callers.results) == {1}
