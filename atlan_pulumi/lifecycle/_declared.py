"""The entities that the resources of a program declare, as far as this process knows them.

A bulk resource removes children that are no longer declared. If another resource of the program declares the
same entity, the entity stays, and that resource takes it over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from typing import NamedTuple


class EntityKey(NamedTuple):
    """The type and the qualifiedName of an entity."""

    type_name: str
    qualified_name: str

    def __str__(self) -> str:
        return f"{self.type_name} {self.qualified_name!r}"


class DeclaredResources:
    """The entities of each resource, by its ownership mark. They are listed when first needed."""

    def __init__(self) -> None:
        self._entities: dict[str, Callable[[], Iterable[EntityKey]]] = {}
        self._listed: dict[str, frozenset[EntityKey]] = {}
        self._expected: dict[str, set[EntityKey]] = {}

    def add(self, mark: str, entities: Callable[[], Iterable[EntityKey]]) -> None:
        """Add a resource, or replace its earlier declaration.

        Args:
            mark: Its ownership mark.
            entities: Lists its entities.
        """
        self._entities[mark] = entities
        self._listed.pop(mark, None)

    def expect(self, mark: str, entities: Iterable[EntityKey]) -> None:
        """Add entities of a resource that has not been added yet.

        They no longer count once `add` is called with the same mark.

        Args:
            mark: The resource's ownership mark.
            entities: Some of its entities.
        """
        self._expected.setdefault(mark, set()).update(entities)

    def entities_of(self, mark: str) -> Set[EntityKey]:
        """Return the entities of a resource; empty if it was not added."""
        return self._list(mark) if mark in self._entities else frozenset()

    def elsewhere(self, mark: str | None, keys: Iterable[EntityKey]) -> dict[EntityKey, str]:
        """Return the keys that another resource declares, each with that resource's mark."""
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
