"""Run the real `pulumi` on a temporary copy of the project with its own backend."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _demo.children import running
from _demo.folding import fold
from _demo.terminal import Unexpected, colors, command, line

if TYPE_CHECKING:
    from collections.abc import Callable

    from atlan_pulumi.engine import Engine

ROOT = Path(__file__).parents[3]
STACK = "demo"
_LOOK_EVERY = 0.01


class Project:
    """A copy of one of the repository's Pulumi projects: the demo edits it, and leaves nothing behind.

    Args:
        folder: An empty folder for the copy, the state, and Pulumi's other files.
        program: The folder below `stacks`. The project of the quickstart is that of the repository.
        engine: The engine to run it with.
        base_url: The base URL of Atlan.
        api_key: The API key.
        backend: The end of the backend's URL.
    """

    def __init__(
        self, folder: Path, program: str, engine: Engine, base_url: str, api_key: str, *, backend: str = ""
    ) -> None:
        self._root = folder / "project"
        self._folder = self._root if program == "quickstart" else self._root / "stacks" / program
        self._environment = _environment(engine, folder, base_url, api_key)
        self._environment["PULUMI_BACKEND_URL"] += backend
        shutil.copytree(ROOT / "stacks" / program, self._root / "stacks" / program, symlinks=True)
        shutil.copy(ROOT / "Pulumi.yaml", self._root)
        # The project's `virtualenv: .venv` then points to the Python that runs the demo.
        (self._root / ".venv").symlink_to(sys.prefix, target_is_directory=True)
        self._ask("stack", "init", STACK)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that occurs exactly once in a file of the project."""
        path = self._root / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise Unexpected(f"{file} contains {old!r} {text.count(old)} times, expected once")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def configure(self, **settings: str) -> None:
        """Set configuration of the stack."""
        for name, value in settings.items():
            self._ask("config", "set", name, value)

    def pulumi(self, *arguments: str) -> None:
        """Show a command, run it, and show its shortened output.

        Raises:
            Unexpected: The exit code is not 0.
        """
        command(shlex.join(["pulumi", *arguments]))
        colored = ["--color", "always" if colors() else "never"]
        with running(["pulumi", *arguments, *colored], self._folder, self._environment) as (process, said):
            for text in fold(said):
                line(text)
        if process.returncode:
            raise Unexpected(f"pulumi {arguments[0]} ended with exit code {process.returncode}")

    def pulumi_until(self, ready: Callable[[], bool], *arguments: str) -> None:
        """Show a command, run it, and kill it as soon as `ready` returns true.

        Raises:
            Unexpected: It ended before that.
        """
        command(shlex.join(["pulumi", *arguments]))
        with running(["pulumi", *arguments, "--color", "never"], self._folder, self._environment) as (
            process,
            _,
        ):
            while not ready():
                if process.poll() is not None:
                    raise Unexpected(f"pulumi {arguments[0]} ended before it was killed")
                time.sleep(_LOOK_EVERY)
            process.kill()
            process.wait()

    def known(self) -> int:
        """Return the number of resources in the state, without the stack itself."""
        resources = json.loads(self._ask("stack", "export"))["deployment"].get("resources") or []
        return sum("dynamic/atlan:" in resource["type"] for resource in resources)

    def changes(self) -> dict[str, int]:
        """Return the number of resources that the latest command changed, by operation."""
        latest = json.loads(self._ask("stack", "history", "--json", "--page-size", "1"))[0]
        counts: dict[str, int] = latest["resourceChanges"]
        return {operation: count for operation, count in counts.items() if operation != "same"}

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs."""
        outputs: dict[str, Any] = json.loads(self._ask("stack", "output", "--json"))
        return outputs

    def _ask(self, *arguments: str) -> str:
        asked = subprocess.run(  # noqa: S603 - fixed commands
            ["pulumi", *arguments],  # noqa: S607 - the engine's folder is first on this PATH
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if asked.returncode:
            raise Unexpected(f"pulumi {' '.join(arguments)}: {asked.stderr.strip()}")
        return asked.stdout


def _environment(engine: Engine, folder: Path, base_url: str, api_key: str) -> dict[str, str]:
    """Return the environment of `pulumi`, without the user's logins, stacks, settings, and keys."""
    for name in [name for name in os.environ if name.startswith(("PULUMI_", "ATLAN_"))]:
        if name != "ATLAN_PULUMI_CACHE":
            del os.environ[name]
    state = folder / "state"
    state.mkdir()
    return engine.environment(
        PULUMI_BACKEND_URL=state.as_uri(),
        PULUMI_CONFIG_PASSPHRASE=secrets.token_urlsafe(),
        PULUMI_HOME=str(folder / "home"),
        ATLAN_BASE_URL=base_url,
        ATLAN_API_KEY=api_key,
        ATLAN_REQUESTS_PER_MINUTE="0",  # the local Atlan has no rate limit
    )
