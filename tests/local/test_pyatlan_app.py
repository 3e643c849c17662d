"""Atlan's SDK: app workflows, and batches that create partial assets."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from pyatlan.client.app import AppClient
from pyatlan.client.asset import Batch
from pyatlan.errors import AtlanError, InvalidRequestError, NotFoundError
from pyatlan.model.assets import Asset, Column, Table
from pyatlan.model.enums import AssetCreationHandling
from pyatlan.model.fluent_search import FluentSearch

pytestmark = [
    # Atlan's SDK calls one of its deprecated methods, and does not close the transport of an app request.
    pytest.mark.filterwarnings("ignore:This method is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]
SCHEMA = "default/snowflake/1657025257/OPS/DEFAULT"
CATALOG = {
    "connections": [
        {
            "name": "warehouse",
            "connector": "snowflake",
            "qualified_name": "default/snowflake/1657025257",
            "databases": [{"name": "OPS", "schemas": [{"name": "DEFAULT", "tables": [{"name": "NEW"}]}]}],
        }
    ]
}


@pytest.fixture
def app(sdk) -> Iterator[AppClient]:
    yield sdk.app
    gc.collect()  # the transports, while their warning is ignored


def test_a_workflow_is_found_by_its_name(app, atlan):
    slug = atlan.server.add_workflow("warehouse-crawler")
    atlan.server.add_workflow("another")
    (found,) = app.get_all(name="warehouse-crawler").workflows
    assert (found.slug, found.name) == (slug, "warehouse-crawler")
    assert app.get(slug).name == "warehouse-crawler"


def test_workflows_are_listed_page_by_page(app, atlan):
    for number in range(3):
        atlan.server.add_workflow(f"w{number}")
    first = app.get_all(limit=2)
    assert (len(first.workflows), first.has_more) == (2, True)
    assert [one.name for one in app.get_all(limit=2, cursor=first.next_cursor).workflows] == ["w2"]


def test_a_run_publishes_its_catalog_when_it_succeeds(app, atlan):
    slug = atlan.server.add_workflow("crawler", runs=[{"crawl": CATALOG}])
    run = app.submit(slug)
    assert (run.status, run.slug) == ("Pending", slug)
    assert atlan.raw.get("/_local/assets?q=NEW").json()["total"] == 0
    assert app.get_run(run.run_id).status == "Running"
    assert app.get_run(run.run_id).is_success
    assert atlan.seeded("NEW")["attributes"]["lastSyncWorkflowName"] == f"{slug}-{run.run_id}"


def test_runs_are_not_on_the_page(app, atlan):
    before = atlan.raw.get("/_local/assets").json()
    app.submit(atlan.server.add_workflow("crawler"))
    assert atlan.raw.get("/_local/assets").json() == before


def test_a_run_reads_its_source_when_it_succeeds(app, atlan):
    slug = atlan.server.add_workflow("crawler", source=lambda: CATALOG, runs=[{"reads": 1}])
    app.get_run(app.submit(slug).run_id)
    assert atlan.seeded("NEW")["status"] == "ACTIVE"


def test_runs_follow_the_script_and_the_last_one_repeats(app, atlan):
    runs = [{"status": "Failed", "reads": 1, "crawl": CATALOG}, {"status": "Error", "reads": 1}]
    slug = atlan.server.add_workflow("crawler", runs=runs)
    ended = [app.get_run(app.submit(slug).run_id).status for _ in range(3)]
    assert ended == ["Failed", "Error", "Error"]
    assert atlan.raw.get("/_local/assets?q=NEW").json()["total"] == 0


def test_an_active_run_is_found_by_search_and_blocks_another(app, atlan):
    slug = atlan.server.add_workflow("crawler", runs=[{"status": "Running"}])
    run = app.submit(slug)
    with pytest.raises(InvalidRequestError, match="already"):
        app.submit(slug, idempotent=True)
    with pytest.raises(AtlanError, match="already running"):
        app.submit(slug)
    assert app.cancel_run(run.run_id).cancelled
    assert app.get_run(run.run_id).status == "Stopped"
    assert app.submit(slug, idempotent=True).status == "Pending"


def test_a_submission_can_fail_although_the_run_starts(app, atlan):
    slug = atlan.server.add_workflow("crawler", runs=[{"submit_status": 500}])
    with pytest.raises(AtlanError, match="could not be submitted"):
        app.submit(slug)
    with pytest.raises(InvalidRequestError, match="already"):
        app.submit(slug, idempotent=True)


def test_workflows_are_created_updated_scheduled_and_removed(app):
    created = app.create("bigquery-crawler", "nightly", {"project": "p"})
    assert app.get_run(created.run_id).slug == created.slug
    assert app.create("bigquery-crawler", "nightly", {"project": "p"}).slug == created.slug  # by name
    assert app.update(created.slug, {"project": "q"}).version == 2
    trigger = app.add_schedule(created.slug, "0 9 * * *").trigger_id
    assert [one["cron"] for one in app.get(created.slug).schedules] == ["0 9 * * *"]
    assert app.remove_schedule(created.slug, trigger).deleted
    assert app.delete(created.slug).archived
    with pytest.raises(NotFoundError):
        app.get(created.slug)


def test_an_app_is_described(app):
    assert app.describe("bigquery-crawler").native_ready
    assert app.get_input_contract("bigquery-crawler").field_names() == []


def test_a_batch_creates_partial_assets_which_a_crawl_makes_full(sdk, atlan):
    batch = Batch(
        client=sdk,
        max_size=20,
        update_only=True,
        creation_handling=AssetCreationHandling.PARTIAL,
        track=True,
    )
    table = Table.creator(name="NEW", schema_qualified_name=SCHEMA)
    batch.add(table)
    batch.add(Column.creator(name="ID", parent_qualified_name=f"{SCHEMA}/A", parent_type=Table, order=1))
    batch.flush()
    assert len(batch.created) == 1
    made = sdk.asset.get_by_qualified_name(f"{SCHEMA}/NEW", Table)
    assert made.is_partial is True
    atlan.server.crawl(CATALOG)
    full = sdk.asset.get_by_qualified_name(f"{SCHEMA}/NEW", Table)
    assert (full.is_partial, full.guid) == (False, made.guid)


def test_partial_assets_are_found_by_search(sdk):
    assets = [Table.creator(name=name, schema_qualified_name=SCHEMA) for name in ("P1", "P2")]
    for asset in assets:
        asset.is_partial = True
    sdk.asset.save(assets)
    request = (
        FluentSearch().where(Asset.IS_PARTIAL.eq(True)).include_on_results(Asset.IS_PARTIAL).to_request()
    )
    found = list(sdk.asset.search(request))
    assert sorted((one.name, one.is_partial) for one in found) == [("P1", True), ("P2", True)]
