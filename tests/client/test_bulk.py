"""client.bulk: which entities are written, and the outcome of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from client.entities import CONNECTION, process, table
from client.scripted_server import ScriptedServer, respond
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
    """Return the number of entities in each write since the counters were cleared."""
    sent = (each["body"] for each in server.requests() if each["path"] == BULK and each["method"] == "POST")
    return [len(body["entities"]) for body in sent]


def clear(server: LocalAtlan) -> None:
    server._current.context.stats.clear()


def test_requests_contain_fifty_entities(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    reported: list[tuple[int, int]] = []
    outcomes = client.bulk.upsert(
        [table(f"a{number}") for number in range(220)],
        done=lambda number: reported.append((number, threading.get_ident())),
    )
    assert sorted(sizes(local)) == [20, 50, 50, 50, 50]
    assert [outcome.error for outcome in outcomes] == [None] * 220
    names = [f"{CONNECTION}/A/B/Ta{number}" for number in range(220)]
    found = client.entities.get_many_by_qualified_name("Table", names)
    assert [outcome.guid for outcome in outcomes] == [found[name].guid for name in names]
    assert [number for number, _ in reported] == sorted(number for number, _ in reported)
    assert (reported[-1], len(reported)) == ((220, threading.get_ident()), 5)


def test_unchanged_entities_have_their_guids(client: AtlanClient) -> None:
    tables = [table(f"b{number}") for number in range(3)]
    first = client.bulk.upsert(tables)
    assert all(outcome.created for outcome in first)
    again = [outcome._replace(created=False) for outcome in first]
    assert client.bulk.upsert(tables) == again, "nothing changed"
    known = [
        entity.model_copy(update={"guid": outcome.guid})
        for entity, outcome in zip(tables, first, strict=True)
    ]
    assert client.bulk.upsert(known) == again


def test_no_entities_send_no_request(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    assert client.bulk.upsert([]) == []
    assert server.received == []


def test_entities_with_the_same_name_are_written_in_order(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    twins = [table("twin"), table("other"), table("twin")]
    twins[2].attributes["description"] = "the second"
    outcomes = client.bulk.upsert(twins)
    assert sizes(local) == [2, 1]
    assert [outcome.created for outcome in outcomes] == [True, True, False]
    assert outcomes[0].guid == outcomes[2].guid != outcomes[1].guid
    found = client.entities.get(outcomes[0].guid or "")
    assert found is not None
    assert found.attributes["description"] == "the second"


def test_requests_stay_below_a_megabyte(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    large = [table(f"c{number}", labels=["x" * 300_000]) for number in range(7)]
    assert all(outcome.guid for outcome in client.bulk.upsert(large))
    assert sorted(sizes(local)) == [1, 3, 3]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 120), st.data())
def test_all_entities_except_the_rejected_ones_are_written(many: int, data: st.DataObject) -> None:
    rejected = data.draw(st.sets(st.integers(0, many - 1), max_size=5))
    with LocalAtlan() as server:
        chosen = ClientSettings(server.base_url, SecretStr(server.api_key), requests_per_minute=0)
        with AtlanClient(chosen) as client:
            client.bulk.upsert([table("existing")])
            processes = [
                process(number, onto="Tmissing" if number in rejected else "Texisting")
                for number in range(many)
            ]
            outcomes = client.bulk.upsert(processes)
            found = client.entities.get_many_by_qualified_name(
                "Process", [each.qualified_name for each in processes]
            )
    assert {number for number, outcome in enumerate(outcomes) if outcome.error} == rejected
    assert all(isinstance(outcomes[number].error, NotFoundError) for number in rejected)
    written = {name: entity.guid for name, entity in found.items()}
    reported = {each.qualified_name: outcome.guid for each, outcome in zip(processes, outcomes, strict=True)}
    assert {name: guid for name, guid in reported.items() if guid} == written


def test_finding_one_rejected_entity_of_fifty_takes_a_dozen_requests(
    client: AtlanClient, local: LocalAtlan
) -> None:
    client.bulk.upsert([table("existing")])
    clear(local)
    client.bulk.upsert(
        [process(number, onto="Tnope" if number == 17 else "Texisting") for number in range(50)]
    )
    assert len(sizes(local)) <= 13


def test_splitting_stops_after_twenty_rejected_entities(client: AtlanClient, local: LocalAtlan) -> None:
    clear(local)
    outcomes = client.bulk.upsert([process(number, onto="Tnope") for number in range(2000)])
    assert all(isinstance(outcome.error, NotFoundError) for outcome in outcomes)
    assert len(sizes(local)) <= 250, "four thousand without a limit"


def test_an_entity_that_is_too_large_fails_alone(client: AtlanClient, local: LocalAtlan) -> None:
    local.fault({"path": BULK, "contains": "huge", "times": 0, "status": 413, "body": "too large"})
    outcomes = client.bulk.upsert([table("huge" if number == 5 else f"d{number}") for number in range(20)])
    assert [number for number, outcome in enumerate(outcomes) if outcome.error] == [5]
    assert outcomes[5].error is not None
    assert outcomes[5].error.status == 413
