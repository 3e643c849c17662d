"""Reading entities: shapes, parameters, bulk reads."""

from __future__ import annotations

import uuid

import pytest

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"
BY_NAME = "/api/meta/entity/uniqueAttribute/type"


def test_shape_of_an_entity(atlan):
    guid = atlan.create(atlan.process())
    answer = atlan.ok(atlan.raw.get(f"/api/meta/entity/guid/{guid}"))
    assert set(answer) == {"entity", "referredEntities"}
    assert answer["referredEntities"] == {}
    entity = answer["entity"]
    assert {
        "typeName",
        "attributes",
        "guid",
        "status",
        "isIncomplete",
        "createdBy",
        "updatedBy",
        "createTime",
        "updateTime",
        "version",
        "labels",
        "relationshipAttributes",
    } <= set(entity)
    assert (entity["typeName"], entity["guid"], entity["status"]) == ("Process", guid, "ACTIVE")
    assert entity["isIncomplete"] is False


def test_relationships_can_be_left_out(atlan):
    guid = atlan.create(atlan.process())
    entity = atlan.get(guid, ignoreRelationships="true", minExtInfo="true")
    assert "relationshipAttributes" not in entity
    assert len(entity["attributes"]["inputs"]) == 1
    assert "relationshipAttributes" in atlan.get(guid, ignoreRelationships="false")


def test_empty_relationships_are_told(atlan):
    relationships = atlan.get(atlan.create(atlan.process()))["relationshipAttributes"]
    assert relationships["columnProcesses"] == []
    assert relationships["adfActivity"] is None


@pytest.mark.parametrize("key", ["attr:qualifiedName", "attr%3AqualifiedName"])
def test_by_name_with_the_colon_encoded_or_not(atlan, key):
    response = atlan.raw.get(f"{BY_NAME}/Table?{key}={SCHEMA}/A")
    assert atlan.ok(response)["entity"]["attributes"]["name"] == "A"


def test_names_with_odd_characters(atlan):
    name = "a b/ü&=?%+#"
    guid = atlan.create(atlan.process(name))
    assert atlan.by_name(f"{CONNECTION}/{name}", "Process")["guid"] == guid


def test_unknown_guid(atlan):
    missing = str(uuid.uuid4())
    response = atlan.raw.get(f"/api/meta/entity/guid/{missing}")
    assert response.status_code == 404
    assert response.json() == {
        "errorCode": "ATLAS-404-00-005",
        "errorMessage": f"Given instance guid {missing} is invalid/not found",
    }


def test_unknown_name(atlan):
    response = atlan.raw.get(f"{BY_NAME}/Table?attr:qualifiedName=a/b")
    assert response.status_code == 404
    assert response.json() == {
        "errorCode": "ATLAS-404-00-009",
        "errorMessage": "Instance Table with unique attribute {qualifiedName=a/b} does not exist",
    }


def test_unknown_type(atlan):
    response = atlan.raw.get(f"{BY_NAME}/Tabel?attr:qualifiedName=a/b")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-014")


def test_no_name(atlan):
    response = atlan.raw.get(f"{BY_NAME}/Table")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")


def test_archived_entities_are_read_too(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    assert atlan.get(guid)["status"] == "DELETED"


def test_headers(atlan):
    guid = atlan.create(atlan.process())
    header = atlan.ok(atlan.raw.get(f"/api/meta/entity/guid/{guid}/header"))
    assert header["attributes"] == {"name": "load", "qualifiedName": f"{CONNECTION}/load"}
    by_name = atlan.raw.get(f"{BY_NAME}/Process/header", params={"attr:qualifiedName": f"{CONNECTION}/load"})
    assert atlan.ok(by_name) == header


def test_bulk_by_guid(atlan):
    guids = [atlan.named(name)["guid"] for name in "CAB"]
    answer = atlan.ok(atlan.raw.get("/api/meta/entity/bulk", params={"guid": guids}))
    assert [one["guid"] for one in answer["entities"]] == guids
    assert answer["referredEntities"] == {}
    response = atlan.raw.get("/api/meta/entity/bulk", params={"guid": [guids[0], str(uuid.uuid4())]})
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")
    assert atlan.raw.get("/api/meta/entity/bulk").status_code == 404


@pytest.mark.parametrize("colon", [":", "%3A"])
def test_bulk_by_name(atlan, colon):
    query = "&".join(
        f"attr_{number}{colon}qualifiedName={SCHEMA}/{name}" for number, name in enumerate("BXA")
    )
    answer = atlan.ok(atlan.raw.get(f"/api/meta/entity/bulk/uniqueAttribute/type/Table?{query}"))
    assert set(answer) == {"entities", "referredEntities"}
    assert [one["attributes"]["name"] for one in answer["entities"]] == ["B", "A"]


def test_bulk_by_name_of_unknown_ones_only(atlan):
    url = "/api/meta/entity/bulk/uniqueAttribute/type/Table?attr_0:qualifiedName=a/b"
    assert atlan.ok(atlan.raw.get(url)) == {"entities": [], "referredEntities": {}}
    wrong = "/api/meta/entity/bulk/uniqueAttribute/type/Tabel?attr_0:qualifiedName=a/b"
    assert atlan.raw.get(wrong).status_code == 400


def test_bulk_by_name_can_leave_relationships_out(atlan):
    params = {"attr_0:qualifiedName": f"{SCHEMA}/A", "ignoreRelationships": "true"}
    answer = atlan.ok(atlan.raw.get("/api/meta/entity/bulk/uniqueAttribute/type/Table", params=params))
    (entity,) = answer["entities"]
    assert "relationshipAttributes" not in entity


def test_request_ids_come_back(atlan):
    response = atlan.raw.get("/api/service/whoami", headers={"X-Atlan-Request-Id": "abc-1"})
    assert response.headers["x-atlan-request-id"] == "abc-1"
    assert "x-atlan-request-id" not in atlan.raw.get("/api/service/whoami").headers


def test_answers_say_how_long_they_are(atlan):
    response = atlan.raw.get("/api/service/whoami")
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.http_version == "HTTP/1.1"
    assert response.headers["content-type"] == "application/json"
