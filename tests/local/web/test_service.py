"""Credentials of `/api/service`."""

from __future__ import annotations

PATH = "/api/service/credentials"
BODY = {
    "name": "default-spark-1-0",
    "authType": "atlan_api_key",
    "connector": "spark",
    "connectorType": "event",
    "extra": {"events.urlPath": "/events/openlineage/spark/api/v1/lineage"},
    "username": "me",
    "password": "hunter2",
}


def create(atlan, **more):
    return atlan.ok(atlan.raw.post(PATH, params={"testCredential": "true"}, json={**BODY, **more}))


def test_a_created_credential_is_returned_with_an_id(atlan):
    answer = create(atlan)
    assert len(answer["id"]) == 36
    assert answer["name"] == BODY["name"]
    assert answer["extra"] == BODY["extra"]
    assert answer["createdBy"] == "service-account-apikey-local"
    assert answer["createdAt"] == answer["updatedAt"] > 0


def test_passwords_are_not_stored(atlan):
    guid = create(atlan)["id"]
    assert "hunter2" not in atlan.raw.get(f"{PATH}/{guid}").text
    assert "hunter2" not in atlan.raw.get("/_local/requests").text


def test_credentials_can_be_read_and_listed(atlan):
    guid = create(atlan)["id"]
    create(atlan, name="another")
    assert atlan.ok(atlan.raw.get(f"{PATH}/{guid}"))["name"] == BODY["name"]
    listed = atlan.ok(atlan.raw.get(PATH))
    assert [one["name"] for one in listed["records"]] == ["another", BODY["name"]]
    filtered = atlan.ok(atlan.raw.get(PATH, params={"filter": '{"name":"another"}'}))
    assert [one["name"] for one in filtered["records"]] == ["another"]


def test_an_update_changes_only_sent_fields(atlan):
    guid = create(atlan)["id"]
    answer = atlan.ok(atlan.raw.post(f"{PATH}/{guid}", json={"host": "h", "name": None, "id": "other"}))
    assert (answer["id"], answer["host"], answer["name"]) == (guid, "h", BODY["name"])
    assert atlan.ok(atlan.raw.get(f"{PATH}/{guid}")) == answer


def test_credentials_can_be_archived_and_deleted(atlan):
    for remove in (
        lambda guid: atlan.raw.post(f"{PATH}/{guid}/archive"),
        lambda guid: atlan.raw.delete(f"{PATH}/{guid}"),
    ):
        guid = create(atlan)["id"]
        assert (remove(guid).status_code, remove(guid).status_code) == (200, 404)
        assert atlan.raw.get(f"{PATH}/{guid}").status_code == 404


def test_unknown_credentials_are_refused(atlan):
    for response in (atlan.raw.get(f"{PATH}/x"), atlan.raw.post(f"{PATH}/x", json={"host": "h"})):
        assert response.status_code == 404
        assert response.json()["message"] == "credential x does not exist"


def test_a_credential_test_succeeds(atlan):
    assert atlan.ok(atlan.raw.post(f"{PATH}/test", json=BODY))["message"] == "successful"


def test_invalid_credentials_are_refused(atlan):
    guid = create(atlan)["id"]
    for path in (PATH, f"{PATH}/{guid}"):
        assert atlan.raw.post(path, json=["x"]).status_code == 400
        assert atlan.raw.post(path, content=b"{").status_code == 500
