"""Many entities in few requests: what is written, and what each caller is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from client.entities import CONNECTION, process, table
from client.scripted_server import ScriptedServer, answer
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, NotFoundError
from atlan_pulumi.local import LocalAtlan

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
BULK = "/api/meta/entity/bulk"


@pytest.fixture(scope="module")
def local() -> Iterator[LocalAtlan]:
    with LocalAtlan() as server:
        yield server


@pytest.fixture
def client(local: LocalAtlan, new_client: Callable[..., AtlanClient]) -> Iterator[AtlanClient]:
    chosen = ClientSettings(local.base_url, SecretStr(local.api_key), requests_per_minute=0)
    with AtlanClient(chosen) as client:
        yield client
    local.clear_faults()


def sizes(server: LocalAtlan) -> list[int]:
    """How many entities each write had since the counters were cleared."""
    sent = (each["body"] for each in server.requests() if each["path"] == BULK and each["method"] == "POST")
    return [len(body["entities"]) for body in sent]


def clear(server: LocalAtlan) -> None:
    server._current.context.stats.clear()


def test_they_are_written_fifty_at_once(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    told: list[tuple[int, int]] = []
    outcomes = client.bulk.upsert(
        [table(f"a{number}") for number in range(220)],
        done=lambda number: told.append((number, threading.get_ident())),
    )
    assert sorted(sizes(local)) == [20, 50, 50, 50, 50]
    assert [outcome.error for outcome in outcomes] == [None] * 220
    names = [f"{CONNECTION}/A/B/Ta{number}" for number in range(220)]
    found = client.entities.get_many_by_qualified_name("Table", names)
    assert [outcome.guid for outcome in outcomes] == [found[name].guid for name in names]
    assert [number for number, _ in told] == sorted(number for number, _ in told)
    assert (told[-1], len(told)) == ((220, threading.get_ident()), 5)


def test_those_that_are_there_have_their_guids_too(client: AtlanClient) -> None:
    tables = [table(f"b{number}") for number in range(3)]
    first = client.bulk.upsert(tables)
    assert client.bulk.upsert(tables) == first, "nothing changed"
    known = [
        entity.model_copy(update={"guid": outcome.guid})
        for entity, outcome in zip(tables, first, strict=True)
    ]
    assert client.bulk.upsert(known) == first


def test_nothing_to_do_sends_nothing(scripted: Scripted) -> None:
    client, server = scripted(answer({}))
    assert client.bulk.upsert([]) == []
    assert server.received == []


def test_of_namesakes_the_later_is_written_after_the_other(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    twins = [table("twin"), table("other"), table("twin")]
    twins[2].attributes["description"] = "the later"
    outcomes = client.bulk.upsert(twins)
    assert sizes(local) == [2, 1]
    assert outcomes[0] == outcomes[2] != outcomes[1]
    found = client.entities.get(outcomes[0].guid or "")
    assert found is not None
    assert found.attributes["description"] == "the later"


def test_no_request_is_larger_than_a_megabyte(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    large = [table(f"c{number}", labels=["x" * 300_000]) for number in range(7)]
    assert all(outcome.guid for outcome in client.bulk.upsert(large))
    assert sorted(sizes(local)) == [1, 3, 3]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 120), st.data())
def test_all_are_written_but_those_at_fault(many: int, data: st.DataObject) -> None:
    at_fault = data.draw(st.sets(st.integers(0, many - 1), max_size=5))
    with LocalAtlan() as server:
        chosen = ClientSettings(server.base_url, SecretStr(server.api_key), requests_per_minute=0)
        with AtlanClient(chosen) as client:
            client.bulk.upsert([table("there")])
            processes = [
                process(number, onto="Tnot_there" if number in at_fault else "Tthere")
                for number in range(many)
            ]
            outcomes = client.bulk.upsert(processes)
            found = client.entities.get_many_by_qualified_name(
                "Process", [each.qualified_name for each in processes]
            )
    assert {number for number, outcome in enumerate(outcomes) if outcome.error} == at_fault
    assert all(isinstance(outcomes[number].error, NotFoundError) for number in at_fault)
    written = {name: entity.guid for name, entity in found.items()}
    told = {each.qualified_name: outcome.guid for each, outcome in zip(processes, outcomes, strict=True)}
    assert {name: guid for name, guid in told.items() if guid} == written


def test_one_at_fault_among_fifty_costs_a_dozen_requests(client: AtlanClient, local: LocalAtlan) -> None:
    client.bulk.upsert([table("there")])
    clear(local)
    client.bulk.upsert([process(number, onto="Tnope" if number == 17 else "Tthere") for number in range(50)])
    assert len(sizes(local)) <= 13


def test_where_all_are_at_fault_not_each_is_looked_for(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    outcomes = client.bulk.upsert([process(number, onto="Tnope") for number in range(2000)])
    assert all(isinstance(outcome.error, NotFoundError) for outcome in outcomes)
    assert len(sizes(local)) <= 250, "else it would be four thousand"


def test_one_entity_that_is_too_large_is_an_error_of_its_own(client: AtlanClient, local: LocalAtlan) -> None:
    local.fault({"path": BULK, "contains": "huge", "times": 0, "status": 413, "body": "too large"})
    outcomes = client.bulk.upsert([table("huge" if number == 5 else f"d{number}") for number in range(20)])
    assert [number for number, outcome in enumerate(outcomes) if outcome.error] == [5]
    assert outcomes[5].error is not None
    assert outcomes[5].error.status == 413
