"""find_drift with engines that fail in unusual ways: missing output is never the absence of drift."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from atlan_pulumi.drift import find_drift
from atlan_pulumi.engine import Engine
from atlan_pulumi.errors import DriftError

URN = "urn:pulumi:test::project::pulumi-python:dynamic/atlan:Process::"
SCRIPT = """\
#!/bin/sh
case "$1" in
  stack) echo "warning: something is old" >&2; cat "{folder}/state.json" ;;
  refresh) for last; do test "$before" = --event-log && log=$last; before=$last; done
    cat "{folder}/events.jsonl" >> "$log"; {after} ;;
esac
"""
DONE = {"summaryEvent": {"result": "succeeded"}}

NewEngine = Callable[..., Engine]


def read(name: str) -> dict[str, Any]:
    state = {"id": name, "outputs": {"guid": name}}
    return {"resOutputsEvent": {"metadata": {"urn": URN + name, "op": "same", "old": state, "new": state}}}


@pytest.fixture
def new_engine(tmp_path: Path) -> NewEngine:
    """Create engines with a state of the resources a and b, and with these events."""

    def make(*events: dict[str, Any], after: str = ":", state: str = "", cut: int = 0) -> Engine:
        resources = [{"urn": URN + name, "type": URN.split("::")[2]} for name in "ab"]
        (tmp_path / "state.json").write_text(state or json.dumps({"deployment": {"resources": resources}}))
        log = "".join(json.dumps(event) + "\n" for event in events)
        (tmp_path / "events.jsonl").write_text(log[: len(log) - cut])
        (tmp_path / "pulumi").write_text(SCRIPT.format(folder=tmp_path, after=after))
        (tmp_path / "pulumi").chmod(0o755)
        return Engine(tmp_path, "3.259.0", "path")

    return make


def refusal(engine: Engine) -> str:
    with pytest.raises(DriftError) as raised:
        find_drift(engine.folder, engine=engine)
    return str(raised.value)


def test_warnings_on_stderr_are_ignored(new_engine: NewEngine) -> None:
    engine = new_engine(read("a"), read("b"), DONE, after="echo warning: more >&2")
    assert find_drift(engine.folder, engine=engine).checked == 2
    assert find_drift(engine.folder, engine=new_engine(state='{"deployment": {}}')).checked == 0


def test_a_resource_that_was_not_read_is_an_error(new_engine: NewEngine) -> None:
    assert refusal(new_engine(read("a"), DONE)).endswith("Pulumi did not read Process 'b'")


def test_missing_or_truncated_events_are_an_error(new_engine: NewEngine) -> None:
    why = "`pulumi refresh --preview-only` failed: it printed no reason"
    assert refusal(new_engine()) == why
    assert refusal(new_engine(read("a"), read("b"))) == why
    assert refusal(new_engine(read("a"), read("b"), DONE, cut=5)) == why
    assert refusal(new_engine(read("a"), read("b"), {"summaryEvent": {"result": "failed"}})) == why


def test_an_engine_that_fails_after_the_last_event_is_an_error(new_engine: NewEngine) -> None:
    failing = "echo 'warning: x' >&2; echo 'error: the disk is full' >&2; exit 255"
    engine = new_engine(read("a"), read("b"), DONE, after=failing)
    assert refusal(engine) == "`pulumi refresh --preview-only` failed: the disk is full"


def test_a_killed_engine_is_an_error(new_engine: NewEngine) -> None:
    engine = new_engine(read("a"), read("b"), DONE, after=f"kill -{signal.SIGKILL.value} $$")
    assert "failed" in refusal(engine)


@pytest.mark.parametrize("state", ["not a state", '{"deployment": '])
def test_an_invalid_state_is_an_error(new_engine: NewEngine, state: str) -> None:
    assert refusal(new_engine(state=state)) == "`pulumi stack export` did not print a state"


def test_an_engine_that_cannot_run_is_an_error(new_engine: NewEngine, tmp_path: Path) -> None:
    engine = new_engine()
    (tmp_path / "pulumi").chmod(0o644)
    assert "does not start in" in refusal(engine)


def test_an_engine_that_ignores_sigint_is_terminated(new_engine: NewEngine, tmp_path: Path) -> None:
    stubborn = f"trap '' INT; echo $$ > {tmp_path}/pid; while :; do sleep 0.05; done"
    engine = new_engine(read("a"), after=stubborn)

    def interrupt(read_: int, _total: int | None) -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
            pass
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_drift(engine.folder, engine=engine, progress=interrupt)
    pid = (tmp_path / "pid").read_text().strip()
    assert not Path("/proc", pid).exists()
