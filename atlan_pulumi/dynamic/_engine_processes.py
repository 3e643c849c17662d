"""The engine's processes above and below this one: command lines, environments, and folders.

The engine does not pass on all of its options to programs and providers. Its process shows them.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import NamedTuple

_ENGINE = re.compile(r"\.?pulumi(-wrapped)?(\.exe)?")
_MOST_ANCESTORS = 10
_PROC = Path("/proc")
_SECONDS = 5
_VARIABLE = re.compile(r"(?:^|\s)([A-Za-z_]\w*)=")
_CLIENT = "--client"


class Process(NamedTuple):
    """A process: its parent, and its command line."""

    parent: int
    command: list[str]


class EnginePlace(NamedTuple):
    """Where an engine runs: its environment and its folder."""

    environ: Mapping[str, str]
    folder: Path


def engine_command() -> list[str] | None:
    """Return the command line of the engine above this process; None if it cannot be found out."""
    return next((command for command in _ancestors() if _is_engine(command)), None)


def _ancestors() -> Iterator[list[str]]:
    """Yield the command lines of this process's ancestors, the parent first."""
    pid = os.getppid()
    for _ in range(_MOST_ANCESTORS):
        if pid <= 1 or (found := _process(pid)) is None:
            return
        pid, command = found
        yield command


def engines_served(stack_name: str) -> list[EnginePlace | None]:
    """Return the places of the engines that run an inline program of this process for a stack.

    With Pulumi's Automation API, a program may be a function in the user's process, which starts the engine
    and serves it. None stands for an engine whose place is hidden.

    Args:
        stack_name: The name, such as `prod`.
    """
    processes = _processes()
    below = _below(os.getpid(), processes)
    return [_place(pid) for pid in below if serves(processes[pid].command, stack_name)]


def serves(command: Sequence[str], stack_name: str) -> bool:
    """Return whether a command line is an engine that gets the program of that stack from another process."""
    client, stack = (_option(command, name) for name in (_CLIENT, "--stack"))
    return _is_engine(command) and client is not None and (stack or "").rpartition("/")[2] == stack_name


def _option(command: Sequence[str], name: str) -> str | None:
    for number, argument in enumerate(command):
        if argument == name:
            return next(iter(command[number + 1 :]), None)
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return None


def _is_engine(command: Sequence[str]) -> bool:
    return bool(command) and _ENGINE.fullmatch(PurePath(command[0]).name) is not None


def _below(pid: int, processes: Mapping[int, Process]) -> list[int]:
    found, new = [], [pid]
    while new:
        above = new.pop()
        children = [each for each, process in processes.items() if process.parent == above]
        found += children
        new += children
    return found


def _processes() -> dict[int, Process]:
    if _has_proc():
        pids = [int(each.name) for each in _PROC.iterdir() if each.name.isdecimal()]
        return {pid: process for pid in pids if (process := _process(pid))}
    lines = (
        line.split() for line in _answer("ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "args=").splitlines()
    )
    return {int(pid): Process(int(parent), command) for pid, parent, *command in lines}


def _process(pid: int) -> Process | None:
    folder = _PROC / str(pid)
    with suppress(OSError, ValueError):
        parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        return Process(parent, (folder / "cmdline").read_text(errors="replace").split("\0")[:-1])
    if not _has_proc():
        with suppress(ValueError):
            parent_text, *command = _answer("ps", "-o", "ppid=", "-o", "args=", "-p", str(pid)).split()
            return Process(int(parent_text), command)
    return None


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()


def _place(pid: int) -> EnginePlace | None:
    folder = _PROC / str(pid)
    try:
        if _has_proc():
            environ = environ_in((folder / "environ").read_text(errors="surrogateescape"))
            return EnginePlace(environ, (folder / "cwd").readlink())
    except OSError:
        return None
    shown = environ_shown(_answer("ps", "eww", "-o", "command=", "-p", str(pid)))
    where = folder_shown(_answer("lsof", "-a", "-d", "cwd", "-F", "n", "-p", str(pid)))
    return EnginePlace(shown, where) if shown and where else None


def environ_in(text: str) -> dict[str, str]:
    """Return the variables in the text of Linux's `/proc/<pid>/environ`."""
    pairs = (line.partition("=") for line in text.split("\0"))
    return {name: value for name, equals, value in pairs if equals}


def environ_shown(line: str) -> dict[str, str]:
    """Return the variables in a line of `ps eww`; none if the environment is hidden.

    The line contains the arguments, then the variables, separated by blanks. Values may contain blanks.
    """
    _, *parts = _VARIABLE.split(line.strip())
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    return found if "PATH" in found else {}


def folder_shown(text: str) -> Path | None:
    """Return the folder in an answer of `lsof -F n`."""
    return next((Path(line[1:]) for line in text.splitlines() if line.startswith("n/")), None)


def _answer(*command: str) -> str:
    """Return the output of a system command; empty if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""
    return done.stdout
