"""`stale-placeholders`: a crawl makes every placeholder a full asset before long."""

from __future__ import annotations

import pytest
from policies.harness import violations
from policies.programs import resources_of
from policies.test_examples import code, configured
from support.placeholders import NEW, OLD, client, crawl, existing, provide, server

from atlan_pulumi.lifecycle import find_stale_placeholders, mark
from atlan_pulumi.ownership_mark import stack_of
from atlan_pulumi.policies import stale_placeholders

__all__ = ["client", "server"]

DAY = 24 * 60 * 60


@pytest.fixture
def tenant(server, monkeypatch):
    monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", server.api_key)


@pytest.fixture
def declared():
    return resources_of(code(stale_placeholders, "Fails"))


def own(declared):
    return declared[0].props["managed_by"]


def test_old_placeholders_are_reported_on_their_resource(client, tenant, declared):
    provide(client, NEW, own=own(declared))
    (line,) = violations(stale_placeholders, *declared, max_days=0)
    advice = "correct the name, or let the crawler include it"
    assert line == f"load-orders: {NEW} is still a placeholder after 0 days: {advice}"
    assert violations(stale_placeholders, *declared, file=configured(stale_placeholders)) == []


def test_what_was_handed_over_by_a_removed_resource_is_reported_too(client, tenant, declared):
    other = mark(str(stack_of(own(declared))), "gone")
    provide(client, NEW, own=other)
    (line,) = violations(stale_placeholders, *declared, max_days=0)
    assert line.startswith("load-orders: ")


def test_full_assets_and_those_of_other_stacks_are_not_reported(client, server, tenant, declared):
    provide(client, OLD, own=own(declared))
    crawl(server, "OLD")
    provide(client, NEW, own=mark("another/stack", "load"))
    assert violations(stale_placeholders, *declared, max_days=0) == []


@pytest.mark.parametrize(("days", "stale"), [(6.9, False), (7.1, True)])
def test_a_placeholder_is_stale_after_the_days(client, monkeypatch, days, stale):
    provide(client, NEW)
    created = existing(client, NEW).create_time / 1000
    monkeypatch.setattr(client, "clock", type("Later", (), {"time": lambda _self: created + days * DAY})())
    found = find_stale_placeholders(client, "shop/prod", 7)
    assert [(each.key, each.days) for each in found] == ([(NEW, 7)] if stale else [])


def test_without_a_tenant_nothing_is_checked(declared, monkeypatch):
    monkeypatch.delenv("ATLAN_BASE_URL", raising=False)
    assert violations(stale_placeholders, *declared, max_days=0) == []


def test_an_atlan_that_does_not_respond_is_a_violation(server, tenant, declared, monkeypatch):
    monkeypatch.setenv("ATLAN_API_KEY", "wrong")
    (line,) = violations(stale_placeholders, *declared, max_days=0)
    assert line.startswith(
        "load-orders: the age of placeholders is unknown, because Atlan did not return them ("
    )
