"""The nodes of the SVG picture: a sign, a name, and the type of what is no table."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from atlan_pulumi.review._drawing.colours import LOOKS
from atlan_pulumi.review._drawing.places import Box
from atlan_pulumi.review._drawing.svg_parts import add, rectangle, text_width, tooltip
from atlan_pulumi.review._drawing.text import shortened
from atlan_pulumi.review._graph import Graph, Node

_LABEL, _KIND = 28, 14  # letters, at most
_STRIP = 20  # the width of the strip with the sign
_RIM = 1.25  # half the width of the outline, which the strip covers
_SPACE = 9
_SMALL = 10


def label(node: Node) -> str:
    """A node's name as the picture shows it."""
    return shortened(node.label, _LABEL)


def kind(node: Node) -> str:
    """The type of a node, unless it is a table, as most are."""
    return "" if node.type_name in ("", "Table") else shortened(node.type_name, _KIND)


def width(node: Node) -> float:
    """How wide a node has to be for its texts."""
    small = text_width(kind(node), _SMALL) + _SPACE if kind(node) else 0.0
    return _STRIP + _SPACE + text_width(label(node)) + small + _SPACE


def add_nodes(root: Element, graph: Graph, boxes: dict[str, Box], ids: dict[str, str]) -> None:
    """All nodes; each is a group with an id, its change as class, and its full name as tooltip."""
    group = add(root, "g", kind="nodes")
    for node in graph.nodes:
        _add_node(group, graph, node, boxes[node.id], ids[node.id])


def _add_node(parent: Element, graph: Graph, node: Node, box: Box, own_id: str) -> None:
    change = graph.change_of(node)
    folded = " folded" if node.count > 1 else ""
    group = add(parent, "g", id=own_id, kind=f"node {change}{folded}")
    tooltip(group, [f"{node.full_name}: {change}"])
    rectangle(group, "face", box)
    start = box.x + _SPACE
    if sign := LOOKS[change].sign:
        rectangle(group, "strip", Box(box.x - _RIM, box.y - _RIM, _STRIP, box.height + 2 * _RIM))
        add(group, "text", kind="sign", x=box.x + _STRIP / 2, y=box.middle + 5, text=sign)
        start += _STRIP
    add(group, "text", kind="name", x=start, y=box.middle + 4, text=label(node))
    if small := kind(node):
        end = box.x + box.width - _SPACE
        add(group, "text", kind="kind", x=end, y=box.middle + 4, text_anchor="end", text=small)
