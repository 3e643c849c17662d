"""Rectangles: where things lie in a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle, by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        above = self.y + self.height <= other.y or other.y + other.height <= self.y
        return not (beside or above)


@dataclass(frozen=True)
class Area:
    """The box around the nodes of a cluster."""

    cluster: str
    box: Box


@dataclass(frozen=True)
class Place:
    """Where the nodes of a picture lie.

    Attributes:
        nodes: Each node's box.
        column: The number of each node's column.
        spans: The left and the right edge of each column.
        areas: The boxes around clusters.
        titles: The room of the areas' titles, which no link shall cross.
    """

    nodes: dict[str, Box]
    column: dict[str, int]
    spans: list[tuple[float, float]]
    areas: list[Area]
    titles: list[Box]


def spaced(wanted: list[float], step: float, low: float, high: float) -> list[float]:
    """Heights from top to bottom, as near to those wanted as the step between two of them and the ends allow.

    Args:
        wanted: The heights, sorted; their order stays.
        step: The least distance between two of them; less, where there is no room for so much.
        low: The least height.
        high: The greatest height.
    """
    step = min(step, (high - low) / max(len(wanted) - 1, 1))
    runs: list[tuple[float, int]] = []  # of those that touch: what they want in sum, how many
    for index, want in enumerate(wanted):
        total, count = want - step * index, 1
        while runs and runs[-1][0] / runs[-1][1] > total / count:
            above, more = runs.pop()
            total, count = total + above, count + more
        runs.append((total, count))
    most = high - step * (len(wanted) - 1)
    firsts = [min(max(total / count, low), most) for total, count in runs for _ in range(count)]
    return [first + step * index for index, first in enumerate(firsts)]
