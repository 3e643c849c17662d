"""The lineage that changes, as a graph: what the pictures draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Change = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True, order=True)
class Node:
    """An asset.

    Attributes:
        id: What tells it from others: its type and name.
        label: What a person calls it: the last segment of its name.
        type_name: Atlan's typeName, such as `Table`.
        cluster: What it lies in, such as `default/snowflake/1657025257/RAW/PUBLIC`; empty where that is not
            known.
        count: How many assets it stands for: one, or more where `capped` folded them.
    """

    id: str
    label: str
    type_name: str
    cluster: str
    count: int = 1

    @property
    def full_name(self) -> str:
        """What it is and where it lies; of folded assets only where."""
        place = f"{self.cluster}/{self.label}" if self.cluster else self.label
        return f"{self.type_name} {place}".lstrip()


@dataclass(frozen=True, order=True)
class Link:
    """Data that flows from one asset to another.

    Attributes:
        source: The id of the node that is read.
        target: The id of the node that is written.
        change: What becomes of it.
        processes: The names of the processes that it stands for.
        columns: The column mappings within it, one line each, such as `+ AMOUNT, DISCOUNT → NET`.
    """

    source: str
    target: str
    change: Change
    processes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """Nodes and links, in an order that only the lineage decides.

    Attributes:
        nodes: The assets.
        links: What flows between them.
        hidden: How many of the assets `capped` has folded into a node that stands for many.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    hidden: int = field(default=0)

    def change_of(self, node: Node) -> Change:
        """A node's change: that of all its links, if they have but one; else it has changed."""
        changes = self._changes.get(node.id, set())
        return next(iter(changes)) if len(changes) == 1 else "changed" if changes else "same"

    @cached_property
    def _changes(self) -> dict[str, set[Change]]:
        """The changes of each node's links, gathered once: a picture asks for every node."""
        changes: dict[str, set[Change]] = {}
        for link in self.links:
            for end in (link.source, link.target):
                changes.setdefault(end, set()).add(link.change)
        return changes
