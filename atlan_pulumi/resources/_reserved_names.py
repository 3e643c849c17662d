"""Atlan's qualifiedName for a new connection, `default/<connector>/<epoch in seconds>`, chosen once.

The epoch is chosen in two steps, so that a preview shows the name that the next deployment uses: the program
reserves one for the resource and stores it for a day among the user's files; the provider uses it, or the
next one that is free in Atlan.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_KEPT_SECONDS = 24 * 60 * 60
_lock = threading.Lock()
_given: set[str] = set()


def reserve(project: str, stack: str, resource_name: str) -> int:
    """Return the epoch of a resource without a name: the same one in each run within a day.

    If the file cannot be written, it is the current time, and a preview may show another name than the
    deployment uses.
    """
    key = f"{project}/{stack}/{resource_name}"
    now = int(time.time())
    # If several are reserved in one second, all but the first get a later one.
    reserved = {name: second for name, second in _reservations().items() if abs(now - second) < _KEPT_SECONDS}
    if key not in reserved:
        taken = set(reserved.values())
        reserved[key] = next(second for second in range(now, now + len(taken) + 1) if second not in taken)
        _keep(reserved)
    return reserved[key]


def free_qualified_name(
    connector: str,
    second: int,
    tenant: Callable[[], AtlanClient] | None,
    mark: str | None = None,
    take_over: Callable[[Entity], None] = lambda _entity: None,
) -> str:
    """Return the qualifiedName for an epoch, or for the next free one.

    Two connections of one second would otherwise overwrite each other. Names that this process has used, and
    names that exist in Atlan, are skipped. A connection with the resource's own mark comes from an
    interrupted run, and is taken over.

    Args:
        connector: The connector.
        second: Seconds since 1970.
        tenant: Returns the client; without it, nothing is looked up.
        mark: The resource's ownership mark.
        take_over: Called with the connection that is taken over, if any.
    """
    with _lock:
        left = _left_behind(tenant(), connector, mark) if tenant and mark else None
        if left is not None and left.qualified_name not in _given:
            take_over(left)
            name = left.qualified_name
        else:
            while (name := f"default/{connector}/{second}") in _given or _taken(name, tenant, mark):
                second += 1
        _given.add(name)
        return name


def _taken(name: str, tenant: Callable[[], AtlanClient] | None, mark: str | None) -> bool:
    found = tenant().entities.get_by_qualified_name("Connection", name) if tenant else None
    return found is not None and (mark is None or mark_of(found) != mark)


def _left_behind(client: AtlanClient, connector: str, mark: str) -> Entity | None:
    """Return a live connection with a mark. Its epoch may have been reserved on another machine."""
    marked = {"term": {OWNERSHIP_ATTRIBUTE: mark}}
    kind = [{"term": {"__typeName.keyword": "Connection"}}, {"term": {"connectorName": connector}}]
    listed = client.search.live(*kind, marked, attributes=["qualifiedName"])
    found = (client.entities.get(str(each.guid)) for each in listed)
    return next((each for each in found if each is not None and mark_of(each) == mark), None)


def _file() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "atlan-pulumi" / "reserved-names.json"


def _reservations() -> dict[str, int]:
    try:
        stored = json.loads(_file().read_text())
    except (OSError, ValueError, RuntimeError):  # missing, truncated, or there is no home
        return {}
    if not isinstance(stored, dict):
        return {}
    return {str(name): second for name, second in stored.items() if isinstance(second, int)}


def _keep(reserved: dict[str, int]) -> None:
    """Replace the file in one step, so that a reader sees either the old or the new one."""
    with contextlib.suppress(OSError, RuntimeError):
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            json.dump(reserved, draft)
        Path(draft.name).replace(path)
