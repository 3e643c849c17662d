"""`connection-admins`: connections have more than one admin, and all required admins."""

from __future__ import annotations

import pytest
from policies.harness import ENGINE_UNKNOWN, Resource, process, resource, violations

from atlan_pulumi.policies import PolicyError
from atlan_pulumi.policies.connection_admins import connection_admins

SINGLE = "admin_users: a single user is the only admin: add a group or a role, or a second user"


def check(*resources, **settings):
    return violations(connection_admins, *resources, **settings)


def connection(users=None, groups=None, roles=None, kind="Connection"):
    given = {"admin_users": users, "admin_groups": groups, "admin_roles": roles}
    return resource(
        kind, "etl", name="etl", connector="spark", **{k: v for k, v in given.items() if v is not None}
    )


@pytest.mark.parametrize("kind", ["Connection", "OpenLineageConnection"])
def test_a_single_user_fails(kind):
    assert check(connection(["alice"], kind=kind)) == [f"etl: {kind} 'etl': {SINGLE}"]


def test_empty_lists_are_not_admins():
    assert len(check(connection(["alice"], [], []))) == 1


def test_a_duplicate_user_counts_once():
    assert len(check(connection(["alice", "alice"]))) == 1


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
def test_more_than_one_admin_passes(admins):
    assert check(connection(**admins)) == []


def test_a_single_user_may_be_allowed():
    assert check(connection(["alice"]), allow_single_user=True) == []
    assert check(connection(["alice"]), file={"allowSingleUser": True}) == []


def test_each_missing_group_and_role_is_reported():
    required = {"required_groups": ["data", "ops"], "required_roles": ["$admin"]}

    assert check(connection(["alice"], ["ops"]), **required) == [
        "etl: Connection 'etl': admin_groups: 'data' is missing: add it",
        "etl: Connection 'etl': admin_roles: '$admin' is missing: add it",
    ]
    assert check(connection(None, ["ops", "data", "x"], ["$admin"]), **required) == []


def test_required_groups_are_case_sensitive():
    assert len(check(connection(None, ["Data"]), file={"requiredGroups": ["data"]})) == 1
    assert len(check(connection(None, ["data"]), file={"requiredRoles": ["data"]})) == 1


def test_an_unknown_admin_may_be_a_required_one():
    required = {"required_groups": ["data"], "required_roles": ["$admin"]}

    assert check(connection(None, ENGINE_UNKNOWN, [ENGINE_UNKNOWN]), **required) == []
    (line,) = check(connection(None, [ENGINE_UNKNOWN], ["other"]), **required)
    assert "admin_roles: '$admin' is missing" in line


def test_an_unknown_list_may_contain_several_admins():
    assert check(connection(ENGINE_UNKNOWN)) == []
    assert check(connection(["alice"], ENGINE_UNKNOWN)) == []
    assert check(connection(["alice"], None, [ENGINE_UNKNOWN])) == []
    assert len(check(connection([ENGINE_UNKNOWN]))) == 1  # an unknown user, but only one


def test_processes_are_skipped():
    assert check(process("load", "RAW/P/A", "MART/P/A"), required_groups=["data"]) == []


@pytest.mark.parametrize("odd", [3, "alice", {"a": "b"}])
def test_properties_that_the_provider_refuses_do_not_fail_the_rule(odd):
    """The engine runs policies on refused resources too, with the inputs of the program."""
    refused = Resource("Connection", "etl", {"connector": "spark", "admin_users": odd})

    assert check(refused, required_groups=["data"]) == []


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"required_groups": "data"}, "required_groups: must be a valid list"),
        ({"required_roles": [" "]}, "required_roles[0]: "),
        ({"allow_single_user": "maybe"}, "allow_single_user: must be a valid boolean"),
        ({"required_role": ["a"]}, "required_role: unknown setting; did you mean 'requiredRoles'?"),
    ],
)
def test_an_invalid_setting_is_refused(settings, reason):
    with pytest.raises(PolicyError) as caught:
        connection_admins(None, **settings)

    assert reason in str(caught.value)
