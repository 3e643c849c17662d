"""Responses with a success status that are not Atlan's."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, respond

from atlan_pulumi.client import AtlanClient, Entity, InvalidAnswerError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
PAGE = "<!DOCTYPE html><html><head><title>Sign in\n to Atlan</title></head><body>…</body></html>"


def refused(scripted: Scripted, *script: object) -> tuple[InvalidAnswerError, ScriptedServer]:
    client, server = scripted(*script)
    with pytest.raises(InvalidAnswerError) as caught:
        client.entities.get("g")
    return caught.value, server


@pytest.mark.parametrize("page", [PAGE, "\ufeff" + PAGE, "\r\n  " + PAGE])
@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json"])
def test_an_html_page_is_an_error_without_retry(page: str, kind: str, scripted: Scripted) -> None:
    error, server = refused(scripted, respond(page, headers={"content-type": kind}))
    message = str(error)
    assert message.startswith(
        "GET /api/meta/entity/guid/g: 200: a login page or proxy answered instead of Atlan"
    )
    assert "titled 'Sign in to Atlan'" in message
    assert "check the base URL (atlan:baseUrl or ATLAN_BASE_URL)" in message
    assert f"request id {server.received[0].headers['x-atlan-request-id']}" in message
    assert "\n" not in message
    assert (error.status, error.attempts, len(server.received)) == (200, 1, 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "the response is empty"),
        (" \n", "the response is empty"),
        ("OK", "the response is not JSON: OK"),
        ('{"entity": nonsense}', "the response is not JSON"),
        (b"\xff\xfe\xfd\xfc", "the response is not JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply|another shape"),
    ],
)
def test_a_response_that_is_not_json_is_an_error(body: str | bytes, reason: str, scripted: Scripted) -> None:
    error, server = refused(scripted, respond(body))
    assert any(part in str(error) for part in reason.split("|"))
    assert len(str(error)) < 800
    assert len(server.received) == 1


def test_an_empty_204_is_an_error(scripted: Scripted) -> None:
    error, _ = refused(scripted, respond(b"", status=204))
    assert "204: the response is empty" in str(error)


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({}, "entity: Field required"),
        ({"entity": None}, "entity"),
        ({"entity": {"guid": "g"}}, "entity.typeName: Field required"),
        ({"entity": {"typeName": "T", "attributes": "text"}}, "entity.attributes"),
        ([], "response"),
        ("text", "response"),
        (None, "response"),
        (7, "response"),
    ],
)
def test_json_of_another_shape_names_the_field(body: object, location: str, scripted: Scripted) -> None:
    error, server = refused(scripted, respond(body) if not isinstance(body, str) else respond(f'"{body}"'))
    assert "the response has another shape than Atlan's: " in str(error)
    assert location in str(error)
    assert f"request id {server.received[0].headers['x-atlan-request-id']}" in str(error)
    assert error.attempts == len(server.received) == 1


def test_the_response_of_a_write_is_validated(scripted: Scripted) -> None:
    client, _ = scripted(respond({"mutatedEntities": {"CREATE": [{"guid": "g"}]}}))
    with pytest.raises(InvalidAnswerError, match=r"CREATE\.0\.typeName: Field required"):
        client.entities.upsert([Entity(type_name="Table")])


def test_messages_do_not_contain_values(scripted: Scripted) -> None:
    error, _ = refused(
        scripted, respond({"entity": {"typeName": "T", "labels": [{"pass": "word-of-someone"}]}})
    )
    assert "word-of-someone" not in str(error)


def test_unknown_fields_and_statuses_are_accepted(scripted: Scripted) -> None:
    client, _ = scripted(
        respond({"entity": {"typeName": "T", "status": "PURGED", "new": 1}, "referredEntities": {}})
    )
    found = client.entities.get("g")
    assert found is not None
    assert found.status == "PURGED"
