"""Rectangles: the positions in a picture."""

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
        """The vertical middle."""
        return self.y + self.height / 2

    def overlaps(self, other: Box) -> bool:
        """Return whether two rectangles have a point in common."""
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        above = self.y + self.height <= other.y or other.y + other.height <= self.y
        return not (beside or above)


@dataclass(frozen=True)
class Area:
    """The box around the nodes of a cluster."""

    cluster: str
    box: Box


@dataclass(frozen=True)
class Placement:
    """The positions of the nodes of a picture.

    Attributes:
        nodes: The box of each node.
        column: The column number of each node.
        spans: The left and right edge of each column.
        areas: The boxes around clusters.
        titles: The boxes of the areas' titles, which links do not cross.
    """

    nodes: dict[str, Box]
    column: dict[str, int]
    spans: list[tuple[float, float]]
    areas: list[Area]
    titles: list[Box]


def space_out(wanted: list[float], step: float, low: float, high: float) -> list[float]:
    """Return heights as close to the wanted ones as the minimum distance and the limits allow.

    Args:
        wanted: The heights, sorted; their order does not change.
        step: The minimum distance between two heights; less if there is not enough room.
        low: The minimum height.
        high: The maximum height.
    """
    step = min(step, (high - low) / max(len(wanted) - 1, 1))
    runs: list[tuple[float, int]] = []  # runs at minimum distance: the sum of wanted heights, and the count
    for index, want in enumerate(wanted):
        total, count = want - step * index, 1
        while runs and runs[-1][0] / runs[-1][1] > total / count:
            above, more = runs.pop()
            total, count = total + above, count + more
        runs.append((total, count))
    most = high - step * (len(wanted) - 1)
    firsts = [min(max(total / count, low), most) for total, count in runs for _ in range(count)]
    return [first + step * index for index, first in enumerate(firsts)]
