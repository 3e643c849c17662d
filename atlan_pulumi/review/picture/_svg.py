"""Draw the SVG with its style sheet, and the PNG made from it.

The style sheet has plain rules without variables, since programs that render SVG may support only these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from atlan_pulumi.errors import ReviewError
from atlan_pulumi.review._graph import Graph, Link, Node, fold_to_fit
from atlan_pulumi.review._looks import (
    DARK,
    LIGHT,
    LOOKS,
    NODE_LOOKS,
    STATE_WORDS,
    Look,
    PageColors,
    cluster_titles,
    display_width,
    ellipsize,
    mapping_text,
    node_names,
    node_state,
    node_tooltip,
    shown_states,
    single_line,
)
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
# The fonts on the reader's computer are unknown. Text has a monospaced font, and there is room for the widest
# one in use, whose letters are 0.617 times as wide as high.
_WIDEST = 0.617
_LISTED = 12
#: The positions of a number on the last bend of its link, by preference.
_PLACES = (0.5, 0.35, 0.65, 0.2, 0.8)
_COUNT = 10.5
_COUNT_HEIGHT = 15
_LABEL, _KIND = 28, 14  # the maximum number of letters
_STRIP = 20  # the width of the strip with the sign
_RIM = 1.25  # half the width of the outline, which the strip covers
_SPACE = 9
_SMALL = 10
SIZES = (200, 150, 100, 70, 50, 40, 30, 20, 12, 8)  # numbers of nodes; the first with few enough links
MOST_LINKS = 600

COUNT_NOTE = "number: column mappings"
_LEGEND = 40
_SAMPLE = 42  # the length of a line in the legend
_SMALL_PNG = 2_000.0  # pixels; a picture up to this width is drawn at twice its size, so that it is sharp
_WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)"')


def style_sheet() -> str:
    """Return the text of the style element."""
    dark = "".join(f"  {rule}\n" for rule in _theme_rules(DARK, dark=True))
    light = "".join(f"{rule}\n" for rule in _theme_rules(LIGHT, dark=False))
    return (
        f"\n{_SHAPES.replace('FONT', FONT)}{''.join(_dash_rules())}{light}"
        f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
    )


def _dash_rules() -> Iterator[str]:
    every = {f"{change} .way": look for change, look in LOOKS.items()}
    every |= {f"{state} .face": look for state, look in NODE_LOOKS.items()}
    for part, look in every.items():
        dash = f" stroke-dasharray: {look.dash};" if look.dash else ""
        yield f".lineage .{part} {{ stroke-width: {look.width};{dash} }}\n"


def _theme_rules(page: PageColors, *, dark: bool) -> Iterator[str]:
    yield f".lineage .ground {{ fill: {page.ground}; }}"
    yield f".lineage .box {{ fill: {page.box}; stroke: {page.rim}; }}"
    yield f".lineage text {{ fill: {page.ink}; }}"
    yield f".lineage .title, .lineage .kind, .lineage .note {{ fill: {page.muted}; }}"
    yield f".lineage .sign {{ fill: {page.ground if dark else '#ffffff'}; }}"
    looks: list[tuple[str, Look]] = [*LOOKS.items(), *NODE_LOOKS.items()]
    for name, look in looks:
        colors = look.dark if dark else look.light
        one = f".lineage .{name}"
        yield f"{one} .way {{ stroke: {colors.line}; }}"
        yield f"{one} .face {{ fill: {colors.ground}; stroke: {colors.line}; }}"
        yield f"{one} .name, {one}.count text {{ fill: {colors.ink}; }}"
        yield f"{one} .strip, .lineage .tip-{name} {{ fill: {colors.line}; }}"


def sign_styles() -> str:
    """Return the rules for the page around a picture: the signs of changes in their colors."""
    light = "".join(f"{rule}\n" for rule in _sign_rules(LIGHT, dark=False))
    dark = "".join(f"  {rule}\n" for rule in _sign_rules(DARK, dark=True))
    return f"\n{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n"


def _sign_rules(page: PageColors, *, dark: bool) -> Iterator[str]:
    ink = page.ground if dark else "#ffffff"
    for change, look in LOOKS.items():
        colors = look.dark if dark else look.light
        yield f".link-row.{change} .sign {{ background: {colors.line}; color: {ink}; }}"
    for state in STATE_WORDS:
        look = NODE_LOOKS[state]
        line = (look.dark if dark else look.light).line
        yield f".marks .sign.{state} {{ background: {line}; color: {ink}; }}"


def add_element(parent: Element, tag: str, *, text: str = "", **attributes: str | float) -> Element:
    """Add an element to a parent. `kind` is its class, and `_` in names stands for `-`."""
    names = {"kind": "class"}
    written = {
        names.get(name, name.replace("_", "-")): format_number(value) for name, value in attributes.items()
    }
    element = SubElement(parent, tag, written)
    if text:
        element.text = text
    return element


def format_number(value: str | float) -> str:
    """Return a number without invisible digits."""
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def add_rectangle(parent: Element, kind: str, box: Box, *, round_by: float = 5) -> Element:
    """Add a rectangle with round corners."""
    return add_element(
        parent, "rect", kind=kind, x=box.x, y=box.y, width=box.width, height=box.height, rx=round_by
    )


def add_tooltip(parent: Element, lines: Iterable[str]) -> None:
    """Add a tooltip with the first lines, and how many more there are."""
    shown = [single_line(line) for line in lines]
    if len(shown) > _LISTED:
        shown[_LISTED - 1 :] = [f"and {len(shown) - _LISTED + 1:,} more"]
    add_element(parent, "title", text="\n".join(shown))


def text_width(text: str, size: float = 12) -> float:
    """Return the maximum width of a text in a font size."""
    return display_width(text) * size * _WIDEST


def add_arrows(root: Element) -> None:
    """Add the arrowheads, one for each kind of change."""
    definitions = add_element(root, "defs")
    for change in LOOKS:
        head = add_element(
            definitions, "marker", id=f"tip-{change}", viewBox="0 0 9 8", refX=8, refY=4, orient="auto",
            markerWidth=9, markerHeight=8, markerUnits="userSpaceOnUse",
        )  # fmt: skip
        add_element(head, "path", kind=f"tip-{change}", d="M0 0L9 4L0 8z")


def add_links(root: Element, graph: Graph, plan: Layout, ids: dict[str, str]) -> None:
    """Add all links; unchanged ones are below changed ones."""
    group = add_element(root, "g", kind="links")
    names = node_names(graph)
    links = list(zip(graph.links, plan.curves, strict=True))
    for link, curve in sorted(links, key=lambda each: each[0].change != "same"):
        one = _group(group, "link", link, ids)
        add_tooltip(one, _tooltip_lines(link, names))
        add_element(one, "path", kind="hit", d=curve.path)
        add_element(one, "path", kind="way", d=curve.path, marker_end=f"url(#tip-{link.change})")


def add_counts(root: Element, counts: Iterable[_Count], ids: dict[str, str]) -> None:
    """Add the numbers of column mappings."""
    group = add_element(root, "g", kind="counts")
    for each in counts:
        one = _group(group, "count", each.link, ids)
        add_rectangle(one, "face", each.box, round_by=_COUNT_HEIGHT / 2)
        add_element(one, "text", x=each.box.x + each.box.width / 2, y=each.box.middle + 3.5, text=each.text)


class _Count(NamedTuple):
    """The number of column mappings of a link."""

    link: Link
    text: str
    box: Box


def _place_counts(graph: Graph, plan: Layout) -> Iterator[_Count]:
    """Yield the number of column mappings of each changed link where there is room."""
    taken = list(plan.nodes.values())
    for link, curve in zip(graph.links, plan.curves, strict=True):
        if not link.columns or link.change == "same":
            continue
        text = f"{LOOKS[link.change].sign}{len(link.columns):,}"
        box = next((place for place in _places(curve, text) if not any(map(place.overlaps, taken))), None)
        if box:
            taken.append(box)
            yield _Count(link, text, box)


def _places(curve: Curve, text: str) -> Iterator[Box]:
    width = text_width(text, _COUNT) + 9
    for part in _PLACES:
        x, y = curve.at(part)
        yield Box(x - width / 2, y - _COUNT_HEIGHT / 2, width, _COUNT_HEIGHT)


def _group(parent: Element, kind: str, link: Link, ids: dict[str, str]) -> Element:
    ends = {"data_source": ids[link.source], "data_target": ids[link.target]}
    return add_element(parent, "g", kind=f"{kind} {link.change}", **ends)


def _tooltip_lines(link: Link, names: dict[str, str]) -> Iterator[str]:
    yield f"{names[link.source]} → {names[link.target]}: {link.change}"
    yield from link.processes
    yield from map(mapping_text, link.columns)


def node_label(node: Node) -> str:
    """Return the name of a node in the picture."""
    return ellipsize(node.label, _LABEL)


def node_type(node: Node) -> str:
    """Return the type of a node, unless it is a table."""
    return "" if node.type_name in ("", "Table") else ellipsize(node.type_name, _KIND)


def node_width(node: Node) -> float:
    """Return the width that a node needs for its text."""
    small = text_width(node_type(node), _SMALL) + _SPACE if node_type(node) else 0.0
    return _STRIP + _SPACE + text_width(node_label(node)) + small + _SPACE


def add_nodes(root: Element, graph: Graph, boxes: dict[str, Box], ids: dict[str, str]) -> None:
    """Add all nodes: groups with an id, the state as class, and the full name as tooltip."""
    group = add_element(root, "g", kind="nodes")
    for node in graph.nodes:
        _add_node(group, graph, node, boxes[node.id], ids[node.id])


def _add_node(parent: Element, graph: Graph, node: Node, box: Box, own_id: str) -> None:
    state = node_state(graph, node)
    folded = " folded" if node.count > 1 else ""
    group = add_element(parent, "g", id=own_id, kind=f"node {state}{folded}")
    add_tooltip(group, [node_tooltip(graph, node)])
    add_rectangle(group, "face", box)
    start = box.x + _SPACE
    if sign := NODE_LOOKS[state].sign:
        _add_strip(group, box, sign)
        start += _STRIP
    add_element(group, "text", kind="name", x=start, y=box.middle + 4, text=node_label(node))
    if small := node_type(node):
        end = box.x + box.width - _SPACE
        add_element(group, "text", kind="kind", x=end, y=box.middle + 4, text_anchor="end", text=small)


def _add_strip(parent: Element, box: Box, sign: str) -> None:
    """Add a sign at the left end of a node."""
    add_rectangle(parent, "strip", Box(box.x - _RIM, box.y - _RIM, _STRIP, box.height + 2 * _RIM))
    add_element(parent, "text", kind="sign", x=box.x + _STRIP / 2, y=box.middle + 5, text=sign)


_TITLE_LETTER = text_width("x", 11.5)


def svg(graph: Graph) -> str:
    """Return the text of an SVG file with a legend. Beyond 200 nodes or 600 links, nodes are folded."""
    small = fold_to_fit(graph, SIZES, MOST_LINKS)
    return tostring(picture(small), encoding="unicode") + "\n"


def picture(graph: Graph, *, legend: bool = True) -> Element:
    """Return the picture of a graph that is small enough."""
    plan = layout(graph, {node.id: node_width(node) for node in graph.nodes})
    ids = {node.id: f"n{index}" for index, node in enumerate(graph.nodes)}
    counts = list(_place_counts(graph, plan))
    notes = list(_legend_entries(graph, counted=bool(counts))) if legend else []
    wide = max(plan.width, 32 + sum(note.room for note in notes))
    root = _root(wide, plan.height + (_LEGEND if legend else 0))
    _add_areas(root, plan.areas)
    add_links(root, graph, plan, ids)
    add_counts(root, counts, ids)
    add_nodes(root, graph, plan.nodes, ids)
    _add_legend(root, notes, plan.height)
    return root


def _root(wide: float, high: float) -> Element:
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "lineage"})
    root.set("viewBox", f"0 0 {format_number(wide)} {format_number(high)}")
    root.attrib.update(width=format_number(wide), height=format_number(high), role="img")
    root.set("aria-label", "Lineage that changes")
    add_element(root, "style", text=style_sheet())
    add_arrows(root)
    add_rectangle(root, "ground", Box(0, 0, wide, high), round_by=8)
    return root


def _add_areas(root: Element, areas: list[Area]) -> None:
    """Add the boxes around clusters, with their names as far as these fit."""
    group = add_element(root, "g", kind="areas")
    names = cluster_titles({area.cluster for area in areas})
    for area in areas:
        one = add_element(group, "g", kind="area")
        add_tooltip(one, [area.cluster])
        add_rectangle(one, "box", area.box, round_by=8)
        room = int((area.box.width - 24) / _TITLE_LETTER)
        name = ellipsize(names[area.cluster], room)
        add_element(one, "text", kind="title", x=area.box.x + 12, y=area.box.y + 20, text=name)


class _Note(NamedTuple):
    """An entry of the legend: the class of its sample or nothing, its text, and the room that it needs."""

    sample: str
    text: str
    room: float


def _legend_entries(graph: Graph, *, counted: bool) -> Iterator[_Note]:
    """Yield the entries of the legend: one for each sign and line that is drawn."""
    shown = {link.change for link in graph.links}
    for change in LOOKS:
        if change in shown:
            text = f"{LOOKS[change].sign} {change}".strip()
            yield _Note(change, text, _SAMPLE + text_width(text) + 28)
    for state in shown_states(graph):
        yield _Note(state, STATE_WORDS[state], _SAMPLE + text_width(STATE_WORDS[state]) + 28)
    texts = []
    if counted:
        texts.append(COUNT_NOTE)
    if graph.hidden:
        texts.append(f"{graph.hidden:,} assets are folded")
    yield from (_Note("", text, text_width(text) + 20) for text in texts)


def _add_legend(root: Element, notes: list[_Note], top: float) -> None:
    group = add_element(root, "g", kind="legend")
    left, middle = 16.0, top + 12
    for note in notes:
        one = add_element(group, "g", kind=note.sample or "note")
        start = left + _add_sample(one, note.sample, left, middle)
        add_element(one, "text", kind="note", x=start, y=middle + 4, text=note.text)
        left += note.room


def _add_sample(parent: Element, sample: str, left: float, middle: float) -> float:
    """Add a sample of a line or a node, and return the room that it needs."""
    if sample in LOOKS:
        way = f"M{format_number(left)} {format_number(middle)}h{_SAMPLE}"
        add_element(parent, "path", kind="way", d=way, marker_end=f"url(#tip-{sample})")
    for state in STATE_WORDS:
        if sample == state:
            box = Box(left, middle - _STRIP / 2, _SAMPLE, _STRIP)
            add_rectangle(parent, "face", box)
            _add_strip(parent, box, NODE_LOOKS[state].sign)
    return _SAMPLE + 8 if sample else 0


def png(svg_text: str) -> bytes:
    """Return the bytes of a PNG file.

    Args:
        svg_text: The result of `svg`.

    Raises:
        ReviewError: The renderer is not installed.
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
