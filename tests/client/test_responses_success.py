"""Answers that claim success and are none."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, answer

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
def test_a_page_is_told_as_such_and_not_tried_again(page: str, kind: str, scripted: Scripted) -> None:
    error, server = refused(scripted, answer(page, headers={"content-type": kind}))
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
    ("body", "said"),
    [
        ("", "the answer is empty"),
        (" \n", "the answer is empty"),
        ("OK", "the answer is not JSON: OK"),
        ('{"entity": nonsense}', "the answer is not JSON"),
        (b"\xff\xfe\xfd\xfc", "the answer is not JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply|another shape"),
    ],
)
def test_what_is_not_json_is_told(body: str | bytes, said: str, scripted: Scripted) -> None:
    error, server = refused(scripted, answer(body))
    assert any(part in str(error) for part in said.split("|"))
    assert len(str(error)) < 800
    assert len(server.received) == 1


def test_no_content_is_not_an_answer(scripted: Scripted) -> None:
    error, _ = refused(scripted, answer(b"", status=204))
    assert "204: the answer is empty" in str(error)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "entity: Field required"),
        ({"entity": None}, "entity"),
        ({"entity": {"guid": "g"}}, "entity.typeName: Field required"),
        ({"entity": {"typeName": "T", "attributes": "text"}}, "entity.attributes"),
        ([], "answer"),
        ("text", "answer"),
        (None, "answer"),
        (7, "answer"),
    ],
)
def test_json_of_another_shape_says_where(body: object, place: str, scripted: Scripted) -> None:
    error, server = refused(scripted, answer(body) if not isinstance(body, str) else answer(f'"{body}"'))
    assert "JSON of another shape than Atlan's: " in str(error)
    assert place in str(error)
    assert f"request id {server.received[0].headers['x-atlan-request-id']}" in str(error)
    assert error.attempts == len(server.received) == 1


def test_the_shape_of_a_write_is_looked_at_too(scripted: Scripted) -> None:
    client, _ = scripted(answer({"mutatedEntities": {"CREATE": [{"guid": "g"}]}}))
    with pytest.raises(InvalidAnswerError, match=r"CREATE\.0\.typeName: Field required"):
        client.entities.upsert([Entity(type_name="Table")])


def test_values_do_not_show_in_the_message(scripted: Scripted) -> None:
    error, _ = refused(
        scripted, answer({"entity": {"typeName": "T", "labels": [{"pass": "word-of-someone"}]}})
    )
    assert "word-of-someone" not in str(error)


def test_unknown_fields_and_states_are_no_obstacle(scripted: Scripted) -> None:
    client, _ = scripted(
        answer({"entity": {"typeName": "T", "status": "PURGED", "new": 1}, "referredEntities": {}})
    )
    found = client.entities.get("g")
    assert found is not None
    assert found.status == "PURGED"
