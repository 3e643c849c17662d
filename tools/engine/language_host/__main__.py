"""The host as a process: say the port, serve until told to stop, leave nothing running."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import grpc.aio  # type: ignore[import-untyped]  # ships no types
from pulumi.runtime.proto import language_pb2_grpc

from ._server import LanguageHost

# The engine's own limit for a message; a program's configuration and a plugin's environment can be large.
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]


def main() -> None:
    """Serve one engine: `… --executor FILE [the engine's log flags] ENGINE_ADDRESS`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--executor", type=Path, required=True)
    known, passed_on = parser.parse_known_args()
    engine = passed_on[-1] if passed_on else ""
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
    """SIGINT is how the engine closes a plugin; SIGTERM is how anybody else does."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)


def _stop_with_engine(stopping: asyncio.Event) -> None:
    """The engine holds the other end of stdin: when it dies without a word, that end closes."""
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
