"""A running `pulumi` command whose processes a test can kill."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

_PROVIDER = "pulumi.dynamic"
_PROGRAM = "pulumi-language-python-exec"


UP = ("up", "--yes", "--skip-preview")


class Running:
    """A running `pulumi` command.

    When the block ends, no process of the command is left running.
    """

    def __init__(self, stack: Stack, *arguments: str) -> None:
        self._log = stack.folder / "running.log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                ["pulumi", *arguments, "--non-interactive", "--color=never"],
                cwd=stack.folder,
                env={**os.environ, **stack.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # like a foreground job: Ctrl-C reaches it and not this process
            )
        self._known: dict[int, str] = {}

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.record_descendants()
        for pid in (self.engine, *self.survivors()):
            _kill(pid)
        self._process.wait(30)

    @property
    def engine(self) -> int:
        """The engine's process."""
        return self._process.pid

    @property
    def provider(self) -> int:
        """The provider's process; before it starts, that of the program, which makes the lookups."""
        known = list(_descendants(self.engine))
        found = [pid for pid in known if _PROVIDER in _command(pid)]
        found = found or [pid for pid in known if _PROGRAM in _command(pid)]
        return found[-1]  # the launcher script has become Python, or is its parent

    @property
    def output(self) -> str:
        """The output so far."""
        return self._log.read_text()

    def record_descendants(self) -> None:
        """Record the processes of the command, to find them after the engine has ended."""
        self._known |= {pid: _start_time(pid) for pid in _descendants(self.engine)}

    def survivors(self) -> list[int]:
        """Return the recorded processes that are still running."""
        return [
            pid for pid, start_time in self._known.items() if _command(pid) and _start_time(pid) == start_time
        ]

    def wait_for_end(self, seconds: float = 15) -> list[int]:
        """Wait for the recorded processes to end, and return those that did not."""
        until = time.monotonic() + seconds
        while self.survivors() and time.monotonic() < until:
            time.sleep(0.02)
        return self.survivors()

    def kill(self, victim: str) -> None:
        """`kill -9` the `engine` or the `provider`."""
        self.record_descendants()
        _kill(self.engine if victim == "engine" else self.provider)

    def interrupt(self) -> None:
        """Send SIGINT, as Ctrl-C does in a terminal."""
        self.record_descendants()
        os.killpg(self.engine, signal.SIGINT)

    def wait(self) -> int:
        """Return the exit code."""
        return self._process.wait(120)


def kill_at(
    stack: Stack, server: LocalAtlan, victim: str, request: Mapping[str, Any], *, carried_out: bool
) -> list[int]:
    """Kill an `up` at a request, and return the processes that survived.

    Args:
        stack: The stack.
        server: Its tenant.
        victim: The process to kill: `engine` or `provider`.
        request: The rule that matches the request. The later ones that it matches are not answered.
        carried_out: Whether the server carries the request out.
    """
    hanging = {**request, "hang": True}
    server.fault({**hanging, "commit": carried_out}, {**hanging, "times": 0})
    with Running(stack, *UP) as running:
        server.await_fault()
        running.kill(victim)
        assert running.wait() != 0
        survivors = running.wait_for_end()
    server.clear_faults()
    return survivors


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    """Yield the descendants of a process, parents first."""
    for child in _children(pid):
        yield child
        yield from _descendants(child)


def _children(pid: int) -> list[int]:
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _start_time(pid: int) -> str:
    """Return the start time of a process, which distinguishes it from a later one with the same id."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""


def _command(pid: int) -> str:
    """Return the command line; empty for a process that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
