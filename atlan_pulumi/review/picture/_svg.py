"""The SVG with its style sheet, and the PNG made of it.

Plain rules rather than variables, since a program that turns SVG into pixels may know no more than those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from xml.etree.ElementTree import Element, SubElement, tostring

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review._graph import Graph, Link, Node, fitting
from atlan_pulumi.review._looks import DARK, LIGHT, LOOKS, Page, drawable, names, shortened, titles, units
from atlan_pulumi.review.picture._geometry import Area, Box
from atlan_pulumi.review.picture._layout import Layout, layout
from atlan_pulumi.review.picture._routes import Curve

FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace'

_SHAPES = """\
.lineage text { font: 12px FONT; white-space: pre; }
.lineage .box { stroke-width: 1; }
.lineage .title { font-weight: 600; font-size: 11.5px; }
.lineage .kind { font-size: 10px; }
.lineage .sign { font-weight: 700; font-size: 14px; text-anchor: middle; }
.lineage .way { fill: none; }
.lineage .hit { fill: none; stroke: transparent; stroke-width: 11; }
.lineage .count .face { stroke-width: 1.25; }
.lineage .count text { font-size: 10.5px; font-weight: 600; text-anchor: middle; }
"""
# No font is known where the picture is shown. Texts are set in one of fixed width, and there is room
# for the widest such font in use, whose letters are 0.617 as wide as they are high.
_WIDEST = 0.617
_LISTED = 12
_PLACES = (0.5, 0.35, 0.65, 0.2, 0.8)  # of a number on the last bend of its link: the first that is free
_COUNT = 10.5
_COUNT_HEIGHT = 15
_LABEL, _KIND = 28, 14  # letters, at most
_STRIP = 20  # the width of the strip with the sign
_RIM = 1.25  # half the width of the outline, which the strip covers
_SPACE = 9
_SMALL = 10
SIZES = (200, 150, 100, 70, 50, 40, 30, 20, 12, 8)  # of nodes: the first at which there are few links enough
MOST_LINKS = 600

_LEGEND = 40
_SAMPLE = 42  # the length of a line in the legend
_SMALL_PNG = 2_000.0  # pixels: up to this width the picture is drawn in twice its size, so that it is sharp
_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')


def style() -> str:
    """The text of the style element."""
    dark = "".join(f"  {rule}\n" for rule in _theme(DARK, dark=True))
    light = "".join(f"{rule}\n" for rule in _theme(LIGHT, dark=False))
    return (
        f"\n{_SHAPES.replace('FONT', FONT)}{''.join(_dashes())}{light}"
        f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
    )


def _dashes() -> Iterator[str]:
    for change, look in LOOKS.items():
        dash = f" stroke-dasharray: {look.dash};" if look.dash else ""
        parts = f".lineage .{change} .way, .lineage .node.{change} .face"
        yield f"{parts} {{ stroke-width: {look.width};{dash} }}\n"


def _theme(page: Page, *, dark: bool) -> Iterator[str]:
    yield f".lineage .ground {{ fill: {page.ground}; }}"
    yield f".lineage .box {{ fill: {page.box}; stroke: {page.rim}; }}"
    yield f".lineage text {{ fill: {page.ink}; }}"
    yield f".lineage .title, .lineage .kind, .lineage .note {{ fill: {page.muted}; }}"
    for change, look in LOOKS.items():
        colours = look.dark if dark else look.light
        one = f".lineage .{change}"
        yield f"{one} .way {{ stroke: {colours.line}; }}"
        yield f"{one} .face {{ fill: {colours.ground}; stroke: {colours.line}; }}"
        yield f"{one} .name, {one} .count text {{ fill: {colours.ink}; }}"
        yield f"{one} .strip, .lineage .tip-{change} {{ fill: {colours.line}; }}"
        yield f"{one} .sign {{ fill: {page.ground if dark else '#ffffff'}; }}"


def signs() -> str:
    """Rules for the page around a picture: the signs of changes in their colours."""
    light = "".join(f"{rule}\n" for rule in _sign_rules(LIGHT, dark=False))
    dark = "".join(f"  {rule}\n" for rule in _sign_rules(DARK, dark=True))
    return f"\n{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _sign_rules(page: Page, *, dark: bool) -> Iterator[str]:
    for change, look in LOOKS.items():
        colours = look.dark if dark else look.light
        ink = page.ground if dark else "#ffffff"
        yield f".link-row.{change} .sign {{ background: {colours.line}; color: {ink}; }}"


def add(parent: Element, tag: str, *, text: str = "", **attributes: str | float) -> Element:
    """A new element at the end of its parent; `kind` is its class, and `_` in names stands for `-`."""
    names = {"kind": "class"}
    written = {names.get(name, name.replace("_", "-")): number(value) for name, value in attributes.items()}
    element = SubElement(parent, tag, written)
    if text:
        element.text = text
    return element


def number(value: str | float) -> str:
    """A number without digits that nobody sees."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def rectangle(parent: Element, kind: str, box: Box, *, round_by: float = 5) -> Element:
    """A rectangle with round corners."""
    return add(parent, "rect", kind=kind, x=box.x, y=box.y, width=box.width, height=box.height, rx=round_by)


