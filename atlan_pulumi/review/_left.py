"""Entities that a deployment leaves in Atlan, since they are no longer those of this stack.

Before something is removed, its mark of ownership is compared with the one in the state. An entity that
another stack has taken over, or that others have recreated, stays. What a review can know of that comes from
Atlan, where it may ask; else from the state, if a refresh has seen it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.declared import Edge
from atlan_pulumi.lifecycle import (
    NOT_OURS,
    PartKey,
    is_live,
    last_written,
    mark_of,
    objection_to_delete,
    resource_of,
    stack_of,
    unpacked,
)
from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._present import asked_by
from atlan_pulumi.review._resource_change import ResourceChange

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

Found = Mapping[PartKey, "Entity"]
"""What Atlan has under the names of what goes."""


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


def goes(change: ResourceChange) -> Iterator[PartKey]:
    """Return the names of what a change would remove, as far as they are known."""
    if change.resource.is_connection and (
        change.operation == "delete" and not (change.holder or change.kept) and change.resource.qualified_name
    ):
        yield PartKey("Connection", change.resource.qualified_name)
    for edge in change.edges:
        key = asked_by(edge.old) if edge.change == "removed" and edge.old else None
        if isinstance(key, PartKey):
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


def _edge(edge: EdgeChange, holders: Mapping[PartKey, str]) -> EdgeChange:
    key = asked_by(edge.old) if edge.change == "removed" and edge.old else None
    holder = holders.get(key) if isinstance(key, PartKey) else None
    return replace(edge, change="moved", holder=holder, elsewhere=True) if holder else edge


def _states(change: ResourceChange, names: Collection[PartKey]) -> dict[PartKey, _State]:
    """Return what the state has of each of these entities of a resource."""
    props = change.old.props if change.old else {}
    own, shown = change.state.own_mark, props.get("managed_by")
    if own is None:
        own = props.get("own_mark", shown)
    if change.state.guids is None:
        return dict.fromkeys(names, _State(own, change.state.guid, True, shown))
    guids = _guids(change) if names else {}
    return {name: _State(own, guids.get(name), False, None) for name in names}


def _guids(change: ResourceChange) -> dict[PartKey, str | None]:
    """Return the GUIDs of a resource that is many entities: the state has them in the order of the names."""
    edges: tuple[Edge, ...] = change.old.edges if change.old and change.old.whole else ()
    names = sorted(PartKey(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name)
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
    if not (recreated and state.alone) and objection_to_delete(entity, {"own_mark": known}) is None:
        return ""
    return _named(mark) or f"recreated in Atlan ({last_written(entity)})"


def _named(mark: object) -> str:
    stack = stack_of(mark)
    return f"it is {resource_of(mark)!r} of the stack {stack!r} now" if stack else ""
