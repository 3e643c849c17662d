"""Missing assets of a resource that is written, against the local Atlan: placeholders and waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.atlan import WAREHOUSE
from support.placeholders import (
    FULL,
    NEW,
    OLD,
    OURS,
    THEIRS,
    client,
    crawl,
    existing,
    find,
    needs,
    provide,
    server,
)

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import EntityKey, is_placeholder
from atlan_pulumi.lifecycle import _missing_assets as missing_assets
from atlan_pulumi.lifecycle._missing_assets import provide_assets
from atlan_pulumi.lifecycle._sought_assets import Waits
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE

__all__ = ["client", "server"]


def guid(client: AtlanClient, key: EntityKey) -> str:
    return str(existing(client, key).guid)


def test_only_missing_assets_become_placeholders(client: AtlanClient) -> None:
    before = find(client, FULL)
    assert provide(client, FULL, NEW) == {guid(client, NEW)}
    made = existing(client, NEW)
    assert is_placeholder(made)
    wanted = {
        "name": "NEW",
        "connectorName": "snowflake",
        "connectionQualifiedName": WAREHOUSE,
        "isPartial": True,
        OWNERSHIP_ATTRIBUTE: OURS,
    }
    assert {name: made.attributes.get(name) for name in wanted} == wanted
    assert find(client, FULL) == before


@pytest.mark.parametrize("handling", ["error", "partial", "wait"])
def test_the_placeholder_of_another_stack_is_used_and_left_as_it_is(
    client: AtlanClient, handling: str
) -> None:
    theirs = provide(client, NEW, own=THEIRS)
    before = find(client, NEW)
    assert provide(client, FULL, NEW, handling=handling) == theirs
    assert find(client, NEW) == before


@pytest.mark.parametrize("handling", ["error", "partial"])
def test_a_placeholder_that_the_index_does_not_have_yet_is_used(
    server: LocalAtlan, client: AtlanClient, handling: str
) -> None:
    theirs = provide(client, NEW, own=THEIRS)
    server.fault({"path": "/api/meta/search/indexsearch", "body": {"entities": []}})
    assert provide(client, NEW, handling=handling) == theirs


def test_a_missing_asset_is_left_to_the_write_without_a_setting(client: AtlanClient) -> None:
    assert provide(client, NEW, handling="error") == set()
    assert find(client, NEW) is None


def test_without_a_mark_no_placeholder_is_listed(client: AtlanClient) -> None:
    """It could not be recognized later."""
    assert provide(client, NEW, own=None) == set()
    assert existing(client, NEW).attributes["isPartial"] is True


def test_an_archived_full_asset_is_restored_as_it_was(server: LocalAtlan, client: AtlanClient) -> None:
    crawl(server, "OLD")
    before = existing(client, OLD)
    crawl(server)
    assert provide(client, OLD) == set(), "it is no placeholder"
    restored = existing(client, OLD)
    assert restored.status == "ACTIVE"
    assert restored.attributes == before.attributes


def test_an_archived_placeholder_is_a_placeholder_again(client: AtlanClient) -> None:
    first = provide(client, NEW, own=THEIRS)
    client.entities.delete(first, "SOFT")
    assert provide(client, NEW) == first
    assert existing(client, NEW).attributes[OWNERSHIP_ATTRIBUTE] == OURS


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("type_name", ["View", "SnowflakeDynamicTable"])
def test_a_live_asset_of_another_type_is_refused_and_not_written_to(
    client: AtlanClient, type_name: str, hidden: bool
) -> None:
    before = find(client, FULL)
    with pytest.raises(
        ResourceError, match=r"exists in Atlan: refer to it as asset\('Table', …\)"
    ) as refused:
        provide(client, EntityKey(type_name, FULL.qualified_name), NEW, hidden=hidden)
    assert (FULL.qualified_name in str(refused.value)) is not hidden
    assert find(client, FULL) == before
    assert find(client, NEW) is None


def test_of_two_assets_with_the_same_name_the_one_of_the_type_is_used(client: AtlanClient) -> None:
    view = EntityKey("View", NEW.qualified_name)
    wanted = {"qualifiedName": view.qualified_name, "name": "NEW", "connectionQualifiedName": WAREHOUSE}
    client.entities.upsert([Entity(type_name="View", attributes=wanted)])
    assert provide(client, view) == set()


#: What publishes the table at the same moment: the crawler, an SDK, and a user.
OTHERS: tuple[dict[str, Any], ...] = (
    {"lastSyncRun": "crawl-1", OWNERSHIP_ATTRIBUTE: "crawl-1"},
    {"schemaQualifiedName": f"{WAREHOUSE}/DB/S"},
    {"ownerUsers": ["ann"]},
)


def publish(client: AtlanClient, key: EntityKey, **attributes: Any) -> None:
    named = {"qualifiedName": key.qualified_name, "name": "NEW"}
    client.entities.upsert([Entity(type_name=key.type_name, attributes={**named, **attributes})])


def publish_after_the_look_up(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch, **attributes: Any
) -> None:
    search = missing_assets._search

    def and_then_publish(*arguments: Any) -> Iterator[Entity]:
        yield from search(*arguments)
        publish(client, NEW, isPartial=False, **attributes)

    monkeypatch.setattr(missing_assets, "_search", and_then_publish)


@pytest.mark.parametrize("attributes", OTHERS, ids=["crawler", "SDK", "user"])
def test_what_is_published_at_the_same_moment_stays_full(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch, attributes: dict[str, Any]
) -> None:
    publish_after_the_look_up(client, monkeypatch, **attributes)
    assert provide(client, NEW) == set(), "it is no placeholder"
    table = existing(client, NEW)
    assert table.attributes["isPartial"] is False
    assert table.attributes.get(OWNERSHIP_ATTRIBUTE) == attributes.get(OWNERSHIP_ATTRIBUTE)


def test_an_asset_that_cannot_be_made_full_again_is_an_error(
    server: LocalAtlan, client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_after_the_look_up(client, monkeypatch, ownerUsers=["ann"])
    server.fault(
        {
            "method": "POST",
            "path": "/api/meta/entity/bulk",
            "contains": '"isPartial":false',
            "after": 1,
            "status": 403,
        }
    )
    with pytest.raises(ResourceError, match="cannot be written"):
        provide(client, NEW)


def test_an_archived_placeholder_in_the_index_may_be_full_by_now(
    client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index lags behind the crawl."""
    guids = provide(client, NEW)
    client.entities.delete(guids, "SOFT")
    lagging = list(missing_assets._search(client, [NEW.qualified_name]))
    client.entities.restore(guids)
    publish(client, NEW, isPartial=False, **OTHERS[0])
    monkeypatch.setattr(missing_assets, "_search", lambda *_: iter(lagging))
    provide(client, NEW)
    assert existing(client, NEW).attributes["isPartial"] is False


