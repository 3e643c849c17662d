"""App workflows over HTTP: in a seed, added at run time, and requests that are refused."""

from __future__ import annotations

import httpx
import pytest
from support.atlan import reset

from atlan_pulumi.errors import LocalAtlanError
from atlan_pulumi.local import LocalAtlan

APP = "/api/service/v1/app"
SEED = {"workflows": [{"name": "Nightly crawl", "runs": [{"status": "Failed", "reads": 1}]}]}


def test_the_workflows_of_a_seed_are_there_also_after_a_reset(rest_to):
    with LocalAtlan(seed=SEED) as server:
        rest = rest_to(server)
        with rest.raw:
            for _ in range(2):
                (found,) = rest.ok(rest.raw.get(APP, params={"name": "Nightly crawl"}))["workflows"]
                assert found["slug"].startswith("nightly-crawl-")
                run = rest.ok(rest.raw.post(f"{APP}/{found['slug']}/submit"))
                assert rest.ok(rest.raw.get(f"{APP}/runs/{run['run_id']}"))["status"] == "Failed"
                reset(server)


def test_workflows_are_added_by_http(atlan):
    url = f"{atlan.server.base_url}/_local/workflows"
    added = httpx.post(url, json=[{"name": "a", "slug": "a-1"}, {"name": "b"}]).json()["workflows"]
    assert [each["name"] for each in added] == ["a", "b"]
    assert added[0]["slug"] == "a-1"
    refused = httpx.post(url, json=[{"name": "a", "runs": [{"status": "Done"}]}])
    assert refused.status_code == 400
    assert "workflows[0].runs[0].status" in refused.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", f"{APP}/nope", None, 404, "workflow nope does not exist"),
        ("POST", f"{APP}/nope/submit", None, 404, "workflow nope does not exist"),
        ("GET", f"{APP}/runs/nope", None, 404, "run nope does not exist"),
        ("POST", APP, {"name": "x"}, 400, "app_id, inputs must be set"),
        ("POST", APP, ["x"], 400, "name, app_id, inputs must be set"),
    ],
)
def test_what_does_not_exist_or_is_incomplete_is_refused(atlan, method, path, body, status, message):
    refused = atlan.raw.request(method, path, json=body)
    assert (refused.status_code, refused.json()["message"]) == (status, message)


def test_an_invalid_run_is_an_error(atlan):
    with pytest.raises(LocalAtlanError, match=r"workflows\[0\].runs\[0\].reads"):
        atlan.server.add_workflow("crawler", runs=[{"reads": 0}])
