"""The API key is sent to the tenant only, and is not visible anywhere else."""

import base64
import copy
import html
import json
import logging
import pickle
import traceback
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from client.scripted_server import ScriptedServer, raw, respond
from secrecy.searching import hits_in

from atlan_pulumi.client import AtlanClient, AtlanRequestError

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]


def echoes(key: str) -> dict[str, object]:
    headers = {"authorization": f"Bearer {key}"}
    basic = base64.b64encode(f"apikey:{key}".encode()).decode()
    return {
        "error body": respond(
            {"errorCode": key, "errorMessage": f"Bearer {key} is not valid", "errorCause": key}, 400
        ),
        "headers in JSON": respond({"message": json.dumps(headers)}, 400),
        "headers in JSON in JSON": respond({"message": json.dumps({"sent": json.dumps(headers)})}, 400),
        "JSON of an unknown form": respond({"sent": {"log": json.dumps(headers)}}, 400),
        "headers in Python": respond(f"cannot read {headers!r}", 400),
        "a URL": respond(f"see /login?next={quote(key, safe='')}", 400),
        "a URL with slashes": respond({"message": f"see /login/{quote(key)}"}, 400),
        "a form": respond({"errorCause": f"token={quote_plus(key).lower()}"}, 500),
        "base64": respond({"message": f"Basic {basic}"}, 400),
        "base64 for URLs": respond(f"jwt {base64.urlsafe_b64encode(key.encode()).decode()}", 401),
        "a page without a title": respond(f"<p>{html.escape(key)}</p>", 400),
        "HTML in JSON": respond({"message": f"<p>{html.escape(key)}</p>"}, 400),
        "plain text": respond(f"you sent {key}", 401),
        "page title": respond(f"<title>hello {html.escape(key)}</title>", 403),
        "page instead of a response": respond(f"<title>hello {html.escape(key)}</title>"),
        "text instead of a response": respond(f"hello {key}"),
        "json of another shape": respond({"entity": {"typeName": [key]}, key: key}),
        "redirect": respond(b"", 302, headers={"location": f"https://elsewhere.example/{key}?key={key}"}),
        "redirect in full": respond(
            b"", 307, headers={"location": f"https://elsewhere.example/{quote(key)}"}
        ),
        "status line": raw(f"HTTP/{key}\r\n\r\n".encode()),
        "header": raw(f"HTTP/1.1 200 OK\r\n{key}\r\n\r\n".encode()),
        "length": raw(f"HTTP/1.1 200 OK\r\ncontent-length: {key}\r\n\r\n".encode()),
    }


@pytest.mark.parametrize("place", echoes(""))
def test_a_key_that_the_server_echoes_is_redacted(
    place: str, scripted: Scripted, api_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, server = scripted(echoes(api_key)[place])
    with pytest.raises(AtlanRequestError) as caught:
        client.entities.get("g")
    error = caught.value
    shown = [str(error), repr(error), repr(vars(error)), repr(error.args), repr(client)]
    shown += traceback.format_exception(error)
    shown += [pickle.dumps(error).decode("latin-1")]
    shown += [record.getMessage() for record in caplog.records if record.name == "atlan_pulumi.client"]
    assert server.received[0].headers["authorization"] == f"Bearer {api_key}"
    assert [hits_in(text, api_key) for text in shown] == [[]] * len(shown)
    assert error.__cause__ is None
    assert error.__context__ is None, "httpx's exception contains the request, and thereby the key"


def test_a_key_echoed_as_a_field_name_is_redacted(scripted: Scripted, api_key: str) -> None:
    client, _ = scripted(respond({"guidAssignments": {api_key: 1}}))
    with pytest.raises(
        AtlanRequestError, match=r"guidAssignments\.\[secret\]: Input should be a valid string"
    ):
        client.entities.restore(["g"])


def test_http_libraries_do_not_log_the_key(
    scripted: Scripted, api_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client, _ = scripted(respond("oops", 500), respond({"entity": {"typeName": "Table"}}))
    assert client.entities.get("g") is not None
    assert {record.name.split(".")[0] for record in caplog.records} >= {"atlan_pulumi", "httpx", "httpcore"}
    assert [hits_in(record.getMessage(), api_key) for record in caplog.records] == [[]] * len(caplog.records)


def test_errors_can_be_pickled(scripted: Scripted) -> None:
    client, _ = scripted(respond({"errorCode": "C-1", "errorMessage": "no"}, 409))
    with pytest.raises(AtlanRequestError) as caught:
        client.entities.get("g")
    for twin in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert type(twin) is type(caught.value)
        assert str(twin) == str(caught.value)
        assert vars(twin) == vars(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_forward_the_key(
    status: int, scripted: Scripted, new_server: Callable[..., ScriptedServer]
) -> None:
    elsewhere = new_server(respond({}))
    client, server = scripted(respond(b"", status, headers={"location": f"{elsewhere.base_url}/x"}))
    with pytest.raises(
        AtlanRequestError, match=f"redirects to {elsewhere.base_url}/x, which is not followed"
    ):
        client.entities.delete(["g"])
    assert len(server.received) == 1
    assert elsewhere.received == []


def test_client_headers_do_not_contain_the_key(scripted: Scripted, api_key: str) -> None:
    client, _ = scripted(respond({}))
    http = client._transport._session._http
    assert hits_in(repr(http.headers.raw), api_key) == []
    assert hits_in(repr(vars(http.auth)), api_key) == []


def test_the_log_contains_attempts_without_contents(
    scripted: Scripted, api_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="atlan_pulumi.client")
    found = {"entity": {"typeName": "Table", "attributes": {"name": "name-in-the-body"}}}
    client, _ = scripted(raw(b""), respond("text-of-an-error", 503), respond(found))
    client.entities.get_by_qualified_name("Table", "name-in-the-query")
    lines = [record for record in caplog.records if record.name == "atlan_pulumi.client"]
    assert {record.levelname for record in lines} == {"DEBUG"}
    path = "GET /api/meta/entity/uniqueAttribute/type/Table"
    messages = [record.getMessage() for record in lines]
    assert [line.split(", ")[0] for line in messages] == [
        f"{path}: no response",
        f"{path}: 503",
        f"{path}: 200",
    ]
    assert [line.rsplit(", ", 1)[1] for line in messages] == ["attempt 1", "attempt 2", "attempt 3"]
    assert hits_in("".join(messages), api_key) == []
    for secret in ("name-in-the-body", "name-in-the-query", "text-of-an-error", "authorization"):
        assert secret not in "".join(messages)
