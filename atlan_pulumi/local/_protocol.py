"""HTTP/1.1 connections that an app can close without an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

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


def close(client: Any, server: Any) -> None:
    """Close a connection; what was written before still goes out.

    Args:
        client: the client's address, as the ASGI scope names it.
        server: the server's address, likewise.
    """
    transport = _OPEN.get((client, server))
    if transport is not None:
        transport.close()
