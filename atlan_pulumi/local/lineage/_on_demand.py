"""`POST /lineage/{guid}`: lineage on demand, with a limited number of relations of each entity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local._errors import bad_request
from atlan_pulumi.local.lineage._list import compile_edge_filter, compile_filter, find_start
from atlan_pulumi.local.lineage._walk import INPUTS, Direction, neighbors
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.naming.asset_types import is_a

_DEFAULT_DEPTH = 3
_DEFAULT_LIMIT = 3
_WAYS: dict[str, tuple[Direction, ...]] = {
    "INPUT": ("INPUT",),
    "OUTPUT": ("OUTPUT",),
    "BOTH": ("INPUT", "OUTPUT"),
}


_NO_MORE = dict.fromkeys(("hasMoreInputs", "hasMoreOutputs", "hasUpstream", "hasDownstream"), False)


@dataclass
class _Subgraph:
    """The requested part of a lineage graph."""

    depths: dict[str, int] = field(default_factory=dict)
    entities: dict[str, StoredEntity] = field(default_factory=dict)
    relations: dict[tuple[str, str, str], None] = field(default_factory=dict)
    flags: dict[str, dict[str, bool]] = field(default_factory=dict)

    def add(self, near: StoredEntity, far: StoredEntity, edge: StoredEdge, depth: int) -> bool:
        """Add a step, and return whether it reaches a new entity."""
        process, asset = (near, far) if is_a(near.type_name, "Process") else (far, near)
        source, target = (asset, process) if edge.relationship == INPUTS else (process, asset)
        self.relations[source.guid, target.guid, edge.guid] = None
        self.depths.setdefault(far.guid, depth)
        return self.entities.setdefault(far.guid, far) is far

    def set_flag(self, entity: StoredEntity, flag: str) -> None:
        """Record that an entity has more relations than shown."""
        self.flags.setdefault(entity.guid, {})[flag] = True


def lineage_on_demand(store: Store, guid: str, body: Any) -> dict[str, Any]:
    """Return part of the lineage around an asset or a process.

    Args:
        store: the data.
        guid: the asset or process.
        body: `constraints` by GUID (`direction`, `depth`, `inputRelationsLimit`, `outputRelationsLimit`),
            `defaultParams`, filters, and `attributes`. Default limit: three relations of each entity.

    Raises:
        AtlasError: a parameter is invalid, or the start does not exist or has no lineage.
    """
    request = body if isinstance(body, dict) else {}
    start = find_start(store, guid)
    limits = _Limits(request)
    own = limits.constraint(guid)
    direction, depth = own.get("direction") or "BOTH", own.get("depth") or _DEFAULT_DEPTH
    if direction not in _WAYS or isinstance(depth, bool) or not isinstance(depth, int):
        raise bad_request("a constraint must set direction (INPUT, OUTPUT, or BOTH) and depth")
    subgraph = _Subgraph({guid: 0}, {guid: start})
    for way in _WAYS[direction]:
        _traverse(_Walker(store, limits, way), subgraph, start, depth)
    projection = Projection(store, request.get("attributes"), request.get("relationAttributes"))
    headers = {key: projection.header(one) for key, one in subgraph.entities.items()}
    keys = ("fromEntityId", "toEntityId", "relationshipId")
    return {
        "baseEntityGuid": guid,
        "guidEntityMap": {key: {**one, "depth": subgraph.depths[key]} for key, one in headers.items()},
        "relations": [dict(zip(keys, one, strict=True)) for one in subgraph.relations],
        "relationsOnDemand": {key: {**_NO_MORE, **flags} for key, flags in subgraph.flags.items()},
        "lineageOnDemandPayload": request,
        "upstreamEntityLimitReached": False,
        "downstreamEntityLimitReached": False,
    }


class _Limits:
    """The filters and limits of a request."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._constraints = request.get("constraints") or {}
        self._defaults = request.get("defaultParams") or {}
        self._entity_passes = compile_filter(request.get("entityTraversalFilters"))
        self._edge_passes = compile_edge_filter(request.get("relationshipTraversalFilters"))

    def constraint(self, guid: str) -> dict[str, Any]:
        return self._constraints.get(guid) or {}

    def limit(self, guid: str, way: Direction) -> int:
        name = "inputRelationsLimit" if way == "INPUT" else "outputRelationsLimit"
        chosen = (limits.get(name) for limits in (self.constraint(guid), self._defaults))
        return next((one for one in chosen if isinstance(one, int) and one >= 0), _DEFAULT_LIMIT)

    def accept(self, entity: StoredEntity, edge: StoredEdge) -> bool:
        return self._entity_passes(entity) and self._edge_passes(edge)


@dataclass(frozen=True)
class _Walker:
    """Finds the next entities in one direction."""

    store: Store
    limits: _Limits
    direction: Direction

    def neighbors(self, near: StoredEntity) -> list[tuple[StoredEntity, StoredEdge]]:
        """Return all neighbors of an entity, and their edges."""
        return neighbors(self.store, near, self.direction, self.limits.accept)

    def limit(self, near: StoredEntity) -> int:
        """Return the number of neighbors to show."""
        return self.limits.limit(near.guid, self.direction)


def _traverse(way: _Walker, subgraph: _Subgraph, start: StoredEntity, depth: int) -> None:
    upstream = way.direction == "INPUT"
    more, further = ("hasMoreInputs", "hasUpstream") if upstream else ("hasMoreOutputs", "hasDownstream")
    level, frontier = 0, [start]
    while frontier:
        reached: list[StoredEntity] = []
        of_processes = is_a(
            frontier[0].type_name, "Process"
        )  # a level contains only assets or only processes
        deeper = level + of_processes
        for near in frontier:
            every = way.neighbors(near)
            if level == depth and not of_processes:
                if every:
                    subgraph.set_flag(near, further)
                continue
            shown = every[: way.limit(near)]
            if len(every) > len(shown):
                subgraph.set_flag(near, more)
            signed = -deeper if upstream else deeper
            reached += [far for far, edge in shown if subgraph.add(near, far, edge, signed)]
        level, frontier = deeper, reached
