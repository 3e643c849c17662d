"""Type definitions: tags, custom metadata, and enumerations."""

from __future__ import annotations

import pytest

PATH = "/api/meta/types/typedefs"
TAG = {"category": "CLASSIFICATION", "name": "Critical", "displayName": "Critical"}
METADATA = {
    "category": "BUSINESS_METADATA",
    "name": "Cost",
    "displayName": "Cost",
    "attributeDefs": [{"name": "center", "displayName": "center", "typeName": "string"}],
}


def define(atlan, **lists):
    return atlan.ok(atlan.raw.post(PATH, json=lists))


@pytest.fixture
def tag(atlan):
    return define(atlan, classificationDefs=[TAG])["classificationDefs"][0]


def test_tags_get_internal_names(atlan, tag):
    assert tag["displayName"] == "Critical"
    assert len(tag["name"]) == 22
    assert tag["createdBy"] == "service-account-apikey-local"
    listed = atlan.ok(atlan.raw.get(PATH, params={"type": "CLASSIFICATION"}))
    assert tag in listed["classificationDefs"]
    assert listed["structDefs"] == listed["entityDefs"] == []
    for path in (f"typedef/name/{tag['name']}", f"classificationdef/guid/{tag['guid']}"):
        assert atlan.ok(atlan.raw.get(f"/api/meta/types/{path}")) == tag


def test_attributes_of_custom_metadata_get_internal_names(atlan):
    (made,) = define(atlan, businessMetadataDefs=[METADATA])["businessMetadataDefs"]
    (attribute,) = made["attributeDefs"]
    assert (attribute["displayName"], len(attribute["name"])) == ("center", 22)
    more = {**made, "attributeDefs": [attribute, {"displayName": "monthly", "typeName": "int"}]}
    (changed,) = atlan.ok(atlan.raw.put(PATH, json={"businessMetadataDefs": [more]}))["businessMetadataDefs"]
    assert changed["attributeDefs"][0] == attribute
    assert len(changed["attributeDefs"][1]["name"]) == 22
    assert (changed["guid"], changed["version"]) == (made["guid"], 2)


def test_enumerations_keep_their_names(atlan):
    elements = [{"value": "low", "ordinal": 0}]
    (made,) = define(atlan, enumDefs=[{"name": "Level", "elementDefs": elements}])["enumDefs"]
    assert (made["name"], made["elementDefs"]) == ("Level", elements)
    response = atlan.raw.post(PATH, json={"enumDefs": [{"name": "Level"}]})
    assert (response.status_code, response.json()["errorCode"]) == (409, "ATLAS-409-00-001")


def test_a_display_name_is_unique(atlan, tag):
    response = atlan.raw.post(PATH, json={"classificationDefs": [{"displayName": "New"}, TAG]})
    assert (response.status_code, response.json()["errorCode"]) == (409, "ATLAS-409-00-012")
    names = [one["displayName"] for one in atlan.ok(atlan.raw.get(PATH))["classificationDefs"]]
    assert "New" not in names


@pytest.mark.parametrize("how", ["name", "body"])
def test_definitions_can_be_deleted(atlan, tag, how):
    def remove():
        if how == "name":
            return atlan.raw.delete(f"/api/meta/types/typedef/name/{tag['name']}")
        return atlan.raw.request("DELETE", PATH, json={"classificationDefs": [tag]})

    guid = atlan.create({**atlan.process(), "classifications": [{"typeName": tag["name"]}]})
    assert (remove().status_code, remove().json()["errorCode"]) == (409, "ATLAS-400-00-0016")
    atlan.delete(guid)
    assert remove().status_code == 204
    assert (remove().status_code, remove().json()["errorCode"]) == (404, "ATLAS-404-00-001")


def test_custom_metadata_in_use_cannot_be_deleted(atlan):
    atlan.create({**atlan.process(), "businessAttributes": {"CM": {"a": 1}}})
    response = atlan.raw.delete("/api/meta/types/typedef/name/CM")
    assert (response.status_code, response.json()["errorCode"]) == (409, "ATLAS-409-00-002")


REFUSED = [
    ("POST", {}, 400, "ATLAS-400-00-01A"),
    ("POST", {"classificationDefs": [{}]}, 400, "ATLAS-400-00-01A"),
    ("POST", {"entityDefs": [{"name": "Mine"}]}, 400, "ATLAS-400-00-029"),
    ("PUT", {"classificationDefs": [{"name": "nope"}]}, 404, "ATLAS-404-00-001"),
    ("PUT", {"businessMetadataDefs": [{"name": "PII"}]}, 404, "ATLAS-404-00-001"),
]


@pytest.mark.parametrize(("method", "body", "status", "code"), REFUSED)
def test_invalid_definitions_are_refused(atlan, method, body, status, code):
    response = atlan.raw.request(method, PATH, json=body)
    assert (response.status_code, response.json()["errorCode"]) == (status, code)


def test_unknown_definitions_are_refused(atlan):
    for path, code in (("name/nope", "ATLAS-404-00-001"), ("guid/nope", "ATLAS-404-00-002")):
        response = atlan.raw.get(f"/api/meta/types/typedef/{path}")
        assert (response.status_code, response.json()["errorCode"]) == (404, code)


def test_types_and_relationships_of_atlan_are_listed(atlan):
    entity = atlan.ok(atlan.raw.get("/api/meta/types/entitydef/name/ColumnProcess"))
    assert entity["superTypes"] == ["Asset", "Process", "Referenceable"]
    relationship = atlan.ok(atlan.raw.get("/api/meta/types/relationshipdef/name/column_lineage"))
    assert relationship["endDef1"] == {"type": "Process", "name": "columnProcesses", "cardinality": "SET"}
    assert atlan.raw.get("/api/meta/types/enumdef/name/ColumnProcess").status_code == 404
    headers = atlan.ok(atlan.raw.get(f"{PATH}/headers"))
    assert {"PII", "Process", "column_lineage"} <= {one["name"] for one in headers}


def test_unknown_tags_are_refused(atlan):
    for tags in ([{"typeName": "Nope"}], [{"typeName": "CM"}], [{}]):
        response = atlan.post({**atlan.process(), "classifications": tags})
        assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-008")
    message = atlan.post({**atlan.process(), "classifications": [{"typeName": "Nope"}]}).json()[
        "errorMessage"
    ]
    assert message == "Given classification Nope was invalid"
    atlan.create(atlan.process())
    added = {**atlan.process(sql="new"), "addOrUpdateClassifications": [{"typeName": "Nope"}]}
    assert atlan.post(added, appendTags="true").json()["errorCode"] == "ATLAS-404-00-008"
    assert atlan.by_name(f"{atlan.connection}/load", "Process")["attributes"]["sql"] is None


def test_unknown_custom_metadata_is_refused(atlan):
    response = atlan.post({**atlan.process(), "businessAttributes": {"Nope": {"a": 1}}})
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-007")
