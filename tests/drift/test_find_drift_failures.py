"""find_drift: every failure is one line, and never the absence of drift."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drift.scenes import Look, checkpoint, edited, process, tables
from support.atlan import SEED
from support.stack import Stack

from atlan_pulumi.drift import find_drift
from atlan_pulumi.errors import DriftError, EngineError
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    """A local Atlan for all tests, which do not change its data."""
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, engine: dict[str, str], server: LocalAtlan) -> Stack:
    """A stack of three processes for all tests, which undo their changes."""
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    program = "".join(process(f"load{n}", outputs=tables(n + 1)) for n in range(3))
    stack = Stack(tmp_path_factory.mktemp("stack") / "project", engine, program, environ=tenant)
    stack.up()
    return stack


@pytest.fixture(autouse=True)
def _no_faults(server: LocalAtlan) -> Iterator[None]:
    yield
    server.clear_faults()


def refusal(look: Look, of: Stack, /, **options: Any) -> str:
    with pytest.raises(DriftError) as raised:
        look(of, **options)
    message = str(raised.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


def test_errors_of_pulumi(stack: Stack, look: Look, tmp_path: Path) -> None:
    assert refusal(look, stack, stack="nope") == "`pulumi stack export` failed: no stack named 'nope' found"
    wrong = refusal(look, stack, environ={"PULUMI_CONFIG_PASSPHRASE": "wrong"})
    assert "incorrect passphrase" in wrong
    missing = refusal(look, stack, targets=["urn:pulumi:test::acceptance::a:b:C::nope"])
    assert "no resource named" in missing
    assert "--target selects no resource of this package" in refusal(look, stack, targets=["**::nope"])
    fresh = {"PULUMI_HOME": str(tmp_path / "another-home")}
    assert "no stack selected; please use `pulumi stack select`" in refusal(look, stack, environ=fresh)


def test_a_refused_key_is_an_error(stack: Stack, look: Look) -> None:
    message = refusal(look, stack, environ={"ATLAN_API_KEY": "unknown-key"})
    assert message.startswith("could not read Process 'load")
    assert "401" in message
    assert "check atlan:apiKey" in message
    assert "unknown-key" not in message


def test_an_unreachable_tenant_is_an_error(stack: Stack, look: Look) -> None:
    nowhere = {"ATLAN_BASE_URL": "http://127.0.0.1:9", "ATLAN_DEADLINE_SECONDS": "0.5"}
    message = refusal(look, stack, environ=nowhere)
    assert message.startswith("could not read Process 'load")
    assert "check the base URL" in message


def test_one_unreadable_resource_is_an_error(stack: Stack, look: Look, server: LocalAtlan) -> None:
    server.fault({"path": "/api/meta/entity/*", "contains": "load1", "status": 400, "times": 0})
    message = refusal(look, stack)
    assert message.startswith("could not read Process 'load1': ")
    server.clear_faults()
    assert not look(stack).drift


def test_an_interrupted_deployment_is_an_error(stack: Stack, look: Look) -> None:
    def interrupt(deployment: dict[str, Any]) -> None:
        last = deployment["resources"][-1]
        half = {**last, "urn": last["urn"].rpartition("::")[0] + "::half"}
        deployment["pending_operations"] = [{"resource": half, "type": "creating"}]

    with edited(stack, interrupt):
        message = refusal(look, stack)
    assert "a deployment is creating Process 'half', or was interrupted" in message


def test_a_concurrent_deployment_is_an_error(stack: Stack, look: Look) -> None:
    def other_name(deployment: dict[str, Any]) -> None:
        deployment["resources"][-1]["outputs"]["name"] = "former name"

    def deploy(_read: int, _total: int | None) -> None:
        checkpoint(stack).write_text(checkpoint(stack).read_text().replace("former name", "new name"))

    with edited(stack, other_name):
        assert look(stack).drift
        assert "the stack changed in the meantime" in refusal(look, stack, progress=deploy)


def test_progress_is_reported_to_the_end(stack: Stack, look: Look) -> None:
    reported: list[tuple[int, int | None]] = []
    look(stack, progress=lambda read, total: reported.append((read, total)))
    assert reported[-1] == (3, 3)
    assert [read for read, _ in reported] == sorted(read for read, _ in reported)
    look(stack, targets=["**::load2"], progress=lambda read, total: reported.append((read, total)))
    assert reported[-1] == (1, None)


def test_an_interruption_leaves_nothing_running(stack: Stack, look: Look, server: LocalAtlan) -> None:
    server.fault({"path": "/api/meta/entity/*", "contains": "load1", "hang": True, "times": 0})

    def interrupt(_read: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(stack, progress=interrupt)
    assert left_in(stack.folder) == []


def left_in(folder: Path) -> list[str]:
    """Return the processes running in a folder that do not end within some seconds."""
    until = time.monotonic() + 20
    while (names := running_in(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    return names


def running_in(folder: Path) -> list[str]:
    """Return the processes with this working directory."""
    return [name for process_ in Path("/proc").glob("[0-9]*") for name in _running(process_, folder)]


def _running(process_: Path, folder: Path) -> list[str]:
    try:
        inside = (process_ / "cwd").readlink().is_relative_to(folder)
        return [(process_ / "cmdline").read_text()] if inside else []
    except OSError:  # the process has just ended
        return []


def test_a_missing_engine_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ATLAN_PULUMI_ENGINE", raising=False)  # `make test-all` sets it
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(EngineError, match="no Pulumi engine yet: run `atlan-pulumi engine install`"):
        find_drift(tmp_path)


def test_a_missing_project_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")  # otherwise Pulumi requires a login
    with pytest.raises(DriftError, match=r"no Pulumi\.yaml project file found"):
        find_drift(tmp_path)
    with pytest.raises(DriftError, match=f"does not start in {tmp_path}/nowhere"):
        find_drift(tmp_path / "nowhere")
