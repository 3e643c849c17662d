"""Connections: admins, and the delay of a new connection."""

from __future__ import annotations

import time

import pytest

from atlan_pulumi.local import LocalAtlan

ME = "service-account-apikey-local"
LISTS = ("adminUsers", "adminGroups", "adminRoles")


def admins(atlan, guid):
    attributes = atlan.get(guid)["attributes"]
    return {name: attributes[name] for name in LISTS}


def test_the_creator_becomes_an_admin(atlan, ann):
    guid = ann.create(ann.connection_payload(adminUsers=["jsmith"], adminRoles=["r"]))
    assert admins(atlan, guid) == {"adminUsers": ["jsmith", "ann"], "adminGroups": [], "adminRoles": ["r"]}


def test_the_creator_becomes_an_admin_without_admin_lists(atlan):
    guid = atlan.create(atlan.connection_payload())
    assert admins(atlan, guid)["adminUsers"] == [ME]


def test_a_listed_creator_is_not_added_again(atlan):
    guid = atlan.create(atlan.connection_payload(adminUsers=[ME]))
    assert admins(atlan, guid)["adminUsers"] == [ME]


def test_omitted_admin_lists_are_kept(atlan):
    guid = atlan.create(atlan.connection_payload(adminUsers=["jsmith"], adminGroups=["g"]))
    atlan.save(atlan.connection_payload(description="x"))
    assert admins(atlan, guid) == {"adminUsers": ["jsmith", ME], "adminGroups": ["g"], "adminRoles": []}


def test_sent_admin_lists_replace_and_do_not_add_the_writer(atlan):
    guid = atlan.create(atlan.connection_payload(adminUsers=["jsmith"]))
    atlan.save(atlan.connection_payload(adminUsers=["jdoe"]))
    assert admins(atlan, guid)["adminUsers"] == ["jdoe"]


@pytest.mark.parametrize("empty", [None, []])
def test_null_and_an_empty_list_clear_an_admin_list(atlan, empty):
    guid = atlan.create(atlan.connection_payload(adminGroups=["g"]))
    atlan.save(atlan.connection_payload(adminUsers=empty))
    assert admins(atlan, guid) == {"adminUsers": [], "adminGroups": ["g"], "adminRoles": []}


@pytest.mark.parametrize(
    "sent", [dict.fromkeys(LISTS), {"adminUsers": []}, {"adminUsers": [], "adminRoles": None}]
)
def test_the_last_admin_cannot_be_removed(atlan, sent):
    guid = atlan.create(atlan.connection_payload())
    response = atlan.post(atlan.connection_payload(**sent))
    assert response.status_code == 400
    assert response.json()["errorCode"] == "ATLAS-400-00-114"
    assert response.json()["errorMessage"] == "Admin list should not be empty for type Connection"
    assert admins(atlan, guid)["adminUsers"] == [ME]


def test_user_names_are_not_checked(atlan):
    guid = atlan.create(atlan.connection_payload(adminUsers=["nobody-at-all"]))
    assert "nobody-at-all" in admins(atlan, guid)["adminUsers"]


def test_the_qualified_name_never_changes(atlan):
    guid = atlan.create(atlan.connection_payload(1))
    payload = {**atlan.connection_payload(2), "guid": guid}
    payload["attributes"]["description"] = "moved?"
    atlan.save(payload)
    attributes = atlan.get(guid)["attributes"]
    assert (attributes["qualifiedName"], attributes["description"]) == ("default/spark/1", "moved?")


def test_connections_with_one_qualified_name_are_one_entity(atlan):
    first = atlan.create(atlan.connection_payload(name="one"))
    second = atlan.create(atlan.connection_payload(name="two"))
    assert first == second


def test_a_new_connection_answers_403_until_the_delay_is_over(rest_to):
    with LocalAtlan(connection_delay_ms=1500) as server:
        atlan = rest_to(server)
        with atlan.raw:
            guid = atlan.create(atlan.connection_payload())
            response = atlan.raw.get(f"/api/meta/entity/guid/{guid}")
            assert response.status_code == 403
            assert response.json()["errorCode"] == "ATLAS-403-00-001"
            assert response.json()["errorMessage"].startswith(f"{ME} is not authorized to perform")
            inside = atlan.process(None, inputs="", outputs="", connectionQualifiedName="default/spark/1")
            inside["attributes"].update(name="p", qualifiedName="default/spark/1/p")
            assert atlan.post(inside).status_code == 403
            deadline = time.monotonic() + 20
            while atlan.raw.get(f"/api/meta/entity/guid/{guid}").status_code == 403:
                assert time.monotonic() < deadline
            assert atlan.post(inside).status_code == 200
