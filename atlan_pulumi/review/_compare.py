"""Compare the properties and the edges of resources."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from atlan_pulumi.declared import HIDDEN, SECRET, Declared, Edge
from atlan_pulumi.engine import Change as FieldChange
from atlan_pulumi.engine import SecretChange, changes, lines
from atlan_pulumi.lifecycle import UNKNOWN

Props = Mapping[str, Any]

LATER = "(known after apply)"
_MAPPING = "(a mapping)"
#: Placeholders for values.
_PLACEHOLDERS = "|".join(map(re.escape, (HIDDEN, LATER, _MAPPING, SECRET)))
_QUOTED = re.compile(f'"({_PLACEHOLDERS})"')
#: Properties for ownership and identity, which are not declared.
MANAGEMENT = frozenset({"managed_by", "own_mark", "qualified_name", "guid"})
#: Properties that configure this package, and are not in Atlan.
SETTINGS = frozenset({"adopt", "delete_type", "force_destroy"})
ChangeKind = Literal["added", "removed", "changed", "same"]
#: Properties that the edges of a bulk resource inherit from it.
_RESOURCE_PROPERTIES = frozenset({"connection", "process_id", "process"})
_SIDES = frozenset({"inputs", "outputs"})
#: Properties that may differ between two resources that declare the same entity.
_IGNORED_ON_MOVE = _RESOURCE_PROPERTIES | {"adopt"}

EdgeChangeKind = ChangeKind | Literal["moved"]
"""The change of an edge. `moved`: it stays in Atlan, but this resource no longer declares it."""


def field_changes(old: Props, new: Props, *, without: Collection[str] = ()) -> tuple[FieldChange, ...]:
    """Return the properties that differ, sorted by name, without those for management.

    Args:
        old: The properties before.
        new: The properties after.
        without: Other properties to leave out.
    """
    before, after = _align(displayed_props(old, without), displayed_props(new, without))
    return tuple(changes(before, after))


def displayed_props(props: Props, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the properties for display: without those for management, and with text for unknown values."""
    left_out = {*MANAGEMENT, *without}
    return {name: _describe_unknown(value) for name, value in props.items() if name not in left_out}


def secret_changes(old: Props, new: Props) -> tuple[FieldChange, ...]:
    """Return all secret properties. One of them differs if nothing else does; the engine hides the values."""
    return tuple(SecretChange(name) for name in sorted(secret_properties(old) | secret_properties(new)))


def secret_properties(props: Props) -> set[str]:
    """Return the names of properties that are secret or contain a secret."""
    return {name for name, value in props.items() if _contains_secret(value)} - MANAGEMENT


def property_of(change: FieldChange) -> str:
    """Return the top-level property of a change."""
    return change.property.partition("[")[0]


def change_lines(change: FieldChange) -> list[str]:
    """Return a change as lines: `-` before, `+` after."""
    return [_QUOTED.sub(lambda found: found[1].replace(HIDDEN, SECRET), line) for line in lines(change)]


def _describe_unknown(value: Any) -> Any:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Mapping):
        return {key: _describe_unknown(item) for key, item in value.items()}
    return [_describe_unknown(item) for item in value] if isinstance(value, list) else value


def _align(old: Any, new: Any) -> tuple[Any, Any]:
    """Replace a mapping by a placeholder if the other value is unknown or secret: both become one value."""
    mappings = isinstance(old, Mapping), isinstance(new, Mapping)
    if all(mappings):
        pairs = {key: _align(old.get(key), new.get(key)) for key in {*old, *new}}
        return tuple({key: pair[side] for key, pair in pairs.items()} for side in (0, 1))  # type: ignore[return-value]
    if any(mappings) and old is not None and new is not None:
        return (_MAPPING, new) if mappings[0] else (old, _MAPPING)
    return old, new


