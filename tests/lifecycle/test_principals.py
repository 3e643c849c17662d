"""Owners that Atlan does not know are refused: it writes any name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.fixtures import client

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.lifecycle import UNKNOWN, unknown_owners
from atlan_pulumi.local import LocalAtlan

__all__ = ["client"]

SEED = {"users": ["ann"], "groups": ["finance"]}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


def reported(client: AtlanClient, *changed: str, **declared: Any) -> list[tuple[str, str]]:
    return [tuple(problem) for problem in unknown_owners(client, declared, changed or list(declared))]


def test_known_owners_are_no_problem(client: AtlanClient) -> None:
    assert reported(client, owner_users=["ann"], owner_groups=["finance"]) == []
    assert reported(client, owner_users=UNKNOWN, owner_groups=[UNKNOWN], name="load") == []


def test_unknown_owners_are_all_reported(client: AtlanClient) -> None:
    assert reported(client, owner_users=["ann", "eve", "bob"], owner_groups=["Finance"]) == [
        ("owner_users", "Atlan has no user 'eve' (use the user name)"),
        ("owner_users", "Atlan has no user 'bob' (use the user name)"),
        ("owner_groups", "Atlan has no group 'Finance' (use its internal name)"),
    ]


def test_a_blank_at_either_end_is_the_reason(client: AtlanClient) -> None:
    assert reported(client, owner_users=["ann "], owner_groups=["\tfinance"]) == [
        ("owner_users", "Atlan has no user 'ann ' (remove the blank at its beginning or end)"),
        ("owner_groups", "Atlan has no group '\\tfinance' (remove the blank at its beginning or end)"),
    ]


def test_owners_that_do_not_change_are_not_looked_up(client: AtlanClient, server: LocalAtlan) -> None:
    before = sum(server.stats()["requests"].values())
    assert reported(client, "name", owner_users=["eve"], name="load") == []
    assert sum(server.stats()["requests"].values()) == before


@pytest.mark.parametrize("path", ["/api/service/users", "/api/service/v2/groups"])
def test_a_key_that_may_not_list_names_is_no_problem(
    client: AtlanClient, server: LocalAtlan, path: str
) -> None:
    server.fault({"method": "GET", "path": path, "status": 403})
    assert reported(client, **{"owner_users" if "users" in path else "owner_groups": ["eve"]}) == []
