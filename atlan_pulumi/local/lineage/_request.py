"""`POST /api/meta/lineage/list`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atlan_pulumi.local._errors import bad_request, no_lineage_type, unknown_guid
from atlan_pulumi.local.lineage._filters import compile_filter
from atlan_pulumi.local.lineage._walk import Direction, Hop, walk
from atlan_pulumi.local.schema import is_a
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Edge, Entity, Store

_DEEPEST = 1_073_741_823
_DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    "INPUT": ("INPUT",),
    "OUTPUT": ("OUTPUT",),
    "BOTH": ("INPUT", "OUTPUT"),
}


def lineage_list(store: Store, body: Any) -> dict[str, Any]:
    """What lies up- or downstream of an asset, nearest first, processes included.

    Args:
        store: the data.
        body: `guid`, `depth`, `direction`, `from`, `size`, and filters.

    Raises:
        AtlasError: a parameter is missing or unusable, or the start does not exist or has no lineage.
    """
    request = body if isinstance(body, dict) else {}
    _validate(request)
    start = _start(store, str(request["guid"]))
    hops = _hops(store, start, request)
    first, size = int(request["from"]), int(request["size"])
    keep = compile_filter(request.get("entityFilters"))
    rows = [(entity, depth) for entity, depth in _depths(hops, start, request) if keep(entity)]
    page = rows[first : first + size]
    projection = Projection(store, request.get("attributes"), request.get("relationAttributes"))
    entities = [{**projection.header(entity), "depth": depth} for entity, depth in page]
    if request.get("immediateNeighbours"):
        _add_neighbours(entities, start, hops)
    return {
        "entities": entities,
        "hasMore": len(rows) > first + size,
        "entityCount": len(entities),
        "searchParameters": request,
    }


def _validate(request: dict[str, Any]) -> None:
    if not request.get("guid"):
        raise bad_request("Invalid request, mandatory key 'guid' is required")
    for name, most in (("size", None), ("from", None), ("depth", _DEEPEST)):
        value = request.get(name)
        if value is None or isinstance(value, bool) or not isinstance(value, int):
            raise bad_request(f"The '{name}' parameter is missing or invalid")
        if value < 0 or (most is not None and value > most):
            raise bad_request(f"Invalid '{name}' value, '{name}' is out of range")
    if request.get("direction") not in _DIRECTIONS:
        raise bad_request("Invalid request, mandatory key 'direction' is required")


def _start(store: Store, guid: str) -> Entity:
    start = store.entities.get(guid)
    if start is None:
        raise unknown_guid(guid)
    if not is_a(start.type_name, "Catalog") and not is_a(start.type_name, "Process"):
        raise no_lineage_type(guid, start.type_name)
    return start


def _hops(store: Store, start: Entity, request: dict[str, Any]) -> list[Hop]:
    passable = compile_filter(request.get("entityTraversalFilters"))
    only_live = bool(request.get("relationshipTraversalFilters"))

    def accept(entity: Entity, _edge: Edge) -> bool:
        return passable(entity) and (entity.active or not only_live)

    directions = _DIRECTIONS[request["direction"]]
    return [hop for one in directions for hop in walk(store, start, one, request["depth"], accept)]


def _depths(hops: list[Hop], start: Entity, request: dict[str, Any]) -> list[tuple[Entity, int]]:
    found: dict[str, tuple[Entity, int]] = {}
    if request.get("immediateNeighbours"):
        found[start.guid] = (start, 0)
    for hop in hops:
        if hop.entity.guid != start.guid:
            found.setdefault(hop.entity.guid, (hop.entity, hop.depth))
    return list(found.values())


def _add_neighbours(entities: list[dict[str, Any]], start: Entity, hops: list[Hop]) -> None:
    known = {start.guid: start, **{hop.entity.guid: hop.entity for hop in hops}}
    ways = {(hop.source, hop.target) for hop in hops}
    for shown in entities:
        guid = shown["guid"]
        shown["immediateUpstream"] = _references(known[one] for one, other in ways if other == guid)
        shown["immediateDownstream"] = _references(known[other] for one, other in ways if one == guid)


def _references(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    ordered = sorted(entities, key=lambda one: one.qualified_name)
    return [{"guid": one.guid, "name": one.name, "qualifiedName": one.qualified_name} for one in ordered]