def _contains_secret(value: Any) -> bool:
    if isinstance(value, (Mapping, list)):
        return any(map(_contains_secret, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, str) and value == SECRET


@dataclass(frozen=True)
class EdgeChange:
    """The change of a process or column process.

    Attributes:
        change: The kind of change.
        label: Its name within the resource; empty if the resource is the edge itself.
        old: The edge before.
        new: The edge after.
        fields: The changed properties of an edge that stays.
        holder: Who declares a moved edge, such as `now declared by Process load`.
        elsewhere: Whether the holder is outside this stack.
        former: The resource that declared the edge before, if it was another one.
    """

    change: EdgeChangeKind
    label: str
    old: Edge | None
    new: Edge | None
    fields: tuple[FieldChange, ...] = ()
    holder: str = ""
    elsewhere: bool = False
    former: str = ""

    @property
    def edge(self) -> Edge:
        """The edge after the change, or before it if it is removed."""
        edge = self.new or self.old
        assert edge is not None  # noqa: S101 - one of the two always exists
        return edge

    @property
    def is_column_process(self) -> bool:
        """Whether it links columns."""
        return self.edge.is_column_process

    @property
    def changes_beyond_sides(self) -> bool:
        """Whether more than its inputs and outputs changes, such as its qualifiedName."""
        if self.change != "changed" or self.old is None or self.new is None:
            return False
        renamed = self.old.qualified_name != self.new.qualified_name
        return renamed or any(property_of(field) not in _SIDES | SETTINGS for field in self.fields)


class EdgeKey(NamedTuple):
    """The key of an edge within its resource, the same before and after."""

    type_name: str
    label: str


class KeyedEdges(NamedTuple):
    """The edges of a resource by their keys."""

    by_key: Mapping[EdgeKey, Edge]
    whole: bool


def compare(
    old: Declared | None, new: Declared | None, own: tuple[FieldChange, ...]
) -> tuple[tuple[EdgeChange, ...], bool]:
    """Return the change of each edge, and whether all edges are known.

    Edges with the same key are the same edge, even if the resource is replaced and their qualifiedNames
    change.

    Args:
        old: The resource before.
        new: The resource after.
        own: The changed properties of the resource, for the edge that is the resource itself.
    """
    after = _edges(new)
    before = after if old and new and old.props == new.props else _edges(old)
    found = []
    for key in sorted({*before.by_key, *after.by_key}):
        was, will = before.by_key.get(key), after.by_key.get(key)
        if (will is None and not after.whole) or (was is None and not before.whole):
            continue  # unknown whether it exists on both sides
        found.append(_compare_edge(key, was, will, own))
    return tuple(found), before.whole and after.whole


def compare_taken_over(label: str, old: Edge, new: Edge, former: str) -> EdgeChange:
    """Return the change of an edge that moves here from another resource.

    Args:
        label: Its name within the new resource.
        old: The edge before.
        new: The edge after.
        former: The resource that declared it before.
    """
    without = _IGNORED_ON_MOVE
    fields = (
        () if old.declared == new.declared else field_changes(old.declared, new.declared, without=without)
    )
    touched = any(property_of(field) not in SETTINGS for field in fields)
    return EdgeChange("changed" if touched else "same", label, old, new, fields, former=former)


def _compare_edge(
    key: EdgeKey, old: Edge | None, new: Edge | None, own: tuple[FieldChange, ...]
) -> EdgeChange:
    if old is None or new is None:
        return EdgeChange("added" if old is None else "removed", key.label, old, new)
    fields = own if not key.label else _fields(old, new)
    renamed = old.qualified_name != new.qualified_name
    touched = renamed or any(property_of(field) not in SETTINGS for field in fields)
    return EdgeChange("changed" if touched else "same", key.label, old, new, fields)


def _fields(old: Edge, new: Edge) -> tuple[FieldChange, ...]:
    """Return the changed properties. The derived name of a column process counts only as the only change."""
    if old.declared == new.declared:
        return ()
    fields = field_changes(old.declared, new.declared, without=_RESOURCE_PROPERTIES)
    rest = tuple(field for field in fields if property_of(field) != "name")
    return rest if rest and new.is_column_process else fields


def _edges(resource: Declared | None) -> KeyedEdges:
    if resource is None:
        return KeyedEdges({}, True)
    edges, whole = resource.edges, resource.whole
    return KeyedEdges({EdgeKey(edge.type_name, _label(resource, edge)): edge for edge in edges}, whole)


def _label(resource: Declared, edge: Edge) -> str:
    """Return the name of an edge within its resource; for the column lineage of a job, its output fields."""
    root, name = resource.qualified_name, edge.qualified_name
    if name is None:
        return ", ".join(asset.name for asset in edge.outputs) if edge.is_column_process else ""
    return name.removeprefix(root or "").strip("/") if name != root else ""
