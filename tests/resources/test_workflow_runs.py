"""Runs of a crawler that a deployment starts or joins, against the local Atlan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from client.clocks import LeapingClock
from support.atlan import SEED, WAREHOUSE, reset, table_name
from support.placeholders import NEW, provide, server

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import Sought
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.crawler_run import CrawlerRunLifecycle

__all__ = ["server"]

Props = dict[str, Any]
TABLES = [{"name": name, "columns": [{"name": "ID"}]} for name in ("NEW", "T0")]
CATALOG = {
    "connections": [
        {
            "connector": "snowflake",
            "name": SEED["connections"][0]["name"],
            "qualifiedName": WAREHOUSE,
            "databases": [{"name": "DB", "schemas": [{"name": "S", "tables": TABLES}]}],
        }
    ]
}
NAMED = {"type_name": "Table", "qualified_name": NEW.qualified_name}


@pytest.fixture
def client(server: LocalAtlan) -> Iterator[AtlanClient]:
    reset(server)
    settings = ClientSettings.resolve(server.base_url, server.api_key, 0)
    with AtlanClient(settings, clock=LeapingClock()) as client:
        yield client


@pytest.fixture
def crawler() -> CrawlerRunLifecycle:
    lifecycle = CrawlerRunLifecycle()
    said: list[str] = []
    lifecycle.log = said.append
    lifecycle.said = said  # type: ignore[attr-defined]
    return lifecycle


def inputs(**changed: Any) -> Props:
    given = {"workflow": "warehouse", "wait_for": [NAMED], "timeout": 600, **changed}
    checked = CrawlerRunLifecycle().check({}, given)
    assert checked.problems == []
    return checked.inputs


def submits(server: LocalAtlan, slug: str) -> int:
    return int(server.stats()["requests"].get(f"POST /api/service/v1/app/{slug}/submit", 0))


def test_the_crawler_runs_and_its_assets_are_readable(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    slug = server.add_workflow("warehouse", runs=[{"reads": 3, "crawl": CATALOG}])
    made = crawler.create(client, inputs())
    assert made["slug"] == slug
    assert client.apps.run(made["run_id"]).has_succeeded
    table = client.entities.get_by_qualified_name(*NEW)
    assert table is not None
    assert table.status == "ACTIVE"
    assert crawler.said == [f"run {made['run_id']} of the crawler 'warehouse': Running"]  # type: ignore[attr-defined]


def test_a_workflow_is_found_by_its_slug(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    slug = server.add_workflow("warehouse", runs=[{"crawl": CATALOG}])
    assert crawler.create(client, inputs(workflow=slug))["slug"] == slug


def test_a_placeholder_is_not_what_is_waited_for(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    server.add_workflow("warehouse", runs=[{"crawl": CATALOG}])
    provide(client, NEW)
    crawler.create(client, inputs())
    table = client.entities.get_by_qualified_name(*NEW)
    assert table is not None
    assert table.attributes["isPartial"] is False


@pytest.mark.parametrize("then", ["publishes", "fails", "misses the table"])
def test_an_active_run_is_joined_and_another_follows_if_it_was_not_enough(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle, then: str
) -> None:
    first = {"publishes": {"crawl": CATALOG}, "fails": {"status": "Failed"}, "misses the table": {}}[then]
    slug = server.add_workflow("warehouse", runs=[{"reads": 4, **first}, {"crawl": CATALOG}])
    theirs = client.apps.submit(slug)
    made = crawler.create(client, inputs())
    assert (made["run_id"] == theirs.run_id) is (then == "publishes")
    assert submits(server, slug) == (1 if then == "publishes" else 2)
    assert crawler.said[0] == (  # type: ignore[attr-defined]
        f"run {theirs.run_id} of the crawler 'warehouse' is active already: waits for it"
    )


def test_a_run_that_started_although_the_request_failed_is_followed(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    """It is not started twice."""
    slug = server.add_workflow("warehouse", runs=[{"submit_status": 500, "crawl": CATALOG}])
    crawler.create(client, inputs())
    assert submits(server, slug) == 1


def test_a_failed_start_without_a_run_is_one_line(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    slug = server.add_workflow("warehouse")
    server.fault({"method": "POST", "path": "*/submit", "status": 500})
    with pytest.raises(ResourceError, match="may have started, but Atlan did not confirm it") as failed:
        crawler.create(client, inputs())
    assert "\n" not in str(failed.value)
    assert submits(server, slug) == 1


@pytest.mark.parametrize("status", ["Failed", "Error", "Stopped", "Terminated", "Skipped"])
def test_a_failed_run_is_one_line_with_its_id(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle, status: str
) -> None:
    server.add_workflow("warehouse", runs=[{"status": status}])
    with pytest.raises(ResourceError) as failed:
        crawler.create(client, inputs())
    run_id = str(failed.value).split()[1]
    assert client.apps.run(run_id).status == status
    assert str(failed.value) == (
        f"run {run_id} of the crawler 'warehouse' ended as {status}: look at its log in Atlan, then run "
        "`pulumi up` again"
    )


def test_a_run_that_hangs_ends_with_the_timeout_and_is_joined_later(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    slug = server.add_workflow("warehouse", runs=[{"reads": 60, "crawl": CATALOG}])
    with pytest.raises(ResourceError, match=r"is Running after 600 seconds: it continues in Atlan"):
        crawler.create(client, inputs())
    crawler.create(client, inputs())
    assert submits(server, slug) == 1


def test_assets_that_the_crawl_does_not_publish_are_named(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    server.add_workflow("warehouse", runs=[{}])
    with pytest.raises(
        ResourceError, match=f"succeeded, but Atlan has no Table '{NEW.qualified_name}' after 600"
    ):
        crawler.create(client, inputs())


def test_only_what_decides_about_a_run_starts_another(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    slug = server.add_workflow("warehouse", runs=[{"crawl": CATALOG}])
    made = crawler.create(client, inputs(triggers=[1]))
    same = crawler.update(client, made, inputs(triggers=[1], timeout=60))
    assert (same["run_id"], same["timeout"], submits(server, slug)) == (made["run_id"], 60, 1)
    again = crawler.update(client, same, inputs(triggers=[{"columns": ["ID"]}], timeout=60))
    assert (again["run_id"] != made["run_id"], submits(server, slug)) == (True, 2)
    crawler.update(client, again, inputs(triggers=[{"columns": ["ID"]}], timeout=60, wait_for=None))
    assert submits(server, slug) == 3
    assert crawler.delete(client, again) == []
    assert crawler.read(client, "warehouse", again).outputs == again
    assert submits(server, slug) == 3


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("warehuse", "Atlan has no workflow 'warehuse'; did you mean 'warehouse'?"),
        ("x", "Atlan has no workflow 'x'; it has 'lake' and 'warehouse'"),
    ],
)
def test_an_unknown_workflow_is_refused_with_the_existing_ones(
    server: LocalAtlan, client: AtlanClient, name: str, reason: str
) -> None:
    for each in ("warehouse", "lake"):
        server.add_workflow(each)
    checked = CrawlerRunLifecycle().check({}, {"workflow": name}, lambda: client)
    assert [tuple(each) for each in checked.problems] == [("workflow", reason)]


def test_invalid_inputs_are_refused() -> None:
    given = {
        "workflow": "warehouse",
        "wait_for": [{"type_name": "Process", "qualified_name": table_name(0)}, {**NAMED, "guid": "1"}],
        "timeout": 0,
    }
    assert {each.property for each in CrawlerRunLifecycle().check({}, given).problems} >= {
        "wait_for",
        "timeout",
    }


def test_triggers_are_a_set() -> None:
    lifecycle, before = CrawlerRunLifecycle(), inputs(triggers=["a", "b"])
    assert lifecycle.diff(before, inputs(triggers=["b", "a"])).changed == []
    for other in (["a"], ["a", "c"], [["a", "b"]], [{"a": "b"}], [], None):
        assert lifecycle.diff(before, inputs(triggers=other)).changed == ["triggers"]


def test_a_run_that_was_removed_is_one_line(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle
) -> None:
    server.add_workflow("warehouse")
    server.fault({"method": "GET", "path": "/api/service/v1/app/runs/*", "status": 404, "body": {}})
    with pytest.raises(
        ResourceError, match="of the crawler 'warehouse' is no longer in Atlan: run `pulumi up` again"
    ):
        crawler.create(client, inputs())


@pytest.mark.parametrize("status", ["Failed", "Succeeded"])
def test_secret_names_are_in_no_message(
    server: LocalAtlan, client: AtlanClient, crawler: CrawlerRunLifecycle, status: str
) -> None:
    server.add_workflow("warehouse", runs=[{"status": status, "reads": 3}])
    given = inputs()
    crawler.sought.record("CrawlerRunLifecycle", given, Sought([], hidden=True))
    with pytest.raises(ResourceError) as failed:
        crawler.create(client, given)
    lines = [str(failed.value), *crawler.said]  # type: ignore[attr-defined]
    assert not [line for line in lines if "warehouse" in line or "NEW" in line]
