"""Lay out a picture: columns from left to right, boxes around clusters, and curves between them.

The layout is not a library, since none fits: python-igraph and grandalf are under the GPL, fast-sugiyama has
no boxes around groups, and Graphviz is a program that the reader of a review would have to install. A review
needs less than these offer: a few hundred nodes that flow in one direction.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review.picture._geometry import Area, Box, Placement
from atlan_pulumi.review.picture._ranks import Ranks
from atlan_pulumi.review.picture._routes import Curve, route_links
from atlan_pulumi.review.picture._rows import NODE, PADDING, TITLE, Block, Rows

_MARGIN = 16.0
_CHANNEL = 84.0  # the minimum distance between columns; more where many links run
_NARROWEST = 110.0  # the minimum width of a column


@dataclass(frozen=True)
class Layout:
    """The positions of the parts of a picture, and its size."""

    nodes: dict[str, Box]
    areas: list[Area]
    curves: list[Curve]
    width: float
    height: float


def layout(graph: Graph, widths: dict[str, float]) -> Layout:
    """Return the layout of a graph.

    Args:
        graph: The changed lineage, with a few hundred nodes at most; see `fold`.
        widths: The width that each node needs for its text.
    """
    if not graph.nodes:
        return Layout({}, [], [], 2 * _MARGIN, 2 * _MARGIN)
    ranks = Ranks(graph, tallest=max(10, round(2.2 * sqrt(len(graph.nodes)))))
    place = _place(graph, ranks, Rows(graph, ranks), widths)
    return _framed(place, route_links(graph, place))


def _place(graph: Graph, ranks: Ranks, rows: Rows, widths: dict[str, float]) -> Placement:
    spans = _spans(graph, ranks, widths)
    nodes = {}
    for node, column in ranks.column.items():
        left, right = spans[column]
        nodes[node] = Box(left, rows.middle[node] - NODE / 2, right - left, NODE)
    areas = [_area(block, spans) for block in rows.blocks if block.boxed]
    areas.sort(key=lambda area: (area.cluster, area.box.x))
    titles = [_title(area.box) for area in areas]
    return Placement(nodes, ranks.column, spans, areas, titles)


def _title(box: Box) -> Box:
    return Box(box.x + PADDING, box.y, box.width - 2 * PADDING, TITLE)


def _area(block: Block, spans: list[tuple[float, float]]) -> Area:
    left, right = spans[block.span[0]][0] - PADDING, spans[block.span[-1]][1] + PADDING
    return Area(block.part[0], Box(left, block.top, right - left, block.height))


def _spans(graph: Graph, ranks: Ranks, widths: dict[str, float]) -> list[tuple[float, float]]:
    """Return the columns: as wide as their widest node, with more room between them where many links run."""
    busy = Counter(ranks.column[link.source] for link in graph.links)
    busy.update(ranks.column[link.target] - 1 for link in graph.links)
    spans, left = [], 0.0
    for column in range(max(ranks.column.values()) + 1):
        needs = [widths[node] for node, own in ranks.column.items() if own == column]
        right = left + max([_NARROWEST, *needs])
        spans.append((left, right))
        left = right + _CHANNEL + min(busy[column], 80)
    return spans


def _framed(place: Placement, routes: list[Curve]) -> Layout:
    """Return the layout, moved so that it starts at the margin, and its size."""
    boxes = [*place.nodes.values(), *(area.box for area in place.areas)]
    stations = [station for curve in routes for station in curve.stations]
    left = min([box.x for box in boxes] + [each.x - 30 for each in stations if each.heading < 0])
    right = max([box.x + box.width for box in boxes] + [each.x + 30 for each in stations if each.heading < 0])
    top = min([box.y for box in boxes] + [station.y for station in stations])
    bottom = max([box.y + box.height for box in boxes] + [station.y for station in stations])
    across, down = _MARGIN - left, _MARGIN - top

    def shifted(box: Box) -> Box:
        return Box(box.x + across, box.y + down, box.width, box.height)

    return Layout(
        {node: shifted(box) for node, box in place.nodes.items()},
        [Area(area.cluster, shifted(area.box)) for area in place.areas],
        [curve.shifted(across, down) for curve in routes],
        right - left + 2 * _MARGIN,
        bottom - top + 2 * _MARGIN,
    )
