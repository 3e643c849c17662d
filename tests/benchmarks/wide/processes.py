"""Measure peak memory and processor time of a tree of processes."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.1
_PROC = Path("/proc")


@dataclass(frozen=True)
class Ended:
    """A finished command."""

    output: str
    peaks: dict[str, int]
    """The peak memory of its processes in bytes, by kind."""
    processor_seconds: float
    """Processor time of the command and of child processes that were waited for."""


class CommandError(Exception):
    """A command failed."""


def run(command: list[str], folder: Path, environ: Mapping[str, str]) -> Ended:
    """Run a command, and sample its processes.

    Raises:
        CommandError: The command failed. The message has its last output.
    """
    before = _of_children()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with Peaks(process.pid) as peaks:
        output, _ = process.communicate()
    if process.returncode:
        tail = "\n".join(output.splitlines()[-30:])
        raise CommandError(f"{' '.join(command[:3])} ended with {process.returncode}:\n{tail}")
    return Ended(output, peaks.found, _of_children() - before)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process so far."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # not Linux
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Peaks:
    """Sample the peak memory of a process and its descendants, in a thread."""

    def __init__(self, pid: int) -> None:
        self.found: dict[str, int] = {}
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Peaks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            self._sample(self._pid)
            self._over.wait(_PAUSE)

    def _sample(self, pid: int) -> None:
        try:
            kind, peak = _kind(pid), _high_water(pid)
            children = [
                int(child)
                for task in (_PROC / str(pid) / "task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:  # the process has ended, or this is not Linux
            return
        self.found[kind] = max(self.found.get(kind, 0), peak)
        for child in children:
            self._sample(child)


def _kind(pid: int) -> str:
    command = (_PROC / str(pid) / "cmdline").read_bytes()
    if b"pulumi.dynamic" in command:
        return "provider"
    if b"pulumi-language-python-exec" in command or b"pyatlan_writer" in command:
        return "program"
    return "engine" if command.split(b"\0")[0].endswith(b"pulumi") else "other"


def _high_water(pid: int) -> int:
    lines = (_PROC / str(pid) / "status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
