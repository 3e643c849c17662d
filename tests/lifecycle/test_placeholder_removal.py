"""Removal of placeholders against the local Atlan: unused ones go, all others stay."""

from __future__ import annotations

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
    process,
    provide,
    server,
)

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.lifecycle import EntityKey, Placeholders, is_placeholder, mark
from atlan_pulumi.lifecycle import _placeholder_removal as removal
from atlan_pulumi.lifecycle._placeholder_removal import Leaving, remove_unused, still_used
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE

__all__ = ["client", "server"]


@pytest.fixture
def log() -> list[str]:
    return []


def remove(
    client: AtlanClient,
    log: list[str],
    *keys: EntityKey,
    own: str | None = OURS,
    needed: tuple[EntityKey, ...] = (),
    hidden: bool = False,
) -> None:
    guids = [str(existing(client, key).guid) for key in keys]
    remove_unused(client, Placeholders(guids, hidden), Leaving(own, needed=needed), log.append)


@pytest.mark.parametrize("hidden", [False, True])
def test_an_unused_placeholder_is_removed_and_named(
    client: AtlanClient, log: list[str], hidden: bool
) -> None:
    provide(client, NEW)
    remove(client, log, NEW, hidden=hidden)
    assert find(client, NEW) is None
    named = "1 placeholder" if hidden else f"1 placeholder ({NEW})"
    assert log == [f"removes {named} that no process uses any more"]


def test_an_archived_placeholder_is_removed(client: AtlanClient, log: list[str]) -> None:
    client.entities.delete(provide(client, NEW), "SOFT")
    remove(client, log, NEW)
    assert find(client, NEW) is None


def test_a_placeholder_that_the_operation_still_needs_stays(client: AtlanClient, log: list[str]) -> None:
    """A replacement, or another resource, is written after the one that leaves."""
    provide(client, NEW, OLD)
    remove(client, log, NEW, OLD, needed=(NEW,))
    assert is_placeholder(find(client, NEW))
    assert find(client, OLD) is None


def test_a_full_asset_is_never_removed(server: LocalAtlan, client: AtlanClient, log: list[str]) -> None:
    provide(client, NEW)
    crawl(server, "NEW")
    remove(client, log, NEW, FULL)
    assert existing(client, NEW).status == "ACTIVE"
    assert existing(client, FULL).status == "ACTIVE"
    assert log == []


@pytest.mark.parametrize(
    "added",
    [
        {"schemaQualifiedName": f"{WAREHOUSE}/DB/S", "rowCount": 3},
        {"certificateStatus": "VERIFIED"},
        {"ownerUsers": ["ann"]},
        {"userDescription": "orders"},
    ],
    ids=lambda added: next(iter(added)),
)
def test_a_placeholder_to_which_others_have_added_metadata_is_left_and_named(
    client: AtlanClient, log: list[str], added: dict[str, Any]
) -> None:
    """An SDK publishes a table without resetting `isPartial`; users certify a partial asset."""
    provide(client, NEW)
    named = {"qualifiedName": NEW.qualified_name, "name": "NEW"}
    client.entities.upsert([Entity(type_name="Table", attributes={**named, **added})])
    remove(client, log, NEW)
    left = existing(client, NEW)
    assert left.attributes[next(iter(added))] == added[next(iter(added))]
    assert left.attributes.get(OWNERSHIP_ATTRIBUTE) is None, "it is nobody's placeholder any more"
    assert log == [f"leaves 1 placeholder ({NEW}), to which others have added metadata"]


def test_a_placeholder_with_a_former_name_of_the_resource_is_handed_over(
    client: AtlanClient, log: list[str]
) -> None:
    provide(client, NEW, own=mark("shop/prod", "former"))
    process(client, "theirs", NEW, own=THEIRS)
    remove(client, log, NEW)
    assert existing(client, NEW).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_a_refused_hand_over_is_reported(server: LocalAtlan, client: AtlanClient, log: list[str]) -> None:
    provide(client, NEW)
    process(client, "theirs", NEW, own=THEIRS)
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", "status": 403})
    remove(client, log, NEW)
    assert log[0].startswith("the ownership mark of 1 placeholder could not be changed: ")


def test_a_partial_asset_without_a_mark_is_not_ours(client: AtlanClient, log: list[str]) -> None:
    provide(client, NEW, own=None)
    remove(client, log, NEW)
    assert find(client, NEW) is not None


@pytest.mark.parametrize("user", [THEIRS, None], ids=["a stack", "nobody"])
def test_a_placeholder_in_use_stays_and_gets_the_mark_of_its_user(
    client: AtlanClient, log: list[str], user: str | None
) -> None:
    provide(client, NEW)
    process(client, "theirs", NEW, own=user)
    remove(client, log, NEW)
    kept = existing(client, NEW)
    assert kept.attributes["isPartial"] is True
    assert kept.attributes.get(OWNERSHIP_ATTRIBUTE) == user
    assert log == []


def test_what_another_resource_wrote_keeps_its_mark_while_it_is_used(
    client: AtlanClient, log: list[str]
) -> None:
    provide(client, NEW, own=THEIRS)
    process(client, "ours", NEW, own=OURS)
    remove(client, log, NEW)
    assert existing(client, NEW).attributes[OWNERSHIP_ATTRIBUTE] == THEIRS


def test_a_placeholder_that_its_user_removes_at_the_same_time_stays_removed(
    client: AtlanClient, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hand-over must not create it again."""
    guids = provide(client, NEW)
    process(client, "theirs", NEW, own=THEIRS)
    hand_over = removal._hand_over

    def after_its_removal(*arguments: Any) -> None:
        client.entities.delete(guids)
        hand_over(*arguments)

    monkeypatch.setattr(removal, "_hand_over", after_its_removal)
    remove(client, log, NEW)
    assert find(client, NEW) is None


def test_many_placeholders_are_read_immediately_before_their_removal(
    server: LocalAtlan, client: AtlanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crawl that makes assets full between two batches costs none of the second batch."""
    keys = [EntityKey("Table", f"{NEW.qualified_name}{number:03}") for number in range(200)]
    guids = provide(client, *keys)
    log: list[str] = []

    def crawl_after_the_first(line: str) -> None:
        log.append(line)
        if len(log) == 1:
            crawl(server, *(f"NEW{number:03}" for number in range(200)))

    remove_unused(client, Placeholders(guids), Leaving(OURS), crawl_after_the_first)
    assert len(log) == 1
    left = client.entities.get_many(guids, relationships=False)
    assert len(left) >= 100
    assert not any(is_placeholder(entity) for entity in left.values())


def test_only_referenced_placeholders_are_still_used(server: LocalAtlan, client: AtlanClient) -> None:
    column = EntityKey("Column", f"{NEW.qualified_name}/ID")
    guids = provide(client, NEW, OLD, column)
    crawl(server, "OLD")
    new, below = (str(existing(client, key).guid) for key in (NEW, column))
    assert still_used(client, guids, {NEW, OLD}) == {new}
    assert still_used(client, guids, {OLD, below}) == {below}, "a reference by GUID"
    assert still_used(client, [], {NEW}) == set()
