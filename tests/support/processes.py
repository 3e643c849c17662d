"""Processes of a test: whether they run, and how far they are."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

#: The environment variable that marks every process of a test's engine, since environments are inherited.
MARK = "ATLAN_PULUMI_TEST_RUN"


def marked_processes(mark: str) -> list[str]:
    """Return the command lines of the running processes with the mark in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if f"{MARK}={mark}".encode() in environment and not has_ended(int(entry.name)):
                found.append(command.replace(b"\0", b" ").decode())
    return found


def has_ended(pid: int, seconds: float = 20) -> bool:
    """Check whether a process has ended or ends soon."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return select.select([descriptor], [], [], seconds)[0] == [descriptor]
    finally:
        os.close(descriptor)


class Pipe:
    """The reading end of a named pipe, which reports the progress of a process without polling."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self, seconds: float = 30) -> str:
        """Return the next text. It is empty once all writers have closed the pipe."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            raise AssertionError(f"no process wrote into {self.path} in {seconds} s")
        return os.read(self._descriptor, 4096).decode()

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture(name="has_ended")
def has_ended_fixture() -> Callable[[int], bool]:
    return has_ended


@pytest.fixture
def new_pipe(tmp_path: Path) -> Iterator[Callable[[str], Pipe]]:
    with ExitStack() as made:
        yield lambda name: made.enter_context(closing(Pipe(tmp_path / name)))


@pytest.fixture
def pipe(new_pipe: Callable[[str], Pipe]) -> Pipe:
    return new_pipe("pipe")


@pytest.fixture
def any_version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the requested engine version only for engine tests."""
    if not request.node.get_closest_marker("engine"):
        monkeypatch.delenv("ATLAN_PULUMI_ENGINE", raising=False)
