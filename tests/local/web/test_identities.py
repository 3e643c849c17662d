"""Roles, users, groups, and API keys: pages and filters."""

from __future__ import annotations

import json

import pytest

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.local.web._identities import Directory


def ask(atlan, path, **params):
    return atlan.ok(atlan.raw.get(f"/api/service/{path}", params=params))


def test_roles_are_listed(atlan):
    answer = ask(atlan, "roles", count="True", offset="0", limit="100", filter='{"name":{"$ilike":"$%"}}')
    assert {"totalRecord", "filterRecord", "records"} == set(answer)
    assert "$admin" in [one["name"] for one in answer["records"]]
    admin = next(one for one in answer["records"] if one["name"] == "$admin")
    assert len(admin["id"]) == 36
    assert {"description", "clientRole", "level", "memberCount", "userCount"} <= set(admin)


def test_role_ids_are_stable(atlan, rest_to):
    with LocalAtlan() as other:
        rest = rest_to(other)
        with rest.raw:
            assert ask(rest, "roles") == ask(atlan, "roles")


def test_users_are_paged(atlan):
    everyone = ask(atlan, "users", limit=100)
    assert [one["username"] for one in everyone["records"]] == ["ann", "jdoe", "jsmith"]
    pages = [ask(atlan, "users", offset=number, limit=2)["records"] for number in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert everyone["totalRecord"] == everyone["filterRecord"] == 3


@pytest.mark.parametrize("path", ["groups", "v2/groups"])
def test_groups_are_listed(atlan, path):
    names = [one["name"] for one in ask(atlan, path, sort="name")["records"]]
    assert names == ["group1", "group2"]


FILTERS = [
    ({"username": "jsmith"}, ["jsmith"]),
    ({"username": {"$ilike": "J%"}}, ["jdoe", "jsmith"]),
    ({"username": {"$like": "J%"}}, []),
    ({"username": {"$in": ["ann", "x"]}}, ["ann"]),
    ({"username": {"$ne": "ann"}}, ["jdoe", "jsmith"]),
    ({"username": {"$eq": "ann"}}, ["ann"]),
    ({"$or": [{"username": "ann"}, {"username": "jdoe"}]}, ["ann", "jdoe"]),
    ({"$and": [{"username": {"$ilike": "j%"}}, {"email": {"$ilike": "%smith%"}}]}, ["jsmith"]),
    ({"username": "a.n"}, []),
    ({}, ["ann", "jdoe", "jsmith"]),
]


@pytest.mark.parametrize(("condition", "names"), FILTERS)
def test_filters_select_records(atlan, condition, names):
    answer = ask(atlan, "users", filter=json.dumps(condition))
    assert [one["username"] for one in answer["records"]] == names
    assert (answer["filterRecord"], answer["totalRecord"]) == (len(names), 3)


@pytest.mark.parametrize("text", ["{", "[]", "7"])
def test_invalid_filters_are_refused(atlan, text):
    response = atlan.raw.get("/api/service/users", params={"filter": text})
    assert response.status_code == 400
    assert {"code", "error", "message"} <= set(response.json())


def test_service_accounts_are_listed(atlan):
    answer = ask(atlan, "apikeys", count="True", offset=0, limit=5, filter='{"clientId":"apikey-local"}')
    (record,) = answer["records"]
    assert record["clientId"] == "apikey-local"
    assert ask(atlan, "apikeys", filter='{"clientId":"nobody"}')["records"] == []


def test_whoami_returns_the_user(atlan, ann):
    assert ask(atlan, "whoami")["username"] == "service-account-apikey-local"
    assert ask(ann, "whoami")["username"] == "ann"
    assert {"name": "$admin"} in ask(ann, "whoami")["roles"]
    assert ask(ann, "users/current")["username"] == "ann"


def test_responses_contain_no_keys(rest_to):
    secret = "key-that-must-not-show"
    with LocalAtlan(api_key=secret, users={f"{secret}-2": "bob"}) as server:
        assert secret not in repr(server)
        rest = rest_to(server, secret)
        with rest.raw:
            rest.create(rest.connection_payload())
            paths = (
                "/_local/stats",
                "/_local/requests",
                "/_local/assets",
                "/_local/faults",
                "/_local/events",
            )
            service = ("whoami", "users", "users/current", "apikeys", "roles")
            for path in (*paths, *(f"/api/service/{one}" for one in service)):
                assert secret not in rest.raw.get(path).text, path


def test_seeded_users_and_groups_are_listed(rest_to):
    with LocalAtlan(seed={"users": ["zoe"], "groups": ["finance"]}) as server:
        rest = rest_to(server)
        with rest.raw:
            assert "zoe" in [one["username"] for one in ask(rest, "users")["records"]]
            assert "finance" in [one["name"] for one in ask(rest, "groups")["records"]]


def test_keys_identify_users():
    directory = Directory({"k": "service-account-apikey-k", "j": "jane"})
    users = [directory.user_of(text) for text in ("Bearer k", "bearer j", "Bearer  j ", "Bearer x", "k", "")]
    assert users == ["service-account-apikey-k", "jane", "jane", None, None, None]
    assert [one["username"] for one in directory.users()] == ["jane", "jdoe", "jsmith"]
    assert [one["clientId"] for one in directory.api_keys()] == ["apikey-k"]