def test_a_stack_without_marks_leaves_the_mark_of_another(server: LocalAtlan, client: AtlanClient) -> None:
    provide(client, NEW, own=THEIRS)
    server.fault({"path": "/api/meta/search/indexsearch", "body": {"entities": []}})
    provide(client, NEW, own=None)
    assert existing(client, NEW).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_without_checks_nothing_is_written_that_cannot_be_an_asset(client: AtlanClient) -> None:
    """Atlan then refuses the process."""
    elsewhere = EntityKey("Table", "default/snowflake/1700000000/DB/S/NEW")
    term = EntityKey("AtlasGlossaryTerm", f"{WAREHOUSE}/term")
    provide(client, NEW, elsewhere, term, checked=False)
    assert find(client, NEW) is not None
    assert find(client, elsewhere) is None
    assert find(client, term) is None


@pytest.mark.parametrize("hidden", [False, True])
def test_a_refused_placeholder_is_an_error(server: LocalAtlan, client: AtlanClient, hidden: bool) -> None:
    server.fault(
        {"method": "POST", "path": "/api/meta/entity/bulk", "status": 400, "body": {"errorMessage": "NEW"}}
    )
    with pytest.raises(ResourceError, match="cannot be written") as refused:
        provide(client, NEW, hidden=hidden)
    assert ("NEW" in str(refused.value)) is not hidden


def test_a_wait_ends_when_the_crawler_has_come(server: LocalAtlan, client: AtlanClient) -> None:
    log: list[str] = []

    def say(line: str) -> None:
        log.append(line)
        if len(log) == 2:
            crawl(server, "NEW")

    assert provide_assets(client, needs(FULL, NEW, handling="wait"), Waits(), say) == (set(), True)
    assert len(log) == 2
    assert log[0] == f"waits for {NEW}, 600 more seconds at most"


@pytest.mark.parametrize("hidden", [False, True])
def test_a_wait_has_an_end(client: AtlanClient, hidden: bool) -> None:
    log: list[str] = []
    waiting = needs(NEW, OLD, handling="wait", wait_seconds=0.2, hidden=hidden)
    with pytest.raises(ResourceError) as failed:
        provide_assets(client, waiting, Waits(), log.append)
    names = "2 assets" if hidden else f"{NEW} and {OLD}"
    assert str(failed.value) == (
        f"Atlan still has no {names} after 0.2 seconds: run the crawler, then `pulumi up` again; "
        "or set missing_assets='partial'"
    )
    assert all(line.startswith(f"waits for {names}, ") for line in log)
    assert find(client, NEW) is None


def test_several_waits_in_vain_take_as_long_as_one(client: AtlanClient) -> None:
    waits, log = Waits(), list[str]()
    for key in (NEW, OLD):
        with pytest.raises(ResourceError):
            provide_assets(client, needs(key, handling="wait", wait_seconds=0.3), waits, log.append)
    assert any("NEW" in line for line in log)
    assert not any("OLD" in line for line in log), "the time was over"


def test_a_wait_has_its_whole_time_after_one_that_ended_well(server: LocalAtlan, client: AtlanClient) -> None:
    """A resource may start long after another one has waited, or has had nothing to wait for."""
    waits, log = Waits(), list[str]()
    provide_assets(client, needs(FULL, handling="wait", wait_seconds=0.2), waits, log.append)
    client.clock.sleep(0.3)

    def crawl_at_once(line: str) -> None:
        log.append(line)
        crawl(server, "NEW")

    assert provide_assets(client, needs(NEW, handling="wait", wait_seconds=0.2), waits, crawl_at_once).waited
    client.clock.sleep(0.3)
    with pytest.raises(ResourceError):
        provide_assets(client, needs(OLD, handling="wait", wait_seconds=0.2), waits, log.append)
    assert any("OLD" in line for line in log)


def test_many_placeholders_take_few_requests(server: LocalAtlan, client: AtlanClient) -> None:
    keys = [EntityKey("Column", f"{NEW.qualified_name}/C{number}") for number in range(5000)]
    before = sum(server.stats()["requests"].values())
    assert len(provide(client, *keys)) == 5000
    assert sum(server.stats()["requests"].values()) - before <= 5000 / 50 / 3
