"""What one operation knows of the missing assets and placeholders of its resources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from atlan_pulumi.lifecycle._declared import EntityKey

WAIT_SECONDS = 600
"""The default of `wait_seconds`."""


class Needs(NamedTuple):
    """What a resource needs to be written.

    Attributes:
        keys: The assets that may be missing, or may be placeholders already.
        handling: `error`, `partial`, or `wait`.
        mark: The resource's ownership mark; None if marks are off.
        wait_seconds: The longest wait for missing assets, in seconds.
        hidden: Whether the names must not be printed.
        checked: Whether preflight looked the assets up.
    """

    keys: Collection[EntityKey]
    handling: str
    mark: str | None = None
    wait_seconds: float = WAIT_SECONDS
    hidden: bool = False
    checked: bool = True


class Sought(NamedTuple):
    """What preflight found about the inputs and outputs of a resource.

    Attributes:
        keys: Those that were missing, archived, or placeholders.
        hidden: Whether their names must not be printed.
    """

    keys: Sequence[EntityKey]
    hidden: bool = False


class SoughtAssets:
    """The findings of preflight about each resource, and the waits of all of them."""

    def __init__(self) -> None:
        self.waits = Waits()
        self._found: dict[tuple[str, Any, Any], Sought] = {}

    def record(self, kind: str, inputs: Mapping[str, Any], sought: Sought) -> None:
        """Record the findings about a resource of a kind, such as `Process`."""
        self._found[_resource(kind, inputs)] = sought

    def of(self, kind: str, inputs: Mapping[str, Any]) -> Sought | None:
        """Return the findings about a resource; None if preflight did not look its assets up."""
        return self._found.get(_resource(kind, inputs))

    @property
    def keys(self) -> frozenset[EntityKey]:
        """The assets of all resources, also of those that are written later."""
        return frozenset(key for found in list(self._found.values()) for key in found.keys)


class Waits:
    """The waits of all resources of one operation, which run a few at a time.

    Each may last `wait_seconds`, counted from the first of the waits that overlap, or from the last asset
    that appeared. Many resources that wait in vain thus take no longer than one.
    """

    def __init__(self) -> None:
        self._since: float | None = None
        self._active = 0

    def begin(self, now: float) -> None:
        """Record that a resource waits."""
        self._active += 1
        self._since = now if self._since is None else self._since

    def asset_appeared(self, now: float) -> None:
        """Record that an awaited asset appeared."""
        self._since = now

    def end(self, *, in_vain: bool) -> None:
        """Record that a resource waits no longer. After a wait in vain, the others have no more time."""
        self._active -= 1
        if not in_vain and self._active == 0:
            self._since = None

    def remaining(self, wait_seconds: float, now: float) -> float:
        """Return the seconds that are left."""
        return (now if self._since is None else self._since) + wait_seconds - now


def _resource(kind: str, inputs: Mapping[str, Any]) -> tuple[str, Any, Any]:
    """Return what identifies a resource among those of one operation."""
    return kind, inputs.get("qualified_name"), inputs.get("managed_by")
