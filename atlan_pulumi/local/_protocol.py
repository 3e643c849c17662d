"""HTTP/1.1 connections that an app can close without an answer."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_NO_LINGER = struct.pack("ii", 1, 0)
_OPEN: dict[tuple[Any, Any], asyncio.Transport] = {}


class ClosableProtocol(H11Protocol):
    """uvicorn's own protocol, which remembers whose connection is whose."""

    def connection_made(self, transport: Any) -> None:
        """Remember the connection."""
        super().connection_made(transport)
        _OPEN[self.client, self.server] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        _OPEN.pop((self.client, self.server), None)
        super().connection_lost(exc)


def close(client: Any, server: Any, *, reset: bool = False) -> None:
    """Close a connection.

    Args:
        client: the client's address, as the ASGI scope names it.
        server: the server's address, likewise.
        reset: throw away what is still to go out and reset the connection (RST), as a crashed or overloaded
            server does; otherwise what was written before still goes out.
    """
    transport = _OPEN.get((client, server))
    if transport is None:
        return
    if reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()
