"""Processes of a test: which still run, whether one has ended, and how far one has come."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

#: Marks every process of a test's engine, however deep: environments are inherited.
MARK = "ATLAN_PULUMI_TEST_RUN"


def marked_processes(mark: str) -> list[str]:
    """The command lines of the processes that have the mark in their environment and go on running."""
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
    """Whether a process, anybody's child, has ended or does so soon."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return select.select([descriptor], [], [], seconds)[0] == [descriptor]
    finally:
        os.close(descriptor)


class Pipe:
    """The reading end of a named pipe: how a test learns, without polling, how far a process has come."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def read(self, seconds: float = 30) -> str:
        """The next that is written; empty when all who had opened it for writing have closed it or ended."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            raise AssertionError(f"nobody wrote into {self.path} in {seconds} s")
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
    """Only what runs an engine is run on the version that was asked for."""
    if not request.node.get_closest_marker("engine"):
        monkeypatch.delenv("ATLAN_PULUMI_ENGINE", raising=False)