def tooltip(parent: Element, lines: Iterable[str]) -> None:
    """What shows when the pointer rests: a few lines, and how many more there are."""
    shown = [drawable(line) for line in lines]
    if len(shown) > _LISTED:
        shown[_LISTED - 1 :] = [f"and {len(shown) - _LISTED + 1:,} more"]
    add(parent, "title", text="\n".join(shown))


def text_width(text: str, size: float = 12) -> float:
    """How wide a text is at most, in the size of its letters."""
    return units(text) * size * _WIDEST


def add_arrows(root: Element) -> None:
    """The heads of the arrows, one for each change."""
    definitions = add(root, "defs")
    for change in LOOKS:
        head = add(
            definitions, "marker", id=f"tip-{change}", viewBox="0 0 9 8", refX=8, refY=4, orient="auto",
            markerWidth=9, markerHeight=8, markerUnits="userSpaceOnUse",
        )  # fmt: skip
        add(head, "path", kind=f"tip-{change}", d="M0 0L9 4L0 8z")


def add_links(root: Element, graph: Graph, plan: Layout, ids: dict[str, str]) -> None:
    """All links: what stays the same lies below what changes."""
    group = add(root, "g", kind="links")
    called = names(graph)
    ways = list(zip(graph.links, plan.curves, strict=True))
    for link, curve in sorted(ways, key=lambda way: way[0].change != "same"):
        one = _group(group, "link", link, ids)
        tooltip(one, _told(link, called))
        add(one, "path", kind="hit", d=curve.path)
        add(one, "path", kind="way", d=curve.path, marker_end=f"url(#tip-{link.change})")


def add_counts(root: Element, graph: Graph, plan: Layout, ids: dict[str, str]) -> None:
    """How many column mappings a link holds, where it changes and there is room."""
    group = add(root, "g", kind="counts")
    taken = list(plan.nodes.values())
    for link, curve in zip(graph.links, plan.curves, strict=True):
        if not link.columns or link.change == "same":
            continue
        text = f"{LOOKS[link.change].sign}{len(link.columns):,}"
        box = next((place for place in _places(curve, text) if not any(map(place.meets, taken))), None)
        if box:
            taken.append(box)
            one = _group(group, "count", link, ids)
            rectangle(one, "face", box, round_by=_COUNT_HEIGHT / 2)
            add(one, "text", x=box.x + box.width / 2, y=box.middle + 3.5, text=text)


def _places(curve: Curve, text: str) -> Iterator[Box]:
    width = text_width(text, _COUNT) + 9
    for part in _PLACES:
        x, y = curve.at(part)
        yield Box(x - width / 2, y - _COUNT_HEIGHT / 2, width, _COUNT_HEIGHT)


def _group(parent: Element, kind: str, link: Link, ids: dict[str, str]) -> Element:
    ends = {"data_source": ids[link.source], "data_target": ids[link.target]}
    return add(parent, "g", kind=f"{kind} {link.change}", **ends)


def _told(link: Link, called: dict[str, str]) -> Iterator[str]:
    yield f"{called[link.source]} → {called[link.target]}: {link.change}"
    yield from link.processes
    yield from link.columns


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


def png(svg_text: str) -> bytes:
    """The bytes of a PNG file.

    Args:
        svg_text: What `svg` has written.

    Raises:
        ReviewError: What draws the pixels is not installed.
    """
    try:
        draw = import_module("resvg_py").svg_to_bytes
    except ImportError:
        raise ReviewError(
            "cannot draw the picture as PNG: the package resvg_py is not installed: "
            "run `pip install 'atlan-pulumi[picture]'`, or ask for SVG"
        ) from None
    width = _WIDTH.match(svg_text)
    return bytes(draw(svg_string=svg_text, zoom=2 if width and float(width[1]) <= _SMALL_PNG else 1))
