"""client.bulk: refusals, faults, and slow responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from client.entities import CONNECTION, process, table
from client.scripted_server import Connection, ScriptedServer, Step, close, hang, reset, respond

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
    "refusal", [respond("too large", 413), respond("slow", 504), respond("slow", 408), hang]
)
def test_requests_that_are_too_large_or_too_slow_are_split(refusal: Step, scripted: Scripted) -> None:
    client, server = scripted(refusal, respond({}), read_timeout=1.0 if refusal is hang else 20.0)
    outcomes = client.bulk.upsert([table(number) for number in range(40)])
    assert outcomes == [Outcome(None, None)] * 40, "written, though the response contains no GUIDs"
    assert [len(each.json["entities"]) for each in server.received[:1]] == [40]
    assert sorted(len(each.json["entities"]) for each in server.received[1:]) == [20, 20]


def sizes(server: ScriptedServer) -> list[int]:
    return [len(each.json["entities"]) for each in server.received]


@pytest.mark.parametrize(
    "fault", [respond("down", 503), respond("bad gateway", 502), respond("oops", 500), close, reset]
)
@pytest.mark.parametrize("count", [1, 40])
def test_transient_failures_are_retried_without_a_split(fault: Step, count: int, scripted: Scripted) -> None:
    client, server = scripted(fault, fault, respond({}))
    outcomes = client.bulk.upsert([table(number) for number in range(count)])
    assert outcomes == [Outcome(None, None)] * count
    assert sizes(server) == [count] * 3
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


@pytest.mark.parametrize("fault", [respond("slow", 504), hang])
def test_a_single_entity_is_retried_after_a_timeout(fault: Step, scripted: Scripted) -> None:
    client, server = scripted(fault, respond({}), read_timeout=1.0 if fault is hang else 20.0)
    assert client.bulk.upsert([table(1)]) == [Outcome(None, None)]
    assert sizes(server) == [1, 1]
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


@pytest.mark.parametrize(
    "refusal", [respond("too large", 413), respond("slow", 504), respond("slow", 408), hang]
)
def test_later_writes_use_the_reduced_size(refusal: Step, scripted: Scripted) -> None:
    client, server = scripted(refusal, respond({}), read_timeout=1.0 if refusal is hang else 20.0)
    client.bulk.upsert([table(number) for number in range(40)])
    client.bulk.upsert([table(number) for number in range(100)])
    assert sizes(server)[:3] == [40, 20, 20]
    assert max(sizes(server)[3:]) < 50


def test_a_rejected_entity_does_not_reduce_the_size(scripted: Scripted) -> None:
    client, server = scripted(respond("no", 400), respond({}))
    client.bulk.upsert([table(number) for number in range(50)])
    client.bulk.upsert([table(number) for number in range(50)])
    assert sizes(server) == [50, 25, 25, 50]


def test_quick_responses_increase_the_size(scripted: Scripted) -> None:
    client, server = scripted(respond("too large", 413), respond({}))
    client.bulk.upsert([table(number) for number in range(50)])
    for _ in range(6):
        client.bulk.upsert([table(number) for number in range(50)])
    assert sizes(server)[:3] == [50, 25, 25]
    assert sizes(server)[-1] == 50


def test_slow_responses_reduce_the_size(
    new_server: Callable[..., ScriptedServer], new_client: Callable[..., AtlanClient], clock: Any
) -> None:
    def slow(connection: Connection) -> None:
        clock.now += SLOW + 1
        respond({})(connection)

    server = new_server(slow, respond({}))
    client = new_client(server)
    client.bulk.upsert([table(number) for number in range(50)])
    client.bulk.upsert([table(number) for number in range(25)])
    client.bulk.upsert([table(number) for number in range(31)])
    assert [len(each.json["entities"]) for each in server.received] == [50, 25, 31]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (respond("no", 401), AuthenticationError),
        (respond("no", 403), PermissionDeniedError),
        (respond("down", 503), ServerError),
        (respond("<p>"), InvalidAnswerError),
    ],
)
def test_a_fatal_error_ends_the_write_and_applies_to_unwritten_entities(
    step: Step, error: type[Exception], scripted: Scripted
) -> None:
    # The waits of ten threads add up in the clock; the deadline must be later than their sum.
    client, server = scripted(respond({}), step, deadline=100_000.0)
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
def test_errors_that_concern_all_entities_do_not_split_requests(
    status: int, error: type[Exception], scripted: Scripted
) -> None:
    client, server = scripted(respond("no", status, headers={"retry-after": "120"}))
    outcomes = client.bulk.upsert([table(number) for number in range(40)])
    assert [type(outcome.error) for outcome in outcomes] == [error] * 40
    assert set(sizes(server)) == {40}
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 1


def test_an_unreachable_server_is_an_outcome_and_not_an_exception(
    new_client: Callable[..., AtlanClient],
) -> None:
    with LocalAtlan() as server:
        url = server.base_url
    outcomes = new_client(url).bulk.upsert([table(number) for number in range(3)])
    assert all(isinstance(outcome.error, NetworkError) for outcome in outcomes)


def test_a_write_to_another_type_returns_no_guid(scripted: Scripted) -> None:
    header = {"typeName": "ColumnProcess", "guid": "g", "attributes": {}}
    client, _ = scripted(
        respond({"mutatedEntities": {"UPDATE": [header]}, "guidAssignments": {"-1": "g"}}),
    )
    assert client.bulk.upsert([process(1, onto="T1")]) == [Outcome(None, None)]


@pytest.mark.parametrize(
    ("response", "guid"),
    [
        ({}, "known"),
        ({"guidAssignments": {"known": "known"}}, "known"),
        ({"mutatedEntities": {"UPDATE": [{**table(1).to_wire(), "guid": "known"}]}}, "known"),
        ({"mutatedEntities": {"CREATE": [{**table(1).to_wire(), "guid": "another"}]}}, "another"),
    ],
)
def test_a_known_guid_is_returned_unless_atlan_returns_another(
    response: dict[str, Any], guid: str, scripted: Scripted
) -> None:
    client, server = scripted(respond(response))
    assert client.bulk.upsert([table(1, guid="known")]) == [Outcome(guid, None, guid == "another")]
    assert server.received[0].json["entities"][0]["guid"] == "known"


def test_placeholders_are_replaced_by_unique_ones(scripted: Scripted) -> None:
    response = {f"-{number}": f"guid-{number}" for number in (1, 2, 3)}
    client, server = scripted(respond({"guidAssignments": response}))
    outcomes = client.bulk.upsert([table(1, guid="-9"), table(2), table(3, guid="-9")])
    assert outcomes == [Outcome(f"guid-{number}", None) for number in (1, 2, 3)]
    sent = server.received[0].json["entities"]
    assert [each["guid"] for each in sent] == ["-1", "-2", "-3"]
    assert sent[0]["attributes"]["qualifiedName"] == f"{CONNECTION}/A/B/T1"


def test_a_403_in_a_fresh_connection_is_retried(scripted: Scripted) -> None:
    client, _ = scripted(respond("no", 403), respond({"guidAssignments": {"-1": "g"}}))
    assert client.bulk.upsert([table(1)], fresh_connection=True) == [Outcome("g", None)]
    client, _ = scripted(respond("no", 403))
    (outcome,) = client.bulk.upsert([table(1)])
    assert isinstance(outcome.error, RejectedError)
