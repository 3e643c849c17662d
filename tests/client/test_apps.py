"""Workflows and their runs, against the local Atlan."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from client.clocks import LeapingClock
from client.scripted_server import ScriptedServer, respond
from pydantic import SecretStr

from atlan_pulumi.client import (
    AtlanClient,
    ClientSettings,
    NetworkError,
    NotFoundError,
    ServerError,
    WorkflowRun,
)
from atlan_pulumi.local import LocalAtlan

Scripted = Callable[..., tuple[AtlanClient, ScriptedServer]]


@pytest.fixture
def local() -> Iterator[LocalAtlan]:
    with LocalAtlan() as server:
        yield server


@pytest.fixture
def client(local: LocalAtlan, clock: LeapingClock) -> Iterator[AtlanClient]:
    chosen = ClientSettings(local.base_url, SecretStr(local.api_key), requests_per_minute=0)
    with AtlanClient(chosen, clock=clock) as client:
        yield client


def test_workflows_are_found_by_name(client: AtlanClient, local: LocalAtlan) -> None:
    slugs = {name: local.add_workflow(name) for name in ("warehouse", "lake")}
    assert {each.name: each.slug for each in client.apps.workflows()} == slugs
    assert [each.slug for each in client.apps.workflows("lake")] == [slugs["lake"]]
    assert list(client.apps.workflows("sea")) == []


def test_all_pages_of_workflows_are_read(client: AtlanClient, local: LocalAtlan) -> None:
    names = [f"crawler {number:03}" for number in range(205)]
    for name in names:
        local.add_workflow(name)
    assert [each.name for each in client.apps.workflows()] == names


def test_a_run_is_started_and_followed(client: AtlanClient, local: LocalAtlan) -> None:
    slug = local.add_workflow("warehouse", runs=[{"reads": 3}])
    run = client.apps.submit(slug)
    assert client.apps.active_run(slug) == WorkflowRun(run_id=run.run_id, status="Pending")
    seen = [client.apps.run(run.run_id) for _ in range(3)]
    assert [each.status for each in seen] == ["Running", "Running", "Succeeded"]
    assert [each.has_ended for each in seen] == [False, False, True]
    assert client.apps.active_run(slug) is None


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        *((each, False) for each in ("Pending", "Running", "")),
        *((each, True) for each in ("Succeeded", "Failed", "Error", "Stopped", "Terminated", "Skipped")),
    ],
)
def test_only_known_ends_are_ends(status: str, ended: bool) -> None:
    run = WorkflowRun(run_id="1", status=status)
    assert run.has_ended is ended
    assert run.has_succeeded is (status == "Succeeded")


def test_a_run_of_another_workflow_is_not_returned(client: AtlanClient, local: LocalAtlan) -> None:
    slug, other = local.add_workflow("warehouse"), local.add_workflow("warehouse 2")
    client.apps.submit(other)
    assert client.apps.active_run(slug) is None


def test_a_second_run_is_refused_once(client: AtlanClient, local: LocalAtlan) -> None:
    """The 500 is not retried."""
    slug = local.add_workflow("warehouse", runs=[{"reads": 9}])
    client.apps.submit(slug)
    before = local.stats()["requests"][f"POST /api/service/v1/app/{slug}/submit"]
    with pytest.raises(ServerError, match="already running"):
        client.apps.submit(slug)
    assert local.stats()["requests"][f"POST /api/service/v1/app/{slug}/submit"] == before + 1


@pytest.mark.parametrize(
    ("answer", "error"), [({"status": 503}, ServerError), ({"drop": "after"}, NetworkError)]
)
def test_a_start_that_may_have_arrived_is_sent_once(
    client: AtlanClient, local: LocalAtlan, answer: dict[str, object], error: type[Exception]
) -> None:
    slug = local.add_workflow("warehouse")
    local.fault({"method": "POST", "path": "*/submit", **answer})
    with pytest.raises(error):
        client.apps.submit(slug)


def test_unknown_workflows_and_runs_are_not_found(client: AtlanClient) -> None:
    with pytest.raises(NotFoundError):
        client.apps.submit("nothing")
    with pytest.raises(NotFoundError):
        client.apps.run("nothing")


def test_pages_without_an_end_are_not_read_forever(scripted: Scripted) -> None:
    page = {"workflows": [{"slug": "a", "name": "A"}], "has_more": True, "next_cursor": "1"}
    client, _ = scripted(respond(page), respond(page))
    assert [each.slug for each in client.apps.workflows()] == ["a", "a"]


def test_fields_that_atlan_leaves_out_are_empty(scripted: Scripted) -> None:
    """pyatlan's models have them as optional. A workflow without a slug cannot be run."""
    listed = {"workflows": [{"slug": None, "name": "draft"}, {"slug": "a", "name": None}], "has_more": False}
    client, _ = scripted(
        respond(listed), respond({"workflows": None}), respond({"run_id": "1", "status": None})
    )
    assert [(each.slug, each.name) for each in client.apps.workflows()] == [("a", "")]
    assert list(client.apps.workflows()) == []
    run = client.apps.run("1")
    assert (run.status, run.has_ended) == ("", False)
