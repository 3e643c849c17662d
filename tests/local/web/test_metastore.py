"""Read entities: shapes, parameters, and bulk reads."""

from __future__ import annotations

import uuid

import pytest

CONNECTION = "default/snowflake/1657025257"
SCHEMA = f"{CONNECTION}/OPS/DEFAULT"
BY_NAME = "/api/meta/entity/uniqueAttribute/type"


def test_an_entity_has_the_shape_of_atlan(atlan):
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


def test_relationships_can_be_omitted(atlan):
    guid = atlan.create(atlan.process())
    entity = atlan.get(guid, ignoreRelationships="true", minExtInfo="true")
    assert "relationshipAttributes" not in entity
    assert len(entity["attributes"]["inputs"]) == 1
    assert "relationshipAttributes" in atlan.get(guid, ignoreRelationships="false")


def test_empty_relationships_are_returned(atlan):
    relationships = atlan.get(atlan.create(atlan.process()))["relationshipAttributes"]
    assert relationships["columnProcesses"] == []
    assert relationships["adfActivity"] is None


@pytest.mark.parametrize("key", ["attr:qualifiedName", "attr%3AqualifiedName"])
def test_the_colon_in_the_parameter_can_be_encoded(atlan, key):
    response = atlan.raw.get(f"{BY_NAME}/Table?{key}={SCHEMA}/A")
    assert atlan.ok(response)["entity"]["attributes"]["name"] == "A"


def test_names_can_contain_special_characters(atlan):
    name = "a b/ü&=?%+#"
    guid = atlan.create(atlan.process(name))
    assert atlan.by_name(f"{CONNECTION}/{name}", "Process")["guid"] == guid


def test_unknown_guids_are_refused(atlan):
    missing = str(uuid.uuid4())
    response = atlan.raw.get(f"/api/meta/entity/guid/{missing}")
    assert response.status_code == 404
    assert response.json() == {
        "errorCode": "ATLAS-404-00-005",
        "errorMessage": f"Given instance guid {missing} is invalid/not found",
    }


def test_unknown_names_are_refused(atlan):
    response = atlan.raw.get(f"{BY_NAME}/Table?attr:qualifiedName=a/b")
    assert response.status_code == 404
    assert response.json() == {
        "errorCode": "ATLAS-404-00-009",
        "errorMessage": "Instance Table with unique attribute {qualifiedName=a/b} does not exist",
    }


def test_unknown_types_are_refused(atlan):
    response = atlan.raw.get(f"{BY_NAME}/Tabel?attr:qualifiedName=a/b")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-014")


def test_a_read_without_a_name_is_refused(atlan):
    response = atlan.raw.get(f"{BY_NAME}/Table")
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")


def test_archived_entities_can_be_read(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid, how="SOFT")
    assert atlan.get(guid)["status"] == "DELETED"


def test_headers_can_be_read(atlan):
    guid = atlan.create(atlan.process())
    header = atlan.ok(atlan.raw.get(f"/api/meta/entity/guid/{guid}/header"))
    assert header["attributes"] == {"name": "load", "qualifiedName": f"{CONNECTION}/load"}
    by_name = atlan.raw.get(f"{BY_NAME}/Process/header", params={"attr:qualifiedName": f"{CONNECTION}/load"})
    assert atlan.ok(by_name) == header


def test_entities_are_read_by_guids(atlan):
    guids = [atlan.seeded(name)["guid"] for name in "CAB"]
    answer = atlan.ok(atlan.raw.get("/api/meta/entity/bulk", params={"guid": guids}))
    assert [one["guid"] for one in answer["entities"]] == guids
    assert answer["referredEntities"] == {}
    response = atlan.raw.get("/api/meta/entity/bulk", params={"guid": [guids[0], str(uuid.uuid4())]})
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")
    assert atlan.raw.get("/api/meta/entity/bulk").status_code == 404


def test_a_guid_can_be_read_twice_in_one_request(atlan):
    guid = atlan.create(atlan.process())
    params = {"guid": [guid, atlan.seeded("A")["guid"], guid]}
    found = atlan.ok(atlan.raw.get("/api/meta/entity/bulk", params=params))["entities"]
    assert [one["guid"] for one in found] == params["guid"]
    assert found[0] == found[2] == atlan.get(guid)


def test_the_first_unknown_guid_is_refused(atlan):
    params = {"guid": [atlan.seeded("A")["guid"], "nope", "other"]}
    response = atlan.raw.get("/api/meta/entity/bulk", params=params)
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")
    assert "guid nope is" in response.json()["errorMessage"]


@pytest.mark.parametrize("colon", [":", "%3A"])
def test_entities_are_read_by_names(atlan, colon):
    query = "&".join(
        f"attr_{number}{colon}qualifiedName={SCHEMA}/{name}" for number, name in enumerate("BXA")
    )
    answer = atlan.ok(atlan.raw.get(f"/api/meta/entity/bulk/uniqueAttribute/type/Table?{query}"))
    assert set(answer) == {"entities", "referredEntities"}
    assert [one["attributes"]["name"] for one in answer["entities"]] == ["B", "A"]


def test_a_bulk_read_of_unknown_names_is_empty(atlan):
    url = "/api/meta/entity/bulk/uniqueAttribute/type/Table?attr_0:qualifiedName=a/b"
    assert atlan.ok(atlan.raw.get(url)) == {"entities": [], "referredEntities": {}}
    wrong = "/api/meta/entity/bulk/uniqueAttribute/type/Tabel?attr_0:qualifiedName=a/b"
    assert atlan.raw.get(wrong).status_code == 400


def test_a_bulk_read_by_names_can_omit_relationships(atlan):
    params = {"attr_0:qualifiedName": f"{SCHEMA}/A", "ignoreRelationships": "true"}
    answer = atlan.ok(atlan.raw.get("/api/meta/entity/bulk/uniqueAttribute/type/Table", params=params))
    (entity,) = answer["entities"]
    assert "relationshipAttributes" not in entity


def test_the_request_id_is_echoed(atlan):
    response = atlan.raw.get("/api/service/whoami", headers={"X-Atlan-Request-Id": "abc-1"})
    assert response.headers["x-atlan-request-id"] == "abc-1"
    assert "x-atlan-request-id" not in atlan.raw.get("/api/service/whoami").headers


def test_responses_have_a_content_length(atlan):
    response = atlan.raw.get("/api/service/whoami")
    assert int(response.headers["content-length"]) == len(response.content)
    assert response.http_version == "HTTP/1.1"
    assert response.headers["content-type"] == "application/json"
