"""client.search: order, pages, and searches beyond the index's window."""

from collections.abc import Callable
from typing import Any

import pytest
from client.scripted_server import Connection, ScriptedServer, respond

from atlan_pulumi.client import AtlanClient, InvalidAnswerError
from atlan_pulumi.client import _search as search

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
QUERY = {"term": {"__state": "ACTIVE"}}


def header(guid: str) -> dict[str, Any]:
    return {"typeName": "Table", "guid": guid, "attributes": {"qualifiedName": f"c/{guid}"}}


def page(*guids: str) -> object:
    return respond({"entities": [header(guid) for guid in guids], "approximateCount": 5})


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
    assert [(body["dsl"]["from"], body["dsl"]["size"]) for body in bodies] == [(0, 2), (2, 2), (4, 2), (5, 2)]
    assert all(body["dsl"]["query"] == QUERY for body in bodies)
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
    assert [each.json["dsl"]["from"] for each in server.received] == [0, 1, 2]


def test_a_search_without_a_query_matches_everything(scripted: Scripted) -> None:
    client, server = scripted(END)
    assert list(client.search.pages({})) == []
    assert server.received[0].json["dsl"]["query"] == {"match_all": {}}


def test_deep_searches_continue_after_the_window(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_WINDOW", 3)
    client, server = scripted(page("a", "b"), page("c"), page("d", "e"), END)
    assert [entity.guid for entity in client.search.pages({"query": QUERY}, page_size=2)] == list("abcde")
    asked = [each.json["dsl"] for each in server.received]
    behind = {"bool": {"filter": [QUERY, {"range": {"__guid": {"gt": "c"}}}]}}
    assert [(dsl["from"], dsl["size"]) for dsl in asked] == [(0, 2), (2, 1), (0, 2), (2, 1)]
    assert [dsl["query"] for dsl in asked] == [QUERY, QUERY, behind, behind]


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
