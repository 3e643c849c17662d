"""A forward proxy that tunnels HTTPS, as companies have between their machines and the Internet."""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import suppress
from types import TracebackType

_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSED = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"


class ForwardProxy:
    """Connects clients to the host that they name, and relays bytes, which it cannot read.

    Attributes:
        tunnels: The hosts with ports that clients asked for, including refused ones.
        relayed: All bytes from clients.
    """

    def __init__(self, user: str = "", password: str = "") -> None:
        self.tunnels: list[str] = []
        self.relayed = bytearray()
        self._login = base64.b64encode(f"{user}:{password}".encode()) if user else b""
        self._user = f"{user}:{password}@" if user else ""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets = [self._listener]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def url(self) -> str:
        """The value of HTTPS_PROXY."""
        return f"http://{self._user}127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> ForwardProxy:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(timeout=20)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                self._start(self._tunnel, client)

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _tunnel(self, client: socket.socket) -> None:
        head = bytearray()
        while not head.endswith(b"\r\n\r\n"):
            if not (one := client.recv(1)):
                return
            head += one
        target = head.split()[1].decode()
        self.tunnels.append(target)
        if self._login and b"basic " + self._login not in head.replace(b"Basic", b"basic"):
            client.sendall(_REFUSED)
            return
        host, _, port = target.rpartition(":")
        server = socket.create_connection((host, int(port)), timeout=20)
        self._sockets.append(server)
        client.sendall(_ESTABLISHED)
        self._start(self._relay, server, client)
        self._relay(client, server, self.relayed)

    @staticmethod
    def _relay(source: socket.socket, target: socket.socket, copy: bytearray | None = None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if copy is not None:
                    copy += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
