"""Atlan's own qualifiedName for a new connection: `default/<connector>/<epoch in seconds>`, chosen once.

The second is chosen in two steps, so that a preview shows the very name that the deployment after it makes:
the program reserves one for the resource, kept for a day among the user's files; the provider takes it, or
the next one that is free in Atlan.
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
    """The second that stands for a resource that has no name yet: the same in each run within a day.

    Where that file cannot be written, it is the present second, and a preview may name another one than the
    deployment does.
    """
    key = f"{project}/{stack}/{resource_name}"
    now = int(time.time())
    # Of several in one second, all but the first stand for a second that is still to come.
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
    """The qualifiedName for that second, or for the next one that nobody has.

    Two connections of one second would otherwise be one, and the later silently overwrite the earlier. Names
    that this process gave out, and those that exist in Atlan, are passed over. But a connection that bears
    the resource's own mark was made by a run that was cut off: it is taken up.

    Args:
        connector: The connector.
        second: Seconds since 1970.
        tenant: Gives the client; without it nothing is looked up.
        mark: The resource's mark of ownership.
        take_over: Gets the connection that is taken over, if there is one.
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
    """Return a live connection with that mark; the reserved second may have been another machine's."""
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
    except (OSError, ValueError, RuntimeError):  # absent, cut off, or there is no home
        return {}
    if not isinstance(stored, dict):
        return {}
    return {str(name): second for name, second in stored.items() if isinstance(second, int)}


def _keep(reserved: dict[str, int]) -> None:
    """Replace the file in one step: a reader sees the old one or the new one."""
    with contextlib.suppress(OSError, RuntimeError):
        path = _file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
            json.dump(reserved, draft)
        Path(draft.name).replace(path)
