"""Events from the client of the OpenLineage project."""

from __future__ import annotations

import uuid

import pytest
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.transport.http import ApiKeyTokenProvider, HttpConfig, HttpTransport

from atlan_pulumi.local import LocalAtlan

SEED = {"connections": [{"name": "ol-spark", "connector": "spark", "open_lineage": True}]}


def client_of(server, key):
    config = HttpConfig(
        url=f"{server.base_url}/events/openlineage/spark/",
        endpoint="api/v1/lineage",
        auth=ApiKeyTokenProvider({"apiKey": key}),
        retry={"total": 0},
    )
    return OpenLineageClient(transport=HttpTransport(config))


def event(state):
    return RunEvent(
        eventType=state,
        eventTime="2024-07-01T08:23:37.491542Z",
        run=Run(runId=str(uuid.uuid4())),
        job=Job(namespace="ol-spark", name="dag_123"),
        producer="https://your.orchestrator/unique/id/123",
        inputs=[InputDataset(namespace="snowflake://abc", name="OPS.DEFAULT.RUN_STATS")],
        outputs=[OutputDataset(namespace="snowflake://abc", name="OPS.DEFAULT.FULL_STATS")],
    )


@pytest.fixture(scope="module")
def server():
    with LocalAtlan(seed=SEED) as running:
        yield running


def test_events_are_stored_unchanged(server, rest_to):
    client = client_of(server, "local")
    for state in (RunState.START, RunState.COMPLETE):
        client.emit(event(state))
    rest = rest_to(server)
    with rest.raw:
        kept = [one["event"] for one in rest.raw.get("/_local/events").json()["events"]]
    assert [one["eventType"] for one in kept] == ["START", "COMPLETE"]
    assert kept[0]["inputs"][0]["name"] == "OPS.DEFAULT.RUN_STATS"
    assert kept[0]["job"] == {"namespace": "ol-spark", "name": "dag_123", "facets": {}}


def test_an_unknown_key_is_refused(server):
    with pytest.raises(Exception, match="401"):
        client_of(server, "wrong").emit(event(RunState.START))
