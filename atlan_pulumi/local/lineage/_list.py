"""The traversal behind `lineage/list`: level by level, processes and assets in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from atlan_pulumi.local._errors import bad_request, no_lineage_type, unknown_guid
from atlan_pulumi.local.lineage._walk import Accept, Direction, steps
from atlan_pulumi.local.search import Projection
from atlan_pulumi.local.store import Edge, Entity, Store
from atlan_pulumi.naming.asset_types import is_a

T = TypeVar("T")
Held = Callable[[T, str], list[Any]]
"""Gives the values of an attribute."""
Test = Callable[[T], bool]
_PRESENCE = {"isNull": False, "is_null": False, "notNull": True, "not_null": True, "notEmpty": True}
Ways = dict[str, list[str]]
"""GUIDs of neighbors by GUID."""
_DEEPEST = 1_073_741_823
_DIRECTIONS = frozenset({"INPUT", "OUTPUT"})


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda held, wanted: held == wanted,
    "eq": lambda held, wanted: held == wanted,
    "!=": lambda held, wanted: held != wanted,
    "neq": lambda held, wanted: held != wanted,
    "startsWith": lambda held, wanted: held.startswith(wanted),
    "endsWith": lambda held, wanted: held.endswith(wanted),
    "contains": lambda held, wanted: wanted in held,
    "like": lambda held, wanted: wanted in held,
    "not_contains": lambda held, wanted: wanted not in held,
    "in": lambda held, wanted: held in [one.strip() for one in wanted.split(",")],
    "<": lambda held, wanted: _number(held) < _number(wanted),
    "<=": lambda held, wanted: _number(held) <= _number(wanted),
    ">": lambda held, wanted: _number(held) > _number(wanted),
    ">=": lambda held, wanted: _number(held) >= _number(wanted),
}


def compile_filter(body: Any) -> Test[Entity]:
    """Return the test of a filter on entities; everything passes when there is none.

    Raises:
        AtlasError: the filter is not understood.
    """
    return _compile(body, _held_by_entity)


def compile_edge_filter(body: Any) -> Test[Edge]:
    """Return the test of a filter on relationships; everything passes when there is none.

    Raises:
        AtlasError: the filter is not understood.
    """
    return _compile(body, _held_by_edge)


def _held_by_entity(entity: Entity, name: str) -> list[Any]:
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


def _held_by_edge(edge: Edge, name: str) -> list[Any]:
    values = {"__state": edge.status, "__guid": edge.guid, "__typeName": edge.relationship}
    return [values[name]] if name in values else []


def _compile(body: Any, held: Held[T]) -> Test[T]:
    if not body:
        return lambda _: True
    if not isinstance(body, dict):
        raise bad_request("a lineage filter must be an object")
    if "attributeName" in body:
        return _criterion(body, held)
    tests = [_compile(one, held) for one in body.get("criterion") or ()]
    join = any if body.get("condition") == "OR" else all
    return lambda one: join(test(one) for test in tests)


def _criterion(body: dict[str, Any], held: Held[T]) -> Test[T]:
    name, operator = str(body["attributeName"]), str(body.get("operator"))
    if operator in _PRESENCE:
        return lambda one: bool(held(one, name)) == _PRESENCE[operator]
    if operator not in _COMPARISONS:
        raise bad_request(f"unknown operator {operator} in a lineage filter")
    compare, wanted = _COMPARISONS[operator], _text(body.get("attributeValue"))
    return lambda one: any(compare(_text(value), wanted) for value in held(one, name) or [None])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")  # compares as false with everything


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
