"""`atlan-pulumi drift` on a terminal and on a schedule."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from drift.scenes import process, tables, writes
from pyatlan.model.assets import Process, Table
from support.atlan import SEED, WAREHOUSE, Witness, table_name
from support.stack import Stack

from atlan_pulumi.engine import provide_engine
from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

Drift = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = [sys.executable, "-c", "from atlan_pulumi.cli import main; main()", "drift"]
#: Control characters of terminals, and markup of rich.
CONTROL_CHARACTERS = "\x1b[31mred\x07 [bold]not bold[/bold]"
SQL = "select 1\nfrom orders\n"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, server: LocalAtlan) -> Stack:
    """A stack of three processes: alice changed one, archived another, and did not change `kept`."""
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    program = (
        process("kept")
        + process("gone", outputs=tables(2))
        + process("load", sql=SQL, description="why", owner_users=["ann"], inputs=tables(0, 2))
    )
    folder = tmp_path_factory.mktemp("stack") / "project"
    stack = Stack(folder, provide_engine().environment(), program, environ=tenant)
    stack.up()
    witness = Witness(server.base_url, "key-of-alice")
    try:
        change_in_atlan(witness)
    finally:
        witness.close()
    return stack


def change_in_atlan(witness: Witness) -> None:
    load = Process.updater(f"{WAREHOUSE}/load", "load")
    load.sql = SQL.replace("orders", "returns")
    load.description = CONTROL_CHARACTERS
    load.owner_users = {"ann", "eve"}
    load.inputs = [Table.ref_by_qualified_name(table_name(number)) for number in (0, 3)]
    witness.client.asset.save(load)
    witness.archive(Process, f"{WAREHOUSE}/gone")


@pytest.fixture
def drift(stack: Stack) -> Drift:
    """Run the command in the stack's folder, without a terminal."""

    def run(*arguments: str, cwd: Path = stack.folder, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=cwd,
            env={**os.environ, **stack.environ, "COLUMNS": "300", **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_table(drift: Drift, server: LocalAtlan) -> None:
    written = writes(server)
    done = drift()
    assert (done.returncode, done.stderr) == (2, "")
    rows = [line.strip() for line in done.stdout.splitlines()]
    shown = "\n".join(rows)
    for text in (
        "- from orders",
        "+ from returns",
        f"- Table {table_name(2)}",
        f"+ Table {table_name(3)}",
        '+ "eve"',
        "Drift: 2 of 3 resources of stack test.",
        "`pulumi up --refresh` restores what the program declares.",
    ):
        assert text in shown
    assert '"ann"' not in shown, "values in both are not shown"
    assert any(row.startswith("load") and "alice" in row for row in rows)
    assert any(row.startswith("gone") and "archived" in row for row in rows)
    assert not any(row.startswith("kept") for row in rows)
    assert "\x1b" not in done.stdout
    assert "\\\\u001b[31mred\\\\u0007 [bold]not bold[/bold]" in done.stdout.replace("\\", "\\\\")
    assert writes(server) == written


def test_the_json_matches_the_table(drift: Drift) -> None:
    report, table = json.loads(drift("--json").stdout), drift().stdout
    assert (report["version"], report["stack"], report["drift"], report["checked"]) == (1, "test", True, 3)
    assert report["error"] is None
    load, gone = sorted(report["resources"], key=lambda item: item["name"], reverse=True)
    assert (load["status"], gone["status"], gone["changes"]) == ("changed", "gone", [])
    assert [load["type"], load["qualified_name"], load["last_writer"]] == [
        "Process",
        f"{WAREHOUSE}/load",
        "alice",
    ]
    assert load["urn"].endswith("::load")
    changes = {change.pop("property"): change for change in load["changes"]}
    assert changes == {
        "description": {"kind": "value", "declared": "why", "actual": CONTROL_CHARACTERS},
        "inputs": {"kind": "set", "removed": tables(2), "added": tables(3)},
        "owner_users": {"kind": "set", "removed": [], "added": ["eve"]},
        "sql": {"kind": "value", "declared": SQL, "actual": SQL.replace("orders", "returns")},
    }
    for name in (*changes, "load", "gone"):
        assert name in table
    when = load["last_written_at"].replace("T", " ")[:16]
    assert f"{when} UTC" in table


def test_no_drift_is_one_line_and_exit_code_0(drift: Drift, stack: Stack) -> None:
    kept = stack.resources()["kept"]["urn"]
    done = drift("--target", kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "No drift: 1 resource of stack test read; Atlan matches the state.\n"
    report = drift("--target", kept, "--json")
    assert (report.returncode, json.loads(report.stdout)["drift"]) == (0, False)


def test_options_for_folder_and_stack(drift: Drift, stack: Stack, tmp_path: Path) -> None:
    done = drift("-C", str(stack.folder), "-s", "test", "--target", "**::kept", cwd=tmp_path)
    assert done.returncode == 0


def test_an_error_is_one_line_and_exit_code_1(drift: Drift) -> None:
    done = drift("--stack", "nope")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "atlan-pulumi: `pulumi stack export` failed: no stack named 'nope' found\n"
    report = drift("--stack", "nope", "--json")
    assert (report.returncode, report.stderr) == (1, done.stderr)
    assert json.loads(report.stdout) == {
        "version": 1,
        "stack": "nope",
        "drift": None,
        "checked": None,
        "resources": [],
        "stale_placeholders": [],
        "error": done.stderr.strip().removeprefix("atlan-pulumi: "),
    }


@pytest.mark.parametrize("arguments", [("--color",), ("--cwd", "/does/not/exist"), ("more",), ("--stack",)])
def test_usage_errors_have_exit_code_1(drift: Drift, arguments: tuple[str, ...]) -> None:
    done = drift(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr


def test_help_contains_the_exit_codes(drift: Drift) -> None:
    done = drift("--help")
    assert done.returncode == 0
    assert "0: no drift" in done.stdout


def test_a_log_gets_a_wide_table(drift: Drift) -> None:
    rows = drift(COLUMNS="").stdout.splitlines()
    assert 80 < max(map(len, rows)) <= 120


def test_a_terminal_shows_the_progress(stack: Stack) -> None:
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "--json"],
        cwd=stack.folder,
        env={**os.environ, **stack.environ, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=terminal,
    ) as running:
        os.close(terminal)
        shown = read_all(screen)
        assert running.stdout is not None
        report = json.loads(running.stdout.read())
    assert running.returncode == 2
    assert report["drift"] is True
    assert "of 3 resources" in shown


def read_all(screen: int) -> str:
    """Return what was written to the terminal until it was closed."""
    found = b""
    try:
        while part := os.read(screen, 4096):
            found += part
    except OSError:  # Linux: the other end is closed
        pass
    finally:
        os.close(screen)
    return found.decode()


def test_sigterm_leaves_nothing_behind(stack: Stack, server: LocalAtlan) -> None:
    hang: dict[str, Any] = {"path": "/api/meta/entity/*", "contains": "kept", "hang": True, "times": 0}
    server.fault(hang)
    scratch = stack.folder.with_name("scratch")
    scratch.mkdir()
    try:
        with subprocess.Popen(
            COMMAND,
            cwd=stack.folder,
            env={**os.environ, **stack.environ, "TMPDIR": str(scratch)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running:
            server.await_fault()
            running.send_signal(signal.SIGTERM)
            out, err = running.communicate()
    finally:
        server.clear_faults()
    assert (running.returncode, out, err) == (143, b"", b"")
    assert not [path for path in scratch.iterdir() if path.name.startswith("atlan-pulumi-")]
