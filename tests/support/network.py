"""A machine without a network."""

from __future__ import annotations

import pytest


def make_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put every address behind a proxy that nobody runs."""
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
