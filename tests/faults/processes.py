"""A `pulumi` command whose processes a test can stop, each by its own number."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from support.stack import Stack

_PROVIDER = "pulumi.dynamic"
_PROGRAM = "pulumi-language-python-exec"


class Running:
    """A command of `pulumi` that is under way.

    On leaving the block nothing that the command started is left running.
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
                start_new_session=True,  # as a terminal's foreground job: Ctrl-C reaches it and not us
            )
        self._family: dict[int, str] = {}

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.note_family()
        for pid in (self.engine, *self.survivors()):
            _kill(pid)
        self._process.wait(30)

    @property
    def engine(self) -> int:
        """The process of the engine."""
        return self._process.pid

    @property
    def provider(self) -> int:
        """The process of the provider; before there is one, that of the program, which looks things up."""
        family = list(_descendants(self.engine))
        found = [pid for pid in family if _PROVIDER in _command(pid)]
        found = found or [pid for pid in family if _PROGRAM in _command(pid)]
        return found[-1]  # the launcher, a shell script, has become Python or is its parent

    @property
    def output(self) -> str:
        """What the command has written so far."""
        return self._log.read_text()

    def note_family(self) -> None:
        """Remember who belongs to the command, to be found when the engine is gone."""
        self._family |= {pid: _birth(pid) for pid in _descendants(self.engine)}

    def survivors(self) -> list[int]:
        """Those of the remembered processes that still run."""
        return [pid for pid, birth in self._family.items() if _command(pid) and _birth(pid) == birth]

    def settle(self, seconds: float = 15) -> list[int]:
        """Give the remembered processes time to end by themselves; answers those that did not."""
        until = time.monotonic() + seconds
        while self.survivors() and time.monotonic() < until:
            time.sleep(0.02)
        return self.survivors()

    def kill(self, victim: str) -> None:
        """`kill -9` the `engine` or the `provider`, and nobody else."""
        self.note_family()
        _kill(self.engine if victim == "engine" else self.provider)

    def interrupt(self) -> None:
        """What Ctrl-C does in a terminal."""
        self.note_family()
        os.killpg(self.engine, signal.SIGINT)

    def wait(self) -> int:
        """The exit code."""
        return self._process.wait(120)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    """Those who descend from a process, parents first."""
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


def _birth(pid: int) -> str:
    """When a process began: with it, a number that was given anew is told from the old one."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""


def _command(pid: int) -> str:
    """The command line; empty for one that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
