"""A machine without a network."""

from __future__ import annotations

import pytest


def make_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Route every address through a proxy that does not exist."""
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
