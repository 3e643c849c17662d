"""Walking from asset to process to asset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from atlan_pulumi.local.store import Edge, Entity, Store
from atlan_pulumi.naming.asset_types import is_a

Direction = Literal["INPUT", "OUTPUT"]
"""INPUT leads upstream, OUTPUT downstream."""

INPUTS, OUTPUTS = "catalog_process_inputs", "process_catalog_outputs"


Accept = Callable[[Entity, Edge], bool]


@dataclass(frozen=True, slots=True)
class Hop:
    """An entity that a walk reached, and by which edge; depth counts assets."""

    entity: Entity
    depth: int
    edge: Edge

    @property
    def source(self) -> str:
        """Where data flows from on this edge."""
        return self.edge.end2 if self.edge.relationship == INPUTS else self.edge.end1

    @property
    def target(self) -> str:
        """Where data flows to on this edge."""
        return self.edge.other(self.source)


def walk(store: Store, start: Entity, direction: Direction, depth: int, accept: Accept) -> Iterator[Hop]:
    """Every edge on the way, nearest first; what is not accepted is not passed.

    Args:
        store: the data.
        start: an asset or a process.
        direction: where to.
        depth: how many assets deep.
        accept: whether an entity reached by an edge may be shown and passed.
    """
    seen = {start.guid}
    frontier = [start]
    for level in range(1, depth + 1):
        reached: list[Entity] = []
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


def steps(
    store: Store, entity: Entity, direction: Direction, accept: Accept, *, dropped: bool = False
) -> list[tuple[Entity, Edge]]:
    """Return what one edge leads to, with that edge: processes for an asset, assets for a process.

    Dropped edges and those of an archived process lead nowhere, unless `dropped` asks for them.
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


def _walk_hops(store: Store, entity: Entity, direction: Direction, level: int, accept: Accept) -> list[Hop]:
    return [Hop(other, level, edge) for other, edge in steps(store, entity, direction, accept)]
