"""Run child processes that Ctrl-C stops in order: only the demo gets it, and then stops its children."""

from __future__ import annotations

import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

GRACE = 20.0
"""Seconds for an interrupted child to finish what it has started, before the next signal."""


@contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """Run a child process, and yield it with its output lines. It has ended when the block ends."""
    process = subprocess.Popen(  # noqa: S603 - fixed commands
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        # Not in the terminal's process group, since Ctrl-C would stop Pulumi and its plugins at once.
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - follows from PIPE
    try:
        yield process, (line.rstrip("\n") for line in process.stdout)
        process.wait()
    finally:
        _stop(process)
        process.stdout.close()


def _stop(process: subprocess.Popen[str]) -> None:
    # After the first SIGINT Pulumi finishes and records what it has started. The second one stops it.
    for how in (signal.SIGINT, signal.SIGINT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.communicate(timeout=GRACE)
