"""Errors of the app: API keys, paths, bodies, types, and internal errors."""

from __future__ import annotations

import httpx
import pytest

BULK = "/api/meta/entity/bulk"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic local", "Bearer", "local"])
def test_unknown_keys_are_refused(atlan, header):
    headers = {} if header is None else {"authorization": header}
    response = httpx.get(f"{atlan.server.base_url}/api/service/whoami", headers=headers)
    assert response.status_code == 401
    assert response.json()["code"] == "401"
    assert response.json()["message"]


def test_the_authorization_scheme_ignores_case(atlan):
    response = httpx.get(
        f"{atlan.server.base_url}/api/service/whoami", headers={"authorization": "bearer local"}
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/meta/nope", "/api/nope", "/nope", "/api/meta/entity/nope", "/api/service/x"]
)
def test_unknown_paths_are_refused(atlan, path):
    response = atlan.raw.get(path)
    assert response.status_code == 404
    assert response.json() == {"errorCode": "ATLAS-404-00-019", "errorMessage": f"{path} not found"}


def test_unknown_paths_need_a_key(atlan):
    assert httpx.get(f"{atlan.server.base_url}/nope").status_code == 401


def test_unsupported_methods_are_refused(atlan):
    response = atlan.raw.put(BULK)
    assert response.status_code == 405
    assert response.json()["errorMessage"] == "Method Not Allowed"


def test_an_empty_list_of_entities_is_refused(atlan):
    response = atlan.raw.post(BULK, json={"entities": []})
    assert response.status_code == 400
    assert response.json() == {
        "errorCode": "ATLAS-400-00-01A",
        "errorMessage": "invalid parameters: no entities to create/update.",
    }


def test_a_null_entity_is_refused(atlan):
    response = atlan.raw.post(BULK, json={"entities": [None]})
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-01A")


UNREADABLE = [
    b"",
    b"{",
    b"{}",
    b"[]",
    b"null",
    b'"text"',
    b'{"entities": {}}',
    b'{"entities": ["x"]}',
    b'{"entities": [{"typeName": "Process", "attributes": []}]}',
    b'{"entities": [{"typeName": "Process", "attributes": "x"}]}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", UNREADABLE)
def test_malformed_bodies_are_refused(atlan, body):
    response = atlan.raw.post(BULK, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 500
    assert response.headers["content-type"].startswith("text/plain")
    assert "There was an error processing your request" in response.text


@pytest.mark.parametrize("type_name", ["Tabel", "process", "", None, 7, ["Process"]])
def test_unknown_types_are_refused(atlan, type_name):
    response = atlan.post(
        {"typeName": type_name, "guid": "-1", "attributes": {"name": "x", "qualifiedName": "x"}}
    )
    assert response.status_code == 400
    shown = "null" if type_name is None else type_name
    assert response.json() == {
        "errorCode": "ATLAS-400-00-014",
        "errorMessage": f"Type ENTITY with name {shown} does not exist",
        "entityGuid": "-1",
    }


def test_invalid_guids_are_refused(atlan):
    response = atlan.post(atlan.process(guid="nonsense"))
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-021")


def test_internal_errors_have_the_shape_of_the_metastore(atlan, caplog):
    payload = {**atlan.process(), "classifications": ["not an object"]}
    with caplog.at_level("CRITICAL", "atlan_pulumi.local"):
        response = atlan.post(payload)
    assert response.status_code == 500
    body = response.json()
    assert body["message"] == "There was an error processing your request."
    assert {"errorType", "errorMessage", "location"} <= set(body["causes"][0])
    assert "Traceback" not in response.text
    assert atlan.raw.get("/api/service/whoami").status_code == 200


def test_requests_from_other_sites_are_refused(atlan):
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        response = atlan.raw.post("/_local/reset", headers=headers)
        assert response.status_code == 403
    own = {"origin": atlan.server.base_url}
    assert atlan.raw.post("/_local/reset", headers=own).status_code == 200
