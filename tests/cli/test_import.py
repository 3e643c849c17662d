"""`atlan-pulumi import`."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.atlan import SEED, WAREHOUSE, Witness
from support.command import ATLAN_PULUMI
from support.fixtures import engine
from support.stack import Stack

from atlan_pulumi.lifecycle import mark
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.process import ProcessInputs

__all__ = ["engine"]

COMMAND = [ATLAN_PULUMI, "import"]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    """A local Atlan with three processes, one of a type that this package does not support."""
    with LocalAtlan(seed=SEED) as server:
        witness = Witness(server.base_url, server.api_key)
        for number in (1, 2):
            witness.make_process(WAREHOUSE, f"dag-{number}", number, number + 1)
        witness.post("DbtProcess", [f"{WAREHOUSE}/dbt"])
        witness.close()
        yield server


@pytest.fixture
def environ(server: LocalAtlan) -> dict[str, str]:
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    return {**os.environ, **tenant, "ATLAN_REQUESTS_PER_MINUTE": "0", "NO_COLOR": "1", "COLUMNS": "200"}


def run(folder: Path, environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_files_and_output(tmp_path: Path, environ: dict[str, str]) -> None:
    done = run(tmp_path, environ, "--connection", WAREHOUSE)
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"""\
Found 1 connection, 2 processes.

Not imported, and unchanged in Atlan:
  DbtProcess '{WAREHOUSE}/dbt': this package has no resource for a DbtProcess

Wrote lineage.py and import.json. Next, in the folder of the Pulumi program:
  1. review lineage.py, and add it to the program: `import lineage` in __main__.py
  2. pulumi import --file import.json --generate-code=false --protect=false --yes
  3. pulumi preview   shows no changes
  4. pulumi up        writes nothing to Atlan; records the dependencies in the state
