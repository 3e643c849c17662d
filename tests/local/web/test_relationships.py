"""`/api/meta/relationship`: single relationships."""

from __future__ import annotations

import uuid

import pytest

PATH = "/api/meta/relationship"


@pytest.fixture
def process(atlan):
    return atlan.create(atlan.process())


def body(atlan, process, table="C", **more):
    end1 = {"typeName": "Process", "guid": process}
    return {"typeName": "catalog_process_inputs", "end1": end1, "end2": atlan.ref(table), **more}


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_a_relationship_is_created(atlan, process, swapped, path):
    sent = body(atlan, process)
    if swapped:
        sent["end1"], sent["end2"] = sent["end2"], sent["end1"]
    made = atlan.ok(atlan.raw.post(path, json=sent))
    assert (made["typeName"], made["status"]) == ("catalog_process_inputs", "ACTIVE")
    assert (made["end1"]["guid"], made["end2"]["uniqueAttributes"]) == (
        process,
        atlan.ref("C")["uniqueAttributes"],
    )
    assert atlan.active_names(process, "inputs") == ["A", "C"]
    assert atlan.seeded("C")["attributes"]["__hasLineage"] is True
    read = atlan.ok(atlan.raw.get(f"{PATH}/guid/{made['guid']}", params={"extendedInfo": "true"}))
    assert read["relationship"] == made
    assert set(read["referredEntities"]) == {made["end1"]["guid"], made["end2"]["guid"]}


def test_a_relationship_is_deleted(atlan, process):
    made = atlan.ok(atlan.raw.post(PATH, json=body(atlan, process)))
    url = f"{PATH}/guid/{made['guid']}"
    assert atlan.raw.delete(url).status_code == 204
    assert atlan.active_names(process, "inputs") == ["A"]
    assert atlan.ok(atlan.raw.get(url))["relationship"]["status"] == "DELETED"
    assert atlan.seeded("C")["attributes"]["__hasLineage"] is False
    again = atlan.raw.delete(url)
    assert (again.status_code, again.json()["errorCode"]) == (404, "ATLAS-404-00-00F")
    assert atlan.ok(atlan.raw.post(PATH, json=body(atlan, process)))["guid"] == made["guid"]


def test_related_entities_have_the_relationship_guid(atlan, process):
    (stub,) = atlan.get(process)["relationshipAttributes"]["inputs"]
    read = atlan.ok(atlan.raw.get(f"{PATH}/guid/{stub['relationshipGuid']}"))["relationship"]
    assert (read["end1"]["guid"], read["end2"]["guid"]) == (process, stub["guid"])


def test_several_relationships_are_created_and_deleted(atlan, process):
    bodies = [body(atlan, process, name) for name in "CD"]
    made = atlan.ok(atlan.raw.post(f"{PATH}/bulk", json=bodies))
    assert atlan.active_names(process, "inputs") == ["A", "C", "D"]
    guids = [one["guid"] for one in made]
    assert (
        atlan.raw.request("DELETE", f"{PATH}/guid/bulk", json=[*guids, str(uuid.uuid4())]).status_code == 404
    )
    assert atlan.active_names(process, "inputs") == ["A", "C", "D"]
    assert atlan.raw.request("DELETE", f"{PATH}/guid/bulk", json=guids).status_code == 204
    assert atlan.active_names(process, "inputs") == ["A"]


def test_a_new_relationship_replaces_the_one_at_a_single_end(atlan):
    parents = [atlan.create(atlan.process(name)) for name in ("one", "two")]
    child = atlan.create(atlan.column_process("cp", parent="one"))
    ends = {
        "end1": {"typeName": "Process", "guid": parents[1]},
        "end2": {"typeName": "ColumnProcess", "guid": child},
    }
    atlan.ok(atlan.raw.post(PATH, json={"typeName": "column_lineage", **ends}))
    assert atlan.active_names(parents[0], "columnProcesses") == []
    assert atlan.active_names(parents[1], "columnProcesses") == ["cp"]


def test_updates_return_the_relationship_unchanged(atlan, process):
    made = atlan.ok(atlan.raw.post(PATH, json=body(atlan, process)))
    assert atlan.ok(atlan.raw.put(PATH, json=made)) == made
    response = atlan.raw.put(
        PATH, json={**made, "end2": {"typeName": "Table", "guid": atlan.seeded("D")["guid"]}}
    )
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-400-00-069")


REFUSED = [
    ({"typeName": "nope"}, 400, "ATLAS-400-00-028"),
    ({"end2": None}, 400, "ATLAS-400-00-01A"),
    ({"end2": {"typeName": "Table", "uniqueAttributes": {"qualifiedName": "x"}}}, 400, "ATLAS-400-00-07D"),
    ({"end2": {"typeName": "Table", "guid": str(uuid.uuid4())}}, 400, "ATLAS-400-00-07D"),
    ({"typeName": "column_lineage"}, 400, "ATLAS-400-00-036"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED)
def test_invalid_requests_are_refused(atlan, process, change, status, code):
    response = atlan.raw.post(PATH, json={**body(atlan, process), **change})
    assert (response.status_code, response.json()["errorCode"]) == (status, code)


def test_an_existing_relationship_is_refused(atlan, process):
    response = atlan.raw.post(PATH, json=body(atlan, process, "A"))
    assert (response.status_code, response.json()["errorCode"]) == (409, "ATLAS-409-00-004")


def test_unknown_relationships_are_refused(atlan):
    for method in ("GET", "DELETE"):
        response = atlan.raw.request(method, f"{PATH}/guid/{uuid.uuid4()}")
        assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-00C")
