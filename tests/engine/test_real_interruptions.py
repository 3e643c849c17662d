"""Ctrl-C, and worse, while the real engine is at work."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest

pytestmark = pytest.mark.engine


def _press_ctrl_c(running: subprocess.Popen[str]) -> None:
    """SIGINT to the foreground process group, as a terminal does it."""
    os.killpg(running.pid, signal.SIGINT)


def _read_until(running: subprocess.Popen[str], text: str) -> str:
    assert running.stdout is not None
    seen = ""
    for line in running.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} did not come: {seen}")


def test_ctrl_c_while_the_program_runs(project, pipe):
    project.write(
        "__main__.py",
        f"""
        import subprocess, sys
        from things import Thing

        Thing("one")
        child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        open({str(pipe.path)!r}, "w").close()
        child.wait()
        """,
    )
    running = project.start("up", "--yes", "--skip-preview")
    assert pipe.read() == ""

    _press_ctrl_c(running)
    said, _ = running.communicate(timeout=60)

    assert running.returncode != 0
    assert "Traceback" not in said
    assert "KeyboardInterrupt" not in said
    assert project.processes() == []
    state = json.loads(project.succeed("stack", "export"))
    assert state["deployment"].get("pending_operations", []) == []


def test_ctrl_c_while_a_resource_is_created_records_it(project, pipe, tmp_path):
    release = tmp_path / "release"
    os.mkfifo(release)
    project.write(
        "things.py",
        f"""
        from pulumi.dynamic import CreateResult, Resource, ResourceProvider

        class Provider(ResourceProvider):
            def __reduce__(self):
                return Provider, ()

            def create(self, props):
                open({str(pipe.path)!r}, "w").close()
                open({str(release)!r}).close()
                return CreateResult("the-id", props)

        class Thing(Resource, module="test", name="Thing"):
            def __init__(self, name):
                super().__init__(Provider(), name, {{}})
        """,
    )
    project.write("__main__.py", "from things import Thing\nThing('one')\n")
    running = project.start("up", "--yes", "--skip-preview")
    assert pipe.read() == ""

    _press_ctrl_c(running)
    seen = _read_until(running, "cancelling")
    release.open("w").close()
    said = seen + running.communicate(timeout=60)[0]

    assert running.returncode != 0
    assert "Traceback" not in said
    assert project.processes() == []
    resources = json.loads(project.succeed("stack", "export"))["deployment"]["resources"]
    assert "the-id" in [resource.get("id") for resource in resources]


def test_a_failed_resource_ends_the_program_without_noise(project):
    project.write(
        "things.py",
        """
        import sys
        from pulumi.dynamic import Resource, ResourceProvider

        class Provider(ResourceProvider):
            def __reduce__(self):
                return Provider, ()

            def create(self, props):
                sys.tracebacklimit = 0
                raise ValueError("the warehouse said no")

        class Thing(Resource, module="test", name="Thing"):
            def __init__(self, name):
                super().__init__(Provider(), name, {})
        """,
    )
    project.write("__main__.py", "from things import Thing\nThing('one')\n")

    done = project.run("up", "--yes", "--skip-preview")

    assert done.returncode != 0
    assert "the warehouse said no" in done.stdout
    assert "KeyboardInterrupt" not in done.stdout
    assert project.processes() == []


def test_when_the_engine_is_killed_the_host_and_its_program_end(project, pipe):
    project.write(
        "__main__.py",
        f"""
        import signal
        writing = open({str(pipe.path)!r}, "w")
        writing.write("it runs")
        writing.flush()
        signal.pause()
        """,
    )
    running = project.start("preview")
    assert pipe.read() == "it runs"

    running.kill()
    running.communicate(timeout=60)

    assert pipe.read() == ""  # the program, which alone writes into it, has ended
