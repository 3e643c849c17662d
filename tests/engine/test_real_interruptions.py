"""Ctrl-C and a killed engine during a real run."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest

pytestmark = pytest.mark.engine


def _press_ctrl_c(running: subprocess.Popen[str]) -> None:
    """Send SIGINT to the foreground process group, as a terminal does."""
    os.killpg(running.pid, signal.SIGINT)


def _read_until(running: subprocess.Popen[str], text: str) -> str:
    assert running.stdout is not None
    seen = ""
    for line in running.stdout:
        seen += line
        if text in line:
            return seen
    raise AssertionError(f"{text!r} not in the output: {seen}")


def test_ctrl_c_during_a_program_ends_it_and_its_children(project, pipe):
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
    output, _ = running.communicate(timeout=60)

    assert running.returncode != 0
    assert "Traceback" not in output
    assert "KeyboardInterrupt" not in output
    assert project.processes() == []
    state = json.loads(project.succeed("stack", "export"))
    assert state["deployment"].get("pending_operations", []) == []


def test_ctrl_c_during_a_create_records_the_resource(project, pipe, tmp_path):
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
    output = seen + running.communicate(timeout=60)[0]

    assert running.returncode != 0
    assert "Traceback" not in output
    assert project.processes() == []
    resources = json.loads(project.succeed("stack", "export"))["deployment"]["resources"]
    assert "the-id" in [resource.get("id") for resource in resources]


def test_a_failed_resource_ends_the_program_without_a_keyboard_interrupt(project):
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


def test_host_and_program_end_when_the_engine_is_killed(project, pipe):
    project.write(
        "__main__.py",
        f"""
        import signal
        writing = open({str(pipe.path)!r}, "w")
        writing.write("running")
        writing.flush()
        signal.pause()
        """,
    )
    running = project.start("preview")
    assert pipe.read() == "running"

    running.kill()
    running.communicate(timeout=60)

    assert pipe.read() == ""  # the program, the only writer, has ended
