"""Entities that a deployment leaves in Atlan: another resource or stack has them.

The engine compares resources by their names: what is declared under another name is a creation and a removal
to it. In Atlan it is one entity, which the new resource writes to and the old one then leaves.

Before something is removed, its mark of ownership is compared with the one in the state. An entity that
another stack has taken over, or that others have recreated, stays. What a review can know of that comes from
Atlan, where it may ask; else from the state, if a refresh has seen it.
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
    unpacked,
)
from atlan_pulumi.review._changes import ResourceChange
from atlan_pulumi.review._compare import MANAGEMENT, EdgeChange, field_changes, taken_over
from atlan_pulumi.review._downstream import Key, asked_by, key_of

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

Found = Mapping[EntityKey, "Entity"]
"""What Atlan has under the names of what goes."""


class _Former(NamedTuple):
    """An edge as it is declared now, and the resource that declares it."""

    change: ResourceChange
    edge: Edge


def moved(changes: Sequence[ResourceChange]) -> tuple[ResourceChange, ...]:
    """Return what would be done to the resources, with what moves from one to another told as such."""
    entities = _Entities(changes)
    return tuple(entities.followed(change) for change in changes)


class _Entities:
    """Which resource declares each entity now, and which one would."""

    def __init__(self, changes: Sequence[ResourceChange]) -> None:
        self._now: dict[Key, _Former] = {}
        self._then: dict[Key, ResourceChange] = {}
        self._connections_now: dict[str, ResourceChange] = {}
        self._connections_then: dict[str, ResourceChange] = {}
        for change in changes:
            then = {key: change for edge in _edges(change, change.new) if (key := key_of(edge))}
            self._then |= then
            for edge in _edges(change, change.old):
                key = key_of(edge)
                if key and (key not in then or change.kept):
                    self._now.setdefault(key, _Former(change, edge))
            for resource, connections in (
                (change.old, self._connections_now),
                (change.new, self._connections_then),
            ):
                if resource and resource.is_connection and resource.qualified_name:
                    connections.setdefault(resource.qualified_name, change)

    def followed(self, change: ResourceChange) -> ResourceChange:
        """Return a change with what has moved to another resource, or comes from one."""
        if change.resource.is_connection:
            return self._connection(change)
        edges = tuple(each for edge in change.edges for each in self._edge(change, edge))
        if edges == change.edges:
            return change
        hidden = {name for edge in edges if edge.former for name in _hidden(edge)}
        return replace(change, edges=edges, may_differ=tuple(sorted({*change.may_differ, *hidden})))

    def _edge(self, change: ResourceChange, edge: EdgeChange) -> Iterator[EdgeChange]:
        """What becomes of the entity that an edge is now, and of the one that it would be."""
        was, will = (key_of(each) if each else None for each in (edge.old, edge.new))
        left = change.kept and edge.change == "same"  # it is only the old side of its resource
        heir = self._then.get(was) if was and (left or was != will) else None
        former = self._now.get(will) if will and not left and was != will else None
        if heir is None and former is None:
            yield edge
            return
        if edge.old and heir is not change:
            yield _given_up(edge, edge.old, heir)
        if edge.new and not left:
            yield _gained(edge, edge.new, former)

    def _connection(self, change: ResourceChange) -> ResourceChange:
        old, new = change.old, change.new
        if old and new:
            return change
        name = change.resource.qualified_name or ""
        if new is None:
            heir = self._connections_then.get(name)
            return replace(change, holder=_declared_by(heir)) if heir else change
        former = self._connections_now.get(name)
        if former is None or former.old is None or change.operation == "import":
            return change
        fields = field_changes(former.old.props, new.props, without={"adopt"})
        return replace(change, former=former.name, fields=fields)


def _edges(change: ResourceChange, resource: Declared | None) -> Iterable[Edge]:
    return resource.edges if change.readable and resource else ()


def _given_up(edge: EdgeChange, old: Edge, heir: ResourceChange | None) -> EdgeChange:
    if heir is None:
        return EdgeChange("removed", edge.label, old, None)
    return EdgeChange("moved", edge.label, old, None, holder=_declared_by(heir))


def _declared_by(heir: ResourceChange) -> str:
    return f"now declared by {heir.name}"


def _gained(edge: EdgeChange, new: Edge, former: _Former | None) -> EdgeChange:
    if former is None:
        return EdgeChange("added", edge.label, None, new)
    return taken_over(edge.label, former.edge, new, former.change.name)


def _hidden(edge: EdgeChange) -> set[str]:
    """Return the properties that are secret on both sides: nobody can say whether they differ."""
    sides = [each.declared for each in (edge.old, edge.new) if each]
    found = [{name for name, value in side.items() if _is_hidden(value)} for side in sides]
    return set.intersection(*found) - MANAGEMENT


def _is_hidden(value: Any) -> bool:
    if isinstance(value, (Mapping, list)):
        return any(map(_is_hidden, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, str) and value == HIDDEN


class _State(NamedTuple):
    """What the state has of one entity.

    Attributes:
        own_mark: The mark that the resource wrote last; None where it is not known.
        guid: The GUID; None where it is not known.
        alone: Whether the entity is the whole resource: then it is removed by its GUID, and in no other way.
        shown: The mark that a refresh found, of an entity that is the whole resource.
    """

    own_mark: str | None
    guid: str | None
    alone: bool
    shown: str | None


def left_to_others(changes: Sequence[ResourceChange], found: Found) -> tuple[ResourceChange, ...]:
    """Return what would be done to the resources, with what others have in Atlan told as staying there."""
    return tuple(_left(change, found) for change in changes)


def goes(change: ResourceChange) -> Iterator[EntityKey]:
    """Return the names of what a change would remove, as far as they are known."""
    if change.resource.is_connection and (
        change.operation == "delete" and not (change.holder or change.kept) and change.resource.qualified_name
    ):
        yield EntityKey("Connection", change.resource.qualified_name)
    for edge in change.edges:
        key = asked_by(edge.old) if edge.change == "removed" and edge.old else None
        if isinstance(key, EntityKey):
            yield key


def _left(change: ResourceChange, found: Found) -> ResourceChange:
    holders = {}
    names = set(goes(change))
    for name, state in _states(change, names).items():
        if holder := _holder(state, found.get(name)):
            holders[name] = holder
    if not holders:
        return change
    if change.resource.is_connection:
        return replace(change, holder=next(iter(holders.values())), elsewhere=True)
    return replace(change, edges=tuple(_edge(edge, holders) for edge in change.edges))


def _edge(edge: EdgeChange, holders: Mapping[EntityKey, str]) -> EdgeChange:
    key = asked_by(edge.old) if edge.change == "removed" and edge.old else None
    holder = holders.get(key) if isinstance(key, EntityKey) else None
    return replace(edge, change="moved", holder=holder, elsewhere=True) if holder else edge


def _states(change: ResourceChange, names: Collection[EntityKey]) -> dict[EntityKey, _State]:
    """Return what the state has of each of these entities of a resource."""
    props = change.old.props if change.old else {}
    own, shown = change.state.own_mark, props.get("managed_by")
    if own is None:
        own = props.get("own_mark", shown)
    if change.state.guids is None:
        return dict.fromkeys(names, _State(own, change.state.guid, True, shown))
    guids = _guids(change) if names else {}
    return {name: _State(own, guids.get(name), False, None) for name in names}


def _guids(change: ResourceChange) -> dict[EntityKey, str | None]:
    """Return the GUIDs of a resource that is many entities: the state has them in the order of the names."""
    edges: tuple[Edge, ...] = change.old.edges if change.old and change.old.whole else ()
    names = sorted(EntityKey(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name)
    guids = unpacked(change.state.guids)
    return dict(zip(names, guids, strict=True)) if len(names) == len(guids) else {}


def _holder(state: _State, entity: Entity | None) -> str:
    """Return who has an entity that therefore stays; empty where it is removed, or gone already."""
    if entity is None:
        return _named(state.shown) if state.shown != state.own_mark else ""
    if not is_live(entity):
        return ""
    mark, recreated = mark_of(entity), state.guid is not None and entity.guid != state.guid
    known = NOT_OURS if recreated and mark != state.own_mark else state.own_mark
    if not (recreated and state.alone) and ownership_conflict_on_delete(entity, {"own_mark": known}) is None:
        return ""
    return _named(mark) or f"recreated in Atlan ({last_written(entity)})"


def _named(mark: object) -> str:
    stack = stack_of(mark)
    return f"it is {resource_of(mark)!r} of the stack {stack!r} now" if stack else ""
