"""Each entity has one resource: what a provider process has checked is held against what it checks next.

The program looks for it too, but does not see what is registered in the end: an alias lets a resource keep an
id that is no longer its name, `ignore_changes` keeps one of the state, and a transform gives it another.
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
        """Give a resource the entities that it declares, in place of those that it declared before.

        Args:
            urn: The resource.
            keys: Its entities.

        Returns:
            Those that another resource has, with its URN.
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
    """Return the problem of a resource whose entities others declare as well; none where `taken` is empty."""
    names = {key: urn.rpartition("::")[2] for key, urn in taken.items()}
    return [declared_by(lifecycle, inputs.get("qualified_name"), names)] if names else []
