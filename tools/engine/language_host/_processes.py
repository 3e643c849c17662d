"""Starting processes and leaving none behind."""

from __future__ import annotations

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: Seconds a process has between SIGTERM and SIGKILL. The engine gives the host 5 in all before it kills it.
GRACE = 3.0

Stream = Literal["stdout", "stderr"]


@dataclass(frozen=True)
class Command:
    """What to run: the program and its arguments, where, and with which variables (all of them)."""

    arguments: list[str]
    directory: Path
    environment: dict[str, str]


@asynccontextmanager
async def started(command: Command, output: int | None = None) -> AsyncIterator[Process]:
    """Run `command` in a process group of its own, which is gone when the block is left.

    A group of its own, because the engine interrupts the host's group when it closes it: Python would answer
    that with a traceback, and the host is there to end its children in order.

    Args:
        command: What to run.
        output: Where stdout and stderr go, as for `subprocess`; None = where the host's own go.
    """
    process = await asyncio.create_subprocess_exec(
        *command.arguments,
        cwd=command.directory,
        env=command.environment,
        stdin=DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        await asyncio.shield(_end(process))


async def stream(command: Command) -> AsyncIterator[tuple[Stream, bytes] | int]:
    """Run `command`: yield what it writes as it comes, and last its exit code."""
    outputs: asyncio.Queue[tuple[Stream, bytes]] = asyncio.Queue()

    async def forward(name: Stream, reader: asyncio.StreamReader | None) -> None:
        while reader is not None and (chunk := await reader.read(65536)):
            outputs.put_nowait((name, chunk))
        outputs.put_nowait((name, b""))

    async with started(command, PIPE) as process:
        forwarding = {
            "stdout": asyncio.create_task(forward("stdout", process.stdout)),
            "stderr": asyncio.create_task(forward("stderr", process.stderr)),
        }
        while forwarding:
            name, chunk = await outputs.get()
            if chunk:
                yield name, chunk
            else:
                del forwarding[name]
        yield await process.wait()


async def _end(process: Process) -> None:
    """SIGTERM, which Python obeys without a traceback, to the whole group; SIGKILL to what is left of it."""
    _signal_group(process, signal.SIGTERM)
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE)
    _signal_group(process, signal.SIGKILL)
    await process.wait()


def _signal_group(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
