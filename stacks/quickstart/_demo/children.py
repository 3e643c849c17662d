"""Child processes that a Ctrl-C stops in order: it reaches only the demo, which then asks them to end."""

from __future__ import annotations

import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

GRACE = 20.0
"""Seconds for an interrupted child to finish what it has begun, before it is asked more firmly."""


@contextmanager
def running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    """A child process and the lines it says; when the block ends, by whatever cause, so has the child."""
    process = subprocess.Popen(  # noqa: S603 - fixed commands
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        # Away from the terminal's process group, or a Ctrl-C would reach Pulumi, its plugins and the
        # program all at once.
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
    # The first SIGINT lets Pulumi finish and record what it has begun, the second makes it give up.
    for how in (signal.SIGINT, signal.SIGINT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.communicate(timeout=GRACE)
