"""The links of the SVG picture: curves with arrows, and the number of column mappings upon them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from atlan_pulumi.review._drawing.colours import LOOKS
from atlan_pulumi.review._drawing.places import Box
from atlan_pulumi.review._drawing.routes import Curve
from atlan_pulumi.review._drawing.svg_parts import add, rectangle, text_width, tooltip
from atlan_pulumi.review._drawing.text import names
from atlan_pulumi.review._graph import Graph, Link
from atlan_pulumi.review._layout import Layout

_PLACES = (0.5, 0.35, 0.65, 0.2, 0.8)  # of a number on the last bend of its link: the first that is free
_COUNT = 10.5
_COUNT_HEIGHT = 15


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
