"""Run one step of providing an engine, and report why it failed."""

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

_FAILURE = re.compile(
    r"error|mismatch|missing|disabled|refused|denied|no space|not found|cannot|killed", re.IGNORECASE
)
_NOISE = re.compile(r"^\s*$|^go: downloading|^\[notice\]|^WARNING")

_WAKE_SECONDS = 1.0

_CANNOT = "the Pulumi engine cannot be provided: "

#: Advice for when no source works.
BY_HAND = (
    "install Pulumi by hand (https://www.pulumi.com/docs/install/) so that `pulumi` is on PATH, "
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
    """Run the command of a step, and return its output; no child process is left running.

    Args:
        name: Name of the step in messages, such as "compile pulumi".
        command: The program and its arguments.
        environment: All environment variables; None = those of this process.
        directory: Working directory; None = that of this process.
        seconds: Timeout; None = no limit.

    Raises:
        EngineError: The command does not start, times out, or fails; the message says what to do by hand.
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
            raise step_failed(name, f"timed out after {seconds:.0f} s") from None
        finally:
            _end_group(process)
    if process.returncode:
        code = f"{Path(command[0]).name} exited with code {process.returncode}"
        raise step_failed(name, failure_line(output) or code)
    return output


def _output_of(process: subprocess.Popen[str], seconds: float | None) -> str:
    """Return the output of a command once it has ended.

    Wakes up each second, because Python does not handle a signal that arrives just before a blocking read.

    Raises:
        subprocess.TimeoutExpired: The command has not ended in time.
    """
    ends = math.inf if seconds is None else time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=min(_WAKE_SECONDS, left))[0]
    raise subprocess.TimeoutExpired(process.args, seconds or 0)


def step_failed(name: str, why: str) -> EngineError:
    """Return the error of a failed step."""
    return EngineError(f"{_CANNOT}could not {name}: {why}; {BY_HAND}")


def short_reason(error: EngineError) -> str:
    """Return which step failed and why, without the advice."""
    return str(error).removeprefix(_CANNOT).partition(f"; {BY_HAND}")[0]


def failure_line(output: str) -> str:
    """Return the line that explains a failure: the last if it names an error, else the first such line."""
    lines = [line.strip() for line in output.splitlines() if not _NOISE.match(line)]
    return next(filter(_FAILURE.search, [*lines[-1:], *lines]), lines[-1] if lines else "")


class _HeldSignals:
    """Defers SIGINT and SIGTERM while a command starts, so that the command is not left running.

    Only the main thread gets signals, so other threads defer nothing.
    """

    def __init__(self) -> None:
        self._pending: list[int] = []
        self._handlers: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._handlers[number] = signal.signal(
                    number, lambda received, _: self._pending.append(received)
                )

    def release(self) -> None:
        """Restore the handlers, then raise the deferred signals."""
        while self._handlers:
            number, handler = self._handlers.popitem()
            signal.signal(number, handler or signal.SIG_DFL)
        while self._pending:
            signal.raise_signal(self._pending.pop(0))


def _end_group(process: subprocess.Popen[str]) -> None:
    """Kill the command and its children; an interrupted compiler would run on for minutes."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
