"""Requests of `client.entities`, and what it returns."""

from collections.abc import Callable
from typing import Any

import pytest
from client.scripted_server import ScriptedServer, respond

from atlan_pulumi.client import AtlanClient, Entity, NotFoundError, Reference

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
FLAGS = [
    ("replaceTags", "false"),
    ("appendTags", "false"),
    ("replaceBusinessAttributes", "false"),
    ("overwriteBusinessAttributes", "false"),
]
WHOLE = [("minExtInfo", "false"), ("ignoreRelationships", "false")]


def wire(type_name: str, name: str, guid: str = "g", **more: Any) -> dict[str, Any]:
    return {"typeName": type_name, "guid": guid, "attributes": {"qualifiedName": name}, **more}


def not_found(code: str) -> object:
    return respond({"errorCode": code, "errorMessage": "not found"}, 404)


def test_an_upsert_keeps_tags_and_custom_metadata(scripted: Scripted) -> None:
    client, server = scripted(respond({"mutatedEntities": {"CREATE": [wire("Process", "c/p")]}}))
    inputs = [Reference("Table", "g1").to_wire(), Reference("Table", qualified_name="c/T2").to_wire()]
    process = Entity(type_name="Process", attributes={"qualifiedName": "c/p", "sql": None, "inputs": inputs})
    result = client.entities.upsert([process])
    (request,) = server.received
    assert (request.method, request.path, request.query) == ("POST", "/api/meta/entity/bulk", FLAGS)
    assert request.json == {
        "entities": [
            {
                "typeName": "Process",
                "attributes": {
                    "qualifiedName": "c/p",
                    "sql": None,
                    "inputs": [
                        {"typeName": "Table", "guid": "g1"},
                        {"typeName": "Table", "uniqueAttributes": {"qualifiedName": "c/T2"}},
                    ],
                },
            }
        ]
    }
    assert result.guid_of("Process", "c/p") == "g"


def test_the_headers_of_a_request(scripted: Scripted, api_key: str) -> None:
    client, server = scripted(respond({}))
    client.entities.upsert([Entity(type_name="Process")])
    headers = server.received[0].headers
    assert headers["authorization"] == f"Bearer {api_key}"
    assert headers["user-agent"].startswith("atlan-pulumi/")
    assert headers["accept"] == headers["content-type"] == "application/json"
    assert headers["x-atlan-client-origin"] == "atlan-pulumi"
    assert len(headers["x-atlan-request-id"]) == 36


