"""Run the host as a process: print the port, serve until stopped, and end every child process."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import grpc.aio  # type: ignore[import-untyped]  # ships no types

from ._protocol import language_pb2_grpc
from ._server import LanguageHost

# The engine's own limit for a message; configuration and environment variables can be large.
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


def main() -> None:
    """Serve one engine: `… --executor FILE [the engine's log flags] ENGINE_ADDRESS`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--executor", type=Path, required=True)
    known, others = parser.parse_known_args()
    engine = others[-1] if others else ""
    asyncio.run(_serve(LanguageHost(engine, known.executor)))


async def _serve(host: LanguageHost) -> None:
    stopping = asyncio.Event()
    _stop_on_signal(stopping)
    _stop_with_engine(stopping)
    server = grpc.aio.server(options=_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await stopping.wait()
    await host.cancel()
    await server.stop(grace=0.5)


def _stop_on_signal(stopping: asyncio.Event) -> None:
    """Stop on SIGINT, with which the engine closes a plugin, and on SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)


def _stop_with_engine(stopping: asyncio.Event) -> None:
    """Stop when stdin closes: the engine holds its other end, also if it is killed."""
    stdin = sys.stdin.fileno()
    if not stat.S_ISFIFO(os.fstat(stdin).st_mode):
        return
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(stdin, 4096):
            loop.remove_reader(stdin)
            stopping.set()

    loop.add_reader(stdin, read)


if __name__ == "__main__":
    main()
