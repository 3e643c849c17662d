"""Mending within a set: process by process, where it stands."""

from __future__ import annotations

import copy

import pytest
from policies.judging import UNKNOWN_YET, WAREHOUSE
from policies.wire import mended, secret

from atlan_pulumi.policies.certificate_status import certificate_status
from atlan_pulumi.policies.owner_and_description import owner_and_description

SIDES = {"inputs": "RAW/P/A", "outputs": "MART/P/A"}


def after(processes, rule=owner_and_description, **settings):
    """The processes of a set after remediation, as the engine gets them; None where nothing is changed."""
    given = {"connection": WAREHOUSE, "processes": copy.deepcopy(processes)}
    answer = mended(rule, "ProcessSet", given, **{"default_owner_users": ["alice"], **settings})
    assert answer is None or {**answer, "processes": given["processes"]} == given
    return None if answer is None else answer["processes"]


def test_each_process_without_an_owner_gets_one():
    owned = {**SIDES, "owner_groups": ["data"]}

    assert after({"a": SIDES, "b": owned}) == {"a": {**SIDES, "owner_users": ["alice"]}, "b": owned}


def test_a_set_in_which_nothing_is_to_be_mended_is_left_alone():
    assert after({"a": {**SIDES, "owner_users": ["bob"]}}) is None
    assert after({}) is None


def test_both_rules_reach_into_a_set():
    answer = mended(
        certificate_status,
        "ProcessSet",
        {"connection": WAREHOUSE, "processes": {"a.b": SIDES}},
        default="DRAFT",
    )

    assert answer["processes"] == {"a.b": {**SIDES, "certificate_status": "DRAFT"}}


def test_what_is_not_known_yet_goes_back_as_it_came():
    given = {"a": {**SIDES, "sql": UNKNOWN_YET, "inputs": [UNKNOWN_YET]}, "b": UNKNOWN_YET}

    assert after(given) == {**given, "a": {**given["a"], "owner_users": ["alice"]}}
    assert after(UNKNOWN_YET) is None


def test_secrets_within_a_set_stay_secrets():
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


def test_a_list_that_holds_a_secret_is_left_as_it_is():
    assert after({"a": {**SIDES, "owner_users": ["bob", secret(" bob ")]}}) is None


def test_the_numbers_of_a_set_are_left_alone():
    given = {"a": {**SIDES, "source_created_at": 1706659200000}}

    assert after(given)["a"]["source_created_at"] == 1706659200000


@pytest.mark.parametrize("odd", ["text", ["a"], {"a": "text"}, {"a": ["x"]}, {"a": None}])
def test_what_is_no_set_of_processes_is_left_to_the_check(odd):
    assert after(odd) is None


def test_the_processes_of_a_set_are_processes():
    assert after({"a": SIDES}, kinds=["Connection", "ColumnProcess"]) is None
