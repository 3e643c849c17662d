"""What one operation knows of the missing assets and placeholders of its resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from atlan_pulumi.lifecycle._declared import EntityKey


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

    Each may last `wait_seconds`, counted from the first wait or from the last asset that appeared. Many
    resources that wait in vain thus take no longer than one.
    """

    def __init__(self) -> None:
        self._since: float | None = None

    def begin(self, now: float) -> None:
        """Record that a resource waits."""
        self._since = now if self._since is None else self._since

    def asset_appeared(self, now: float) -> None:
        """Record that an awaited asset appeared."""
        self._since = now

    def remaining(self, wait_seconds: float, now: float) -> float:
        """Return the seconds that are left."""
        return (now if self._since is None else self._since) + wait_seconds - now


def _resource(kind: str, inputs: Mapping[str, Any]) -> tuple[str, Any, Any]:
    """Return what identifies a resource among those of one operation."""
    return kind, inputs.get("qualified_name"), inputs.get("managed_by")
