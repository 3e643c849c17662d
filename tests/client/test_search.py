"""client.search: order, and pages, also while others write."""

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from client.scripted_server import Connection, ScriptedServer, respond
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity, InvalidAnswerError
from atlan_pulumi.local import LocalAtlan

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
WAREHOUSE = "default/snowflake/1657025257"
QUERY = {"term": {"__state": "ACTIVE"}}


def table(qualified_name: str) -> Entity:
    return Entity(type_name="Table", attributes={"qualifiedName": qualified_name, "name": "T"})


def header(guid: str) -> dict[str, Any]:
    return {"typeName": "Table", "guid": guid, "attributes": {"qualifiedName": f"c/{guid}"}}


def page(*guids: str) -> object:
    return respond({"entities": [header(guid) for guid in guids], "approximateCount": 5})


def behind(guid: str) -> dict[str, Any]:
    """Return the query for what comes after a GUID."""
    return {"bool": {"filter": [QUERY, {"range": {"__guid": {"gt": guid}}}]}}


END = respond({"approximateCount": 5, "searchParameters": {}})


def test_pages_continue_until_one_is_empty(scripted: Scripted) -> None:
    client, server = scripted(page("a", "b"), page("c", "d"), page("e"), END)
    found = client.search.pages(
        {"query": QUERY}, attributes=["qualifiedName"], relation_attributes=["name"], page_size=2
    )
    assert [entity.guid for entity in found] == ["a", "b", "c", "d", "e"]
    assert {(each.method, each.target) for each in server.received} == {
        ("POST", "/api/meta/search/indexsearch")
    }
    bodies = [each.json for each in server.received]
    assert [(body["dsl"]["from"], body["dsl"]["size"]) for body in bodies] == [(0, 2)] * 4
    assert [body["dsl"]["query"] for body in bodies] == [QUERY, *(behind(guid) for guid in "bde")]
    assert bodies[0]["dsl"]["sort"] == [{"__guid": {"order": "asc"}}]
    assert bodies[0]["dsl"]["track_total_hits"] is True
    assert bodies[0]["attributes"] == ["qualifiedName"]
    assert bodies[0]["relationAttributes"] == ["name"]
    assert bodies[0]["requestMetadata"]["saveSearchLog"] is False


def test_a_search_for_live_entities_filters_by_state(scripted: Scripted) -> None:
    client, server = scripted(page("a"), END)
    named, of_type = {"prefix": {"name.keyword": "Load"}}, {"term": {"__typeName.keyword": "Process"}}
    assert [entity.guid for entity in client.search.live(named, of_type, attributes=["name"])] == ["a"]
    body = server.received[0].json
    (state, *others) = body["dsl"]["query"]["bool"]["filter"]
    assert state == {"term": {"__state": "ACTIVE"}}
    assert others == [named, of_type]
    assert body["attributes"] == ["name"]


def test_pages_are_fetched_lazily(scripted: Scripted) -> None:
    client, server = scripted(page("a", "b"), page("c", "d"), END)
    found = client.search.pages({"query": QUERY}, page_size=2)
    assert server.received == []
    assert next(found).guid == "a"
    assert len(server.received) == 1


def test_short_pages_lose_no_entities(scripted: Scripted) -> None:
    client, server = scripted(page("a"), page("b"), END)
    assert [entity.guid for entity in client.search.pages({"query": QUERY})] == ["a", "b"]
    assert [each.json["dsl"]["query"] for each in server.received] == [QUERY, behind("a"), behind("b")]


def test_a_search_without_a_query_matches_everything(scripted: Scripted) -> None:
    client, server = scripted(END)
    assert list(client.search.pages({})) == []
    assert server.received[0].json["dsl"]["query"] == {"match_all": {}}


@given(st.lists(st.tuples(st.sampled_from("+-"), st.integers(0, 30)), max_size=12), st.integers(1, 4))
@settings(max_examples=10)
def test_what_others_create_or_remove_meanwhile_shifts_no_page(
    changes: list[tuple[str, int]], page_size: int
) -> None:
    """Nothing is yielded twice, and nothing that exists all the time is left out."""
    staying = [f"{WAREHOUSE}/S{number}" for number in range(8)]
    with LocalAtlan() as server:
        chosen = ClientSettings(server.base_url, SecretStr(server.api_key), requests_per_minute=0)
        with AtlanClient(chosen) as client:
            client.bulk.upsert(
                [table(name) for name in [*staying, *(f"{WAREHOUSE}/T{n}" for n in range(0, 30, 2))]]
            )
            found = client.search.pages(
                {"query": {"term": {"__typeName.keyword": "Table"}}}, page_size=page_size
            )
            seen = [next(found)]
            for sign, number in changes:
                name = f"{WAREHOUSE}/T{number}"
                existing = client.entities.get_by_qualified_name("Table", name)
                if sign == "+":
                    client.bulk.upsert([table(name)])
                elif existing is not None:
                    client.entities.delete([str(existing.guid)])
                seen += islice(found, 2)
            seen += found
    guids = [entity.guid for entity in seen]
    assert len(set(guids)) == len(guids)
    assert {entity.attributes["qualifiedName"] for entity in seen} >= set(staying)


@pytest.mark.parametrize("second", [("a", "b"), ("b",), ("a",)])
def test_repeated_pages_are_an_error(second: tuple[str, ...], scripted: Scripted) -> None:
    client, _ = scripted(page("a", "b"), page(*second))
    with pytest.raises(
        InvalidAnswerError, match="indexsearch: the pages of the response are not in the requested order"
    ):
        list(client.search.pages({"query": QUERY}))


def respond_with_requested_guids(server: ScriptedServer, missing: str) -> Callable[[Connection], None]:
    def step(connection: Connection) -> None:
        asked = server.received[-1].json["dsl"]["query"]["terms"]["__guid"]
        respond({"entities": [header(guid) for guid in reversed(asked) if guid != missing]})(connection)

    return step


def test_by_guids_sends_a_hundred_per_request(scripted: Scripted) -> None:
    client, server = scripted(END)
    server._script = [respond_with_requested_guids(server, missing="g7")]
    guids = [f"g{number}" for number in range(205)]
    found = client.search.by_guids([*guids, "g0"], ["name"])
    assert set(found) == set(guids) - {"g7"}
    assert found["g204"].qualified_name == "c/g204"
    asked = [each.json["dsl"] for each in server.received]
    assert [len(dsl["query"]["terms"]["__guid"]) for dsl in asked] == [100, 100, 5]
    assert [dsl["size"] for dsl in asked] == [100, 100, 5]
    assert server.received[0].json["attributes"] == ["name"]


def test_by_guids_without_guids_sends_no_request(scripted: Scripted) -> None:
    client, server = scripted(END)
    assert client.search.by_guids([]) == {}
    assert server.received == []
