"""Writes that wait for their turn at the same time leave in one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from client.callers import Callers, waiting
from client.clocks import HeldClock
from client.entities import CONNECTION, process, table
from client.scripted_server import ScriptedServer, Step, answer, raw
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
    """The names in each write, in the order of the requests."""
    if isinstance(server, ScriptedServer):
        bodies = [each.json for each in server.received]
    else:
        bodies = [each["body"] for each in server.requests() if each["path"] == BULK]
    return [[entity["attributes"]["name"] for entity in body["entities"]] for body in bodies]


def test_who_waits_at_the_same_time_leaves_together(local: LocalAtlan) -> None:
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


def test_who_need_not_wait_leaves_alone_and_unchanged(new_server: NewServer) -> None:
    server, clock = new_server(answer({"guidAssignments": {"-7": "g"}})), HeldClock()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=10)
    with AtlanClient(settings, clock=clock) as client:
        assert client.entities.upsert([table(1, guid="-7")]).guid_assignments == {"-7": "g"}
    assert server.received[0].json == {"entities": [table(1, guid="-7").to_wire()]}


def test_who_comes_later_is_sent_too(new_server: NewServer) -> None:
    server, clock = new_server(answer({})), HeldClock()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0)
    with AtlanClient(settings, clock=clock) as client:
        for number in range(3):
            client.entities.upsert([table(number)])
    assert sent(server) == [["T0"], ["T1"], ["T2"]]


def test_an_error_reaches_only_the_one_at_fault(local: LocalAtlan) -> None:
    with waiting(local) as callers:
        with AtlanClient(ClientSettings(local.base_url, SecretStr(local.api_key))) as other:
            other.entities.upsert([table("there")])
        local._current.context.stats.clear()
        callers.write(process(0, onto="Tthere"), joins=False)
        callers.write(process(1, onto="Tnope"))
        callers.write(process(2, onto="Tthere"))
        callers.finish()
    assert len(sent(local)) == 4, "one together, and three alone"
    assert set(callers.results) == {0, 2}
    assert isinstance(callers.errors[1], NotFoundError)
    assert callers.results[2].guid_of("Process", f"{CONNECTION}/p2")


@pytest.mark.parametrize(("status", "error"), [(401, AuthenticationError), (429, RateLimitedError)])
def test_an_error_of_all_reaches_each(status: int, error: type[Exception], new_server: NewServer) -> None:
    server = new_server(
        answer({"errorCode": "X-1", "errorMessage": "no"}, status, headers={"Retry-After": "120"})
    )
    with waiting(server) as callers:
        callers.write(table(0), joins=False)
        callers.write(table(1))
        callers.finish()
    assert {tuple(names) for names in sent(server)} == {("T0", "T1")}, "nobody tries alone"
    assert [type(callers.errors[number]) for number in (0, 1)] == [error, error]
    first, second = callers.errors[0], callers.errors[1]
    assert first is not second
    assert (str(first), vars(first)) == (str(second), vars(second))
    assert vars(first)["code"] == "X-1"


@pytest.mark.parametrize(
    "fault",
    [
        answer({"errorCode": "ATLAS-403-00-001", "errorMessage": "not on that connection"}, 403),
        answer({}, 501),
        answer({}, 500),
        answer({}, 504),
        answer({}, 307, headers={"Location": "/login"}),
        answer(["of another shape"]),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        raw(b""),
    ],
    ids=["403", "501", "500", "504", "redirect", "shape", "empty", "cut off", "closed"],
)
def test_nobody_suffers_for_company(fault: Step, new_server: NewServer) -> None:
    """Such as for a proxy that closes the connection at a word in somebody else's SQL."""
    server = new_server(fault, answer({}))
    with waiting(server) as callers:
        callers.write(table(0), joins=False)
        callers.write(table(1))
        callers.finish()
    together, *alone = sent(server)
    assert together == ["T0", "T1"]
    assert sorted(alone) == [["T0"], ["T1"]]
    assert set(callers.results) == {0, 1}


def test_together_they_wait_out_a_block(new_server: NewServer) -> None:
    server = new_server(answer({}, 429, headers={"Retry-After": "1"}), answer({}))
    with waiting(server) as callers:
        callers.write(table(0), joins=False)
        callers.write(table(1))
        callers.finish()
    assert sent(server) == [["T0", "T1"], ["T0", "T1"]]


def test_two_writers_of_one_name_do_not_share_a_request(new_server: NewServer) -> None:
    server = new_server(answer({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(Entity(type_name="View", attributes=table(1).attributes), joins=False)
        callers.finish()
    assert sorted(sent(server)) == [["T1"], ["T1"]]


def test_only_what_has_the_same_options_goes_together(new_server: NewServer) -> None:
    server = new_server(answer({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(table(2), fresh_connection=True, joins=False)
        callers.write(table(3), fresh_connection=True)
        callers.write(table(4))
        callers.finish()
    assert sorted(sent(server)) == [["T1", "T4"], ["T2", "T3"]]


def test_entities_that_refer_to_each_other_go_alone(new_server: NewServer) -> None:
    server = new_server(answer({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(table(2, guid="-1"), table(3, guid="-2"), joins=False)
        callers.write(table(4), table(5), joins=False)
        callers.write(table(6), table(7, guid="some-guid"))
        callers.finish()
    assert sorted(sent(server)) == [["T1"], ["T2", "T3"], ["T4", "T5", "T6", "T7"]]
    pair = next(each.json for each in server.received if len(each.json["entities"]) == 2)
    assert [entity["guid"] for entity in pair["entities"]] == ["-1", "-2"]


def test_not_more_than_fit_into_one_request(new_server: NewServer) -> None:
    server = new_server(answer({}))
    with waiting(server) as callers:
        callers.write(*[table(number) for number in range(40)], joins=False)
        callers.write(*[table(number) for number in range(40, 50)])
        callers.write(table(50), joins=False)
        callers.write(table(51, labels=["x" * 600_000]))
        callers.write(table(52, labels=["x" * 600_000]), joins=False)
        callers.finish()
    assert sorted(map(len, sent(server))) == [1, 2, 50]


def test_who_waits_for_the_end_of_a_block_gathers_too(new_server: NewServer) -> None:
    server, clock = new_server(answer({})), HeldClock()
    settings = ClientSettings(server.base_url, SecretStr("some-key"), requests_per_minute=0)
    with AtlanClient(settings, clock=clock) as client:
        client._transport._pace.block(60, clock.now)
        callers = Callers(client, clock)
        callers.write(table(1), joins=False)
        callers.write(table(2))
        callers.finish()
    assert sent(server) == [["T1", "T2"]]


def test_who_joined_one_that_is_interrupted_is_written_all_the_same(new_server: NewServer) -> None:
    server = new_server(answer({}))
    with waiting(server) as callers:
        callers.write(table(1), joins=False)
        callers.write(table(2))
        callers.finish(interrupt=KeyboardInterrupt)
    assert sent(server) == [["T2"]]
    assert isinstance(callers.errors[0], KeyboardInterrupt)
    assert set(callers.results) == {1}
