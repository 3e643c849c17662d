"""`POST /lineage/list`: traverse lineage level by level, alternating between processes and assets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from atlan_pulumi.local._errors import bad_request, no_lineage_type, unknown_guid
from atlan_pulumi.local.lineage._walk import Accept, Direction, neighbors
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Store, StoredEdge, StoredEntity
from atlan_pulumi.naming.asset_types import is_a

Subject = TypeVar("Subject")
AttributeReader = Callable[[Subject, str], list[Any]]
"""Returns the values of an attribute."""
Predicate = Callable[[Subject], bool]
_PRESENCE = {"isNull": False, "is_null": False, "notNull": True, "not_null": True, "notEmpty": True}
NeighborGuids = dict[str, list[str]]
"""GUIDs of neighbors, by GUID."""
_MAX_DEPTH = 1_073_741_823
_DIRECTIONS = frozenset({"INPUT", "OUTPUT"})


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda read_values, wanted: read_values == wanted,
    "eq": lambda read_values, wanted: read_values == wanted,
    "!=": lambda read_values, wanted: read_values != wanted,
    "neq": lambda read_values, wanted: read_values != wanted,
    "startsWith": lambda read_values, wanted: read_values.startswith(wanted),
    "endsWith": lambda read_values, wanted: read_values.endswith(wanted),
    "contains": lambda read_values, wanted: wanted in read_values,
    "like": lambda read_values, wanted: wanted in read_values,
    "not_contains": lambda read_values, wanted: wanted not in read_values,
    "in": lambda read_values, wanted: read_values in [one.strip() for one in wanted.split(",")],
    "<": lambda read_values, wanted: _number(read_values) < _number(wanted),
    "<=": lambda read_values, wanted: _number(read_values) <= _number(wanted),
    ">": lambda read_values, wanted: _number(read_values) > _number(wanted),
    ">=": lambda read_values, wanted: _number(read_values) >= _number(wanted),
}


def compile_filter(body: Any) -> Predicate[StoredEntity]:
    """Return the predicate of a filter on entities. Without a filter, every entity passes.

    Raises:
        AtlasError: the filter is invalid or not supported.
    """
    return _compile(body, _entity_values)


def compile_edge_filter(body: Any) -> Predicate[StoredEdge]:
    """Return the predicate of a filter on relationships. Without a filter, every relationship passes.

    Raises:
        AtlasError: the filter is invalid or not supported.
    """
    return _compile(body, _edge_values)


def _entity_values(entity: StoredEntity, name: str) -> list[Any]:
    system = {
        "__state": entity.status,
        "__guid": entity.guid,
        "__typeName": entity.type_name,
        "__hasLineage": entity.has_lineage,
        "__timestamp": entity.create_time,
        "__modificationTimestamp": entity.update_time,
        "__createdBy": entity.created_by,
        "__modifiedBy": entity.updated_by,
    }
    value = system[name] if name in system else entity.attributes.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def _edge_values(edge: StoredEdge, name: str) -> list[Any]:
    values = {"__state": edge.status, "__guid": edge.guid, "__typeName": edge.relationship}
    return [values[name]] if name in values else []


def _compile(body: Any, read_values: AttributeReader[Subject]) -> Predicate[Subject]:
    if not body:
        return lambda _: True
    if not isinstance(body, dict):
        raise bad_request("a lineage filter must be an object")
    if "attributeName" in body:
        return _compile_criterion(body, read_values)
    tests = [_compile(one, read_values) for one in body.get("criterion") or ()]
    join = any if body.get("condition") == "OR" else all
    return lambda one: join(test(one) for test in tests)


def _compile_criterion(body: dict[str, Any], read_values: AttributeReader[Subject]) -> Predicate[Subject]:
    name, operator = str(body["attributeName"]), str(body.get("operator"))
    if operator in _PRESENCE:
        return lambda one: bool(read_values(one, name)) == _PRESENCE[operator]
    if operator not in _COMPARISONS:
        raise bad_request(f"unknown operator {operator} in a lineage filter")
    compare, wanted = _COMPARISONS[operator], _text(body.get("attributeValue"))
    return lambda one: any(compare(_text(value), wanted) for value in read_values(one, name) or [None])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")  # every comparison with NaN is false


@dataclass
class Traversal:
    """The reached entities in order, with their depth and their immediate neighbors."""

    rows: list[tuple[StoredEntity, int]] = field(default_factory=list)
    entities: dict[str, StoredEntity] = field(default_factory=dict)
    nearer: NeighborGuids = field(default_factory=dict)
    farther: NeighborGuids = field(default_factory=dict)

    def add(self, near: StoredEntity, far: StoredEntity) -> bool:
        """Record one step, and return whether it reaches a new entity."""
        self.nearer.setdefault(far.guid, []).append(near.guid)
        self.farther.setdefault(near.guid, []).append(far.guid)
        is_new = far.guid not in self.entities
        self.entities.setdefault(far.guid, far)
        return is_new

    def two_steps_away(self, guid: str, next_guids: NeighborGuids) -> list[StoredEntity]:
        """Return the neighbors of the same kind: assets for an asset, processes for a process."""
        found = (second for first in next_guids.get(guid, ()) for second in next_guids.get(first, ()))
        return [self.entities[one] for one in dict.fromkeys(found)]


def traverse(
    store: Store, start: StoredEntity, direction: Direction, depth: int, accept: Accept
) -> Traversal:
    """Traverse lineage from an asset or a process.

    Args:
        store: the data.
        start: the asset or process.
        direction: `INPUT` is upstream, `OUTPUT` downstream.
        depth: the number of assets on a path.
        accept: whether to visit an entity through an edge.
    """
    found = Traversal(entities={start.guid: start})
    starts_at_process = is_a(start.type_name, "Process")
    frontier, steps_taken = [start], 0
    while frontier:
        reached = [
            far
            for near in frontier
            for far, _ in neighbors(store, near, direction, accept)
            if found.add(near, far)
        ]
        if (
            steps_taken == 2 * depth - starts_at_process
        ):  # one more step finds the neighbors of the last level
            break
        steps_taken += 1
        level = (steps_taken + 1 + starts_at_process) // 2
        found.rows += [(entity, level) for entity in reached]
        frontier = reached
    return found


def lineage_list(store: Store, body: Any) -> dict[str, Any]:
    """Return the assets and processes upstream or downstream of an asset, nearest first.

    Args:
        store: the data.
        body: `guid`, `depth`, `direction`, `from`, `size`, and filters.

    Raises:
        AtlasError: a parameter is missing or invalid, or the start does not exist or has no lineage.
    """
    request = body if isinstance(body, dict) else {}
    _validate(request)
    start = find_start(store, str(request["guid"]))
    found = _run_traversal(store, start, request)
    first, size = request["from"], request["size"]
    keep = compile_filter(request.get("entityFilters"))
    rows = [(entity, depth) for entity, depth in found.rows if keep(entity)]
    page = rows[first : first + size]
    with_neighbors = bool(request.get("immediateNeighbours"))
    if with_neighbors:  # every page begins with the start, which does not count
        page = [(start, int(is_a(start.type_name, "Process"))), *page]
    projection = Projection(store, request.get("attributes"), request.get("relationAttributes"))
    entities = [{**projection.header(entity), "depth": depth} for entity, depth in page]
    if with_neighbors:
        entities = [
            {**one, **_immediate_neighbors(found, one["guid"], request["direction"])} for one in entities
        ]
    return {
        "entities": entities,
        "hasMore": len(rows) > first + size,
        "entityCount": len(page) - with_neighbors,
        "searchParameters": request,
    }


def _validate(request: dict[str, Any]) -> None:
    if not request.get("guid"):
        raise bad_request("Invalid request, mandatory key 'guid' is required")
    for name, most in (("size", None), ("from", None), ("depth", _MAX_DEPTH)):
        value = request.get(name)
        if value is None or isinstance(value, bool) or not isinstance(value, int):
            raise bad_request(f"The '{name}' parameter is missing or invalid")
        if value < 0 or (most is not None and value > most):
            raise bad_request(f"Invalid '{name}' value, '{name}' is out of range")
    if request.get("direction") not in _DIRECTIONS:
        raise bad_request("Invalid request, mandatory key 'direction' is required")


def find_start(store: Store, guid: str) -> StoredEntity:
    """Return the asset or process with this GUID.

    Raises:
        AtlasError: the entity does not exist, or its type has no lineage.
    """
    start = store.entities.get(guid)
    if start is None:
        raise unknown_guid(guid)
    if not is_a(start.type_name, "Catalog") and not is_a(start.type_name, "Process"):
        raise no_lineage_type(guid, start.type_name)
    return start


def _run_traversal(store: Store, start: StoredEntity, request: dict[str, Any]) -> Traversal:
    entity_passes = compile_filter(request.get("entityTraversalFilters"))
    edge_passes = compile_edge_filter(request.get("relationshipTraversalFilters"))
    return traverse(
        store,
        start,
        request["direction"],
        request["depth"],
        lambda entity, edge: entity_passes(entity) and edge_passes(edge),
    )


def _immediate_neighbors(found: Traversal, guid: str, direction: str) -> dict[str, Any]:
    """Return the immediate neighbors of an entity on both sides, without empty sides."""
    upstream, downstream = (
        (found.nearer, found.farther) if direction == "OUTPUT" else (found.farther, found.nearer)
    )
    sides = {"immediateUpstream": upstream, "immediateDownstream": downstream}
    named = {
        side: _show_references(found.two_steps_away(guid, next_guids)) for side, next_guids in sides.items()
    }
    return {side: references for side, references in named.items() if references}


def _show_references(entities: Iterable[StoredEntity]) -> list[dict[str, Any]]:
    ordered = sorted(entities, key=lambda one: one.qualified_name)
    return [{"guid": one.guid, "name": one.name, "qualifiedName": one.qualified_name} for one in ordered]
