"""An HTTP server on a real socket that follows a script, including network faults."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_PATIENCE = 20  # seconds until an unused server thread gives up


@dataclass(frozen=True)
class Received:
    """A received request."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


class Connection:
    """A connection to the server. A step of the script writes to it, closes it, or resets it."""

    def __init__(self, sock: socket.socket, number: int, stopped: threading.Event) -> None:
        self.socket = sock
        self.number = number
        self.stopped = stopped
        self._reader = sock.makefile("rb")

    def read(self) -> Received | None:
        """Return the next request; None if the client has closed the connection."""
        line = self._reader.readline().split()
        if len(line) != 3:
            return None
        headers = {}
        while (header := self._reader.readline().strip()) != b"":
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body = self._reader.read(int(headers.get("content-length", 0)))
        return Received(line[0].decode(), line[1].decode(), headers, body, self.number)

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self._reader.close()
        self.socket.close()

    def reset(self) -> None:
        """Close the connection so that the client sees "connection reset by peer"."""
        with suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._reader.close()
        self.socket.close()


Step = Callable[[Connection], None]


def respond(
    body: Any = None, status: int = 200, *, headers: Mapping[str, str] | None = None, last: bool = False
) -> Step:
    """Respond with JSON, or with the given text or bytes; `last` closes the connection afterwards."""
    content = (
        body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    )
    lines = {"content-length": str(len(content)), **(headers or {})}
    return raw(_head(status, lines) + content, last=last)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Status\r\n{lines}\r\n".encode("latin-1")


def raw(content: bytes, *, last: bool = True) -> Step:
    """Send these bytes."""

    def step(connection: Connection) -> None:
        connection.socket.sendall(content)
        if last:
            connection.close()

    return step


def truncated(body: Any, *, declared: bool = True) -> Step:
    """Send the first half of a response, with its declared length or without one."""
    content = json.dumps(body).encode()
    headers = {"content-length": str(len(content))} if declared else {"connection": "close"}
    return raw(_head(200, headers) + content[: len(content) // 2])


def reset(connection: Connection) -> None:
    """Read the request, then reset the connection."""
    connection.reset()


def close(connection: Connection) -> None:
    """Read the request, then close the connection without a response."""
    connection.close()


def hang(connection: Connection) -> None:
    """Never respond."""
    connection.stopped.wait(_PATIENCE)


def drip(connection: Connection) -> None:
    """Send a response without end, one byte at a time, each within any read timeout."""
    connection.socket.sendall(_head(200, {"content-length": "1000000"}))
    with suppress(OSError):
        for _ in range(_PATIENCE * 100):
            connection.socket.sendall(b" ")
            if connection.stopped.wait(0.01):
                return


class ScriptedServer:
    """Serves on 127.0.0.1. Each request takes the next step of the script; the last step is repeated."""

    def __init__(
        self,
        *script: Step,
        tls: ssl.SSLContext | None = None,
        refused_connections: int = 0,
        greeting: bytes = b"",
    ) -> None:
        self.received: list[Received] = []
        self._script = list(script)
        self._tls = tls
        self._to_refuse = refused_connections
        self._greeting = greeting
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._connections: list[Connection] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._start(self._accept)

    @property
    def base_url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(_PATIENCE)
        self._listener.close()

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        while not self._stopped.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            number += 1
            if number <= self._to_refuse:
                Connection(sock, number, self._stopped).reset()  # before reading
            else:
                self._start(self._serve, sock, number)

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            secured = self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
        except OSError:
            sock.close()
            return
        connection = Connection(secured, number, self._stopped)
        with self._lock:
            self._connections.append(connection)
        with suppress(OSError, ValueError):
            connection.socket.sendall(self._greeting)
            while (request := connection.read()) is not None:
                self._next_step(request)(connection)
        connection.close()

    def _next_step(self, request: Received) -> Step:
        with self._lock:
            self.received.append(request)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]
