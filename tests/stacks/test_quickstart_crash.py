"""`make crash`: Pulumi is killed, and the next run converges."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from atlan_pulumi.files import cache_folder

pytestmark = pytest.mark.engine

CRASH = Path(__file__).parents[2] / "stacks" / "quickstart" / "crash.py"


def crash(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    temporary = folder / "tmp"
    temporary.mkdir()
    return subprocess.run(
        [sys.executable, CRASH, *arguments],
        env={**os.environ, "ATLAN_PULUMI_CACHE": str(cache_folder()), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.soak
def test_the_run_after_a_kill_converges(tmp_path: Path) -> None:
    done = crash(tmp_path, "--after", "40")
    assert done.returncode == 0, done.stdout
    held, known = re.search(r"killed: Atlan contains (.*); the state contains (\d+)", done.stdout).groups()  # type: ignore[union-attr]
    written = sum(map(int, re.findall(r"\d+", held)))
    assert 40 <= written < 141
    assert int(known) < 141
    for promise in (
        "every entity exists exactly once: 1 Connection, 19 Processes, 121 ColumnProcesses",
        "nothing is left behind",
        "the catalog is unchanged",
    ):
        assert f"✓ {promise}" in done.stdout
    assert not list((tmp_path / "tmp").glob("atlan-pulumi-*"))


@pytest.mark.soak
def test_a_run_that_ends_before_the_kill_is_reported(tmp_path: Path) -> None:
    done = crash(tmp_path, "--after", "1000")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "demo: pulumi up ended before it was killed"
    assert "Traceback" not in done.stdout
