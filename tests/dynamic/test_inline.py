"""Inline programs of Pulumi's Automation API, with several runs in one process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi import automation
from support.atlan import SEED, WAREHOUSE, table_name

import atlan_pulumi as atlan
from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.mark.soak
def test_each_run_has_its_own_preflight(
    server: LocalAtlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = provide_engine()
    for name, value in engine.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", server.api_key)
    monkeypatch.setenv("ATLAN_REQUESTS_PER_MINUTE", "0")
    source = 0

    def program() -> None:
        tables = [atlan.table(table_name(number)) for number in (source, 1)]
        load = atlan.Process("load", name="L", connection=WAREHOUSE, inputs=tables[:1], outputs=tables[1:])
        pulumi.export("guid", load.guid)

    backend = tmp_path / "state"
    backend.mkdir()
    workspace = automation.LocalWorkspaceOptions(
        pulumi_command=automation.PulumiCommand(),
        project_settings=automation.ProjectSettings(
            "inline", "python", backend=automation.ProjectBackend(url=f"file://{backend}")
        ),
        env_vars={"PULUMI_CONFIG_PASSPHRASE": "correct horse", "PULUMI_PYTHON_CMD": sys.executable},
    )
    stack = automation.create_or_select_stack("test", "inline", program=program, opts=workspace)
    assert stack.preview().change_summary == {"create": 2}
    guid = stack.up().outputs["guid"].value
    assert stack.up().summary.resource_changes == {"same": 2}
    source = 2
    again = stack.up()
    assert (again.summary.resource_changes, again.outputs["guid"].value) == ({"update": 1, "same": 1}, guid)
    source = 9
    with pytest.raises(automation.CommandError, match="Atlan has no Table"):
        stack.preview()
    stack.destroy()


@pytest.mark.soak
def test_two_backends_are_two_stacks(
    server: LocalAtlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the engine knows the backend: neither the process nor the project names it."""
    for name, value in provide_engine().environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", server.api_key)
    monkeypatch.setenv("ATLAN_REQUESTS_PER_MINUTE", "0")

    def program() -> None:
        tables = [atlan.table(table_name(number)) for number in (0, 1)]
        atlan.Process("load", name="L", connection=WAREHOUSE, inputs=tables[:1], outputs=tables[1:])

    def stack(backend: str) -> automation.Stack:
        (tmp_path / backend).mkdir()
        environ = {
            "PULUMI_BACKEND_URL": f"file://{tmp_path / backend}",
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_PYTHON_CMD": sys.executable,
        }
        options = automation.LocalWorkspaceOptions(env_vars=environ)
        return automation.create_stack("test", "inline", program=program, opts=options)

    first = stack("first")
    assert first.up().summary.resource_changes == {"create": 2}
    with pytest.raises(automation.CommandError, match="belongs to another stack named 'inline/test'"):
        stack("second").up()
    assert first.up().summary.resource_changes == {"same": 2}
