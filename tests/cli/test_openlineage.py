"""`atlan-pulumi openlineage emit`: refusals, sent events, exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.atlan import reset
from support.command import ATLAN_PULUMI

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.openlineage.run_events import JobRun

SEED = {"connections": [{"name": "ol-spark", "connector": "spark", "open_lineage": True}]}
SF = "snowflake://abc"


@pytest.fixture(scope="module")
def shared() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture
def server(shared: LocalAtlan) -> LocalAtlan:
    reset(shared)
    return shared


def events(**more: Any) -> list[dict[str, Any]]:
    events_: dict[str, Any] = {
        "inputs": [{"namespace": SF, "name": "A.B.C"}],
        "outputs": [{"namespace": SF, "name": "A.B.D"}],
        "columns": {"A.B.D.X": ["A.B.C.Y"]},
        **more,
    }
    return JobRun(events_.pop("namespace", "ol-spark"), "dag", "https://x.y", **events_).events()


def emit(
    server: LocalAtlan, file: Path, *arguments: str, key: str = "local"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ATLAN_PULUMI, "openlineage", "emit", str(file), *arguments],
        env={"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": key, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def written(tmp_path: Path, events_: Any) -> Path:
    file = tmp_path / "events.json"
    file.write_text(json.dumps(events_))
    return file


def received(server: LocalAtlan) -> list[dict[str, Any]]:
    server.await_events()
    listed = httpx.get(f"{server.base_url}/_local/events").json()["events"]
    return [each["event"] for each in listed]


def test_events_are_sent_in_order(server: LocalAtlan, tmp_path: Path) -> None:
    events_ = events()
    done = emit(server, written(tmp_path, events_))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Sent 2 events of 1 run to ol-spark (spark)\n"
    assert received(server) == events_


def test_check_needs_no_tenant_and_sends_nothing(server: LocalAtlan, tmp_path: Path) -> None:
    file = written(tmp_path, events())
    done = subprocess.run(
        [ATLAN_PULUMI, "openlineage", "emit", str(file), "--check"],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "2 events of 1 run: valid\n")
    assert received(server) == []


def events_with_an_unknown_source() -> list[dict[str, Any]]:
    events_ = events()
    events_[0]["outputs"][0]["facets"]["columnLineage"]["fields"]["X"]["inputFields"][0]["name"] = "A.B.Z"
    return events_


@pytest.mark.parametrize(
    ("events_", "reason"),
    [
        (events()[:1], "job 'dag': a run has no COMPLETE, FAIL, or ABORT event"),
        (events()[1:], "job 'dag': a run has no START event"),
        (
            events_with_an_unknown_source(),
            "job 'dag', output 'A.B.D', column X: 'A.B.Z' is not among the inputs of the run",
        ),
        ([{"a": 1}], "event 1: is not a run event: it has no job and no run"),
    ],
)
def test_events_that_atlan_would_drop_are_refused(
    server: LocalAtlan, tmp_path: Path, events_: Any, reason: str
) -> None:
    done = emit(server, written(tmp_path, events_))
    assert done.returncode == 1
    assert reason in done.stderr
    assert "nothing was sent" in done.stderr
    assert "Traceback" not in done.stderr
    assert received(server) == []


def test_allow_drops_sends_them_anyway(server: LocalAtlan, tmp_path: Path) -> None:
    done = emit(server, written(tmp_path, events_with_an_unknown_source()), "--allow-drops")
    assert done.returncode == 0
    assert "'A.B.Z' is not among the inputs" in done.stderr
    assert len(received(server)) == 2
    assert emit(server, written(tmp_path, [{"a": 1}]), "--allow-drops").returncode == 1


def headers() -> dict[str, str]:
    return {"authorization": "Bearer local"}


def put(server: LocalAtlan, **attributes: Any) -> None:
    entities = [{"typeName": "Connection", "attributes": attributes}]
    url = f"{server.base_url}/api/meta/entity/bulk"
    httpx.post(url, json={"entities": entities}, headers=headers()).raise_for_status()


def test_the_namespace_is_case_sensitive(server: LocalAtlan, tmp_path: Path) -> None:
    done = emit(server, written(tmp_path, events(namespace="OL-SPARK")))
    assert "no spark connection named 'OL-SPARK', the namespace of the job;" in done.stderr
    assert received(server) == []


def test_a_connection_that_accepts_no_events_is_refused(server: LocalAtlan, tmp_path: Path) -> None:
    # Atlan would respond with 202, since another connection enables the path.
    put(server, qualifiedName="default/spark/9", name="plain", connectorName="spark")
    done = emit(server, written(tmp_path, events(namespace="plain")))
    assert "Atlan has no spark connection named 'plain'" in done.stderr
    assert "that accepts events" in done.stderr
    assert received(server) == []


def test_unknown_datasets_are_refused_without_partial_assets(server: LocalAtlan, tmp_path: Path) -> None:
    credentials = f"{server.base_url}/api/service/credentials"
    (one,) = httpx.get(credentials, headers=headers()).json()["records"]
    extra = {**one["extra"], "events.enable-partial-assets": False}
    httpx.post(f"{credentials}/{one['id']}", json={"extra": extra}, headers=headers()).raise_for_status()
    done = emit(server, written(tmp_path, events()))
    assert (
        "Atlan has no assets for A.B.C, A.B.D, and 'ol-spark' does not create partial assets" in done.stderr
    )
    assert received(server) == []
    assert emit(server, written(tmp_path, events()), "--allow-drops").returncode == 0


ODD = {
    "an empty list": "[]",
    "not a number": json.dumps(events()).replace('"facets": {}', '"facets": {"x": {"y": NaN}}', 1),
    "half a character": json.dumps(events()).replace('"facets": {}', '"facets": {"x": {"y": "\\ud800"}}', 1),
    "nested too deeply": "[" * 100_000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_invalid_files_are_errors_without_a_traceback(server: LocalAtlan, tmp_path: Path, text: str) -> None:
    file = tmp_path / "events.json"
    file.write_text(text)
    done = emit(server, file)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert received(server) == []


@pytest.mark.parametrize(
    ("events_", "arguments", "key", "reason"),
    [
        (events(namespace="other"), (), "local", "Atlan has no spark connection named 'other'"),
        (events(), ("--connector", "airflow"), "local", "no airflow connection named 'ol-spark'"),
        (events(), (), "wrong", "401: the API key is missing or unknown"),
    ],
)
def test_refusals_of_the_tenant(
    server: LocalAtlan, tmp_path: Path, events_: Any, arguments: tuple[str, ...], key: str, reason: str
) -> None:
    done = emit(server, written(tmp_path, events_), *arguments, key=key)
    assert done.returncode == 1
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert received(server) == []


def test_a_partial_failure_reports_the_number_of_sent_events(server: LocalAtlan, tmp_path: Path) -> None:
    server.fault({"path": "/events/*", "nth": 2, "status": 400, "body": "no"})
    done = emit(server, written(tmp_path, events()))
    server.clear_faults()
    assert done.returncode == 1
    assert "event 2: " in done.stderr
    assert "1 of 2 events were sent before" in done.stderr


def test_a_missing_file_is_an_error(server: LocalAtlan, tmp_path: Path) -> None:
    done = emit(server, tmp_path / "none.json")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "No such file or directory" in done.stderr
