"""Fault rules: responses, selected requests, and whether the write is executed."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local.web._faults import FaultRule, Faults

BULK = "/api/meta/entity/bulk"
CONNECTION = "default/snowflake/1657025257"
WHOAMI = "/api/service/whoami"


def script(atlan, *rules):
    response = atlan.raw.post("/_local/faults", json=list(rules))
    assert response.status_code == 200, response.text


def statuses(atlan, times, path=WHOAMI):
    return [atlan.raw.get(path).status_code for _ in range(times)]


def exists(atlan):
    return "load" in [one["name"] for one in atlan.raw.get("/_local/assets?type=Process").json()["assets"]]


def test_a_rule_fires_once_by_default(atlan):
    script(atlan, {"status": 503})
    assert statuses(atlan, 3) == [503, 200, 200]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"times": 2}, [500, 500, 200, 200]),
        ({"times": 0}, [500, 500, 500, 500]),
        ({"times": None}, [500, 500, 500, 500]),
        ({"after": 2}, [200, 200, 500, 200]),
        ({"after": 1, "times": 2}, [200, 500, 500, 200]),
        ({"nth": 2}, [200, 500, 200, 200]),
        ({"nth": [1, 3, 4]}, [500, 200, 500, 500]),
        ({"nth": [1, 3, 4], "times": 2}, [500, 200, 500, 200]),
    ],
)
def test_nth_after_and_times_select_requests(atlan, rule, expected):
    script(atlan, {"status": 500, **rule})
    assert statuses(atlan, 4) == expected


@pytest.mark.parametrize(
    ("rule", "hit"),
    [
        ({"method": "GET"}, True),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": WHOAMI}, True),
        ({"path": f"{WHOAMI}/"}, True),
        ({"path": "/api/service/*"}, True),
        ({"path": "/api/meta/*"}, False),
        ({"method": "GET", "path": "*whoami"}, True),
    ],
)
def test_method_and_path_select_requests(atlan, rule, hit):
    script(atlan, {"status": 418, **rule})
    assert (statuses(atlan, 1) == [418]) == hit


def test_the_first_rule_that_fires_applies(atlan):
    script(atlan, {"status": 500}, {"status": 501, "times": 2})
    assert statuses(atlan, 4) == [500, 501, 501, 200]


def test_the_response_has_the_status_headers_and_body_of_the_rule(atlan):
    script(atlan, {"status": 429, "headers": {"Retry-After": "7"}, "body": {"message": "slow down"}})
    response = atlan.raw.get(WHOAMI)
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")
    assert response.json() == {"message": "slow down"}


def test_string_bodies_are_sent_as_plain_text(atlan):
    html = "<html>log in</html>"
    script(atlan, {"status": 200, "headers": {"Content-Type": "text/html"}, "body": html}, {"status": 502})
    response = atlan.raw.get(WHOAMI)
    assert (response.text, response.headers["content-type"]) == (html, "text/html")
    assert atlan.raw.get(WHOAMI).content == b""


def test_a_status_without_commit_writes_nothing(atlan):
    script(atlan, {"method": "POST", "path": BULK, "status": 500})
    assert atlan.post(atlan.process()).status_code == 500
    assert not exists(atlan)


def test_a_status_with_commit_writes(atlan):
    script(atlan, {"method": "POST", "path": BULK, "status": 500, "commit": True})
    assert atlan.post(atlan.process()).status_code == 500
    assert exists(atlan)


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_drop_closes_the_connection_without_a_response(atlan, when, written):
    script(atlan, {"path": BULK, "drop": when})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        atlan.post(atlan.process())
    assert exists(atlan) == written
    assert atlan.ok(atlan.raw.get("/_local/stats"))["answers"] == {"none": 1}


def test_truncate_sends_half_of_the_body(atlan):
    script(atlan, {"path": BULK, "truncate": True})
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|closed"):
        atlan.post(atlan.process())
    assert exists(atlan)


def test_truncate_applies_to_scripted_responses(atlan):
    script(atlan, {"path": BULK, "truncate": True, "status": 200, "body": "x" * 100})
    head = f"POST {BULK} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer local\r\nContent-Length: 0\r\n\r\n"
    host, port = atlan.server.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head.encode())
        received = b""
        while part := connection.recv(1000):
            received += part
    answered, _, body = received.partition(b"\r\n\r\n")
    assert b"content-length: 100" in answered
    assert body == b"x" * 50
    assert not exists(atlan)


def test_delay_ms_delays_the_response(atlan):
    script(atlan, {"delay_ms": 120})
    started = time.monotonic()
    assert statuses(atlan, 1) == [200]
    assert time.monotonic() - started >= 0.12


@pytest.mark.parametrize("commit", [True, False])
def test_hang_never_responds(atlan, commit):
    script(atlan, {"path": BULK, "hang": True, "commit": commit})
    with pytest.raises(httpx.ReadTimeout):
        atlan.raw.post(BULK, json={"entities": [atlan.process()]}, timeout=httpx.Timeout(20, read=1))
    assert exists(atlan) == commit


def test_rules_can_be_listed_and_removed(atlan):
    script(atlan, {"path": WHOAMI, "status": 503, "times": 2})
    statuses(atlan, 3)
    (rule,) = atlan.ok(atlan.raw.get("/_local/faults"))["faults"]
    assert (rule["status"], rule["matched"], rule["hits"]) == (503, 3, 2)
    atlan.raw.post("/_local/faults", json={"status": 500, "times": 0})
    assert atlan.ok(atlan.raw.delete("/_local/faults")) == {"faults": []}
    assert statuses(atlan, 1) == [200]


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ({"statsu": 500}, "statsu"),
        ({"drop": "later"}, "before"),
        ({"commit": "most"}, "half"),
        ("x", "object"),
    ],
)
def test_invalid_rules_are_refused(atlan, rule, hint):
    response = atlan.raw.post("/_local/faults", json=[{"status": 500}, rule])
    assert response.status_code == 400
    assert hint in response.json()["error"]
    assert atlan.ok(atlan.raw.get("/_local/faults"))["faults"] == []
    assert atlan.raw.post("/_local/faults", content=b"{").status_code == 400


def test_rules_can_be_added_in_python(atlan):
    atlan.server.fault({"status": 503, "times": 2})
    assert statuses(atlan, 1) == [503]
    atlan.server.clear_faults()
    assert statuses(atlan, 1) == [200]
    with pytest.raises(LocalAtlanError, match="unknown key 'nope'"):
        atlan.server.fault({"nope": 1})


def test_local_endpoints_have_no_faults(atlan):
    script(atlan, {"status": 500, "times": 0})
    assert atlan.raw.get("/_local/stats").status_code == 200
    assert atlan.raw.get("/_local/faults").status_code == 200


@pytest.mark.parametrize("rule", [{}, {"commit": True}, {"commit": "half"}])
def test_contains_selects_requests_by_body(atlan, rule):
    guids = {name: atlan.create(atlan.process(name)) for name in ("one", "two")}
    script(atlan, {"status": 500, "times": 0, "contains": f"{CONNECTION}/one", **rule})
    assert atlan.post(atlan.process("one", sql="x")).status_code == 500
    assert atlan.post(atlan.process("two", sql="x")).status_code == 200
    url = "/api/meta/entity/uniqueAttribute/type/Process"
    read_statuses = [
        atlan.raw.get(url, params={"attr:qualifiedName": f"{CONNECTION}/{name}"}).status_code
        for name in guids
    ]
    assert read_statuses == [500, 200]
    atlan.raw.delete("/_local/faults")
    assert [atlan.get(guid)["attributes"]["sql"] for guid in guids.values()] == [
        "x" if rule.get("commit") is True else None,
        "x",
    ]


def test_contains_selects_requests_by_url(atlan):
    guids = [atlan.create(atlan.process(name)) for name in ("one", "two")]
    script(atlan, {"status": 403, "times": 0, "contains": guids[0]})
    deleted = [atlan.raw.delete(BULK, params={"guid": guid}).status_code for guid in guids]
    read = [atlan.raw.get(f"/api/meta/entity/guid/{guid}").status_code for guid in guids]
    assert (deleted, read) == ([403, 200], [403, 200])


def test_headers_are_added_to_the_real_response(atlan):
    script(atlan, {"path": WHOAMI, "headers": {"Content-Type": "text/plain", "X-Proxy": "1"}})
    response = atlan.raw.get(WHOAMI)
    assert (response.headers["content-type"], response.headers["x-proxy"]) == ("text/plain", "1")
    assert "roles" in response.json()


@pytest.mark.parametrize("rule", [{"drop": "before"}, {"drop": "after"}, {"truncate": True}])
def test_reset_resets_the_connection(atlan, rule):
    head = f"GET {WHOAMI} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer local\r\n\r\n".encode()
    host, port = atlan.server.base_url.removeprefix("http://").split(":")
    for reset in (False, True):
        script(atlan, {**rule, "reset": reset})
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            connection.sendall(head)
            try:
                while connection.recv(1000):
                    pass
                ended = "closed"
            except ConnectionResetError:
                ended = "reset"
        assert ended == ("reset" if reset else "closed")


def test_close_closes_an_idle_connection(atlan):
    script(atlan, {"path": WHOAMI, "close": True})
    head = f"GET {WHOAMI} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer local\r\n\r\n".encode()
    host, port = atlan.server.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(head)
        received = b""
        while part := connection.recv(1000):
            received += part
    assert received.startswith(b"HTTP/1.1 200")
    assert b"connection: close" not in received.lower()
    assert received.endswith(b"}")


def test_commit_half_writes_half_of_the_entities(atlan):
    script(atlan, {"method": "POST", "path": BULK, "status": 500, "commit": "half"})
    assert atlan.post(atlan.process("one"), atlan.process("two"), atlan.process("three")).status_code == 500
    found = atlan.raw.get("/_local/assets?type=Process").json()["assets"]
    assert [each["name"] for each in found] == ["one"]


def test_commit_half_of_one_entity_writes_nothing(atlan):
    script(atlan, {"path": BULK, "status": 500, "commit": "half", "nth": [1, 3]})
    assert atlan.post(atlan.process()).status_code == 500
    assert not exists(atlan)
    guid = atlan.create(atlan.process("other"))
    assert atlan.raw.delete(BULK, params={"guid": guid, "deleteType": "PURGE"}).status_code == 500
    assert atlan.get(guid)["status"] == "ACTIVE"


def test_commit_half_deletes_half_of_the_guids(atlan):
    guids = [atlan.create(atlan.process(name)) for name in ("one", "two")]
    script(atlan, {"method": "DELETE", "path": BULK, "status": 503, "commit": "half"})
    assert atlan.raw.delete(BULK, params={"guid": guids, "deleteType": "PURGE"}).status_code == 503
    left = atlan.raw.get("/_local/assets?type=Process").json()["assets"]
    assert [each["name"] for each in left] == ["two"]


@pytest.mark.parametrize("commit", [True, False])
def test_await_fault_returns_after_a_rule_fired(atlan, commit):
    atlan.server.fault({"path": BULK, "hang": True, "commit": commit})
    with pytest.raises(LocalAtlanError, match=r"no fault rule fired within 0\.01 seconds"):
        atlan.server.await_fault(0.01)
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(
            atlan.raw.post, BULK, json={"entities": [atlan.process()]}, timeout=httpx.Timeout(20, read=2)
        )
        atlan.server.await_fault(20)
        assert exists(atlan) == commit
        with pytest.raises(httpx.ReadTimeout):
            sent.result()
    (rule,) = atlan.ok(atlan.raw.get("/_local/faults"))["faults"]
    assert (rule["matched"], rule["hits"], rule["done"]) == (1, 1, 1)


def test_rules_count_matched_requests():
    rule = FaultRule.parse({"method": "post", "path": "/a/*", "nth": [2], "status": 500})
    fired = [
        rule.should_fire(method, path, "")
        for method, path in (("POST", "/a/b"), ("GET", "/a/b"), ("POST", "/a/c/"))
    ]
    assert fired == [False, False, True]
    assert (rule.show()["matched"], rule.show()["hits"], rule.show()["nth"]) == (2, 1, [2])


def test_a_list_with_an_invalid_rule_adds_no_rule():
    faults = Faults()
    with pytest.raises(ValueError, match="unknown key"):
        faults.add([{"status": 500}, {"x": 1}])
    assert faults.show() == []
    assert faults.match("GET", "/") is None
