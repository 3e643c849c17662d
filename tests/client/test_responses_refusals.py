"""Error responses: the error class, the server's message, and the advice."""

from collections.abc import Callable

import pytest
from client.scripted_server import ScriptedServer, respond

from atlan_pulumi import errors as root
from atlan_pulumi.client import (
    AtlanClient,
    AtlanRequestError,
    AuthenticationError,
    ConflictError,
    Entity,
    NotFoundError,
    PermissionDeniedError,
    RejectedError,
    ServerError,
    errors,
)
from atlan_pulumi.client._responses import Scrubber, parse_error

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]
TABLE = Entity(type_name="Table", attributes={"qualifiedName": "c/T"})
REFERENCE = {
    "errorCode": "ATLAS-404-00-00A",
    "errorMessage": "Referenced entity AtlasObjectId{guid='null', typeName='Table'} is not found",
}


def error_of(scripted: Scripted, *script: object) -> AtlanRequestError:
    client, server = scripted(*script)
    with pytest.raises(AtlanRequestError) as caught:
        client.entities.upsert([TABLE])
    error = caught.value
    assert str(error).startswith("POST /api/meta/entity/bulk: ")
    assert f"request id {server.received[0].headers['x-atlan-request-id']}" in str(error)
    assert error.request_id == server.received[0].headers["x-atlan-request-id"]
    assert len(str(error).splitlines()) == 1
    return error


def test_metastore_errors(scripted: Scripted) -> None:
    error = error_of(scripted, respond(REFERENCE, 404))
    assert type(error) is NotFoundError
    assert (error.status, error.code, error.attempts) == (404, "ATLAS-404-00-00A", 1)
    assert error.reason == REFERENCE["errorMessage"]
    assert str(error).startswith(
        "POST /api/meta/entity/bulk: 404 ATLAS-404-00-00A: Referenced entity AtlasObjectId{guid='null', "
        "typeName='Table'} is not found (request id "
    )
    assert str(error).endswith("; create the referenced asset first, or correct its type and qualifiedName")


def test_the_cause_of_an_error_is_reported(scripted: Scripted) -> None:
    error = error_of(scripted, respond({**REFERENCE, "errorCause": "the index says so"}, 400))
    assert "is not found; the index says so (request id" in str(error)


def test_unexpected_metastore_errors(scripted: Scripted) -> None:
    body = {
        "errorId": "e-17",
        "message": "There was an error processing your request.",
        "causes": [
            {"errorType": "JanusGraphException", "errorMessage": "Could not commit"},
            {"errorType": "Locked"},
        ],
    }
    error = error_of(scripted, respond(body, 501))
    assert type(error) is ServerError
    assert (error.status, error.code) == (501, None)
    said = "There was an error processing your request.; Could not commit; Locked; error id e-17"
    assert error.reason == said


def test_service_errors(scripted: Scripted) -> None:
    body = {
        "code": "1003",
        "error": "BadRequest",
        "info": None,
        "message": "name is required",
        "requestId": "r",
    }
    error = error_of(scripted, respond(body, 400))
    assert type(error) is RejectedError
    assert str(error).startswith("POST /api/meta/entity/bulk: 400 1003: name is required (request id")


def test_a_code_that_repeats_the_status_is_left_out(scripted: Scripted) -> None:
    error = error_of(scripted, respond({"code": "401", "message": "Unauthorized"}, 401))
    assert type(error) is AuthenticationError
    assert error.code is None
    assert str(error).startswith("POST /api/meta/entity/bulk: 401: Unauthorized (request id")
    assert "check atlan:apiKey (or ATLAN_API_KEY)" in str(error)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Forbidden for you", "Forbidden for you"),
        ("  two\nlines\t here ", "two lines here"),
        ('"a JSON string"', '"a JSON string"'),
        ("[1, 2]", "[1, 2]"),
        ('{"unknown": "form"}', '{"unknown": "form"}'),
        ('{"message": {"nested": 1}}', "{'nested': 1}"),
        ('{"errorMessage": null, "message": "", "error": "so"}', "so"),
        ('{"causes": "text", "message": "so"}', "so"),
        ("", ""),
        ("[" * 100_000, None),
        (b"\xff\xfe", "��"),
    ],
)
def test_any_body_becomes_one_line(body: str | bytes, reason: str | None, scripted: Scripted) -> None:
    error = error_of(scripted, respond(body, 403))
    assert type(error) is PermissionDeniedError
    assert error.reason == reason if reason is not None else len(error.reason) == 400
    assert error.code is None
    assert "persona" in str(error)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (403, "administrators of your network's proxy or firewall to allow HTTPS to the tenant's host"),
        (407, "administrators of your network's proxy or firewall to allow HTTPS to the tenant's host"),
        (451, "administrators of your network's proxy or firewall to allow HTTPS to the tenant's host"),
        (502, "try again later; if it persists, ask the administrators of your network's proxy"),
        (503, "try again later; if it persists, ask the administrators of your network's proxy"),
    ],
)
@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<html><TITLE>\n Access\n Denied</TITLE>", "a page titled 'Access Denied'"),
        ("<html><body>no title", "a page"),
    ],
)
def test_a_page_is_the_response_of_a_proxy(
    status: int, advice: str, body: str, title: str, scripted: Scripted
) -> None:
    error = error_of(scripted, *[respond(body, status)] * 50)
    assert error.reason == f"a proxy or firewall answered instead of Atlan ({title})"
    assert advice in str(error)
    assert "persona" not in str(error)


