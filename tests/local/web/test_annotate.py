"""Endpoints for tags, labels, and custom metadata of one entity, by GUID and by name."""

from __future__ import annotations

import uuid

import pytest

WAYS = ["guid", "name"]


@pytest.fixture
def process(atlan):
    return atlan.create(atlan.process())


def call(atlan, process, way, method, path, body=None):
    """Call an endpoint of the process, and expect 204 without a body."""
    if way == "guid":
        response = atlan.raw.request(method, f"/api/meta/entity/guid/{process}/{path}", json=body)
    else:
        url = f"/api/meta/entity/uniqueAttribute/type/Process/{path}"
        params = {"attr:qualifiedName": f"{atlan.connection}/load"}
        response = atlan.raw.request(method, url, params=params, json=body)
    return response


def done(*arguments):
    response = call(*arguments)
    assert (response.status_code, response.content) == (204, b""), response.text


@pytest.mark.parametrize("way", WAYS)
def test_tags_are_added_updated_and_removed(atlan, process, way):
    done(atlan, process, way, "POST", "classifications", [{"typeName": "PII"}])
    done(atlan, process, way, "POST", "classifications", [{"typeName": "B", "propagate": True}])
    assert atlan.get(process)["classifications"] == [
        {"typeName": "PII"},
        {"typeName": "B", "propagate": True},
    ]
    done(atlan, process, way, "PUT", "classifications", [{"typeName": "B", "propagate": False}])
    tag = atlan.ok(atlan.raw.get(f"/api/meta/entity/guid/{process}/classification/B"))
    assert tag == {"typeName": "B", "propagate": False}
    done(atlan, process, way, "DELETE", "classification/PII")
    listed = atlan.ok(atlan.raw.get(f"/api/meta/entity/guid/{process}/classifications"))
    assert (listed["list"], listed["totalCount"]) == ([tag], 1)
    (header,) = atlan.search({"term": {"__traitNames": "B"}})["entities"]
    assert header["guid"] == process


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "classifications", [{"typeName": "Nope"}], 404, "ATLAS-404-00-008"),
        ("PUT", "classifications", [{"typeName": "Nope"}], 404, "ATLAS-404-00-008"),
        ("PUT", "classifications", [{"typeName": "PII"}], 400, "ATLAS-400-00-06D"),
        ("DELETE", "classification/PII", None, 400, "ATLAS-400-00-06D"),
        ("DELETE", "classification/Nope", None, 404, "ATLAS-404-00-008"),
        ("POST", "classifications", [], 400, "ATLAS-400-00-01A"),
        ("PUT", "labels", [], 400, "ATLAS-400-00-01A"),
        ("DELETE", "labels", [], 400, "ATLAS-400-00-01A"),
        ("POST", "businessmetadata", {}, 400, "ATLAS-400-00-01A"),
        ("POST", "businessmetadata/Nope", {"a": 1}, 404, "ATLAS-404-00-007"),
    ],
)
def test_invalid_requests_are_refused(atlan, process, way, method, path, body, status, code):
    response = call(atlan, process, way, method, path, body)
    assert (response.status_code, response.json()["errorCode"]) == (status, code)
    assert "classificationNames" not in atlan.get(process)
    assert atlan.get(process)["classifications"] == []


def test_unknown_entities_are_refused(atlan):
    response = call(atlan, str(uuid.uuid4()), "guid", "POST", "labels", ["x"])
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-005")
    response = call(atlan, None, "name", "POST", "labels", ["x"])
    assert (response.status_code, response.json()["errorCode"]) == (404, "ATLAS-404-00-009")


def test_one_tag_is_added_to_several_entities(atlan, process):
    other = atlan.create(atlan.process("other"))

    def tag(name, *guids):
        body = {"classification": {"typeName": name}, "entityGuids": list(guids)}
        return atlan.raw.post("/api/meta/entity/bulk/classification", json=body)

    assert tag("PII", process, other).status_code == 204
    assert [atlan.get(guid)["classifications"] for guid in (process, other)] == [[{"typeName": "PII"}]] * 2
    for name, guids, status, code in (
        ("Nope", [process], 404, "ATLAS-404-00-008"),
        ("B", [process, str(uuid.uuid4())], 404, "ATLAS-404-00-005"),
        ("B", [], 400, "ATLAS-400-00-01A"),
    ):
        response = tag(name, *guids)
        assert (response.status_code, response.json()["errorCode"]) == (status, code)
    assert atlan.get(process)["classifications"] == [{"typeName": "PII"}]


@pytest.mark.parametrize("way", WAYS)
def test_labels_are_set_added_and_removed(atlan, process, way):
    done(atlan, process, way, "POST", "labels", ["a", "b"])
    done(atlan, process, way, "PUT", "labels", ["b", "c"])
    assert atlan.get(process)["labels"] == ["a", "b", "c"]
    done(atlan, process, way, "DELETE", "labels", ["a", "z"])
    assert atlan.get(process)["labels"] == ["b", "c"]
    done(atlan, process, way, "POST", "labels", ["d"])
    assert atlan.get(process)["labels"] == ["d"]
    assert [one["guid"] for one in atlan.search({"term": {"__labels": "d"}})["entities"]] == [process]
    assert atlan.search({"term": {"__labels": "b"}})["approximateCount"] == 0
    assert [one["guid"] for one in atlan.search({"exists": {"field": "__labels"}})["entities"]] == [process]


@pytest.mark.parametrize("way", WAYS)
def test_custom_metadata_is_set_and_removed(atlan, process, way):
    done(atlan, process, way, "POST", "businessmetadata/CM", {"a": 1, "b": 2})
    done(atlan, process, way, "POST", "businessmetadata", {"CM": {"a": 3}, "Other": {"z": 1}})
    assert atlan.get(process)["businessAttributes"] == {"CM": {"a": 3, "b": 2}, "Other": {"z": 1}}
    done(atlan, process, way, "POST", "businessmetadata/CM", {"b": None})
    done(atlan, process, way, "DELETE", "businessmetadata/Other", {"z": 1})
    assert atlan.get(process)["businessAttributes"] == {"CM": {"a": 3}}


def test_custom_metadata_can_be_overwritten(atlan, process):
    done(atlan, process, "guid", "POST", "businessmetadata", {"CM": {"a": 3}, "Other": {"z": 1}})
    url = f"/api/meta/entity/guid/{process}/businessmetadata"
    assert atlan.raw.post(url, params={"isOverwrite": "true"}, json={"CM": {"b": 1}}).status_code == 204
    assert atlan.get(process)["businessAttributes"] == {"CM": {"b": 1}}


def test_a_change_sets_the_last_writer_and_is_counted(atlan, ann, process):
    before = atlan.server.stats()["entities_written"]
    done(ann, process, "guid", "POST", "labels", ["a"])
    done(ann, process, "guid", "POST", "labels", ["a"])
    assert atlan.get(process)["updatedBy"] == "ann"
    assert atlan.server.stats()["entities_written"] == before + 1
