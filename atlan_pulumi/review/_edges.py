"""What becomes of the processes and column processes of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from atlan_pulumi.declared import Declared, Edge
from atlan_pulumi.drift import Change as FieldChange
from atlan_pulumi.review._fields import SETTINGS, field_changes, property_of
from atlan_pulumi.review._graph import Change

#: What every edge of a resource of many has from the resource itself.
_OF_THE_WHOLE = frozenset({"connection", "process_id", "process"})
_SIDES = frozenset({"inputs", "outputs"})
#: Properties of one resource that another one of the same entity need not have.
_OF_THE_FORMER = _OF_THE_WHOLE | {"adopt"}

Became = Change | Literal["moved"]
"""What becomes of an edge; `moved`: it stays in Atlan, but this resource no longer declares it."""


@dataclass(frozen=True)
class EdgeChange:
    """What becomes of one process or column process.

    Attributes:
        change: What becomes of it.
        label: What it is called within its resource; empty where the resource is that edge.
        old: As it is declared now.
        new: As it would be declared.
        fields: Its properties that differ, where it stays.
        holder: Where it has moved to, such as `now declared by Process load`.
        elsewhere: Whether it has moved out of this stack.
        former: The resource that declares it now, where another one would.
    """

    change: Became
    label: str
    old: Edge | None
    new: Edge | None
    fields: tuple[FieldChange, ...] = ()
    holder: str = ""
    elsewhere: bool = False
    former: str = ""

    @property
    def edge(self) -> Edge:
        """The edge as it would be, else as it was."""
        edge = self.new or self.old
        assert edge is not None  # noqa: S101 - one of the two is there
        return edge

    @property
    def is_column_process(self) -> bool:
        """Whether it links columns."""
        return self.edge.is_column_process

    @property
    def beyond_sides(self) -> bool:
        """Whether more of it changes than what it reads and writes; its name in Atlan is such a thing."""
        if self.change != "changed" or self.old is None or self.new is None:
            return False
        renamed = self.old.qualified_name != self.new.qualified_name
        return renamed or any(property_of(field) not in _SIDES | SETTINGS for field in self.fields)


class Key(NamedTuple):
    """What tells an edge from the others of its resource, before and after."""

    type_name: str
    label: str


class Edges(NamedTuple):
    """The edges of a resource."""

    by_key: Mapping[Key, Edge]
    whole: bool


def compare(
    old: Declared | None, new: Declared | None, own: tuple[FieldChange, ...]
) -> tuple[tuple[EdgeChange, ...], bool]:
    """What becomes of each edge, and whether all of it is known.

    What stands at the same place in its resource is the same edge, even where the resource is replaced and
    its edges get other names in Atlan.

    Args:
        old: The resource before.
        new: The resource after.
        own: What differs in the resource itself, for the edge that is the resource.
    """
    after = _edges(new)
    before = after if old and new and old.props == new.props else _edges(old)
    found = []
    for key in sorted({*before.by_key, *after.by_key}):
        was, will = before.by_key.get(key), after.by_key.get(key)
        if (will is None and not after.whole) or (was is None and not before.whole):
            continue  # it cannot be told whether it is there
        found.append(_compared(key, was, will, own))
    return tuple(found), before.whole and after.whole


def taken_over(label: str, old: Edge, new: Edge, former: str) -> EdgeChange:
    """Return what becomes of an edge that another resource declares now.

    Args:
        label: What it would be called within its new resource.
        old: As it is declared now.
        new: As it would be declared.
        former: The resource that declares it now.
    """
    without = _OF_THE_FORMER
    fields = (
        () if old.declared == new.declared else field_changes(old.declared, new.declared, without=without)
    )
    touched = any(property_of(field) not in SETTINGS for field in fields)
    return EdgeChange("changed" if touched else "same", label, old, new, fields, former=former)


def _compared(key: Key, old: Edge | None, new: Edge | None, own: tuple[FieldChange, ...]) -> EdgeChange:
    if old is None or new is None:
        return EdgeChange("added" if old is None else "removed", key.label, old, new)
    fields = own if not key.label else _fields(old, new)
    renamed = old.qualified_name != new.qualified_name
    touched = renamed or any(property_of(field) not in SETTINGS for field in fields)
    return EdgeChange("changed" if touched else "same", key.label, old, new, fields)


def _fields(old: Edge, new: Edge) -> tuple[FieldChange, ...]:
    """What differs; the name of a column process is made of its columns, and told only where it is all."""
    if old.declared == new.declared:
        return ()
    fields = field_changes(old.declared, new.declared, without=_OF_THE_WHOLE)
    rest = tuple(field for field in fields if property_of(field) != "name")
    return rest if rest and new.is_column_process else fields


def _edges(resource: Declared | None) -> Edges:
    if resource is None:
        return Edges({}, True)
    edges, whole = resource.edges, resource.whole
    return Edges({Key(edge.type_name, _label(resource, edge)): edge for edge in edges}, whole)


def _label(resource: Declared, edge: Edge) -> str:
    """The name within the resource; of the column lineage of a job, the field that is written."""
    root, name = resource.qualified_name, edge.qualified_name
    if name is None:
        return ", ".join(asset.name for asset in edge.outputs) if edge.is_column_process else ""
    return name.removeprefix(root or "").strip("/") if name != root else ""
