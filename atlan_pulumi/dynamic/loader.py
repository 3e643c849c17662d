"""What the constant `__provider` in every user's state refers to: its path and signature never change.

Pulumi stores a pickle of the provider with each resource, and loads it to read, update and delete that
resource for as long as it lives. Ours is a reference to `load_provider` with a kind and a version, and no
data: it is short, holds nothing secret, never makes a diff when the code changes, and loads under every
version of Python. A stored pair of kind and version stays loadable for ever; a new version is a new row.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from atlan_pulumi.dynamic._process import in_provider_process

if TYPE_CHECKING:
    from atlan_pulumi.dynamic.provider import LifecycleProvider


def load_provider(kind: str, version: int) -> LifecycleProvider:
    """Return the provider that a stored `__provider` refers to.

    Args:
        kind: The kind of resource, such as `Process`.
        version: The version of its contract, from 1.
    """
    from atlan_pulumi.dynamic.provider import LifecycleProvider  # noqa: PLC0415 - no program needs it

    _quiet_tracebacks()
    return LifecycleProvider(kind, version)


def _quiet_tracebacks() -> None:
    """In Pulumi's provider process, let an error reach the user as its message alone.

    The process hands `traceback.format_exc()` to the engine. `ATLAN_PULUMI_TRACEBACK=1` brings it back.
    """
    if in_provider_process() and os.environ.get("ATLAN_PULUMI_TRACEBACK") != "1":
        sys.tracebacklimit = 0
