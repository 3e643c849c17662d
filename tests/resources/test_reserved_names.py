"""The name of a new connection: chosen once, the same in preview and deployment, and unique."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from support.atlan import SEED, WAREHOUSE

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources import _reserved_names as _epoch

Props = dict[str, Any]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The current second, which a test can change."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(_epoch.time, "time", lambda: now[0])
    monkeypatch.setattr(_epoch, "_given", set())
    return now


def test_a_resource_keeps_its_second_for_a_day(clock: list[float]) -> None:
    first = _epoch.reserve("project", "dev", "etl")
    assert first == 1_800_000_000
    clock[0] += 24 * 3600 - 1
    assert _epoch.reserve("project", "dev", "etl") == first
    clock[0] += 1
    assert _epoch.reserve("project", "dev", "etl") == first + 24 * 3600


def test_another_process_gets_the_same_second() -> None:
    # A preview and the deployment after it are runs of the program of their own.
    code = (
        "from atlan_pulumi.resources._reserved_names import reserve; print(reserve('project', 'dev', 'etl'))"
    )
    seconds = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(seconds) == 1


def test_no_two_resources_get_the_same_second(clock: list[float]) -> None:
    names = [(project, stack, name) for project in "ab" for stack in "ab" for name in "abc"]
    seconds = [_epoch.reserve(*name) for name in names]
    assert len(set(seconds)) == len(names)
    assert [_epoch.reserve(*name) for name in names] == seconds


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"project/dev/etl": "soon"}', '{"project/dev/etl": 99999999999}']
)
def test_damaged_files_count_as_missing(clock: list[float], content: str) -> None:
    file = _epoch._file()
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert _epoch.reserve("project", "dev", "etl") == 1_800_000_000
    assert json.loads(file.read_text()) == {"project/dev/etl": 1_800_000_000}


def test_without_a_writable_file_the_current_second_is_used(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert _epoch.reserve("project", "dev", "etl") == 1_800_000_000
    clock[0] += 5
    assert _epoch.reserve("project", "dev", "etl") == 1_800_000_005


def test_threads_are_never_given_the_same_name(clock: list[float]) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: _epoch.free_qualified_name("spark", 1_800_000_000, None), range(64)))
    assert len(set(names)) == 64
    assert min(names) == "default/spark/1800000000"


def test_taken_names_are_skipped(clock: list[float]) -> None:
    second = int(WAREHOUSE.rpartition("/")[2])
    with LocalAtlan(seed=SEED) as server:
        settings = ClientSettings.resolve(server.base_url, server.api_key, 0)
        with AtlanClient(settings) as client:
            name = _epoch.free_qualified_name("snowflake", second, lambda: client)
    assert name == f"default/snowflake/{second + 1}"


# -- adoption needs a name -----------------------------------------------------------------------------------

ETL: Props = {"name": "etl", "connector": "spark", "admin_roles": ["$admin"]}
KINDS = ("Connection", "OpenLineageConnection")


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_connection_without_a_name_adopts_nothing_and_is_refused(kind: str) -> None:
    """It would create a second connection with its own processes."""
    refused = lifecycle_of(kind, 1).check({}, {**ETL, "adopt": True})
    (problem,) = refused.problems
    assert problem.property == "qualified_name"
    assert problem.reason == (
        "is required with adopt=True, since a new connection would be created otherwise: set it, such as "
        "'default/spark/1657025300', or remove adopt=True"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_with_a_name_may_adopt(kind: str) -> None:
    lifecycle = lifecycle_of(kind, 1)
    pinned = lifecycle.check({}, {**ETL, "adopt": True, "qualified_name": "default/spark/1"})
    assert (pinned.problems, pinned.inputs["qualified_name"]) == ([], "default/spark/1")
    kept = lifecycle.check(lifecycle.check({}, ETL).inputs, {**ETL, "adopt": True})
    assert kept.problems == [], "what the state has keeps its name, and may be taken back"
    assert lifecycle.check({}, {**ETL, "adopt": False}).problems == []