"""
    )
    resources = json.loads((tmp_path / "import.json").read_text())["resources"]
    assert [resource["name"] for resource in resources] == ["warehouse", "dag-1", "dag-2"]
    code = (tmp_path / "lineage.py").read_text()
    assert "warehouse = atlan.Connection(" in code
    assert "dbt': this package has no resource" in code


def test_import_as_a_lineage_map(tmp_path: Path, environ: dict[str, str]) -> None:
    done = run(tmp_path, environ, "--connection", WAREHOUSE, "--as", "lineage-map")
    assert done.stdout.startswith("Found 1 connection, 1 lineage map.\n"), done.stderr
    resources = json.loads((tmp_path / "import.json").read_text())["resources"]
    assert [(each["type"].rpartition(":")[2], each.get("parent")) for each in resources] == [
        ("Connection", None),
        ("LineageMap", None),
        ("ProcessSet", "LineageMap warehouse-lineage"),
    ]


@pytest.mark.engine
def test_the_selected_stack_is_used(tmp_path: Path, engine: dict[str, str]) -> None:
    with LocalAtlan(seed=SEED) as server:
        witness = Witness(server.base_url, server.api_key)
        witness.make_process(WAREHOUSE, "dag", 1, 3)
        marked = mark("acceptance/test", "ours", "atlan:Process", "3f9c2e1a")
        witness.overwrite("Process", f"{WAREHOUSE}/dag", ProcessInputs, "managed_by", marked)
        witness.close()
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
        stack = Stack(tmp_path / "project", engine, environ=tenant)
        environ = {**os.environ, **stack.environ, "COLUMNS": "200"}
        ours = run(stack.folder, environ, "--process", f"{WAREHOUSE}/dag")
        theirs = run(stack.folder, environ, "--process", f"{WAREHOUSE}/dag", "--stack", "other", "--force")
    assert (ours.returncode, theirs.returncode) == (0, 0), ours.stderr + theirs.stderr
    assert "With ownership marks in Atlan" not in ours.stdout, "it is the mark of the selected stack"
    assert "Created by a stack 'acceptance/test' in another backend" in ours.stdout, "the origin is another"
    assert "the stack 'acceptance/test': Process 'ours'" in theirs.stdout


def test_other_file_names_and_folders(tmp_path: Path, environ: dict[str, str], server: LocalAtlan) -> None:
    url = environ.pop("ATLAN_BASE_URL")
    options = ("--out", "new/folder", "--code", "__main__.py", "--file", "state.json", "--base-url", url)
    done = run(tmp_path, environ, "--process", f"{WAREHOUSE}/dag-1", *options)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "new/folder").iterdir()} == {"__main__.py", "state.json"}
    assert "1. review __main__.py, and add it to the program\n" in done.stdout
    assert f"--file {tmp_path / 'new/folder/state.json'} " in done.stdout


def test_existing_files_are_not_overwritten_without_force(
    tmp_path: Path, environ: dict[str, str], server: LocalAtlan
) -> None:
    (tmp_path / "import.json").write_text("mine")
    before = dict(server.stats()["requests"])
    refused = run(tmp_path, environ, "--name-prefix", "the")
    assert refused.returncode == 1
    assert refused.stderr == (
        "atlan-pulumi: import.json already exists: use another file, or --force to overwrite it\n"
    )
    assert (tmp_path / "import.json").read_text() == "mine"
    assert not (tmp_path / "lineage.py").exists()
    assert server.stats()["requests"] == before, "it fails before any request"
    assert run(tmp_path, environ, "--name-prefix", "the", "--force").returncode == 0
    assert len(json.loads((tmp_path / "import.json").read_text())["resources"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--name-prefix", "the", "--as", "map"), 2, "Invalid value for '--as'"),
        (
            ("--name-prefix", "the", "--as", "lineage-map", "--no-columns"),
            1,
            "--as lineage-map concerns column processes: remove --no-columns",
        ),
        ((), 1, "nothing selected: set --connection, --process, --name-prefix, or --asset"),
        (("--connection", "default/snowflake/1657025256"), 1, f"did you mean '{WAREHOUSE}'?"),
        (
            ("--connection", "x"),
            1,
            "'x' is not a connection's qualifiedName, such as default/snowflake/1657025257",
        ),
        (("--process", f"{WAREHOUSE}/none"), 1, f"Atlan has no active process '{WAREHOUSE}/none'"),
        (
            ("--name-prefix", "zzz"),
            1,
            "Atlan has no active process that matches the selection; nothing was written",
        ),
        (("--name-prefix", "the", "--out", "/dev/null/no"), 1, "cannot be written"),
        (("--name-prefix", "the", "--stack", "prod"), 1, "set --stack PROJECT/prod"),
        (("--base-url", "ftp://x", "--name-prefix", "t"), 1, "is not a URL such as https://"),
        (("--nonsense",), 2, "No such option"),
        (("positional",), 2, "unexpected extra argument"),
    ],
)
def test_an_error_is_one_line_and_writes_nothing(
    tmp_path: Path, environ: dict[str, str], arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = run(tmp_path, environ, *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert code == 2 or len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["ATLAN_BASE_URL", "ATLAN_API_KEY"])
def test_missing_settings(tmp_path: Path, environ: dict[str, str], missing: str) -> None:
    del environ[missing]
    done = run(tmp_path, environ, "--name-prefix", "the")
    assert done.returncode == 1
    assert missing in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_key_is_one_line_without_the_key(tmp_path: Path, environ: dict[str, str]) -> None:
    done = run(tmp_path, {**environ, "ATLAN_API_KEY": "canary-1234"}, "--name-prefix", "the")
    assert done.returncode == 1
    assert "401" in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_an_unreachable_tenant_is_an_error_soon(tmp_path: Path, environ: dict[str, str]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        done = run(tmp_path, environ, "--name-prefix", "the", "--base-url", url)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_transient_errors_are_retried(tmp_path: Path, environ: dict[str, str], server: LocalAtlan) -> None:
    server.fault({"path": "/api/meta/search/indexsearch", "status": 503, "times": 2})
    done = run(tmp_path, environ, "--name-prefix", "the")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Found 2 processes.\n")


def test_an_interrupted_import_leaves_nothing_behind(
    tmp_path: Path, environ: dict[str, str], server: LocalAtlan
) -> None:
    server.clear_faults()
    server.fault({"path": "/api/meta/search/indexsearch", "hang": True, "times": 1})
    child = subprocess.Popen(
        [*COMMAND, "--name-prefix", "the"], cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True
    )
    with child:
        server.await_fault(30)
        child.send_signal(signal.SIGINT)
        _, output = child.communicate(timeout=30)
    assert child.returncode != 0
    assert "Traceback" not in output
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_import_is_an_error(tmp_path: Path, environ: dict[str, str], server: LocalAtlan) -> None:
    done = run(tmp_path, environ, "--name-prefix", "dbt")
    assert done.returncode == 1
    assert done.stdout.startswith("Found nothing.\n\nNot imported")
    assert done.stderr == "atlan-pulumi: none of it can be imported; nothing was written\n"
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_shows_a_transient_progress_bar(tmp_path: Path, environ: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*COMMAND, "--name-prefix", "the"],
        cwd=tmp_path,
        env={**environ, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    with child:
        shown = _read_all(ours)
        assert child.stdout is not None
        out = child.stdout.read().decode()
    assert child.returncode == 0, shown
    assert "2/2" in shown
    assert "Declaring" in shown
    assert out.startswith("Found 2 processes.\n"), "stdout contains no progress"


def _read_all(terminal: int) -> str:
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # Linux: the other side is closed
        pass
    os.close(terminal)
    return b"".join(parts).decode()


def test_a_large_import_skips_checkpoints(tmp_path: Path, environ: dict[str, str]) -> None:
    from atlan_pulumi.cli._import import _next_steps

    (few, many) = ("\n".join(_next_steps(Path("a.py"), Path("b.json"), count)) for count in (299, 300))
    assert "PULUMI_SKIP_CHECKPOINTS" not in few
    assert "--file '/a b/c.json' " in "\n".join(_next_steps(Path("a.py"), Path("/a b/c.json"), 1))
    assert "2. PULUMI_SKIP_CHECKPOINTS=true pulumi import --file b.json" in many


def test_help_contains_each_option(tmp_path: Path, environ: dict[str, str]) -> None:
    shown = run(tmp_path, environ, "--help").stdout
    for option in (
        "--connection",
        "--process",
        "--name-prefix",
        "--asset",
        "--no-columns",
        "--as",
        "--no-openlineage",
        "--force",
        "--stack",
    ):
        assert option in shown
