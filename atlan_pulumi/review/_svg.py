"""The lineage that changes as a picture: one SVG text, without scripts, that looks right in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from atlan_pulumi.review._capped import fitting
from atlan_pulumi.review._drawing.colours import LOOKS
from atlan_pulumi.review._drawing.places import Area, Box
from atlan_pulumi.review._drawing.style import style
from atlan_pulumi.review._drawing.svg_links import add_arrows, add_counts, add_links
from atlan_pulumi.review._drawing.svg_nodes import add_nodes, width
from atlan_pulumi.review._drawing.svg_parts import add, number, rectangle, text_width, tooltip
from atlan_pulumi.review._drawing.text import shortened, titles
from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review._layout import layout

SIZES = (200, 150, 100, 70, 50, 40, 30, 20, 12, 8)  # of nodes: the first at which there are few links enough
MOST_LINKS = 600

_LEGEND = 40
_SAMPLE = 42  # the length of a line in the legend
_TITLE_LETTER = text_width("x", 11.5)


def svg(graph: Graph) -> str:
    """The text of an SVG file: at most 200 nodes and 600 links, the others folded, and a legend below."""
    small = fitting(graph, SIZES, MOST_LINKS)
    return tostring(picture(small), encoding="unicode") + "\n"


def picture(graph: Graph, *, legend: bool = True) -> Element:
    """The picture of a graph that is small enough."""
    plan = layout(graph, {node.id: width(node) for node in graph.nodes})
    ids = {node.id: f"n{index}" for index, node in enumerate(graph.nodes)}
    notes = list(_notes(graph)) if legend else []
    wide = max(plan.width, 32 + sum(room for *_, room in notes))
    root = _root(wide, plan.height + (_LEGEND if legend else 0))
    _add_areas(root, plan.areas)
    add_links(root, graph, plan, ids)
    add_counts(root, graph, plan, ids)
    add_nodes(root, graph, plan.nodes, ids)
    _add_legend(root, notes, plan.height)
    return root


def _root(wide: float, high: float) -> Element:
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "lineage"})
    root.set("viewBox", f"0 0 {number(wide)} {number(high)}")
    root.attrib.update(width=number(wide), height=number(high), role="img")
    root.set("aria-label", "Lineage that changes")
    add(root, "style", text=style())
    add_arrows(root)
    rectangle(root, "ground", Box(0, 0, wide, high), round_by=8)
    return root


def _add_areas(root: Element, areas: list[Area]) -> None:
    """The boxes around clusters, with as much of their names as fits."""
    group = add(root, "g", kind="areas")
    names = titles({area.cluster for area in areas})
    for area in areas:
        one = add(group, "g", kind="area")
        tooltip(one, [area.cluster])
        rectangle(one, "box", area.box, round_by=8)
        room = int((area.box.width - 24) / _TITLE_LETTER)
        name = shortened(names[area.cluster], room)
        add(one, "text", kind="title", x=area.box.x + 12, y=area.box.y + 20, text=name)


def _notes(graph: Graph) -> Iterator[tuple[str, str, float]]:
    """The entries of the legend: a change or nothing, a text, and how much room they take."""
    shown = {link.change for link in graph.links}
    for change in LOOKS:
        if change in shown:
            text = f"{LOOKS[change].sign} {change}".strip()
            yield change, text, _SAMPLE + text_width(text) + 28
    texts = []
    if any(link.columns for link in graph.links if link.change != "same"):
        texts.append("number: column mappings")
    if graph.hidden:
        texts.append(f"{graph.hidden:,} assets are folded")
    yield from (("", text, text_width(text) + 20) for text in texts)


def _add_legend(root: Element, notes: list[tuple[str, str, float]], top: float) -> None:
    group = add(root, "g", kind="legend")
    left, middle = 16.0, top + 12
    for change, text, room in notes:
        one = add(group, "g", kind=change or "note")
        if change:
            way = f"M{number(left)} {number(middle)}h{_SAMPLE}"
            add(one, "path", kind="way", d=way, marker_end=f"url(#tip-{change})")
        start = left + _SAMPLE + 8 if change else left
        add(one, "text", kind="note", x=start, y=middle + 4, text=text)
        left += room
