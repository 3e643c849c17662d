"""Expressions laid out in lines, as a formatter would leave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from atlan_pulumi.importer.code._literals import WIDTH, literal, pieces

_INDENT = "    "


@dataclass(frozen=True)
class Text:
    """A text of one line that may be parted when it is long."""

    value: str


@dataclass(frozen=True)
class Items:
    """What stands between brackets: a call, a list, a dict.

    Attributes:
        opening: Such as `atlan.table(` or `[`.
        closing: Such as `)` or `]`.
        items: What stands before each item, such as `name=`, and the item.
        spread: Whether each item has a line of its own, however short.
    """

    opening: str
    closing: str
    items: Sequence[tuple[str, Node]]
    spread: bool = field(default=False)


Node = str | Text | Items
"""An expression; a `str` stays as it is."""


def lines(node: Node, *, before: str = "", after: str = "", depth: int = 0) -> list[str]:
    """The lines of an expression.

    Args:
        node: The expression.
        before: What stands before it on its first line, such as `load = `.
        after: What stands behind it on its last line, such as `,`.
        depth: How deep it is indented.
    """
    indent = _INDENT * depth
    flat = _flat(node)
    if flat is not None and len(indent + before + flat + after) <= WIDTH:
        return [indent + before + flat + after]
    if isinstance(node, Items):
        return _spread(node, before, after, depth)
    if isinstance(node, Text):
        return _parted(node, before, after, depth)
    return [indent + before + node + after]


def _flat(node: Node) -> str | None:
    """The expression on one line; None where it takes several."""
    if isinstance(node, str):
        return None if "\n" in node else node
    if isinstance(node, Text):
        return literal(node.value)
    parts = [(before, _flat(item)) for before, item in node.items]
    if node.spread or any(item is None for _, item in parts):
        return None
    return node.opening + ", ".join(f"{before}{item}" for before, item in parts) + node.closing


def _spread(node: Items, before: str, after: str, depth: int) -> list[str]:
    indent = _INDENT * depth
    inner = [
        line for name, item in node.items for line in lines(item, before=name, after=",", depth=depth + 1)
    ]
    return [indent + before + node.opening, *inner, indent + node.closing + after]


def _parted(text: Text, before: str, after: str, depth: int) -> list[str]:
    indent, deeper = _INDENT * depth, _INDENT * (depth + 1)
    parts = pieces(text.value, WIDTH - len(deeper))
    if len(parts) == 1:
        return [indent + before + parts[0] + after]
    return [f"{indent}{before}(", *(deeper + part for part in parts), f"{indent}){after}"]
