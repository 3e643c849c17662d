"""Entities that stay in Atlan while another resource of the stack takes them over.

The engine compares resources by their names: what is declared under another name is a creation and a removal
to it. In Atlan it is one entity, which the new resource writes to and the old one then leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from atlan_pulumi.declared import HIDDEN, Declared, Edge
from atlan_pulumi.review._edges import EdgeChange, taken_over
from atlan_pulumi.review._fields import MANAGEMENT, field_changes
from atlan_pulumi.review._present import Key, key_of
from atlan_pulumi.review._resource_change import ResourceChange


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
