"""Whatever goes wrong is one line, and never the absence of drift."""

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
    """One local Atlan for all: nothing here changes what is in it."""
    with LocalAtlan(seed=SEED) as server:
        yield server


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, engine: dict[str, str], server: LocalAtlan) -> Stack:
    """One stack of three processes for all: what a test changes in it, it puts back."""
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


def test_pulumi_refuses(stack: Stack, look: Look, tmp_path: Path) -> None:
    assert refusal(look, stack, stack="nope") == "`pulumi stack export` failed: no stack named 'nope' found"
    wrong = refusal(look, stack, environ={"PULUMI_CONFIG_PASSPHRASE": "wrong"})
    assert "incorrect passphrase" in wrong
    missing = refusal(look, stack, targets=["urn:pulumi:test::acceptance::a:b:C::nope"])
    assert "no resource named" in missing
    assert "no resource of this package is among --target" in refusal(look, stack, targets=["**::nope"])
    fresh = {"PULUMI_HOME": str(tmp_path / "another-home")}
    assert "no stack selected; please use `pulumi stack select`" in refusal(look, stack, environ=fresh)


def test_atlan_refuses_the_key_for_all(stack: Stack, look: Look) -> None:
    message = refusal(look, stack, environ={"ATLAN_API_KEY": "of-nobody"})
    assert message.startswith("could not read Process 'load")
    assert "401" in message
    assert "check atlan:apiKey" in message
    assert "of-nobody" not in message


def test_atlan_cannot_be_reached(stack: Stack, look: Look) -> None:
    nowhere = {"ATLAN_BASE_URL": "http://127.0.0.1:9", "ATLAN_DEADLINE_SECONDS": "0.5"}
    message = refusal(look, stack, environ=nowhere)
    assert message.startswith("could not read Process 'load")
    assert "check the base URL" in message


def test_one_of_three_cannot_be_read(stack: Stack, look: Look, server: LocalAtlan) -> None:
    server.fault({"path": "/api/meta/entity/*", "contains": "load1", "status": 400, "times": 0})
    message = refusal(look, stack)
    assert message.startswith("could not read Process 'load1': ")
    server.clear_faults()
    assert not look(stack).drift


def test_a_deployment_that_stopped_half_way(stack: Stack, look: Look) -> None:
    def interrupt(deployment: dict[str, Any]) -> None:
        last = deployment["resources"][-1]
        half = {**last, "urn": last["urn"].rpartition("::")[0] + "::half"}
        deployment["pending_operations"] = [{"resource": half, "type": "creating"}]

    with edited(stack, interrupt):
        message = refusal(look, stack)
    assert "a deployment is creating Process 'half', or was interrupted" in message


def test_a_stack_that_changes_meanwhile(stack: Stack, look: Look) -> None:
    def other_name(deployment: dict[str, Any]) -> None:
        deployment["resources"][-1]["outputs"]["name"] = "as it was once"

    def deploy(_read: int, _total: int | None) -> None:
        checkpoint(stack).write_text(checkpoint(stack).read_text().replace("as it was once", "as it is now"))

    with edited(stack, other_name):
        assert look(stack).drift
        assert "the stack changed meanwhile" in refusal(look, stack, progress=deploy)


def test_progress_counts_to_the_end(stack: Stack, look: Look) -> None:
    heard: list[tuple[int, int | None]] = []
    look(stack, progress=lambda read, total: heard.append((read, total)))
    assert heard[-1] == (3, 3)
    assert [read for read, _ in heard] == sorted(read for read, _ in heard)
    look(stack, targets=["**::load2"], progress=lambda read, total: heard.append((read, total)))
    assert heard[-1] == (1, None)


def test_an_interruption_leaves_nothing_running(stack: Stack, look: Look, server: LocalAtlan) -> None:
    server.fault({"path": "/api/meta/entity/*", "contains": "load1", "hang": True, "times": 0})

    def interrupt(_read: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(stack, progress=interrupt)
    assert left_in(stack.folder) == []


def left_in(folder: Path) -> list[str]:
    """The processes at work in that folder which do not end within some seconds."""
    until = time.monotonic() + 20
    while (names := running_in(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    return names


def running_in(folder: Path) -> list[str]:
    """The processes whose working directory is that folder."""
    return [name for process_ in Path("/proc").glob("[0-9]*") for name in _at_work(process_, folder)]


def _at_work(process_: Path, folder: Path) -> list[str]:
    try:
        inside = (process_ / "cwd").readlink().is_relative_to(folder)
        return [(process_ / "cmdline").read_text()] if inside else []
    except OSError:  # it has just ended
        return []


def test_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAN_PULUMI_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ATLAN_PULUMI_ENGINE", raising=False)  # `make test-all` sets it
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    with pytest.raises(EngineError, match="no Pulumi engine yet: run `atlan-pulumi engine install`"):
        find_drift(tmp_path)


def test_no_such_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")  # else Pulumi wants a login first
    with pytest.raises(DriftError, match=r"no Pulumi\.yaml project file found"):
        find_drift(tmp_path)
    with pytest.raises(DriftError, match=f"does not start in {tmp_path}/nowhere"):
        find_drift(tmp_path / "nowhere")
