"""The HTTP side: an ASGI app over the graph."""

from __future__ import annotations

from atlan_pulumi.local.web._app import build
from atlan_pulumi.local.web._context import Context

__all__ = ["Context", "build"]
