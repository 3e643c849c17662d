"""Entities that stay in Atlan, because another resource or stack declares them now.

The engine compares resources by name. For the engine, a resource with a new name is a creation and a
deletion. In Atlan it is the same entity: the new resource writes to it, and the old one leaves it.

Before an entity is removed, its ownership mark is compared with the one in the state. An entity that another
stack has taken over, or that others have recreated, stays. A review knows this from Atlan, if it may ask, or
from the state after a refresh.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.declared import HIDDEN, Declared, Edge
from atlan_pulumi.lifecycle import (
    NOT_OURS,
    EntityKey,
    is_live,
    last_written,
    mark_of,
    ownership_conflict_on_delete,
    resource_of,
    stack_of,
    unpack_guids,
)
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import MANAGEMENT, EdgeChange, compare_taken_over, field_changes
from atlan_pulumi.review._downstream import LookupKey, edge_key, lookup_key

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

FoundEntities = Mapping[EntityKey, "Entity"]
"""The entities in Atlan that have the keys of removed ones."""


class _FormerEdge(NamedTuple):
    """An edge before the change, with the resource that declares it."""

    change: ResourceChange
    edge: Edge


def follow_moves(changes: Sequence[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Return the changes, with entities that move between resources marked as moved."""
    declarations = _Declarations(changes)
    return tuple(declarations.follow(change) for change in changes)


class _Declarations:
    """Which resource declares each entity before and after the change."""

    def __init__(self, changes: Sequence[ResourceChange]) -> None:
        self._now: dict[LookupKey, _FormerEdge] = {}
        self._then: dict[LookupKey, ResourceChange] = {}
        self._entities_now: dict[EntityKey, ResourceChange] = {}
        self._entities_then: dict[EntityKey, ResourceChange] = {}
        for change in changes:
            then = {key: change for edge in _edges(change, change.new) if (key := edge_key(edge))}
            self._then |= then
            for edge in _edges(change, change.old):
                key = edge_key(edge)
                if key and (key not in then or change.kept):
                    self._now.setdefault(key, _FormerEdge(change, edge))
            for resource, entities in (
                (change.old, self._entities_now),
                (change.new, self._entities_then),
            ):
                if resource and (alone := _entity_alone(resource)):
                    entities.setdefault(alone, change)

    def follow(self, change: ResourceChange) -> ResourceChange:
        """Return a change with the edges that move to or from another resource."""
        if change.resource.entity_type:
            return self._entity(change)
        edges = tuple(each for edge in change.edges for each in self._edge(change, edge))
        if edges == change.edges:
            return change
        hidden = {name for edge in edges if edge.former for name in _secrets_on_both_sides(edge)}
        return replace(change, edges=edges, may_differ=tuple(sorted({*change.may_differ, *hidden})))

    def _edge(self, change: ResourceChange, edge: EdgeChange) -> Iterator[EdgeChange]:
        """Yield the changes of the old and of the new entity of an edge."""
        was, will = (edge_key(each) if each else None for each in (edge.old, edge.new))
        left = change.kept and edge.change == "same"  # the old edge of a retained resource
        successor = self._then.get(was) if was and (left or was != will) else None
        former = self._now.get(will) if will and not left and was != will else None
        if successor is None and former is None:
            yield edge
            return
        if edge.old and successor is not change:
            yield _leave(edge, edge.old, successor)
        if edge.new and not left:
            yield _gain(edge, edge.new, former)

    def _entity(self, change: ResourceChange) -> ResourceChange:
        """Return the change of a resource that is one entity without edges."""
        old, new = change.old, change.new
        key = _entity_alone(change.resource)
        if key is None or (old and new):
            return change
        if new is None:
            successor = self._entities_then.get(key)
            return replace(change, holder=_declared_by(successor)) if successor else change
        former = self._entities_now.get(key)
        if former is None or former.old is None or change.operation == "import":
            return change
        fields = field_changes(former.old.props, new.props, without={"adopt"})
        return replace(change, former=former.name, fields=fields)


def _entity_alone(resource: Declared) -> EntityKey | None:
    """Return the key of a connection or an asset; None for other resources, and while it is unknown."""
    if resource.entity_type is None or resource.qualified_name is None:
        return None
    return EntityKey(resource.entity_type, resource.qualified_name)


def _edges(change: ResourceChange, resource: Declared | None) -> Iterable[Edge]:
    return resource.edges if change.readable and resource else ()


def _leave(edge: EdgeChange, old: Edge, successor: ResourceChange | None) -> EdgeChange:
    if successor is None:
        return EdgeChange("removed", edge.label, old, None)
    return EdgeChange("moved", edge.label, old, None, holder=_declared_by(successor))


