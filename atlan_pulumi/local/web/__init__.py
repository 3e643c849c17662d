"""The HTTP API: an ASGI app."""

from __future__ import annotations

from atlan_pulumi.local.web._app import build_app
from atlan_pulumi.local.web._context import Context

__all__ = ["Context", "build_app"]
