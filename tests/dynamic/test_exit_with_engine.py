"""A provider process exits when its engine was killed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# Pulumi's provider process runs as this module; here it only waits, as that does.
WAITING = (
    "import sys, threading, types\n"
    "sys.modules['__main__'].__spec__ = types.SimpleNamespace(name={name!r})\n"
    "from atlan_pulumi.dynamic._process import exit_when_engine_exits\n"
    "exit_when_engine_exits(); exit_when_engine_exits()\n"
    "print('ready', flush=True)\n"
    "threading.Event().wait({seconds})\n"
    "print('still here', flush=True)\n"
)


def start(name: str, stdin: int, seconds: float) -> subprocess.Popen[str]:
    program = WAITING.format(name=name, seconds=seconds)
    return subprocess.Popen([sys.executable, "-c", program], stdin=stdin, stdout=subprocess.PIPE, text=True)


def test_the_provider_exits_when_the_engine_closes_stdin() -> None:
    with start("pulumi.dynamic.__main__", subprocess.PIPE, 60) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("whatever the engine may write")
        process.stdin.close()
        assert process.wait(timeout=30) == 137
        assert process.stdout.read() == ""


@pytest.mark.parametrize("kind", ["another process", "no pipe"])
def test_other_processes_do_not_exit_with_stdin(kind: str) -> None:
    name = "pulumi.dynamic.__main__" if kind == "no pipe" else "program"
    stdin = os.open(os.devnull, os.O_RDONLY) if kind == "no pipe" else subprocess.PIPE
    with start(name, stdin, 0.3) as process:
        assert process.stdout is not None
        if process.stdin is not None:
            process.stdin.close()
        assert process.stdout.read() == "ready\nstill here\n"
        assert process.wait(timeout=30) == 0
    if kind == "no pipe":
        os.close(stdin)
