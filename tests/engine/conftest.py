"""Fixtures: the real engine, and a small project for it."""

from __future__ import annotations

import subprocess
import textwrap
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support.processes import MARK, any_version, has_ended_fixture, marked_processes, new_pipe, pipe

from atlan_pulumi.engine import Engine, provide_engine

__all__ = ["any_version", "has_ended_fixture", "new_pipe", "pipe"]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return provide_engine()


@pytest.fixture(autouse=True)
def _any_version(any_version: None) -> None:
    pass


@dataclass
class Project:
    """A Pulumi project in a separate folder, with a separate state and home."""

    folder: Path
    engine: Engine
    variables: dict[str, str] = field(default_factory=dict)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    @property
    def environment(self) -> dict[str, str]:
        beside = self.folder.parent
        return self.engine.environment(
            **{
                "PULUMI_BACKEND_URL": f"file://{beside}",
                "PULUMI_HOME": str(beside / "home"),
                "PULUMI_CONFIG_PASSPHRASE": "correct horse",
                MARK: self.mark,
                **self.variables,
            }
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", "--non-interactive", "--color=never", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )

    def succeed(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["pulumi", "--non-interactive", "--color=never", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def processes(self) -> list[str]:
        """Return the command lines of this project's running processes."""
        return marked_processes(self.mark)


PROVIDER = """
    import os, sys
    from pulumi.dynamic import CreateResult, Resource, ResourceProvider

    class Provider(ResourceProvider):
        def __reduce__(self):
            return Provider, ()

        def create(self, props):
            return CreateResult("the-id", {**props, "python": sys.executable})

    class Thing(Resource, module="test", name="Thing"):
        def __init__(self, name, **props):
            super().__init__(Provider(), name, {"python": None, **props})
"""


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Project:
    """Return a project with one dynamic resource, `Thing`, and a stack `dev`."""
    made = Project(tmp_path / "project", engine)
    made.write("Pulumi.yaml", "name: sample\nruntime: python\n")
    made.write("things.py", PROVIDER)
    made.write(
        "__main__.py",
        """
        import pulumi, sys
        from things import Thing

        thing = Thing("one", color="green")
        pulumi.export("id", thing.id)
        pulumi.export("provider-python", thing.python)
        pulumi.export("program-python", sys.executable)
        """,
    )
    made.succeed("stack", "init", "dev")
    return made