def test_a_long_body_is_truncated(scripted: Scripted) -> None:
    error = error_of(scripted, respond({"errorMessage": "x" * 100_000, "errorCode": "C"}, 400))
    assert len(str(error)) < 600
    assert "x…" in str(error)


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (401, None, "check atlan:apiKey (or ATLAN_API_KEY): it may have expired"),
        (403, None, "ask an administrator to give the API key's persona access"),
        (409, None, "run it again"),
        (429, None, "lower atlan:requestsPerMinute, or try again when the tenant is less busy"),
        (501, None, "try again later; if it persists, give Atlan support the request id"),
        (400, "ATLAS-400-00-014", "check the type's name"),
        (404, "ATLAS-404-00-00A", "create the referenced asset first, or correct its type and qualifiedName"),
        (409, "ATLAS-404-00-00A", "create the referenced asset first, or correct its type and qualifiedName"),
        (400, None, None),
        (404, None, None),
        (404, "ATLAS-404-00-009", None),
        (418, "ATLAS-400-00-014X", None),
    ],
)
def test_each_error_says_what_to_do(
    status: int, code: str | None, advice: str | None, scripted: Scripted
) -> None:
    error = error_of(scripted, respond({"errorCode": code, "errorMessage": "no"}, status))
    message, _, advised = str(error).partition("; ")
    assert advised == (advice or "")
    assert message.endswith(f"request id {error.request_id})")


def test_the_reason_is_the_first_field_with_a_message(scripted: Scripted) -> None:
    fields = {"errorMessage": "a", "message": "b", "error": "c", "info": "d"}
    for left in range(4):
        body = dict(list(fields.items())[left:])
        assert error_of(scripted, respond({**body, "errorCode": "X"}, 400)).reason == "abcd"[left]


def test_the_metastore_code_wins_over_a_service_code(scripted: Scripted) -> None:
    assert error_of(scripted, respond({"code": "1003", "errorCode": "ATLAS-1"}, 400)).code == "ATLAS-1"
    assert error_of(scripted, respond({"code": 1003, "errorCode": ""}, 400)).code == "1003"
    assert error_of(scripted, respond({"errorCode": [], "message": "no"}, 400)).code is None


def test_invalid_causes_are_skipped(scripted: Scripted) -> None:
    causes = ["text", {"errorMessage": "one"}, {"other": 1}, None, {"errorType": "T", "errorMessage": "two"}]
    assert error_of(scripted, respond({"message": "no", "causes": causes}, 400)).reason == "no; one; two"
    assert error_of(scripted, respond({"causes": causes, "errorId": 7}, 400)).reason == "one; two; error id 7"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (399, errors.RedirectRefusedError),
        (400, RejectedError),
        (401, AuthenticationError),
        (404, NotFoundError),
        (499, RejectedError),
        (500, ServerError),
    ],
)
def test_the_status_decides_the_error_class(status: int, kind: type) -> None:
    assert parse_error(status, {}, b"{}", None, Scrubber("some-long-key")).error is kind


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("\ufeff \t\r\n<p>", "a page"),
        ("<title lang='en'>\n A &amp; B </TITLE\n>", "a page titled 'A & B'"),
        ("<title>One</title><title>Two</title>", "a page titled 'One'"),
        ("x <title>no page</title>", "x <title>no page</title>"),
        ("X<p>no page", "X<p>no page"),
    ],
)
def test_a_page_is_described_by_its_title(body: str, reason: str, scripted: Scripted) -> None:
    assert error_of(scripted, respond(body, 400)).reason == reason


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RejectedError),
        (405, RejectedError),
        (409, ConflictError),
        (413, RejectedError),
        (418, RejectedError),
        (501, ServerError),
    ],
)
def test_rejected_requests_are_not_retried(status: int, kind: type, scripted: Scripted) -> None:
    client, server = scripted(respond({"message": "no"}, status))
    with pytest.raises(AtlanRequestError) as caught:
        client.entities.upsert([TABLE])
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert len(server.received) == 1


def test_a_404_that_is_not_from_atlan_points_to_the_base_url(scripted: Scripted) -> None:
    client, _ = scripted(respond("<title>404</title>", 404))
    advice = r"; check that the base URL \(atlan:baseUrl or ATLAN_BASE_URL\) is an Atlan tenant's$"
    with pytest.raises(NotFoundError, match=advice):
        client.entities.get("g")


@pytest.mark.parametrize(
    ("status", "headers", "target"),
    [
        (301, {"location": "https://elsewhere.example/x?token=1"}, "https://elsewhere.example/x, which"),
        (302, {"location": "/login"}, "/login, which"),
        (307, {}, "no address, which"),
        (308, {"location": "/api/meta/entity/bulk/"}, "/api/meta/entity/bulk/, which"),
    ],
)
def test_redirects_are_refused(status: int, headers: dict[str, str], target: str, scripted: Scripted) -> None:
    client, server = scripted(respond(b"", status, headers=headers))
    with pytest.raises(errors.RedirectRefusedError) as caught:
        client.entities.upsert([TABLE])
    assert f"{status}: redirects to {target} is not followed" in str(caught.value)
    assert "set atlan:baseUrl (or ATLAN_BASE_URL)" in str(caught.value)
    assert "token" not in str(caught.value)
    assert len(server.received) == 1


def test_every_error_is_an_atlan_error() -> None:
    found = [each for each in vars(errors).values() if isinstance(each, type)]
    assert len(found) > 10
    assert all(issubclass(each, root.AtlanError) for each in found)
