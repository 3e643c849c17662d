"""SVG shapes of the picture."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

FONT = "Helvetica, Arial, sans-serif"
GREY, PALE = "#555555", "#dddddd"


@dataclass(frozen=True)
class Scale:
    """A logarithmic axis: from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def decades(self) -> list[float]:
        """Return the powers of ten on the axis."""
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        return [10.0**power for power in range(first, last + 1)]


def text(x: float, y: float, words: str, color: str = GREY, size: int = 13, anchor: str = "start") -> str:
    """Return a line of text."""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(words)}</text>"


def path(points: Sequence[tuple[float, float]], color: str, width: float = 1, dashes: str = "") -> str:
    """Return a line through points."""
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{places}" fill="none" stroke="{color}" stroke-width="{width}"{dashed}/>'


def dot(x: float, y: float, color: str, *, filled: bool = True) -> str:
    """Return a point."""
    inside = color if filled else "white"
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{inside}" stroke="{color}" stroke-width="1.5"/>'


def bar(x: float, y: float, width: float, height: float, color: str) -> str:
    """Return a bar."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{color}"/>'


def apart(wanted: Sequence[float], gap: float, lowest: float) -> list[float]:
    """Return heights near the wanted ones, in order, at least `gap` apart and not below `lowest`.

    A pass downwards makes room; what is then too low is pushed up again.
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = list(wanted)
    for above, below in itertools.pairwise(order):
        placed[below] = max(placed[below], placed[above] + gap)
    limit = lowest
    for index in reversed(order):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - gap
    return placed


def svg(width: int, height: int, shapes: Sequence[str]) -> str:
    """Return the picture."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="{FONT}">'
    return "\n".join((head, bar(0, 0, width, height, "white"), *shapes, "</svg>\n"))
