"""The example infra repo on a CI runner: a clean clone, with this package from a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from atlan_pulumi.engine import Engine
from atlan_pulumi.files import cache_folder
from atlan_pulumi.local import LocalAtlan

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "stacks" / "infra_repo_example"
STACK = "prod"
MADE = (".venv", ".cache", ".pulumi", "review", "__pycache__")
"""Files that a run in the example's folder may have created."""


def build_wheel(folder: Path) -> Path:
    """Build a wheel from the current sources, committed or not."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


Edits = Mapping[str, Mapping[str, str]]


class Finished(NamedTuple):
    """A finished script."""

    code: int
    output: str
    review: str
    """The Markdown of the review, or an empty string."""

    def succeeded(self) -> Finished:
        assert self.code == 0, self.output
        return self


class Runner:
    """A CI machine: only system commands on PATH, an empty home, secrets as variables."""

    def __init__(self, folder: Path, engine: Engine, server: LocalAtlan) -> None:
        """Create the repository, the stack, and the clone.

        Args:
            folder: An empty folder.
            engine: The engine; the scripts find it by themselves.
            server: Atlan.
        """
        self.clone = folder / "clone"
        self.outputs: list[str] = []
        self._origin = folder / "origin"
        for name in ("home", "tmp", "state"):
            (folder / name).mkdir(parents=True)
        on_path = [str(engine.folder)] if engine.source == "path" else []
        self.env = {
            "PATH": os.pathsep.join([*on_path, os.defpath]),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
            "CI": "true",
            "STACK": STACK,
            "ATLAN_PULUMI_CACHE": str(cache_folder()),
            "ATLAN_BASE_URL": server.base_url,
            "ATLAN_API_KEY": server.api_key,
            "ATLAN_REQUESTS_PER_MINUTE": "0",
            "PULUMI_ACCESS_TOKEN": "",  # as a recipe hands on a secret that there is not
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        shutil.copytree(EXAMPLE, self._origin, ignore=shutil.ignore_patterns(*MADE))
        self._git("init", "--quiet", "--initial-branch", "main", cwd=self._origin)
        self._call(str(engine.executable), "stack", "init", STACK, "--non-interactive", cwd=self._origin)
        self._commit("The lineage of the shop", cwd=self._origin)
        self._git("clone", "--quiet", str(self._origin), str(self.clone), cwd=folder)

    def install(self, wheel: Path) -> None:
        """Create `.venv` with the wheel, and its requirements from the tests' environment.

        A folder that a `.pth` file names comes last on the path, and the `.pth` files in it do not count: an
        editable installation there does not stand before the wheel.
        """
        environment = self.clone / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        pip = [sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--quiet"]
        subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
        places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (packages,) = environment.glob("lib/python*/site-packages")
        (packages / "tests.pth").write_text("\n".join(sorted(places)))
        self.env["PIP_NO_INDEX"] = "1"

    def on_branch(self, name: str, edits: Edits | None = None) -> None:
        """Check out a branch with a commit that edits files: file -> text -> replacement."""
        self._git("checkout", "--quiet", "--force", "-B", name, "origin/main", cwd=self.clone)
        self._git("clean", "--quiet", "--force", "-dx", "--exclude", ".venv", cwd=self.clone)
        for file, replacements in (edits or {}).items():
            text = (self.clone / file).read_text()
            for before, after in replacements.items():
                assert text.count(before) == 1, f"{before!r} in {file}"
                text = text.replace(before, after)
            (self.clone / file).write_text(text)
        if edits:
            self._commit(name, cwd=self.clone)

    def run(self, script: str, *arguments: str) -> Finished:
        """Run a script."""
        done = subprocess.run(
            [f"ci/{script}", *arguments],
            cwd=self.clone,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
        review = self.clone / "review" / "review.md"
        self.outputs.append(done.stdout)
        return Finished(done.returncode, done.stdout, review.read_text() if review.exists() else "")

    def ask(self, command: str) -> str:
        """Return the output of a command in the environment of the scripts."""
        shell = f"set -eu; . ci/environment.sh; {command}"
        return self._call("bash", "-c", shell, cwd=self.clone).strip()

    def _commit(self, message: str, *, cwd: Path) -> None:
        who = ("-c", "user.name=Alice", "-c", "user.email=alice@example.com")
        self._git("add", "--all", cwd=cwd)
        self._git(*who, "commit", "--quiet", "--message", message, cwd=cwd)

    def _git(self, *arguments: str, cwd: Path) -> None:
        self._call("git", *arguments, cwd=cwd)

    def _call(self, *command: str, cwd: Path) -> str:
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout
