"""What the resources of a program declare, as far as this process knows them.

A resource that is many entities removes what it no longer declares. An entity that another resource of the
program declares stays: that resource takes it over, now or when its turn comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import NamedTuple


class EntityKey(NamedTuple):
    """What names an entity in Atlan."""

    type_name: str
    qualified_name: str

    def __str__(self) -> str:
        return f"{self.type_name} {self.qualified_name!r}"


class DeclaredResources:
    """The entities of each resource, by its ownership mark; they are listed when first asked for."""

    def __init__(self) -> None:
        self._entities: dict[str, Callable[[], Iterable[EntityKey]]] = {}
        self._listed: dict[str, frozenset[EntityKey]] = {}
        self._expected: dict[str, set[EntityKey]] = {}

    def add(self, mark: str, entities: Callable[[], Iterable[EntityKey]]) -> None:
        """Add a resource, or replace what it declared before.

        Args:
            mark: Its ownership mark.
            entities: Lists its entities.
        """
        self._entities[mark] = entities
        self._listed.pop(mark, None)

    def expect(self, mark: str, entities: Iterable[EntityKey]) -> None:
        """Add entities of a resource that the program declares, and that has not been added yet.

        Once it is added, what it declares is known, and this counts no more.

        Args:
            mark: Its ownership mark.
            entities: Some of its entities.
        """
        self._expected.setdefault(mark, set()).update(entities)

    def elsewhere(self, mark: str | None, keys: Iterable[EntityKey]) -> dict[EntityKey, str]:
        """Return those of the keys that another resource declares, with that resource's mark."""
        wanted, found = set(keys), dict[EntityKey, str]()
        for other in [*self._entities, *(self._expected.keys() - self._entities.keys())] if wanted else ():
            if other != mark:
                found |= dict.fromkeys(wanted & self._list(other), other)
        return found

    def _list(self, mark: str) -> Set[EntityKey]:
        if mark not in self._entities:
            return self._expected[mark]
        if mark not in self._listed:
            self._listed[mark] = frozenset(self._entities[mark]())
        return self._listed[mark]
