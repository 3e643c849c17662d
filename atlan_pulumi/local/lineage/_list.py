"""The traversal behind `lineage/list`: level by level, processes and assets in turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from atlan_pulumi.local.lineage._walk import Accept, Direction, steps
from atlan_pulumi.local.schema import is_a
from atlan_pulumi.local.store import Entity, Store

Ways = dict[str, list[str]]
"""GUIDs of neighbors by GUID."""


@dataclass
class Traversal:
    """What a traversal reached, in order, with the depth of each entity, and its immediate neighbors."""

    rows: list[tuple[Entity, int]] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    nearer: Ways = field(default_factory=dict)
    farther: Ways = field(default_factory=dict)

    def note(self, near: Entity, far: Entity) -> bool:
        """Record one step, and return whether it leads to something new."""
        self.nearer.setdefault(far.guid, []).append(near.guid)
        self.farther.setdefault(near.guid, []).append(far.guid)
        is_new = far.guid not in self.entities
        self.entities.setdefault(far.guid, far)
        return is_new

    def beyond(self, guid: str, ways: Ways) -> list[Entity]:
        """Return the neighbors of the same kind, which are two steps away."""
        found = (second for first in ways.get(guid, ()) for second in ways.get(first, ()))
        return [self.entities[one] for one in dict.fromkeys(found)]


def traverse(store: Store, start: Entity, direction: Direction, depth: int, accept: Accept) -> Traversal:
    """Walk from an asset or a process.

    Args:
        store: the data.
        start: where to start.
        direction: where to.
        depth: how many assets deep.
        accept: whether an entity reached by an edge may be passed.
    """
    found = Traversal(entities={start.guid: start})
    starts_at_process = is_a(start.type_name, "Process")
    frontier, taken = [start], 0
    while frontier:
        reached = [
            far
            for near in frontier
            for far, _ in steps(store, near, direction, accept)
            if found.note(near, far)
        ]
        if taken == 2 * depth - starts_at_process:  # a look beyond the last level, for the neighbors
            break
        taken += 1
        level = (taken + 1 + starts_at_process) // 2
        found.rows += [(entity, level) for entity in reached]
        frontier = reached
    return found
