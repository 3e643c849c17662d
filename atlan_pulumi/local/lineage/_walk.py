"""Walk from asset to process to asset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.naming.asset_types import is_a

Direction = Literal["INPUT", "OUTPUT"]
"""INPUT is upstream, OUTPUT is downstream."""

INPUTS, OUTPUTS = "catalog_process_inputs", "process_catalog_outputs"


Accept = Callable[[StoredEntity, StoredEdge], bool]


@dataclass(frozen=True, slots=True)
class Hop:
    """An entity that a walk reached, and its edge. The depth counts assets."""

    entity: StoredEntity
    depth: int
    edge: StoredEdge

    @property
    def source(self) -> str:
        """The GUID at the source of the data flow."""
        return self.edge.end2 if self.edge.relationship == INPUTS else self.edge.end1

    @property
    def target(self) -> str:
        """The GUID at the target of the data flow."""
        return self.edge.other(self.source)


def walk(
    store: Store, start: StoredEntity, direction: Direction, depth: int, accept: Accept
) -> Iterator[Hop]:
    """Return every edge of a walk, nearest first. The walk ends at entities that are not accepted.

    Args:
        store: the data.
        start: an asset or a process.
        direction: `INPUT` is upstream, `OUTPUT` downstream.
        depth: the number of assets on a path.
        accept: whether to return and visit an entity through an edge.
    """
    seen = {start.guid}
    frontier = [start]
    for level in range(1, depth + 1):
        reached: list[StoredEntity] = []
        for entity in frontier:
            for hop in _walk_hops(store, entity, direction, level, accept):
                yield hop
                if hop.entity.guid in seen:
                    continue
                seen.add(hop.entity.guid)
                if is_a(hop.entity.type_name, "Process"):
                    for beyond in _walk_hops(store, hop.entity, direction, level, accept):
                        yield beyond
                        if beyond.entity.guid not in seen:
                            seen.add(beyond.entity.guid)
                            reached.append(beyond.entity)
                else:
                    reached.append(hop.entity)
        if not reached:
            return
        frontier = reached


def neighbors(
    store: Store, entity: StoredEntity, direction: Direction, accept: Accept, *, dropped: bool = False
) -> list[tuple[StoredEntity, StoredEdge]]:
    """Return the next entities, and their edges: processes for an asset, assets for a process.

    Dropped edges and edges of archived processes are ignored, unless `dropped` is set.
    """
    is_process = is_a(entity.type_name, "Process")
    if is_process and not entity.active and not dropped:
        return []
    relationship = OUTPUTS if is_process == (direction == "OUTPUT") else INPUTS
    edges = [
        edge
        for edge in store.edges.at(entity.guid, relationship, first=is_process)
        if edge.status == "ACTIVE" or dropped
    ]
    others = store.entities.get_many(edge.other(entity.guid) for edge in edges)
    pairs = ((others[edge.other(entity.guid)], edge) for edge in edges)
    return [
        (other, edge)
        for other, edge in pairs
        if (is_process or other.active or dropped) and accept(other, edge)
    ]


def _walk_hops(
    store: Store, entity: StoredEntity, direction: Direction, level: int, accept: Accept
) -> list[Hop]:
    return [Hop(other, level, edge) for other, edge in neighbors(store, entity, direction, accept)]
