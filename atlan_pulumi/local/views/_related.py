"""Relationships of an entity as its readers see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from atlan_pulumi.local.schema import End
from atlan_pulumi.local.store import Edge, Entity, Store


@dataclass(frozen=True, slots=True)
class Related:
    """An edge and the entity at its other side."""

    edge: Edge
    entity: Entity
    live: bool
    """Whether the edge stands and neither side is archived."""

    def stub(self) -> dict[str, Any]:
        """The related entity as `relationshipAttributes` lists it."""
        return {
            **object_id(self.entity),
            "entityStatus": self.entity.status,
            "displayText": self.entity.name,
            "relationshipType": self.edge.relationship,
            "relationshipGuid": self.edge.guid,
            "relationshipStatus": "ACTIVE" if self.live else "DELETED",
            "relationshipAttributes": {"typeName": self.edge.relationship},
        }


class Relations:
    """The relationships of one entity, read once, when first asked for."""

    def __init__(self, store: Store, entity: Entity) -> None:
        self._store = store
        self._entity = entity

    @cached_property
    def _edges(self) -> list[Edge]:
        return self._store.edges.of(self._entity.guid)

    @cached_property
    def _others(self) -> dict[str, Entity]:
        return self._store.entities.get_many(edge.other(self._entity.guid) for edge in self._edges)

    @property
    def sides(self) -> Iterable[tuple[str, bool]]:
        """The relationships that hold something, each with whether the entity is its first end."""
        return self._by_end.keys()

    def at(self, end: End) -> list[Related]:
        """What one relationship attribute holds, dropped edges included; oldest first."""
        return [self._related(edge) for edge in self._holding(end)]

    @cached_property
    def _by_end(self) -> dict[tuple[str, bool], list[Edge]]:
        found: dict[tuple[str, bool], list[Edge]] = {}
        for edge in self._edges:
            for first, guid in ((True, edge.end1), (False, edge.end2)):
                if guid == self._entity.guid:
                    found.setdefault((edge.relationship, first), []).append(edge)
        return found

    def _holding(self, end: End) -> list[Edge]:
        return self._by_end.get((end.relationship.name, end.first), [])

    def _related(self, edge: Edge) -> Related:
        other = self._others[edge.other(self._entity.guid)]
        live = edge.status == "ACTIVE" and self._entity.active and other.active
        return Related(edge, other, live)


def object_id(entity: Entity) -> dict[str, Any]:
    """The shortest reference to an entity that says what it is."""
    unique = {"qualifiedName": entity.qualified_name}
    return {"guid": entity.guid, "typeName": entity.type_name, "uniqueAttributes": unique}