def test_each_call_has_its_own_request_id(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    client.entities.restore(["g1"])
    client.entities.restore(["g1"])
    assert len({each.headers["x-atlan-request-id"] for each in server.received}) == 2


def test_unicode_text_is_sent_unchanged(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    name = 'ünï → ß\n"quoted" \\ 🦫'
    client.entities.upsert([Entity(type_name="Process", attributes={"name": name})])
    assert server.received[0].json["entities"][0]["attributes"]["name"] == name


def test_empty_input_sends_no_request(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    assert client.entities.upsert([]) == client.entities.delete([]) == client.entities.restore(iter(()))
    assert client.entities.get_many_by_qualified_name("Table", []) == {}
    assert server.received == []


@pytest.mark.parametrize("kind", ["PURGE", "HARD", "SOFT"])
def test_delete(kind: Any, scripted: Scripted) -> None:
    client, server = scripted(
        respond({"mutatedEntities": {"DELETE": [wire("Table", "c/T", status="DELETED")]}})
    )
    result = client.entities.delete(["g1", "g2", "g1"], kind)
    (request,) = server.received
    assert (request.method, request.path, request.body) == ("DELETE", "/api/meta/entity/bulk", b"")
    assert request.query == [("deleteType", kind), ("guid", "g1"), ("guid", "g2")]
    assert [each.status for each in result.deleted] == ["DELETED"]


def test_delete_purges_by_default(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    assert client.entities.delete(["g1"]).deleted == []
    assert server.received[0].query[0] == ("deleteType", "PURGE")


def test_large_deletes_are_split_and_their_results_merged(scripted: Scripted) -> None:
    guids = [f"00000000-0000-4000-8000-{number:012d}" for number in range(250)]
    parts = [respond({"mutatedEntities": {"DELETE": [wire("Table", "c/T", guid)]}}) for guid in "abc"]
    client, server = scripted(*parts)
    reported: list[int] = []
    result = client.entities.delete(guids, done=reported.append)
    assert {each.guid for each in result.deleted} == {"a", "b", "c"}
    asked = [[value for name, value in each.query if name == "guid"] for each in server.received]
    assert sorted(asked) == [guids[:100], guids[100:200], guids[200:]]
    assert all(len(each.target) <= 7600 for each in server.received)
    assert (len(reported), reported) == (3, sorted(reported))
    assert reported[-1] == 250


def test_restore(scripted: Scripted) -> None:
    client, server = scripted(respond({"mutatedEntities": {"UPDATE": [wire("Table", "c/T")]}}))
    result = client.entities.restore(["g1", "g2"])
    (request,) = server.received
    assert (request.method, request.path) == ("POST", "/api/meta/entity/restore/bulk")
    assert request.query == [("guid", "g1"), ("guid", "g2")]
    assert [each.guid for each in result.updated] == ["g"]


def test_get_reads_relationships(scripted: Scripted) -> None:
    stub = {"typeName": "Table", "guid": "t", "relationshipStatus": "ACTIVE"}
    client, server = scripted(
        respond({"entity": wire("Process", "c/p", relationshipAttributes={"inputs": [stub]})})
    )
    found = client.entities.get("g/1 ?")
    assert found is not None
    assert found.related("inputs") == [Reference("Table", "t")]
    assert server.received[0].path == "/api/meta/entity/guid/g%2F1%20%3F"
    assert server.received[0].query == WHOLE


def test_get_returns_none_for_an_unknown_guid(scripted: Scripted) -> None:
    client, _ = scripted(not_found("ATLAS-404-00-005"))
    assert client.entities.get("g") is None


@pytest.mark.parametrize("code", ["ATLAS-404-00-009", "ATLAS-404-00-00A", "x"])
def test_get_raises_for_any_other_404(code: str, scripted: Scripted) -> None:
    client, _ = scripted(not_found(code))
    with pytest.raises(NotFoundError):
        client.entities.get("g")


def test_get_by_qualified_name(scripted: Scripted) -> None:
    client, server = scripted(respond({"entity": wire("Table", "c/T/ä&b=c d")}))
    found = client.entities.get_by_qualified_name("Table", "c/T/ä&b=c d")
    assert found is not None
    (request,) = server.received
    assert request.path == "/api/meta/entity/uniqueAttribute/type/Table"
    assert request.query == [("attr:qualifiedName", "c/T/ä&b=c d"), *WHOLE]
    assert "attr:qualifiedName=c/T/%C3%A4%26b%3Dc%20d" in request.target


def test_get_returns_none_for_an_unknown_name(scripted: Scripted) -> None:
    client, _ = scripted(not_found("ATLAS-404-00-009"))
    assert client.entities.get_by_qualified_name("Table", "c/T") is None


def test_get_returns_none_for_an_entity_of_a_subtype(scripted: Scripted) -> None:
    client, _ = scripted(respond({"entity": wire("ColumnProcess", "c/p")}))
    assert client.entities.get_by_qualified_name("Process", "c/p") is None


def test_an_unknown_type_is_an_error(scripted: Scripted) -> None:
    body = {"errorCode": "ATLAS-400-00-014", "errorMessage": "Type ENTITY with name Tabel does not exist"}
    client, _ = scripted(respond(body, 400))
    with pytest.raises(
        Exception, match=r"400 ATLAS-400-00-014: Type ENTITY with name Tabel .*check the type's name"
    ):
        client.entities.get_by_qualified_name("Tabel", "c/T")


def test_get_many_by_name_sends_one_request(scripted: Scripted) -> None:
    returned = [wire("Table", "c/A", "a"), wire("Table", "c/B", "b"), wire("View", "c/C", "c")]
    client, server = scripted(respond({"entities": returned}))
    found = client.entities.get_many_by_qualified_name("Table", ["c/A", "c/B", "c/C", "c/D", "c/A"])
    assert {name: entity.guid for name, entity in found.items()} == {"c/A": "a", "c/B": "b"}
    (request,) = server.received
    assert request.path == "/api/meta/entity/bulk/uniqueAttribute/type/Table"
    names = [(f"attr_{index}:qualifiedName", f"c/{letter}") for index, letter in enumerate("ABCD")]
    assert request.query == [*names, *WHOLE]


@pytest.mark.parametrize("body", [{}, {"entities": None}, {"entities": []}])
def test_get_many_by_name_may_find_nothing(body: object, scripted: Scripted) -> None:
    client, _ = scripted(respond(body))
    assert client.entities.get_many_by_qualified_name("Table", ["c/A"]) == {}


def test_get_many_by_name_may_find_nothing_with_a_404(scripted: Scripted) -> None:
    client, _ = scripted(not_found("ATLAS-404-00-009"))
    assert client.entities.get_many_by_qualified_name("Table", ["c/A"]) == {}
    client, _ = scripted(not_found("other"))
    with pytest.raises(NotFoundError):
        client.entities.get_many_by_qualified_name("Table", ["c/A"])


def test_get_many_by_name_is_split_by_number_and_length(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    names = [f"c/{number}" for number in range(150)] + [
        "c/" + "long/" * 500 + str(number) for number in range(5)
    ]
    client.entities.get_many_by_qualified_name("Table", names)
    asked = [
        [value for name, value in each.query if name.endswith("qualifiedName")] for each in server.received
    ]
    assert sorted(name for part in asked for name in part) == sorted(names)
    assert sorted(len(part) for part in asked) == [1, 2, 52, 100]
    assert all(len(each.target) <= 7600 for each in server.received)


def test_a_hundred_names_fit_into_one_request(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    names = [f"default/snowflake/1657025257/MART/PUBLIC/ORDERS_{number:03d}" for number in range(100)]
    client.entities.get_many_by_qualified_name("Table", names)
    assert len(server.received) == 1


@pytest.mark.parametrize("order", [("ACTIVE", "DELETED"), ("DELETED", "ACTIVE")])
def test_the_active_entity_wins_over_an_archived_one(order: tuple[str, str], scripted: Scripted) -> None:
    returned = [wire("Table", "c/A", status, status=status) for status in order]
    client, _ = scripted(respond({"entities": returned}))
    assert client.entities.get_many_by_qualified_name("Table", ["c/A"])["c/A"].guid == "ACTIVE"


def test_a_name_that_is_too_long_is_an_error(scripted: Scripted) -> None:
    client, server = scripted(respond({}))
    with pytest.raises(Exception, match="uniqueAttribute/type/Table: a name in the request is too long"):
        client.entities.get_by_qualified_name("Table", "x" * 100_000)
    assert server.received == []
