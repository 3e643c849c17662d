"""Start processes, and leave none behind."""

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

#: Seconds between SIGTERM and SIGKILL. The engine kills the host after 5 seconds.
GRACE = 3.0

Stream = Literal["stdout", "stderr"]


@dataclass(frozen=True)
class Command:
    """A command: program and arguments, working directory, and all environment variables."""

    arguments: list[str]
    directory: Path
    environment: dict[str, str]


@asynccontextmanager
async def run_command(command: Command, output: int | None = None) -> AsyncIterator[Process]:
    """Run `command` in a new process group, which ends with the block.

    The group is separate because the engine interrupts the host's group when it closes the host: Python
    programs would print a traceback, and the host ends its children itself.

    Args:
        command: The command to run.
        output: Target of stdout and stderr, as for `subprocess`; None = those of the host.
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
    """Run `command`; yield its output as it arrives, and finally its exit code."""
    outputs: asyncio.Queue[tuple[Stream, bytes]] = asyncio.Queue()

    async def forward(name: Stream, reader: asyncio.StreamReader | None) -> None:
        while reader is not None and (chunk := await reader.read(65536)):
            outputs.put_nowait((name, chunk))
        outputs.put_nowait((name, b""))

    async with run_command(command, PIPE) as process:
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
    """Send SIGTERM to the group, which ends Python without a traceback, then SIGKILL to the rest."""
    _signal_group(process, signal.SIGTERM)
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE)
    _signal_group(process, signal.SIGKILL)
    await process.wait()


def _signal_group(process: Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
