"""Atlan's own qualifiedName for a new connection: `default/<connector>/<epoch in seconds>`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient

_lock = threading.Lock()
_given: set[str] = set()


def free_qualified_name(connector: str, tenant: Callable[[], AtlanClient] | None) -> str:
    """A qualifiedName that nobody has: the present second, or the next free one.

    Two connections that are made in the same second would otherwise be one, and the second would silently
    overwrite the first. Names given out by this process, and those that exist in Atlan, are passed over.
    """
    second = int(time.time())
    with _lock:
        while (name := f"default/{connector}/{second}") in _given or _taken(name, tenant):
            second += 1
        _given.add(name)
        return name


def _taken(name: str, tenant: Callable[[], AtlanClient] | None) -> bool:
    return tenant is not None and tenant().entities.get_by_qualified_name("Connection", name) is not None
