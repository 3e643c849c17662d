"""`POST /lineage/{guid}`: lineage on demand, a few relations of each entity at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.lineage._list import compile_edge_filter, compile_filter, find_start
from atlan_pulumi.local.lineage._walk import INPUTS, Direction, steps
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Edge, Entity, Store
from atlan_pulumi.naming.asset_types import is_a

_DEPTH = 3
_LIMIT = 3
_WAYS: dict[str, tuple[Direction, ...]] = {
    "INPUT": ("INPUT",),
    "OUTPUT": ("OUTPUT",),
    "BOTH": ("INPUT", "OUTPUT"),
}


_NO_MORE = dict.fromkeys(("hasMoreInputs", "hasMoreOutputs", "hasUpstream", "hasDownstream"), False)


@dataclass
class _Part:
    """The part of a graph that was asked for."""

    depths: dict[str, int] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    relations: dict[tuple[str, str, str], None] = field(default_factory=dict)
    more: dict[str, dict[str, bool]] = field(default_factory=dict)

    def add(self, near: Entity, far: Entity, edge: Edge, depth: int) -> bool:
        """Add a step, and return whether it leads to something new."""
        process, asset = (near, far) if is_a(near.type_name, "Process") else (far, near)
        source, target = (asset, process) if edge.relationship == INPUTS else (process, asset)
        self.relations[source.guid, target.guid, edge.guid] = None
        self.depths.setdefault(far.guid, depth)
        return self.entities.setdefault(far.guid, far) is far

    def note(self, entity: Entity, flag: str) -> None:
        """Note that an entity has more than what is shown."""
        self.more.setdefault(entity.guid, {})[flag] = True


def lineage_on_demand(store: Store, guid: str, body: Any) -> dict[str, Any]:
    """Return a part of the lineage around an asset or a process.

    Args:
        store: the data.
        guid: the start.
        body: `constraints` by GUID (`direction`, `depth`, `inputRelationsLimit`, `outputRelationsLimit`),
            `defaultParams`, filters, `attributes`. Without a limit, three relations of each entity are shown.

    Raises:
        AtlasError: a parameter is unusable, or the start does not exist or has no lineage.
    """
    request = body if isinstance(body, dict) else {}
    start = find_start(store, guid)
    limits = _Limits(request)
    own = limits.of(guid)
    direction, depth = own.get("direction") or "BOTH", own.get("depth") or _DEPTH
    if direction not in _WAYS or isinstance(depth, bool) or not isinstance(depth, int):
        raise bad_request("a constraint names a direction (INPUT, OUTPUT, BOTH) and a depth")
    part = _Part({guid: 0}, {guid: start})
    for way in _WAYS[direction]:
        _walk(_Way(store, limits, way), part, start, depth)
    projection = Projection(store, request.get("attributes"), request.get("relationAttributes"))
    headers = {key: projection.header(one) for key, one in part.entities.items()}
    keys = ("fromEntityId", "toEntityId", "relationshipId")
    return {
        "baseEntityGuid": guid,
        "guidEntityMap": {key: {**one, "depth": part.depths[key]} for key, one in headers.items()},
        "relations": [dict(zip(keys, one, strict=True)) for one in part.relations],
        "relationsOnDemand": {key: {**_NO_MORE, **flags} for key, flags in part.more.items()},
        "lineageOnDemandPayload": request,
        "upstreamEntityLimitReached": False,
        "downstreamEntityLimitReached": False,
    }


class _Limits:
    """Which relations may be followed, and how many of each entity."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._constraints = request.get("constraints") or {}
        self._defaults = request.get("defaultParams") or {}
        self._passable = compile_filter(request.get("entityTraversalFilters"))
        self._standing = compile_edge_filter(request.get("relationshipTraversalFilters"))

    def of(self, guid: str) -> dict[str, Any]:
        return self._constraints.get(guid) or {}

    def most(self, guid: str, way: Direction) -> int:
        name = "inputRelationsLimit" if way == "INPUT" else "outputRelationsLimit"
        chosen = (limits.get(name) for limits in (self.of(guid), self._defaults))
        return next((one for one in chosen if isinstance(one, int) and one >= 0), _LIMIT)

    def accept(self, entity: Entity, edge: Edge) -> bool:
        return self._passable(entity) and self._standing(edge)


@dataclass(frozen=True)
class _Way:
    """Where a walk may go."""

    store: Store
    limits: _Limits
    direction: Direction

    def steps(self, near: Entity) -> list[tuple[Entity, Edge]]:
        """Return every step on from an entity."""
        return steps(self.store, near, self.direction, self.limits.accept)

    def most(self, near: Entity) -> int:
        """Return how many of them are shown."""
        return self.limits.most(near.guid, self.direction)


def _walk(way: _Way, part: _Part, start: Entity, depth: int) -> None:
    upstream = way.direction == "INPUT"
    more, further = ("hasMoreInputs", "hasUpstream") if upstream else ("hasMoreOutputs", "hasDownstream")
    level, frontier = 0, [start]
    while frontier:
        reached: list[Entity] = []
        of_processes = is_a(frontier[0].type_name, "Process")  # a level holds one kind
        deeper = level + of_processes
        for near in frontier:
            every = way.steps(near)
            if level == depth and not of_processes:
                if every:
                    part.note(near, further)
                continue
            shown = every[: way.most(near)]
            if len(every) > len(shown):
                part.note(near, more)
            signed = -deeper if upstream else deeper
            reached += [far for far, edge in shown if part.add(near, far, edge, signed)]
        level, frontier = deeper, reached
