"""Remediation of the processes of a `ProcessSet`, in place."""

from __future__ import annotations

import copy

import pytest
from policies.harness import ENGINE_UNKNOWN, WAREHOUSE
from policies.remediation import remediate, secret

from atlan_pulumi.policies.certificate_status import certificate_status
from atlan_pulumi.policies.owner_and_description import owner_and_description

SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}


def after(processes, rule=owner_and_description, **settings):
    """Return the processes of a set after remediation, as the engine gets them; None if nothing changes."""
    given = {"connection": WAREHOUSE, "processes": copy.deepcopy(processes)}
    props = remediate(rule, "ProcessSet", given, **{"default_owner_users": ["alice"], **settings})
    assert props is None or {**props, "processes": given["processes"]} == given
    return None if props is None else props["processes"]


def test_each_process_without_an_owner_gets_the_default():
    owned = {**SIDES, "owner_groups": ["data"]}

    assert after({"a": SIDES, "b": owned}) == {"a": {**SIDES, "owner_users": ["alice"]}, "b": owned}


def test_a_valid_process_set_is_not_changed():
    assert after({"a": {**SIDES, "owner_users": ["bob"]}}) is None
    assert after({}) is None


def test_certificate_status_remediates_processes_of_a_set():
    props = remediate(
        certificate_status,
        "ProcessSet",
        {"connection": WAREHOUSE, "processes": {"a.b": SIDES}},
        default="DRAFT",
    )

    assert props["processes"] == {"a.b": {**SIDES, "certificate_status": "DRAFT"}}


def test_unknown_values_are_returned_unchanged():
    given = {"a": {**SIDES, "sql": ENGINE_UNKNOWN, "inputs": [ENGINE_UNKNOWN]}, "b": ENGINE_UNKNOWN}

    assert after(given) == {**given, "a": {**given["a"], "owner_users": ["alice"]}}
    assert after(ENGINE_UNKNOWN) is None


def test_secrets_in_a_set_remain_secret():
    given = {"a": {**SIDES, "sql": secret("select 1"), "description": secret(" x ")}, "b": secret(SIDES)}

    assert after(given) == {
        "a": {
            **SIDES,
            "sql": secret("select 1"),
            "description": secret("x"),
            "owner_users": ["alice"],
        },
        "b": secret({**SIDES, "owner_users": ["alice"]}),
    }


def test_a_list_with_a_secret_is_not_changed():
    assert after({"a": {**SIDES, "owner_users": ["bob", secret(" bob ")]}}) is None


def test_numbers_in_a_set_are_not_changed():
    given = {"a": {**SIDES, "source_created_at": 1706659200000}}

    assert after(given)["a"]["source_created_at"] == 1706659200000


@pytest.mark.parametrize("odd", ["text", ["a"], {"a": "text"}, {"a": ["x"]}, {"a": None}])
def test_invalid_processes_are_left_to_the_check_of_the_provider(odd):
    assert after(odd) is None


def test_processes_of_a_set_need_the_kind_process():
    assert after({"a": SIDES}, kinds=["Connection", "ColumnProcess"]) is None
