"""A stack with the real engine, `pulumi` command, and provider process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HEADER = """\
import pulumi
import atlan_pulumi as atlan

WAREHOUSE = "default/snowflake/1657025257"
"""

#: A table that the program creates outside Atlan, with the outputs of a provider's resource.
MAKER = """
class Maker(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        return pulumi.dynamic.CreateResult(props["name"], props)
class Made(pulumi.dynamic.Resource):
    name: pulumi.Output[str]
    def __init__(self, name, opts=None):
        super().__init__(Maker(), name, {"name": name}, opts)
atlan.register_asset_type(Made, lambda made: ("Table", ["DB", "S", made.name]))
"""


#: The files of the first new stack of this process.
_FIRST: list[TemporaryDirectory[str]] = []


@dataclass(frozen=True)
class Step:
    """An operation of the engine on a resource."""

    operation: str
    name: str
    type: str
    diffs: tuple[str, ...]
    """The changed inputs, as shown by the engine."""
    old: dict[str, Any] = field(repr=False)
    new: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Run:
    """A run of a `pulumi` command."""

    code: int
    output: str
    events: list[dict[str, Any]] = field(repr=False)

    @property
    def changes(self) -> dict[str, int]:
        """The number of resources by operation, without the stack and explicit providers."""
        counted: dict[str, int] = {}
        for step in self.steps:
            counted[step.operation] = counted.get(step.operation, 0) + 1
        return counted

    @property
    def steps(self) -> list[Step]:
        """The operations on this package's resources, in the engine's order."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for event in self.events:
            done = (event.get("resOutputsEvent") or {}).get("metadata")
            begun = (event.get("resourcePreEvent") or {}).get("metadata")
            if begun and "dynamic/atlan:" in begun["urn"]:
                found[begun["op"], begun["urn"]] = begun
            if done and ("refresh", done["urn"]) in found:  # a refresh reports its result only at the end
                found["refresh", done["urn"]] = done
        return [_step(metadata) for metadata in found.values()]

    def step(self, name: str) -> Step:
        """Return the operation on a resource."""
        return next(step for step in self.steps if step.name == name)

    @property
    def errors(self) -> list[str]:
        """The error messages that a user sees."""
        return self._messages("error")

    @property
    def warnings(self) -> list[str]:
        """The warnings that a user sees."""
        return self._messages("warning")

    @property
    def notes(self) -> list[str]:
        """The information messages that a user sees."""
        return self._messages("info")

    def _messages(self, severity: str) -> list[str]:
        found = [event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event]
        return [item["message"].strip() for item in found if item["severity"] == severity]

    def assert_refused(self, name: str, reason: str) -> None:
        """Assert that the run failed with one line on the property, without a traceback."""
        assert self.code != 0
        found = [error for error in self.errors if reason in error]
        assert found, self.output
        assert f"property {name}" in found[0]
        assert "Traceback" not in self.output


def _step(metadata: dict[str, Any]) -> Step:
    old, new = ((metadata.get(side) or {}).get("inputs") or {} for side in ("old", "new"))
    # The engine prints no properties whose names begin with two underscores.
    shown = {name for name in {*old, *new} if not name.startswith("__")}
    differing = {name for name in shown if old.get(name) != new.get(name)}
    kind = metadata["urn"].split("::")
    return Step(metadata["op"], kind[-1], kind[-2], tuple(sorted(differing)), old, new)


class Stack:
    """A project in a separate folder with a `file://` backend."""

    def __init__(
        self,
        folder: Path,
        engine: Mapping[str, str],
        program: str = "",
        *,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Create the project.

        Args:
            folder: An empty folder.
            engine: The environment in which `pulumi` runs.
            program: The body of `__main__.py`, after the imports.
            environ: More environment, such as the tenant's address and key.
        """
        self.folder = folder
        self._own = environ or {}
        self.environ = {
            **engine,
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_PYTHON_CMD": sys.executable,
            "XDG_STATE_HOME": str(folder / "user"),
            "ATLAN_REQUESTS_PER_MINUTE": "0",
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # program, language host, and provider start again in each run
            "PULUMI_DEBUG_COMMANDS": "true",
            **self._own,
        }
        (folder / "state").mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text("name: acceptance\nruntime: python\n")
        self.write(program)
        self._initialize()

    def _initialize(self) -> None:
        """Create and select the stack `test`.

        All but the first of a process are copies, with its salt: deriving a key takes most of `stack init`.
        """
        if any(name.startswith("PULUMI_") for name in self._own):
            self.run("stack", "init", "test").check()
        elif _FIRST:
            shutil.copytree(Path(_FIRST[0].name, "state"), self.folder / "state", dirs_exist_ok=True)
            shutil.copy(Path(_FIRST[0].name, "Pulumi.test.yaml"), self.folder)
            self.run("stack", "select", "test").check()
        else:
            self.run("stack", "init", "test").check()
            first = TemporaryDirectory()
            shutil.copytree(self.folder / "state", Path(first.name, "state"))
            shutil.copy(self.folder / "Pulumi.test.yaml", first.name)
            _FIRST.append(first)

    def copy(self, source: Path, *names: str) -> None:
        """Take the program's files and the project file from a folder, with a stack named `dev`."""
        for name in names:
            shutil.copy(source / name, self.folder)
        settings = (source / "Pulumi.yaml").read_text()
        without = settings.replace("  options:\n    virtualenv: ../../.venv\n", "")
        (self.folder / "Pulumi.yaml").write_text(without)
        self.run("stack", "init", "dev").check()

    def write(self, program: str) -> None:
        """Replace the program."""
        (self.folder / "__main__.py").write_text(HEADER + program)

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None, stdin: str = "") -> Finished:
        """Run any `pulumi` command."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env={**os.environ, **self.environ, **(environ or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            input=stdin,
            text=True,
            timeout=300,
            check=False,
        )
        return Finished(done.returncode, done.stdout)

    def operate(self, operation: str, *arguments: str, environ: Mapping[str, str] | None = None) -> Run:
        """Run an operation on the stack, and read the engine's events."""
        log = self.folder / "events.jsonl"
        log.unlink(missing_ok=True)
        done = self.run(operation, "--event-log", str(log), *arguments, environ=environ)
        events = [json.loads(line) for line in log.read_text().split("\n") if line] if log.exists() else []
        return Run(done.code, done.output, events)

    def preview(self, *arguments: str) -> Run:
        """Preview. Fail the test if the command fails."""
        return _checked(self.operate("preview", "--diff", *arguments))

    def up(self, program: str | None = None, *arguments: str) -> Run:
        """Write the program, if given, and deploy. Fail the test if the command fails."""
        if program is not None:
            self.write(program)
        return _checked(self.operate("up", "--yes", "--skip-preview", *arguments))

    def refresh(self, *arguments: str) -> Run:
        """Refresh the state. Fail the test if the command fails."""
        return _checked(self.operate("refresh", "--yes", "--skip-preview", "--diff", *arguments))

    def destroy(self, *arguments: str) -> Run:
        """Destroy. Fail the test if the command fails."""
        return _checked(self.operate("destroy", "--yes", "--skip-preview", *arguments))

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the state of this package's resources, by name."""
        state = json.loads(self.run("stack", "export").check().output)
        found = state["deployment"].get("resources") or []
        return {item["urn"].split("::")[-1]: item for item in found if "dynamic/atlan:" in item["type"]}

    def settled(self) -> None:
        """Assert that a preview after a refresh is empty, and that the refresh finds no change."""
        run = self.preview("--refresh")
        assert set(run.changes) <= {"same"}, run.output
        assert not [step for step in run.steps if step.diffs], run.output


@dataclass(frozen=True)
class Finished:
    """A finished command."""

    code: int
    output: str

    def check(self) -> Finished:
        """Fail the test if the command failed."""
        assert self.code == 0, self.output
        return self


def _checked(run: Run) -> Run:
    assert run.code == 0, run.output
    return run


NewStack = Callable[..., Stack]
