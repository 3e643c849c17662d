"""HTTP/1.1 connections that an app can close without a response."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_NO_LINGER = struct.pack("ii", 1, 0)
_OPEN: dict[tuple[Any, Any], asyncio.Transport] = {}


class ClosableProtocol(H11Protocol):
    """uvicorn's protocol, with a registry of open connections."""

    def connection_made(self, transport: Any) -> None:
        """Register the connection."""
        super().connection_made(transport)
        _OPEN[self.client, self.server] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the registry."""
        _OPEN.pop((self.client, self.server), None)
        super().connection_lost(exc)


def close_connection(client: Any, server: Any, *, reset: bool = False) -> None:
    """Close a connection.

    Args:
        client: the address of the client, as in the ASGI scope.
        server: the address of the server, as in the ASGI scope.
        reset: discard unsent data and reset the connection (RST), as a crashed or overloaded server does.
            Otherwise, send the written data first.
    """
    transport = _OPEN.get((client, server))
    if transport is None:
        return
    if reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()
