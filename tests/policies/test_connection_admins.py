"""`connection-admins`: nobody alone, and always those who have to."""

from __future__ import annotations

import pytest
from policies.judging import UNKNOWN_YET, Resource, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.connection_admins import connection_admins

SINGLE = "admin_users: a single user is the only administrator: add a group or a role, or a second user"


def told(*resources, **settings):
    return violations(connection_admins, *resources, **settings)


def connection(users=None, groups=None, roles=None, kind="Connection"):
    given = {"admin_users": users, "admin_groups": groups, "admin_roles": roles}
    return resource(
        kind, "etl", name="etl", connector="spark", **{k: v for k, v in given.items() if v is not None}
    )


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_a_single_user_fails(kind):
    assert told(connection(["alice"], kind=kind)) == [f"etl: {kind} 'etl': {SINGLE}"]


def test_empty_lists_do_not_help():
    assert len(told(connection(["alice"], [], []))) == 1


def test_the_same_user_twice_is_a_single_one():
    assert len(told(connection(["alice", "alice"]))) == 1


@pytest.mark.parametrize(
    "admins",
    [
        {"users": ["alice", "bob"]},
        {"users": ["alice"], "groups": ["data"]},
        {"users": ["alice"], "roles": ["$admin"]},
        {"groups": ["data"]},
        {"roles": ["$admin"]},
    ],
)
def test_more_than_one_person_passes(admins):
    assert told(connection(**admins)) == []


def test_a_single_user_may_be_allowed():
    assert told(connection(["alice"]), allow_single_user=True) == []
    assert told(connection(["alice"]), file={"allowSingleUser": True}) == []


def test_each_group_and_each_role_that_is_missing_is_told():
    required = {"required_groups": ["data", "ops"], "required_roles": ["$admin"]}

    assert told(connection(["alice"], ["ops"]), **required) == [
        "etl: Connection 'etl': admin_groups: 'data' is missing: add it",
        "etl: Connection 'etl': admin_roles: '$admin' is missing: add it",
    ]
    assert told(connection(None, ["ops", "data", "x"], ["$admin"]), **required) == []


def test_a_required_group_in_another_case_is_another_one():
    assert len(told(connection(None, ["Data"]), file={"requiredGroups": ["data"]})) == 1
    assert len(told(connection(None, ["data"]), file={"requiredRoles": ["data"]})) == 1


def test_what_a_preview_does_not_know_may_be_what_is_required():
    required = {"required_groups": ["data"], "required_roles": ["$admin"]}

    assert told(connection(None, UNKNOWN_YET, [UNKNOWN_YET]), **required) == []
    (line,) = told(connection(None, [UNKNOWN_YET], ["other"]), **required)
    assert "admin_roles: '$admin' is missing" in line


def test_a_list_that_is_not_known_may_hold_several():
    assert told(connection(UNKNOWN_YET)) == []
    assert told(connection(["alice"], UNKNOWN_YET)) == []
    assert told(connection(["alice"], None, [UNKNOWN_YET])) == []
    assert len(told(connection([UNKNOWN_YET]))) == 1  # somebody, but only one


def test_a_process_has_no_administrators():
    assert told(process("load", "RAW/P/A", "MART/P/A"), required_groups=["data"]) == []


@pytest.mark.parametrize("odd", [3, "alice", {"a": "b"}])
def test_what_the_check_has_refused_does_not_stop_it(odd):
    """The engine asks policies all the same, with what the program gave."""
    refused = Resource("Connection", "etl", {"connector": "spark", "admin_users": odd})

    assert told(refused, required_groups=["data"]) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"required_groups": "data"}, "required_groups: must be a valid list"),
        ({"required_roles": [" "]}, "required_roles[0]: "),
        ({"allow_single_user": "maybe"}, "allow_single_user: must be a valid boolean"),
        ({"required_role": ["a"]}, "required_role: there is no such setting; did you mean 'requiredRoles'?"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told(settings, reason):
    with pytest.raises(PolicyError) as caught:
        connection_admins(None, **settings)

    assert reason in str(caught.value)
