"""What a bulk write makes of refusals, faults and slow answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from client.entities import process, table
from client.scripted_server import Connection, ScriptedServer, Step, answer, hang

from atlan_pulumi.client import (
    AtlanClient,
    AuthenticationError,
    ConnectionFailed,
    Outcome,
    RejectedError,
    ServerError,
)
from atlan_pulumi.client._batch_size import SLOW
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
        (answer("down", 503), ServerError),
        (answer("<p>"), Exception),
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


def test_a_server_that_is_gone_is_told_and_not_raised(new_client: Callable[..., AtlanClient]) -> None:
    with LocalAtlan() as server:
        url = server.base_url
    outcomes = new_client(url).bulk.upsert([table(number) for number in range(3)])
    assert all(isinstance(outcome.error, ConnectionFailed) for outcome in outcomes)


def test_what_atlan_wrote_to_one_of_another_type_has_no_guid(scripted: Scripted) -> None:
    header = {"typeName": "ColumnProcess", "guid": "g", "attributes": {}}
    client, _ = scripted(
        answer({"mutatedEntities": {"UPDATE": [header]}, "guidAssignments": {"-1": "g"}}),
    )
    assert client.bulk.upsert([process(1, onto="T1")]) == [Outcome(None, None)]


def test_in_a_fresh_connection_a_403_may_pass(scripted: Scripted) -> None:
    client, _ = scripted(answer("no", 403), answer({"guidAssignments": {"-1": "g"}}))
    assert client.bulk.upsert([table(1)], fresh_connection=True) == [Outcome("g", None)]
    client, _ = scripted(answer("no", 403))
    (outcome,) = client.bulk.upsert([table(1)])
    assert isinstance(outcome.error, RejectedError)
