"""What differs: properties of a resource, its edges."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from atlan_pulumi.declared import HIDDEN, SECRET, Declared, Edge
from atlan_pulumi.engine import Change, SecretChange, changes, lines
from atlan_pulumi.engine import Change as FieldChange
from atlan_pulumi.lifecycle import UNKNOWN

Props = Mapping[str, Any]

LATER = "(known after apply)"
_MAPPING = "(a mapping)"
#: What stands for a value rather than being one.
_STANDING_IN = "|".join(map(re.escape, (HIDDEN, LATER, _MAPPING, SECRET)))
_QUOTED = re.compile(f'"({_STANDING_IN})"')
#: What tells whose a resource is and how it is called, rather than what is declared of it.
MANAGEMENT = frozenset({"managed_by", "own_mark", "qualified_name", "guid"})
#: What steers this package rather than describes what is in Atlan.
SETTINGS = frozenset({"adopt", "delete_type", "force_destroy"})
EdgeFate = Literal["added", "removed", "changed", "same"]
#: What every edge of a resource of many has from the resource itself.
_OF_THE_WHOLE = frozenset({"connection", "process_id", "process"})
_SIDES = frozenset({"inputs", "outputs"})
#: Properties of one resource that another one of the same entity need not have.
_OF_THE_FORMER = _OF_THE_WHOLE | {"adopt"}

Became = EdgeFate | Literal["moved"]
"""What becomes of an edge; `moved`: it stays in Atlan, but this resource no longer declares it."""


def field_changes(old: Props, new: Props, *, without: Collection[str] = ()) -> tuple[Change, ...]:
    """The properties that differ, in the order of their names; those of management are left out.

    Args:
        old: The properties before.
        new: The properties after.
        without: Others that are left out.
    """
    before, after = _comparable(shown(old, without), shown(new, without))
    return tuple(changes(before, after))


def shown(props: Props, without: Collection[str] = ()) -> dict[str, Any]:
    """The properties as they are shown: without those of management, and with words for what is not known."""
    left_out = {*MANAGEMENT, *without}
    return {name: _in_words(value) for name, value in props.items() if name not in left_out}


def secret_changes(old: Props, new: Props) -> tuple[Change, ...]:
    """The secret properties. The engine shows no values: where nothing else differs, one of these does."""
    return tuple(SecretChange(name) for name in sorted(held_secrets(old) | held_secrets(new)))


def held_secrets(props: Props) -> set[str]:
    """The properties that are secret, or in which something is."""
    return {name for name, value in props.items() if _holds_secret(value)} - MANAGEMENT


def property_of(change: Change) -> str:
    """The top-level property that differs."""
    return change.property.partition("[")[0]


def change_lines(change: Change) -> list[str]:
    """A change as lines: those with `-` are as it is now, those with `+` as it would be."""
    return [_QUOTED.sub(lambda found: found[1].replace(HIDDEN, SECRET), line) for line in lines(change)]


def _in_words(value: Any) -> Any:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Mapping):
        return {key: _in_words(item) for key, item in value.items()}
    return [_in_words(item) for item in value] if isinstance(value, list) else value


def _comparable(old: Any, new: Any) -> tuple[Any, Any]:
    """Two values; where one is a mapping, and of the other nothing is known, it is not gone into."""
    mappings = isinstance(old, Mapping), isinstance(new, Mapping)
    if all(mappings):
        pairs = {key: _comparable(old.get(key), new.get(key)) for key in {*old, *new}}
        return tuple({key: pair[side] for key, pair in pairs.items()} for side in (0, 1))  # type: ignore[return-value]
    if any(mappings) and old is not None and new is not None:
        return (_MAPPING, new) if mappings[0] else (old, _MAPPING)
    return old, new


def _holds_secret(value: Any) -> bool:
    if isinstance(value, (Mapping, list)):
        return any(map(_holds_secret, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, str) and value == SECRET


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
