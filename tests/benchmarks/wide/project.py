"""A Pulumi project for one way at one size, with the measured commands."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import processes

from atlan_pulumi.engine import provide_engine

_STACK = "bench"


class Project:
    """A copy of a program in a separate folder with a `file://` backend.

    Args:
        program: The folder to copy.
        folder: The target folder, which does not exist yet.
        environ: Additional environment, such as the tenant's address.
    """

    def __init__(self, program: Path, folder: Path, environ: dict[str, str]) -> None:
        shutil.copytree(program, folder, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
        settings = folder / "Pulumi.yaml"
        settings.write_text(settings.read_text().replace("  options:\n    virtualenv: ../../.venv\n", ""))
        (folder / "state").mkdir()
        self.folder = folder
        self._environ = {
            **provide_engine().environment(),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_PYTHON_CMD": sys.executable,
            "NO_COLOR": "1",
            **environ,
        }
        self.run("stack", "init", _STACK)

    def run(self, *arguments: str, **environ: str) -> processes.Ended:
        """Run a `pulumi` command."""
        command = ["pulumi", *arguments, "--non-interactive"]
        # Look up the command on the PATH of the project's environment.
        found = shutil.which("pulumi", path=self._environ["PATH"]) or "pulumi"
        return processes.run([found, *command[1:]], self.folder, {**os.environ, **self._environ, **environ})

    def configure(self, **settings: int) -> None:
        """Set plain configuration values."""
        pairs = [word for name, value in settings.items() for word in ("--plaintext", f"{name}={value}")]
        self.run("config", "set-all", *pairs)

    def state_bytes(self) -> int:
        """Return the size of the state in the backend."""
        folder = self.folder / "state" / ".pulumi" / "stacks"
        return sum(path.stat().st_size for path in folder.rglob(f"{_STACK}.json"))
