"""Lineage graphs: `GET /lineage/{guid}` and `POST /lineage/getlineage`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from atlan_pulumi.local._errors import bad_request, invalid_pagination, process_hidden_at_start
from atlan_pulumi.local.lineage._list import compile_filter, find_start
from atlan_pulumi.local.lineage._walk import INPUTS, Direction, neighbors
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.naming.asset_types import is_a

_WAYS: dict[str, tuple[Direction, ...]] = {
    "INPUT": ("INPUT",),
    "OUTPUT": ("OUTPUT",),
    "BOTH": ("INPUT", "OUTPUT"),
}
GraphRelation = tuple[str, str, "str | None", "str | None"]
"""Source, target, GUID of the relationship, and GUID of the process between two assets."""


@dataclass
class _Graph:
    """A lineage graph under construction."""

    store: Store
    hide_process: bool
    dropped: bool
    ignored: frozenset[str]
    accept: Any
    entities: dict[str, StoredEntity] = field(default_factory=dict)
    relations: dict[GraphRelation, None] = field(default_factory=dict)
    children: dict[str, dict[str, bool]] = field(default_factory=dict)

    def neighbors(self, entity: StoredEntity, way: Direction) -> list[tuple[StoredEntity, StoredEdge]]:
        """Return the next processes that are not ignored, or the next assets that pass the filter."""
        if is_a(entity.type_name, "Process"):
            return neighbors(self.store, entity, way, lambda one, _: self.accept(one), dropped=self.dropped)
        reached = neighbors(self.store, entity, way, lambda *_: True, dropped=self.dropped)
        processes = [(one, edge) for one, edge in reached if one.type_name not in self.ignored]
        return [(one, edge) for one, edge in processes if one.active or self.dropped]

    def add(self, asset: StoredEntity, process: StoredEntity, edge: StoredEdge) -> None:
        """Add an asset, a process, and the edge between them."""
        self.entities.update({asset.guid: asset, process.guid: process})
        ends = (asset.guid, process.guid)
        source, target = ends if edge.relationship == INPUTS else reversed(ends)
        self.relations[source, target, edge.guid, None] = None

    def bridge(self, near: StoredEntity, process: StoredEntity, far: StoredEntity, way: Direction) -> None:
        """Add two assets and the process between them as their relation."""
        self.entities.update({one.guid: one for one in (near, process, far)})
        source, target = (near.guid, far.guid) if way == "OUTPUT" else (far.guid, near.guid)
        self.relations[source, target, None, process.guid] = None


def lineage_graph(store: Store, request: dict[str, Any]) -> dict[str, Any]:
    """Return the lineage around an asset or a process.

    Args:
        store: the data.
        request: `guid`, `depth` (in assets; 0 for all), `direction`, `hideProcess`, `allowDeletedProcess`,
            `entityFilters`, `ignoredProcesses`, `attributes`.

    Raises:
        AtlasError: a parameter is invalid, or the start does not exist or has no lineage.
    """
    depth, direction = _validate(request)
    start = find_start(store, str(request["guid"]))
    graph = _Graph(
        store,
        bool(request.get("hideProcess")),
        bool(request.get("allowDeletedProcess")),
        frozenset(request.get("ignoredProcesses") or ()),
        compile_filter(request.get("entityFilters")),
        {start.guid: start},
    )
    if graph.hide_process and is_a(start.type_name, "Process"):
        raise process_hidden_at_start(start.guid, start.type_name)
    for way in _WAYS[direction]:
        _traverse(graph, start, way, depth or -1)
    projection = Projection(store, request.get("attributes"), request.get("relationAttributes"))
    return {
        "baseEntityGuid": start.guid,
        "lineageDirection": direction,
        "lineageDepth": depth,
        "limit": -1,
        "offset": -1,
        "hasMoreUpstreamVertices": False,
        "hasMoreDownstreamVertices": False,
        "guidEntityMap": {guid: projection.header(one) for guid, one in graph.entities.items()},
        "relations": [_show_relation(one) for one in graph.relations],
        "vertexChildrenInfo": graph.children,
    }


def _validate(request: dict[str, Any]) -> tuple[int, str]:
    depth, direction = request.get("depth", 0), request.get("direction", "BOTH")
    if not request.get("guid"):
        raise bad_request("guid is not specified")
    if isinstance(depth, bool) or not isinstance(depth, int):
        raise bad_request("The 'depth' parameter is missing or invalid")
    if direction not in _WAYS:
        raise bad_request("The 'direction' parameter is missing or invalid")
    paged = [request.get(name, -1) != -1 for name in ("offset", "limit")]
    if any(paged) and not all(paged):
        raise invalid_pagination("102", "Invalid pagination state")
    if any(paged) and depth != 1:
        raise invalid_pagination("103", "Pagination can be used only when depth is 1")
    if request.get("calculateRemainingVertexCounts") and not any(paged):
        raise invalid_pagination("104", "Vertex counts can't be calculated without pagination")
    if any(paged):
        raise bad_request("the local Atlan returns complete lineage graphs only: omit offset and limit")
    return depth, direction


def _traverse(graph: _Graph, start: StoredEntity, way: Direction, depth: int) -> None:
    frontier = [start]
    if is_a(start.type_name, "Process"):
        reached = graph.neighbors(start, way)
        graph.children.setdefault(start.guid, {})[way] = bool(reached)
        for asset, edge in reached:
            graph.add(asset, start, edge)
        frontier, depth = [asset for asset, _ in reached], depth - 1
    seen = {one.guid for one in frontier}
    while frontier:
        if depth == 0:
            for asset in frontier:
                graph.children.setdefault(asset.guid, {})[way] = _has_further_assets(graph, asset, way)
            return
        found = [far for asset in frontier for far in _add_next_assets(graph, asset, way)]
        frontier = list({one.guid: one for one in found if one.guid not in seen}.values())
        seen.update(one.guid for one in frontier)
        depth -= 1


def _add_next_assets(graph: _Graph, asset: StoredEntity, way: Direction) -> list[StoredEntity]:
    """Add the assets that are one process away, and return them."""
    found = []
    for process, edge in graph.neighbors(asset, way):
        beyond = graph.neighbors(process, way)
        graph.children.setdefault(process.guid, {})[way] = bool(beyond)
        for far, second in beyond:
            if graph.hide_process:
                graph.bridge(asset, process, far, way)
            else:
                graph.add(asset, process, edge)
                graph.add(far, process, second)
            found.append(far)
    return found


def _has_further_assets(graph: _Graph, asset: StoredEntity, way: Direction) -> bool:
    ends = (
        {far.guid for far, _ in graph.neighbors(process, way)} for process, _ in graph.neighbors(asset, way)
    )
    return any(guids != {asset.guid} for guids in ends)


def _show_relation(relation: GraphRelation) -> dict[str, str]:
    keys = ("fromEntityId", "toEntityId", "relationshipId", "processId")
    return {key: value for key, value in zip(keys, relation, strict=True) if value is not None}
