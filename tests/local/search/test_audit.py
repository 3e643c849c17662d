"""The activity log: entries of writes, and searches."""

from __future__ import annotations

import uuid

import pytest


def search(atlan, query=None, **dsl):
    body = {"dsl": {"query": query or {"match_all": {}}, "size": 100, **dsl}}
    return atlan.ok(atlan.raw.post("/api/meta/entity/auditSearch", json=body))


def of(atlan, guid):
    """Return the actions on an entity and their details, oldest first."""
    found = search(atlan, {"term": {"entityId": guid}}, sort=[{"created": "asc"}])
    return [(one["action"], one["detail"]) for one in found["entityAudits"]]


def test_create_update_delete_and_restore_are_logged(atlan, ann):
    guid = atlan.create(atlan.process(sql="select 1"))
    ann.save(atlan.process(sql="select 2", inputs="A C"))
    ann.save(atlan.process(sql="select 2", inputs="A C"))  # no change
    atlan.delete(guid, how="SOFT")
    atlan.ok(atlan.raw.post("/api/meta/entity/restore/bulk", params={"guid": guid}))
    atlan.delete(guid)
    log = of(atlan, guid)
    assert [action for action, _ in log] == [
        "ENTITY_CREATE",
        "ENTITY_UPDATE",
        "ENTITY_DELETE",
        "ENTITY_UPDATE",
        "ENTITY_DELETE",
    ]
    assert log[0][1]["attributes"]["sql"] == "select 1"
    assert set(log[0][1]["relationshipAttributes"]) == {"inputs", "outputs"}
    assert (log[1][1]["attributes"], set(log[1][1]["relationshipAttributes"])) == (
        {"sql": "select 2"},
        {"inputs"},
    )
    entries = search(atlan, {"term": {"entityId": guid}}, sort=[{"created": "asc"}])["entityAudits"]
    assert [one["user"] for one in entries][:3] == [
        "service-account-apikey-local",
        "ann",
        "service-account-apikey-local",
    ]
    assert {one["entityQualifiedName"] for one in entries} == {f"{atlan.connection}/load"}
    assert {one["entityDetail"] for one in entries} == {None}
    assert len({one["eventKey"] for one in entries}) == 5


def test_changes_of_tags_labels_and_custom_metadata_are_logged(atlan):
    guid = atlan.create({**atlan.process(), "classifications": [{"typeName": "PII"}]})
    url = f"/api/meta/entity/guid/{guid}"
    atlan.raw.put(f"{url}/classifications", json=[{"typeName": "PII", "propagate": True}])
    atlan.raw.delete(f"{url}/classification/PII")
    atlan.raw.post(f"{url}/labels", json=["a"])
    atlan.raw.post(f"{url}/labels", json=["b"])
    atlan.raw.post(f"{url}/businessmetadata/CM", json={"a": 1})
    atlan.raw.post(f"{url}/businessmetadata/CM", json={"a": None})
    found = [(action, detail) for action, detail in of(atlan, guid) if not action.startswith("ENTITY_")]
    assert found == [
        ("CLASSIFICATION_ADD", {"typeName": "PII"}),
        ("CLASSIFICATION_UPDATE", {"typeName": "PII", "propagate": True}),
        ("CLASSIFICATION_DELETE", {"typeName": "PII"}),
        ("LABEL_ADD", {"labels": ["a"]}),
        ("LABEL_ADD", {"labels": ["b"]}),
        ("LABEL_DELETE", {"labels": ["a"]}),
        ("BUSINESS_ATTRIBUTE_UPDATE", {"typeName": "CM", "attributes": {"a": 1}}),
        ("BUSINESS_ATTRIBUTE_UPDATE", {"typeName": "CM", "attributes": {}}),
    ]


def test_refused_writes_are_not_logged(atlan):
    before = search(atlan)["totalCount"]
    assert atlan.post(atlan.process("good"), atlan.process("bad", inputs="NOPE")).status_code == 404
    assert search(atlan)["totalCount"] == before


def test_entries_are_sorted_and_paged(atlan):
    guids = [atlan.create(atlan.process(name)) for name in ("one", "two", "three")]
    query = {"terms": {"entityId": guids}}
    latest = search(atlan, query, sort=[{"entityQualifiedName": "desc"}], size=2)
    assert [one["entityId"] for one in latest["entityAudits"]] == [guids[1], guids[2]]
    assert (latest["count"], latest["totalCount"]) == (2, 3)
    rest = search(atlan, query, sort=[{"entityQualifiedName": "desc"}], size=2, **{"from": 2})
    assert [one["entityId"] for one in rest["entityAudits"]] == [guids[0]]


QUERIES = [
    ({"term": {"user": "ann"}}, 1),
    ({"term": {"action": "ENTITY_CREATE"}}, 1),
    ({"prefix": {"entityQualifiedName": "default/snowflake/"}}, 1),
    ({"range": {"created": {"gte": "now-1h"}}}, 1),
    ({"range": {"timestamp": {"lt": "now-1h"}}}, 0),
    ({"bool": {"must_not": [{"term": {"typeName": "Process"}}]}}, 0),
]


@pytest.mark.parametrize(("query", "count"), QUERIES)
def test_entries_can_be_queried(atlan, ann, query, count):
    guid = ann.create(atlan.process())
    both = {"bool": {"filter": [{"term": {"entityId": guid}}, query]}}
    assert search(atlan, both)["totalCount"] == count


def test_existing_entities_have_details(atlan):
    guid = atlan.create(atlan.process(sql="select 1"))
    body = {"dsl": {"query": {"term": {"entityId": guid}}}, "attributes": ["sql"]}
    (entry,) = atlan.ok(atlan.raw.post("/api/meta/entity/auditSearch", json=body))["entityAudits"]
    assert entry["entityDetail"]["attributes"] == {"sql": "select 1"}
    assert entry["entityDetail"]["status"] == "ACTIVE"


def test_the_log_of_an_entity_contains_only_its_entries(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(guid)
    url = f"/api/meta/entity/{guid}/auditSearch"
    found = atlan.ok(atlan.raw.post(url, json={"dsl": {}}))
    assert [one["action"] for one in found["entityAudits"]] == ["ENTITY_CREATE", "ENTITY_DELETE"]
    response = atlan.raw.post(f"/api/meta/entity/{uuid.uuid4()}/auditSearch", json={"dsl": {}})
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")


@pytest.mark.parametrize(
    "body", [{}, {"dsl": {"query": {"fuzzy": {}}}}, {"dsl": {"aggs": {"a": {"terms": {}}}}}]
)
def test_unsupported_requests_are_refused(atlan, body):
    response = atlan.raw.post("/api/meta/entity/auditSearch", json=body)
    assert (response.status_code, response.json()["errorCode"]) == (400, "ATLAS-400-00-029")
