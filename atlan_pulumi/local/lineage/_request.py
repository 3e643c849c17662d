"""`POST /api/meta/lineage/list`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from atlan_pulumi.local._errors import bad_request, no_lineage_type, unknown_guid
from atlan_pulumi.local.lineage._filters import compile_edge_filter, compile_filter
from atlan_pulumi.local.lineage._list import Traversal, traverse
from atlan_pulumi.local.schema import is_a
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Entity, Store

_DEEPEST = 1_073_741_823
_DIRECTIONS = frozenset({"INPUT", "OUTPUT"})


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
    start = find_start(store, str(request["guid"]))
    found = _traversal(store, start, request)
    first, size = request["from"], request["size"]
    keep = compile_filter(request.get("entityFilters"))
    rows = [(entity, depth) for entity, depth in found.rows if keep(entity)]
    page = rows[first : first + size]
    neighbours = bool(request.get("immediateNeighbours"))
    if neighbours:  # the start leads every page, and is not counted
        page = [(start, int(is_a(start.type_name, "Process"))), *page]
    projection = Projection(store, request.get("attributes"), request.get("relationAttributes"))
    entities = [{**projection.header(entity), "depth": depth} for entity, depth in page]
    if neighbours:
        entities = [{**one, **_neighbours(found, one["guid"], request["direction"])} for one in entities]
    return {
        "entities": entities,
        "hasMore": len(rows) > first + size,
        "entityCount": len(page) - neighbours,
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


def find_start(store: Store, guid: str) -> Entity:
    """Return the asset or process with this GUID.

    Raises:
        AtlasError: there is none, or entities of its type have no lineage.
    """
    start = store.entities.get(guid)
    if start is None:
        raise unknown_guid(guid)
    if not is_a(start.type_name, "Catalog") and not is_a(start.type_name, "Process"):
        raise no_lineage_type(guid, start.type_name)
    return start


def _traversal(store: Store, start: Entity, request: dict[str, Any]) -> Traversal:
    passable = compile_filter(request.get("entityTraversalFilters"))
    standing = compile_edge_filter(request.get("relationshipTraversalFilters"))
    return traverse(
        store,
        start,
        request["direction"],
        request["depth"],
        lambda entity, edge: passable(entity) and standing(edge),
    )


def _neighbours(found: Traversal, guid: str, direction: str) -> dict[str, Any]:
    """Return the immediate neighbors of an entity: assets for an asset, processes for a process."""
    upstream, downstream = (
        (found.nearer, found.farther) if direction == "OUTPUT" else (found.farther, found.nearer)
    )
    sides = {"immediateUpstream": upstream, "immediateDownstream": downstream}
    named = {side: _references(found.beyond(guid, ways)) for side, ways in sides.items()}
    return {side: references for side, references in named.items() if references}


def _references(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    ordered = sorted(entities, key=lambda one: one.qualified_name)
    return [{"guid": one.guid, "name": one.name, "qualifiedName": one.qualified_name} for one in ordered]
