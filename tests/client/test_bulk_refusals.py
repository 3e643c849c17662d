"""What a bulk write makes of refusals, faults and slow answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from client.entities import CONNECTION, process, table
from client.scripted_server import Connection, ScriptedServer, Step, answer, close, hang, reset

from atlan_pulumi.client import (
    AtlanClient,
    AuthenticationError,
    InvalidAnswerError,
    NetworkError,
    Outcome,
    PermissionDeniedError,
    RateLimitedError,
    RejectedError,
    ServerError,
)
from atlan_pulumi.client._bulk import SLOW
from atlan_pulumi.local import LocalAtlan

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]


@pytest.mark.parametrize(
    "refusal", [answer("too large", 413), answer("slow", 504), answer("slow", 408), hang]
)
def test_what_is_too_large_or_takes_too_long_is_sent_in_parts(refusal: Step, scripted: Scripted) -> None:
    client, server = scripted(refusal, answer({}), read_timeout=1.0 if refusal is hang else 20.0)
    outcomes = client.bulk.upsert([table(number) for number in range(40)])
    assert outcomes == [Outcome(None, None)] * 40, "written, though the answer does not tell the GUIDs"
    assert [len(each.json["entities"]) for each in server.received[:1]] == [40]
    assert sorted(len(each.json["entities"]) for each in server.received[1:]) == [20, 20]


def sizes(server: ScriptedServer) -> list[int]:
    return [len(each.json["entities"]) for each in server.received]


@pytest.mark.parametrize(
    "fault", [answer("down", 503), answer("bad gateway", 502), answer("oops", 500), close, reset]
)
@pytest.mark.parametrize("count", [1, 40])
def test_a_fault_that_may_pass_is_waited_out_and_the_batch_stays_whole(
    fault: Step, count: int, scripted: Scripted
) -> None:
    client, server = scripted(fault, fault, answer({}))
    outcomes = client.bulk.upsert([table(number) for number in range(count)])
    assert outcomes == [Outcome(None, None)] * count
    assert sizes(server) == [count] * 3
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


@pytest.mark.parametrize("fault", [answer("slow", 504), hang])
def test_one_entity_that_takes_too_long_is_sent_again(fault: Step, scripted: Scripted) -> None:
    client, server = scripted(fault, answer({}), read_timeout=1.0 if fault is hang else 20.0)
    assert client.bulk.upsert([table(1)]) == [Outcome(None, None)]
    assert sizes(server) == [1, 1]
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


@pytest.mark.parametrize(
    "refusal", [answer("too large", 413), answer("slow", 504), answer("slow", 408), hang]
)
def test_how_many_go_together_is_learned_from_what_is_too_large(refusal: Step, scripted: Scripted) -> None:
    client, server = scripted(refusal, answer({}), read_timeout=1.0 if refusal is hang else 20.0)
    client.bulk.upsert([table(number) for number in range(40)])
    client.bulk.upsert([table(number) for number in range(100)])
    assert sizes(server)[:3] == [40, 20, 20]
    assert max(sizes(server)[3:]) < 50


def test_what_an_entity_is_refused_for_says_nothing_of_how_many_go_together(scripted: Scripted) -> None:
    client, server = scripted(answer("no", 400), answer({}))
    client.bulk.upsert([table(number) for number in range(50)])
    client.bulk.upsert([table(number) for number in range(50)])
    assert sizes(server) == [50, 25, 25, 50]


def test_quick_answers_make_the_next_requests_larger_again(scripted: Scripted) -> None:
    client, server = scripted(answer("too large", 413), answer({}))
    client.bulk.upsert([table(number) for number in range(50)])
    for _ in range(6):
        client.bulk.upsert([table(number) for number in range(50)])
    assert sizes(server)[:3] == [50, 25, 25]
    assert sizes(server)[-1] == 50


def test_slow_answers_make_the_next_requests_smaller(
    new_server: Callable[..., ScriptedServer], new_client: Callable[..., AtlanClient], clock: Any
) -> None:
    def slow(connection: Connection) -> None:
        clock.now += SLOW + 1
        answer({})(connection)

    server = new_server(slow, answer({}))
    client = new_client(server)
    client.bulk.upsert([table(number) for number in range(50)])
    client.bulk.upsert([table(number) for number in range(25)])
    client.bulk.upsert([table(number) for number in range(31)])
    assert [len(each.json["entities"]) for each in server.received] == [50, 25, 31]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (answer("no", 401), AuthenticationError),
        (answer("no", 403), PermissionDeniedError),
        (answer("down", 503), ServerError),
        (answer("<p>"), InvalidAnswerError),
    ],
)
def test_an_error_of_all_ends_it_and_is_that_of_what_was_not_written(
    step: Step, error: type[Exception], scripted: Scripted
) -> None:
    client, server = scripted(answer({}), step)
    outcomes = client.bulk.upsert([table(number) for number in range(1000)])
    written = [outcome for outcome in outcomes if outcome.error is None]
    assert len(written) == 50
    assert all(isinstance(outcome.error, error) for outcome in outcomes if outcome not in written)
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) <= 11


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (429, RateLimitedError),
        (501, ServerError),
    ],
)
def test_what_is_no_fault_of_an_entity_is_not_looked_for_in_parts(
    status: int, error: type[Exception], scripted: Scripted
) -> None:
    client, server = scripted(answer("no", status, headers={"retry-after": "120"}))
    outcomes = client.bulk.upsert([table(number) for number in range(40)])
    assert [type(outcome.error) for outcome in outcomes] == [error] * 40
    assert set(sizes(server)) == {40}
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


def test_a_server_that_is_gone_is_told_and_not_raised(new_client: Callable[..., AtlanClient]) -> None:
    with LocalAtlan() as server:
        url = server.base_url
    outcomes = new_client(url).bulk.upsert([table(number) for number in range(3)])
    assert all(isinstance(outcome.error, NetworkError) for outcome in outcomes)


def test_what_atlan_wrote_to_one_of_another_type_has_no_guid(scripted: Scripted) -> None:
    header = {"typeName": "ColumnProcess", "guid": "g", "attributes": {}}
    client, _ = scripted(
        answer({"mutatedEntities": {"UPDATE": [header]}, "guidAssignments": {"-1": "g"}}),
    )
    assert client.bulk.upsert([process(1, onto="T1")]) == [Outcome(None, None)]


@pytest.mark.parametrize(
    ("told", "guid"),
    [
        ({}, "known"),
        ({"guidAssignments": {"known": "known"}}, "known"),
        ({"mutatedEntities": {"UPDATE": [{**table(1).to_wire(), "guid": "known"}]}}, "known"),
        ({"mutatedEntities": {"CREATE": [{**table(1).to_wire(), "guid": "another"}]}}, "another"),
    ],
)
def test_the_guid_of_one_that_is_known_is_what_atlan_answers_else_what_was_sent(
    told: dict[str, Any], guid: str, scripted: Scripted
) -> None:
    client, server = scripted(answer(told))
    assert client.bulk.upsert([table(1, guid="known")]) == [Outcome(guid, None)]
    assert server.received[0].json["entities"][0]["guid"] == "known"


def test_each_placeholder_is_ours_and_the_answer_tells_them_apart(scripted: Scripted) -> None:
    told = {f"-{number}": f"guid-{number}" for number in (1, 2, 3)}
    client, server = scripted(answer({"guidAssignments": told}))
    outcomes = client.bulk.upsert([table(1, guid="-9"), table(2), table(3, guid="-9")])
    assert outcomes == [Outcome(f"guid-{number}", None) for number in (1, 2, 3)]
    sent = server.received[0].json["entities"]
    assert [each["guid"] for each in sent] == ["-1", "-2", "-3"]
    assert sent[0]["attributes"]["qualifiedName"] == f"{CONNECTION}/A/B/T1"


def test_in_a_fresh_connection_a_403_may_pass(scripted: Scripted) -> None:
    client, _ = scripted(answer("no", 403), answer({"guidAssignments": {"-1": "g"}}))
    assert client.bulk.upsert([table(1)], fresh_connection=True) == [Outcome("g", None)]
    client, _ = scripted(answer("no", 403))
    (outcome,) = client.bulk.upsert([table(1)])
    assert isinstance(outcome.error, RejectedError)
