"""Concurrent calls of one kind share a request: shown with look-ups by name."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlsplit

import pytest
from client.callers import waiting
from client.clocks import HeldClock
from client.entities import CONNECTION, process
from client.scripted_server import Connection, ScriptedServer, Step, raw, respond
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, AuthenticationError, ClientSettings, RateLimitedError

NewServer = Callable[..., ScriptedServer]
NO_SUCH_NAME = {"errorCode": "ATLAS-404-00-009", "errorMessage": "no such entity"}


def name(number: int) -> str:
    return f"{CONNECTION}/p{number}"


def found(*numbers: int) -> dict[str, object]:
    """A response with processes."""
    return {"entities": [process(number, onto="x").to_wire() for number in numbers]}


def sent(server: ScriptedServer) -> list[list[str]]:
    """Return the names in each request, in the order of the requests."""
    return [
        [value for key, value in parse_qsl(urlsplit(each.target).query) if key.startswith("attr")]
        for each in server.received
    ]


def test_a_look_up_that_need_not_wait_is_sent_alone(new_server: NewServer) -> None:
    server = new_server(respond({"entity": process(0, onto="x").to_wire()}))
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=10)
    with AtlanClient(settings, clock=HeldClock()) as client:
        assert client.entities.get_namesake("Process", name(0))
    assert server.received[0].target.startswith("/api/meta/entity/uniqueAttribute/type/Process?attr:")


def test_none_of_the_names_exists(new_server: NewServer) -> None:
    server = new_server(respond(NO_SUCH_NAME, 404))
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Process", name(1))
        callers.finish()
    assert callers.results == {0: None, 1: None}
    assert sent(server) == [[name(0), name(1)]]


def test_each_caller_gets_its_own(new_server: NewServer) -> None:
    server = new_server(respond(found(2, 0)))
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Process", name(1))
        callers.look_up("Process", name(2))
        callers.finish()
    assert {number: entity and entity.qualified_name for number, entity in callers.results.items()} == {
        0: name(0),
        1: None,
        2: name(2),
    }


def test_look_ups_of_other_types_and_of_the_same_name_are_separate(new_server: NewServer) -> None:
    server = new_server(respond({"entity": process(0, onto="x").to_wire(), **found(0, 1)}))
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Table", name(1), joins=False)
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Process", name(1))
        callers.finish()
    assert sorted(sent(server)) == [[name(0)], [name(0), name(1)], [name(1)]]


@pytest.mark.parametrize(("length", "most"), [(1, 100), (900, 8)])
def test_a_shared_request_fits_into_a_url(length: int, most: int, new_server: NewServer) -> None:
    names = [f"{number:03d}" + "x" * length for number in range(most + 1)]
    server = new_server(respond(NO_SUCH_NAME, 404))
    with waiting(server) as callers:
        for number, each in enumerate(names):
            callers.look_up("Process", each, joins=number not in {0, most})
        callers.finish()
    assert sorted(map(len, sent(server))) == [1, most]
    assert max(len(each.target) for each in server.received) <= 7600


@pytest.mark.parametrize(
    "fault",
    [
        respond({"errorCode": "ATLAS-403-00-001", "errorMessage": "not that one"}, 403),
        respond({"errorCode": "X-404", "errorMessage": "another reason"}, 404),
        respond({}, 500),
        respond({}, 504),
        respond(["another shape"]),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        raw(b""),
    ],
    ids=["403", "404", "500", "504", "shape", "truncated", "closed"],
)
def test_a_failed_shared_request_is_sent_again_per_caller(fault: Step, new_server: NewServer) -> None:
    """For example, the key may not read an entity that another resource has."""
    server = new_server(fault, respond(NO_SUCH_NAME, 404))
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Process", name(1))
        callers.finish()
    together, *alone = sent(server)
    assert together == [name(0), name(1)]
    assert sorted(alone) == [[name(0)], [name(1)]]
    assert callers.results == {0: None, 1: None}


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (429, RateLimitedError)])
def test_errors_that_concern_all_callers_reach_each_of_them(
    status: int, error: type[Exception], new_server: NewServer
) -> None:
    server = new_server(
        respond({"errorCode": "X-1", "errorMessage": "no"}, status, headers={"Retry-After": "120"})
    )
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Process", name(1))
        callers.finish()
    assert {tuple(names) for names in sent(server)} == {(name(0), name(1))}, "no single request"
    assert [type(callers.errors[number]) for number in (0, 1)] == [error, error]
    assert callers.errors[0] is not callers.errors[1]


def test_the_error_of_a_single_look_up_is_its_own(new_server: NewServer) -> None:
    server = new_server(respond({"errorCode": "X-403", "errorMessage": "not that one"}, 403))
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.finish()
    assert "not that one" in str(callers.errors[0])
    assert len(server.received) == 1


def test_an_interrupted_leader_does_not_lose_the_look_ups_of_others(new_server: NewServer) -> None:
    server = new_server(respond(NO_SUCH_NAME, 404))
    with waiting(server) as callers:
        callers.look_up("Process", name(0), joins=False)
        callers.look_up("Process", name(1))
        callers.finish(interrupt=KeyboardInterrupt)
    assert sent(server) == [[name(1)]]
    assert isinstance(callers.errors[0], KeyboardInterrupt)
    assert callers.results == {1: None}


def test_a_call_during_a_request_is_not_part_of_it(new_server: NewServer) -> None:
    sent_first, answer = threading.Event(), threading.Event()

    def first(connection: Connection) -> None:
        sent_first.set()
        assert answer.wait(20)
        respond(NO_SUCH_NAME, 404)(connection)

    server = new_server(first, respond({"entity": process(1, onto="x").to_wire()}))
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0)
    with AtlanClient(settings, clock=HeldClock()) as client, ThreadPoolExecutor() as pool:
        early = pool.submit(client.entities.get_namesake, "Process", name(0))
        assert sent_first.wait(20)
        late = pool.submit(client.entities.get_namesake, "Process", name(1))
        assert late.result(20)
        answer.set()
        assert early.result(20) is None
    assert sent(server) == [[name(0)], [name(1)]]
