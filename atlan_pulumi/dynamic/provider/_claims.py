"""Claims: refuse two resources of one program that declare the same entity.

Preflight checks this as well, but does not see the registered inputs: an alias keeps an id that is no
longer the resource's name, `ignore_changes` keeps the id in the state, and a transform may set another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from atlan_pulumi.preflight import declared_by

if TYPE_CHECKING:
    from atlan_pulumi.lifecycle import EntityKey, InputProblem, Props, ResourceLifecycle


class Claims:
    """The resource of each entity, by its URN."""

    def __init__(self) -> None:
        self._owners: dict[EntityKey, str] = {}
        self._keys: dict[str, list[EntityKey]] = {}
        self._lock = threading.Lock()

    def claim(self, urn: str, keys: Iterable[EntityKey]) -> dict[EntityKey, str]:
        """Record the entities that a resource declares, in place of those recorded before.

        Args:
            urn: The resource.
            keys: Its entities.

        Returns:
            The entities that another resource declares, with that resource's URN.
        """
        with self._lock:
            for key in self._keys.pop(urn, ()):
                del self._owners[key]
            taken: dict[EntityKey, str] = {}
            own: list[EntityKey] = []
            for key in set(keys):
                if (owner := self._owners.setdefault(key, urn)) == urn:
                    own.append(key)
                else:
                    taken[key] = owner
            self._keys[urn] = own
            return taken


def declared_already(
    lifecycle: ResourceLifecycle, inputs: Props, taken: Mapping[EntityKey, str]
) -> list[InputProblem]:
    """Return the problem of a resource whose entities others declare; none if `taken` is empty."""
    names = {key: urn.rpartition("::")[2] for key, urn in taken.items()}
    return [declared_by(lifecycle, inputs.get("qualified_name"), names)] if names else []
