"""Placeholders in the state, and what a refresh says of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.placeholders import NEW, OLD, Later, client, crawl, existing, later, provide, server

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    EntityKey,
    Placeholders,
    is_about_stale_placeholders,
    mark,
    may_be_placeholder,
    stale_line,
)
from atlan_pulumi.lifecycle._placeholders import PLACEHOLDERS, left_note, observe_placeholders
from atlan_pulumi.local import LocalAtlan

__all__ = ["client", "later", "server"]

COLUMN = EntityKey("Column", f"{NEW.qualified_name}/ID")


@given(st.sets(st.uuids().map(str)), st.booleans())
def test_the_state_keeps_the_guids(guids: set[str], hidden: bool) -> None:
    state = Placeholders(guids, hidden).to_state()
    assert set(Placeholders.from_state(state).guids) == guids
    assert Placeholders.from_state(state).hidden == (hidden and bool(guids))
    assert (PLACEHOLDERS in state) == bool(guids)


def test_the_state_contains_no_name(client: AtlanClient) -> None:
    guids = provide(client, NEW, COLUMN)
    assert "NEW" not in str(Placeholders(guids).to_state())


@pytest.mark.parametrize("hidden", [False, True])
def test_a_refresh_keeps_what_is_partial_and_reports_the_rest(
    server: LocalAtlan, client: AtlanClient, hidden: bool
) -> None:
    third = EntityKey("Table", f"{NEW.qualified_name}ER")
    guids = provide(client, NEW, OLD, COLUMN, third)
    crawl(server, "NEW")
    client.entities.delete([str(existing(client, OLD).guid)])
    client.entities.delete([str(existing(client, third).guid)], "SOFT")
    outputs, notes = observe_placeholders(client, Placeholders(guids, hidden).to_state())
    still = {str(existing(client, key).guid) for key in (COLUMN, third)}
    assert Placeholders.from_state(outputs) == Placeholders(sorted(still), hidden)
    full, archived = (
        ("1 placeholder", "1 placeholder") if hidden else (str(NEW), f"the placeholder for {third}")
    )
    assert notes == [
        f"{full} is a full asset now: the crawler owns it",
        f"archived in Atlan: {archived}",
        "no longer in Atlan: 1 placeholder",
    ]


def test_a_refresh_tells_assets_that_a_program_declares_from_crawled_ones(
    server: LocalAtlan, client: AtlanClient
) -> None:
    guids = provide(client, NEW, OLD, COLUMN)
    crawl(server, "NEW")
    for key in (OLD, COLUMN):
        declared = mark("other/dev", "x", f"atlan:{key.type_name}")
        attributes = {"qualifiedName": key.qualified_name, "name": "x", "isPartial": False}
        whole = Entity(type_name=key.type_name, attributes={**attributes, OWNERSHIP_ATTRIBUTE: declared})
        client.entities.upsert([whole])
    outputs, notes = observe_placeholders(client, Placeholders(guids).to_state())
    assert outputs == {}
    assert notes == [
        f"{NEW} is a full asset now: the crawler owns it",
        f"{COLUMN} and {OLD} are full assets now: a program declares them",
    ]


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(("days", "stale"), [(6.9, False), (9.5, True)])
def test_a_refresh_names_placeholders_that_no_crawl_has_made_full_for_days(
    client: AtlanClient, later: Later, days: float, stale: bool, hidden: bool
) -> None:
    guids = provide(client, NEW, OLD)
    client.entities.delete([str(existing(client, OLD).guid)], "SOFT")
    later(days)
    _, notes = observe_placeholders(client, Placeholders(guids, hidden).to_state())
    name = "1 asset" if hidden else str(NEW)
    line = f"{name} is still a placeholder after 9 days: correct the name, or let the crawler include it"
    assert notes[:-1] == ([line] if stale else [])
    assert is_about_stale_placeholders(line)
    assert is_about_stale_placeholders(stale_line("a and b", 2, 1_000))
    assert not any(is_about_stale_placeholders(note) for note in notes[-1:])


def test_a_refresh_without_placeholders_reads_nothing(server: LocalAtlan, client: AtlanClient) -> None:
    before = sum(server.stats()["requests"].values())
    assert observe_placeholders(client, {"name": "load"}) == ({}, [])
    assert sum(server.stats()["requests"].values()) == before


def test_a_refresh_that_drops_the_resource_names_what_stays(client: AtlanClient) -> None:
    advice = "the next `pulumi up` uses them, or `atlan-pulumi orphans` lists them"
    assert left_note({}) == []
    assert left_note(Placeholders(provide(client, NEW)).to_state()) == [
        f"1 placeholder stays in Atlan: {advice}"
    ]
    two = Placeholders(provide(client, NEW, OLD)).to_state()
    assert left_note(two) == [f"2 placeholders stay in Atlan: {advice}"]


@pytest.mark.parametrize(
    ("key", "may"),
    [
        (NEW, True),
        (COLUMN, True),
        (EntityKey("SnowflakeDynamicTable", NEW.qualified_name), True),
        (EntityKey("Table", f"{NEW.qualified_name}/"), False),
        (EntityKey("SQL", NEW.qualified_name), False),
        (EntityKey("Process", NEW.qualified_name), False),
        (EntityKey("Connection", NEW.qualified_name), False),
        (EntityKey("AtlasGlossaryTerm", NEW.qualified_name), False),
    ],
    ids=str,
)
def test_only_assets_of_a_source_can_be_placeholders(key: EntityKey, may: bool) -> None:
    assert may_be_placeholder(key) is may