def _declared_by(successor: ResourceChange) -> str:
    return f"now declared by {successor.name}"


def _gain(edge: EdgeChange, new: Edge, former: _FormerEdge | None) -> EdgeChange:
    if former is None:
        return EdgeChange("added", edge.label, None, new)
    return compare_taken_over(edge.label, former.edge, new, former.change.name)


def _secrets_on_both_sides(edge: EdgeChange) -> set[str]:
    """Return the properties that are secret on both sides, so that a difference is not visible."""
    sides = [each.declared for each in (edge.old, edge.new) if each]
    found = [{name for name, value in side.items() if _contains_secret(value)} for side in sides]
    return set.intersection(*found) - MANAGEMENT


def _contains_secret(value: Any) -> bool:
    if isinstance(value, (Mapping, list)):
        return any(map(_contains_secret, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, str) and value == HIDDEN


class _EntityInState(NamedTuple):
    """The state of one entity.

    Attributes:
        own_mark: The ownership mark that the resource wrote last; None if unknown.
        guid: The GUID; None if unknown.
        alone: Whether the entity is the whole resource. Such an entity is deleted only by its GUID.
        shown: The mark that a refresh found for an entity that is the whole resource.
    """

    own_mark: str | None
    guid: str | None
    alone: bool
    shown: str | None


def mark_taken_over(changes: Sequence[ResourceChange], found: FoundEntities) -> tuple[ResourceChange, ...]:
    """Return the changes, with entities that others manage now marked as staying in Atlan."""
    return tuple(_mark_taken_over(change, found) for change in changes)


def removed_keys(change: ResourceChange) -> Iterator[EntityKey]:
    """Yield the known keys of the entities that a change removes."""
    alone = _entity_alone(change.resource)
    if alone and change.operation == "delete" and not (change.holder or change.kept):
        yield alone
    for edge in change.edges:
        key = lookup_key(edge.old) if edge.change == "removed" and edge.old else None
        if isinstance(key, EntityKey):
            yield key


def _mark_taken_over(change: ResourceChange, found: FoundEntities) -> ResourceChange:
    holders = {}
    names = set(removed_keys(change))
    for name, state in _entities_in_state(change, names).items():
        if holder := _holder(state, found.get(name)):
            holders[name] = holder
    if not holders:
        return change
    if change.resource.entity_type:
        return replace(change, holder=next(iter(holders.values())), elsewhere=True)
    return replace(change, edges=tuple(_move_edge(edge, holders) for edge in change.edges))


def _move_edge(edge: EdgeChange, holders: Mapping[EntityKey, str]) -> EdgeChange:
    key = lookup_key(edge.old) if edge.change == "removed" and edge.old else None
    holder = holders.get(key) if isinstance(key, EntityKey) else None
    return replace(edge, change="moved", holder=holder, elsewhere=True) if holder else edge


def _entities_in_state(
    change: ResourceChange, names: Collection[EntityKey]
) -> dict[EntityKey, _EntityInState]:
    """Return the state of each of these entities of a resource."""
    props = change.old.props if change.old else {}
    own, shown = change.state.own_mark, props.get("managed_by")
    if own is None:
        own = props.get("own_mark", shown)
    if change.state.guids is None:
        return dict.fromkeys(names, _EntityInState(own, change.state.guid, True, shown))
    guids = _guids(change) if names else {}
    return {name: _EntityInState(own, guids.get(name), False, None) for name in names}


def _guids(change: ResourceChange) -> dict[EntityKey, str | None]:
    """Return the GUIDs of a bulk resource, which the state has in the order of the names."""
    edges: tuple[Edge, ...] = change.old.edges if change.old and change.old.whole else ()
    names = sorted(EntityKey(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name)
    guids = unpack_guids(change.state.guids)
    return dict(zip(names, guids, strict=True)) if len(names) == len(guids) else {}


def _holder(state: _EntityInState, entity: Entity | None) -> str:
    """Return who manages an entity that stays for that reason; empty if it is removed, or gone already."""
    if entity is None:
        return _describe_mark(state.shown) if state.shown != state.own_mark else ""
    if not is_live(entity):
        return ""
    mark, recreated = mark_of(entity), state.guid is not None and entity.guid != state.guid
    known = NOT_OURS if recreated and mark != state.own_mark else state.own_mark
    if not (recreated and state.alone) and ownership_conflict_on_delete(entity, {"own_mark": known}) is None:
        return ""
    return _describe_mark(mark) or f"recreated in Atlan ({last_written(entity)})"


def _describe_mark(mark: object) -> str:
    stack = stack_of(mark)
    return f"now managed as {resource_of(mark)!r} by the stack {stack!r}" if stack else ""
