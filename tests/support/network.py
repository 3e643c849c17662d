"""Connections: to no other machine, and without TLS."""

from __future__ import annotations

import ssl

import pytest

#: For a client of a local Atlan. By default, httpx reads the certificates of all authorities, in 25 ms.
WITHOUT_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def make_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Route every address through a proxy that does not exist."""
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
