"""One step of providing an engine: a command that says what it is, and why it failed."""

from __future__ import annotations

import math
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from atlan_pulumi.errors import EngineError

_TELLING = re.compile(
    r"error|mismatch|missing|disabled|refused|denied|no space|not found|cannot|killed", re.IGNORECASE
)
_NOISE = re.compile(r"^\s*$|^go: downloading|^\[notice\]|^WARNING")

_WAKE_SECONDS = 1.0

_CANNOT = "the Pulumi engine cannot be provided: "

#: What to do when nothing here works.
BY_HAND = (
    "by hand: install Pulumi as https://www.pulumi.com/docs/install/ says, so that `pulumi` is on PATH, "
    "and run `atlan-pulumi engine doctor`"
)


def run_step(
    name: str,
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    seconds: float | None = None,
) -> str:
    """Run one command of a step to its end and return what it wrote; nothing of it stays running.

    Args:
        name: The step, as a message names it: "compile pulumi".
        command: The program and its arguments.
        environment: All its variables; None = this process's own.
        directory: Its working directory; None = this process's own.
        seconds: The longest it may take; None = no limit.

    Raises:
        EngineError: It cannot be started, takes too long, or fails; the message says what to do by hand.
    """
    held = _HeldSignals()
    try:
        process = subprocess.Popen(  # noqa: S603 - the commands are this package's own
            list(map(str, command)),
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        held.release()
        raise step_failed(name, f"{command[0]} does not start ({error.strerror})") from None
    with process:
        try:
            held.release()
            output = _output_of(process, seconds)
        except subprocess.TimeoutExpired:
            raise step_failed(name, f"no end after {seconds:.0f} s") from None
        finally:
            _end_group(process)
    if process.returncode:
        raise step_failed(name, telling(output) or f"{Path(command[0]).name} ended with {process.returncode}")
    return output


def _output_of(process: subprocess.Popen[str], seconds: float | None) -> str:
    """What a command writes until it ends.

    It wakes up each second: Python does not see a signal that comes right before a read that waits.

    Raises:
        subprocess.TimeoutExpired: It has not ended in time.
    """
    ends = math.inf if seconds is None else time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=min(_WAKE_SECONDS, left))[0]
    raise subprocess.TimeoutExpired(process.args, seconds or 0)


def step_failed(name: str, why: str) -> EngineError:
    """The error of a failed step."""
    return EngineError(f"{_CANNOT}could not {name}: {why}; {BY_HAND}")


def short_reason(error: EngineError) -> str:
    """Return which step failed and why, without the advice, for a failure that has a substitute."""
    return str(error).removeprefix(_CANNOT).partition(f"; {BY_HAND}")[0]


def telling(output: str) -> str:
    """The line of a tool's output that says why it failed: the last one, or the first that names an error."""
    lines = [line.strip() for line in output.splitlines() if not _NOISE.match(line)]
    return next(filter(_TELLING.search, [*lines[-1:], *lines]), lines[-1] if lines else "")


class _HeldSignals:
    """Puts SIGINT and SIGTERM off while a command starts: it would be left running, with nobody to know it.

    Only the main thread gets signals, so in others there is nothing to put off.
    """

    def __init__(self) -> None:
        self._came: list[int] = []
        self._handlers: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._handlers[number] = signal.signal(number, lambda came, _: self._came.append(came))

    def release(self) -> None:
        """Let signals through again, first of all those that came meanwhile."""
        while self._handlers:
            number, handler = self._handlers.popitem()
            signal.signal(number, handler or signal.SIG_DFL)
        while self._came:
            signal.raise_signal(self._came.pop(0))


def _end_group(process: subprocess.Popen[str]) -> None:
    """The command's children too: after an interruption a compiler would go on for minutes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
