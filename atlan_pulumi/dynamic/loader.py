"""The target of `__provider` in every user's state. Its path and signature never change.

Pulumi stores a pickled provider with each resource, and loads it to read, update, and delete that resource.
This package pickles a call of `load_provider` with a kind and a version, and no data: it is short, contains
no secret, causes no diff when the code changes, and loads under every version of Python. Every pair of kind
and version that was ever stored stays loadable; a new version adds a row.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from atlan_pulumi.dynamic._process import in_provider_process
from atlan_pulumi.startup import collect_rarely, exempt_imports, without_collection

if TYPE_CHECKING:
    from atlan_pulumi.dynamic.provider import LifecycleProvider


def load_provider(kind: str, version: int) -> LifecycleProvider:
    """Return the provider that a stored `__provider` refers to.

    Args:
        kind: The kind of resource, such as `Process`.
        version: The version of its contract, from 1.
    """
    with without_collection():
        from atlan_pulumi.dynamic.provider import LifecycleProvider  # noqa: PLC0415 - no program needs it

    if in_provider_process():
        collect_rarely()
        exempt_imports()
    _quiet_tracebacks()
    return LifecycleProvider(kind, version)


def _quiet_tracebacks() -> None:
    """Print errors without a traceback in Pulumi's provider process.

    The process sends `traceback.format_exc()` to the engine. `ATLAN_PULUMI_TRACEBACK=1` keeps the traceback.
    """
    if in_provider_process() and os.environ.get("ATLAN_PULUMI_TRACEBACK") != "1":
        sys.tracebacklimit = 0
