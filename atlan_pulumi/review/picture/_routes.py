"""Route the links of a picture as curves through the gaps between nodes, never through a node."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from atlan_pulumi.review._graph import Graph
from atlan_pulumi.review.picture._geometry import Box, Placement, space_out

_SPREAD = 5.0  # the distance between parallel links
_EDGE = 3.0  # the distance between a link and a node that it passes
_OUTSIDE = 400.0  # how far above and below all nodes a link may run
_TURN = 34.0  # the width of a U-turn


@dataclass(frozen=True)
class Station:
    """A point where a curve is horizontal: to the right, or to the left where data flows back."""

    x: float
    y: float
    heading: int = 1


@dataclass(frozen=True)
class Curve:
    """The route of one link."""

    stations: tuple[Station, ...]

    @property
    def path(self) -> str:
        """The `d` attribute of an SVG path."""
        start = self.stations[0]
        bends = [self._bend(one, other) for one, other in pairwise(self.stations)]
        return f"M{start.x:.0f} {start.y:.1f}" + "".join(
            f"C{a:.0f} {b:.1f} {c:.0f} {d:.1f} {x:.0f} {y:.1f}" for _, _, a, b, c, d, x, y in bends
        )

    def at(self, part: float) -> tuple[float, float]:
        """Return a point of the last bend, before the target: 0 is its start, 1 its end."""
        x0, y0, x1, y1, x2, y2, x3, y3 = self._bend(*self.stations[-2:])
        rest = 1 - part
        weights = (rest**3, 3 * rest**2 * part, 3 * rest * part**2, part**3)
        x = sum(w * each for w, each in zip(weights, (x0, x1, x2, x3), strict=True))
        return x, sum(w * each for w, each in zip(weights, (y0, y1, y2, y3), strict=True))

    def shifted(self, across: float, down: float) -> Curve:
        """Return the same curve at another position."""
        return Curve(tuple(Station(each.x + across, each.y + down, each.heading) for each in self.stations))

    @staticmethod
    def _bend(one: Station, other: Station) -> tuple[float, ...]:
        reach = abs(other.x - one.x) / 2 if one.heading == other.heading else _TURN
        first, last = one.x + one.heading * reach, other.x - other.heading * reach
        return one.x, one.y, first, one.y, last, other.y, other.x, other.y


@dataclass
class _Gap:
    """The room between two obstacles of a column, and the links that run through it."""

    low: float
    high: float
    users: list[tuple[float, int]] = field(default_factory=list)

    def nearest(self, height: float) -> float:
        edge = min(_EDGE, (self.high - self.low) / 2)
        return min(max(height, self.low + edge), self.high - edge)

    def heights(self) -> dict[int, float]:
        """Return the heights of the links: side by side, in the order of their wanted heights."""
        users = sorted(self.users)
        edge = min(_EDGE, (self.high - self.low) / 2)
        wanted = [want for want, _ in users]
        places = space_out(wanted, _SPREAD, self.low + edge, self.high - edge)
        return {link: height for (_, link), height in zip(users, places, strict=True)}


def route_links(graph: Graph, place: Placement) -> list[Curve]:
    """Return a curve for each link, in the order of the links."""
    gaps = {column: _gaps(place, column) for column in range(len(place.spans))}
    for index in range(len(graph.links)):
        _choose(graph, place, gaps, index)
    through: dict[tuple[int, int], float] = {}
    for column, free in gaps.items():
        for gap in free:
            through.update({(link, column): height for link, height in gap.heights().items()})
    leave, reach = _ports(graph, place, through, out=True), _ports(graph, place, through, out=False)
    return [
        Curve(tuple(_stations(graph, place, through, index, (leave[index], reach[index]))))
        for index in range(len(graph.links))
    ]


def _gaps(place: Placement, column: int) -> list[_Gap]:
    """Return the gaps between the nodes and titles of a column, and above and below them."""
    left, right = place.spans[column]
    obstacles = [box for box in (*place.nodes.values(), *place.titles) if left <= box.x < right]
    taken = sorted((box.y, box.y + box.height) for box in obstacles)
    gaps, low = [], taken[0][0] - _OUTSIDE
    for top, bottom in taken:
        if top - low > 2 * _EDGE:
            gaps.append(_Gap(low, top))
        low = max(low, bottom)
    return [*gaps, _Gap(low, low + _OUTSIDE)]


def _crossed(graph: Graph, place: Placement, index: int) -> range:
    """Return the columns that a link crosses; one that flows back also crosses the columns of its ends."""
    first, last = place.column[graph.links[index].source], place.column[graph.links[index].target]
    return range(first + 1, last) if first < last else range(first, last - 1, -1)


def _choose(graph: Graph, place: Placement, gaps: dict[int, list[_Gap]], index: int) -> None:
    """Choose, in each column, the gap that is closest to the straight route from the current position."""
    link = graph.links[index]
    here, end = place.nodes[link.source].middle, place.nodes[link.target].middle
    columns = _crossed(graph, place, index)
    for count, column in enumerate(columns):
        straight = here + (end - here) / (len(columns) - count + 1)

        def way(gap: _Gap, straight: float = straight) -> float:
            crowd = len(gap.users) * _SPREAD - (gap.high - gap.low)
            return abs(gap.nearest(straight) - straight) + max(crowd, 0.0)

        gap = min(gaps[column], key=way)
        here = gap.nearest(straight)
        gap.users.append((straight, index))


def _ports(
    graph: Graph, place: Placement, through: dict[tuple[int, int], float], *, out: bool
) -> dict[int, float]:
    """Return the height at which each link leaves or reaches its node, in the order of the other ends."""
    links: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for index, link in enumerate(graph.links):
        own, other = (link.source, link.target) if out else (link.target, link.source)
        columns = _crossed(graph, place, index)
        height = place.nodes[other].middle
        if columns:
            height = through[index, columns[0] if out else columns[-1]]
        links[own].append((height, index))
    heights = {}
    for node, users in links.items():
        box: Box = place.nodes[node]
        step = min(_SPREAD, (box.height - 10) / max(len(users) - 1, 1))
        for count, (_, index) in enumerate(sorted(users)):
            heights[index] = box.middle + (count - (len(users) - 1) / 2) * step
    return heights


def _stations(
    graph: Graph,
    place: Placement,
    through: dict[tuple[int, int], float],
    index: int,
    ports: tuple[float, float],
) -> list[Station]:
    source, target = place.nodes[graph.links[index].source], place.nodes[graph.links[index].target]
    columns = _crossed(graph, place, index)
    stations = [Station(source.x + source.width, ports[0])]
    for column in columns:
        sides = place.spans[column][:: columns.step]
        stations += [Station(side, through[index, column], columns.step) for side in sides]
    return [*stations, Station(target.x, ports[1])]
