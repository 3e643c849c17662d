"""OpenLineage events: accepted for configured connections, and stored."""

from __future__ import annotations

import pytest

from atlan_pulumi.local import LocalAtlan

PATH = "/events/openlineage/spark/api/v1/lineage"
EVENT = {"eventType": "START", "job": {"namespace": "ol", "name": "j"}, "run": {"runId": "1"}}


def configure(atlan, connector="spark"):
    path = f"/events/openlineage/{connector}/api/v1/lineage"
    body = {"name": "c", "connector": connector, "extra": {"events.urlPath": path}}
    credential = atlan.ok(atlan.raw.post("/api/service/credentials", json=body))["id"]
    return atlan.create(atlan.connection_payload(defaultCredentialGuid=credential))


def kept(atlan):
    return [one["event"] for one in atlan.ok(atlan.raw.get("/_local/events"))["events"]]


def test_an_event_is_accepted_with_202_and_stored(atlan):
    configure(atlan)
    response = atlan.raw.post(PATH, json=EVENT)
    assert response.status_code == 202
    assert kept(atlan) == [EVENT]


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_a_slash_at_the_end_is_ignored(atlan, path):
    configure(atlan)
    assert atlan.raw.post(path, json=EVENT).status_code == 202


@pytest.mark.parametrize("body", [[EVENT, EVENT], "a text", {"any": "thing"}])
def test_any_json_is_stored_unchanged(atlan, body):
    configure(atlan)
    assert atlan.raw.post(PATH, json=body).status_code == 202
    assert kept(atlan) == [body]


def test_bodies_that_are_not_json_are_refused(atlan):
    configure(atlan)
    assert atlan.raw.post(PATH, content=b"{").status_code == 400
    assert kept(atlan) == []


def test_events_without_a_connection_are_refused(atlan):
    response = atlan.raw.post(PATH, json=EVENT)
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text == f"Unauthorized: url path not configured to receive data, urlPath: {PATH}"
    assert kept(atlan) == []


def test_events_for_another_connector_are_refused(atlan):
    configure(atlan, "airflow")
    assert atlan.raw.post(PATH, json=EVENT).status_code == 401


def test_a_credential_without_a_connection_is_not_enough(atlan):
    body = {"name": "c", "connector": "spark", "extra": {"events.urlPath": PATH}}
    atlan.ok(atlan.raw.post("/api/service/credentials", json=body))
    assert atlan.raw.post(PATH, json=EVENT).status_code == 401


@pytest.mark.parametrize("how", ["SOFT", "PURGE"])
def test_events_are_refused_after_the_connection_is_deleted(atlan, how):
    guid = configure(atlan)
    atlan.delete(guid, how=how)
    assert atlan.raw.post(PATH, json=EVENT).status_code == 401


def test_events_are_listed_in_order_of_arrival(atlan):
    configure(atlan)
    for number in range(5):
        atlan.raw.post(PATH, json={"number": number})
    assert [one["number"] for one in kept(atlan)] == [0, 1, 2, 3, 4]


def test_seeded_connections_can_receive_events(rest_to):
    connection = {"name": "ol", "connector": "airflow", "open_lineage": True}
    with LocalAtlan(seed={"connections": [connection]}) as server:
        rest = rest_to(server)
        with rest.raw:
            path = "/events/openlineage/airflow/api/v1/lineage"
            assert rest.raw.post(path, json=EVENT).status_code == 202
            assert rest.raw.post(PATH, json=EVENT).status_code == 401
