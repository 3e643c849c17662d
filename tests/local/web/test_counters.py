"""Counters, recent requests, and reset."""

from __future__ import annotations

import pytest

from atlan_pulumi.local.web._counters import endpoint

GUID = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/meta/entity/bulk", "/api/meta/entity/bulk"),
        ("/api/meta/entity/bulk/", "/api/meta/entity/bulk"),
        (f"/api/meta/entity/guid/{GUID}", "/api/meta/entity/guid/{guid}"),
        (f"/api/meta/entity/guid/{GUID}/header", "/api/meta/entity/guid/{guid}/header"),
        ("/api/meta/entity/uniqueAttribute/type/Process", "/api/meta/entity/uniqueAttribute/type/{typeName}"),
        ("/", "/"),
    ],
)
def test_endpoints_have_placeholders_for_variable_parts(path, name):
    assert endpoint(path) == name


def test_requests_responses_and_written_entities_are_counted(atlan):
    guid = atlan.create(atlan.process(inputs="A B"))
    atlan.save(atlan.process(inputs="A B"))
    atlan.save(atlan.process("x"), atlan.process("load", inputs="A"))
    atlan.delete(guid)
    atlan.raw.get(f"/api/meta/entity/guid/{guid}")
    assert atlan.ok(atlan.raw.get("/_local/stats")) == {
        "requests": {
            "DELETE /api/meta/entity/bulk": 1,
            "GET /api/meta/entity/guid/{guid}": 1,
            "POST /api/meta/entity/bulk": 3,
        },
        "answers": {"200": 4, "404": 1},
        "entities_written": 4,
    }
    assert atlan.server.stats()["entities_written"] == 4


def test_a_refused_write_counts_no_entities(atlan):
    atlan.post(atlan.process(), atlan.process("x", inputs="NOPE"))
    assert atlan.server.stats()["entities_written"] == 0
    assert atlan.server.stats()["answers"] == {"404": 1}


def test_unauthorized_requests_are_counted(atlan):
    atlan.raw.get("/api/service/whoami", headers={"authorization": "Bearer no"})
    assert atlan.server.stats()["answers"] == {"401": 1}


def test_local_endpoints_are_not_counted(atlan):
    atlan.raw.get("/_local/stats")
    assert atlan.server.stats() == {"requests": {}, "answers": {}, "entities_written": 0}


def test_recent_requests_are_listed(atlan):
    atlan.raw.get("/api/service/users", params={"filter": '{"username":"a b"}'})
    atlan.save(atlan.process())
    first, second = atlan.ok(atlan.raw.get("/_local/requests"))["requests"]
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/service/users", 200)
    assert first["user"] == "service-account-apikey-local"
    assert first["body"] is None
    assert second["body"]["entities"][0]["typeName"] == "Process"
    assert second["ms"] >= 0
    assert atlan.server.requests()[1] == second


def test_a_body_that_is_not_json_is_listed_as_text(atlan):
    atlan.raw.post("/api/meta/entity/bulk", content=b"\xff{")
    atlan.raw.post("/api/meta/entity/bulk", content=b"[" * 100_000)
    first, second = (one["body"] for one in atlan.server.requests())
    assert first == "\ufffd{"
    assert second == "[" * 100_000


def test_reset_deletes_data_and_applies_the_seed(atlan):
    guid = atlan.create(atlan.process())
    atlan.delete(atlan.seeded("A")["guid"])
    atlan.raw.post("/api/service/credentials", json={"name": "c"})
    atlan.server.fault({"status": 500, "times": 0})
    assert atlan.raw.post("/_local/reset").status_code == 200
    assert atlan.raw.get(f"/api/meta/entity/guid/{guid}").status_code == 404
    assert atlan.seeded("A")["status"] == "ACTIVE"
    assert atlan.ok(atlan.raw.get("/api/service/credentials"))["records"] == []
    assert atlan.ok(atlan.raw.get("/_local/events"))["events"] == []


def test_reset_without_the_seed(atlan):
    atlan.raw.post("/_local/reset?seed=false")
    assert atlan.raw.get("/_local/assets").json() == {"counts": {}, "total": 0, "assets": []}
