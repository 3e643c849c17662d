"""The relationships of entities, as responses show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.naming.relationships import RelationshipEnd

EndKey = tuple[str, bool]
"""The name of a relationship, and whether the entity is its first end."""
LoadEntities = Callable[[Iterable[str]], Mapping[str, StoredEntity]]


def object_id(entity: StoredEntity) -> dict[str, Any]:
    """Return a reference to an entity: GUID, type, and qualifiedName."""
    unique = {"qualifiedName": entity.qualified_name}
    return {"guid": entity.guid, "typeName": entity.type_name, "uniqueAttributes": unique}


class Related(NamedTuple):
    """An edge and the entity at its other end."""

    edge: StoredEdge
    entity: StoredEntity
    active: bool
    """Whether the edge and the entities at both ends are active."""

    def stub(self) -> dict[str, Any]:
        """Return the related entity as in `relationshipAttributes`."""
        return {
            **object_id(self.entity),
            "entityStatus": self.entity.status,
            "displayText": self.entity.name,
            "relationshipType": self.edge.relationship,
            "relationshipGuid": self.edge.guid,
            "relationshipStatus": "ACTIVE" if self.active else "DELETED",
            "relationshipAttributes": {"typeName": self.edge.relationship},
        }


class Relations:
    """The relationships of some entities, loaded for all of them on first use.

    Args:
        store: the data.
        entities: the entities.
        load: returns entities by GUID. Default: reads them.
    """

    def __init__(
        self, store: Store, entities: Iterable[StoredEntity], load: LoadEntities | None = None
    ) -> None:
        self._store = store
        self._guids = [entity.guid for entity in entities]
        self._load = load or store.entities.get_many

    def held_ends(self, entity: StoredEntity) -> Iterable[EndKey]:
        """Return the relationships with edges."""
        return self._edges[entity.guid].keys()

    def at(self, entity: StoredEntity, end: RelationshipEnd) -> list[Related]:
        """Return the entities of a relationship attribute, oldest first, including dropped edges."""
        edges = self._edges[entity.guid].get((end.relationship.name, end.first), ())
        return [self._relate(entity, edge) for edge in edges]

    @cached_property
    def _edges(self) -> dict[str, dict[EndKey, list[StoredEdge]]]:
        edges = self._store.edges.of_all(self._guids)
        return {guid: _group_by_end(guid, each) for guid, each in edges.items()}

    @cached_property
    def _others(self) -> Mapping[str, StoredEntity]:
        edges = (
            (guid, edge) for guid, ends in self._edges.items() for each in ends.values() for edge in each
        )
        return self._load(edge.other(guid) for guid, edge in edges)

    def _relate(self, entity: StoredEntity, edge: StoredEdge) -> Related:
        other = self._others[edge.other(entity.guid)]
        active = edge.status == "ACTIVE" and entity.active and other.active
        return Related(edge, other, active)


def _group_by_end(guid: str, edges: Iterable[StoredEdge]) -> dict[EndKey, list[StoredEdge]]:
    found: dict[EndKey, list[StoredEdge]] = {}
    for edge in edges:
        for first, end in ((True, edge.end1), (False, edge.end2)):
            if end == guid:
                found.setdefault((edge.relationship, first), []).append(edge)
    return found
