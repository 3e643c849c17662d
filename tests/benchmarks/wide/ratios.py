"""The speedup of this project over each other way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ours
from measured import Step


def pairs(steps: Sequence[Step]) -> Iterator[tuple[Step, int, float]]:
    """Yield each step of another way at the largest size that both measured, with the ratio."""
    own = {(one.edges, one.name): one.seconds for one in steps if one.way == ours.WAY}
    shared = [
        one for one in steps if one.way != ours.WAY and not one.extrapolated and (one.edges, one.name) in own
    ]
    for way, name in dict.fromkeys((one.way, one.name) for one in shared):
        same = [one for one in shared if (one.way, one.name) == (way, name)]
        largest = max(same, key=lambda one: one.edges)
        yield largest, largest.edges, largest.seconds / own[largest.edges, name]


def lines(steps: Sequence[Step]) -> Iterator[str]:
    """Yield the ratios as text."""
    yield ""
    yield f"How many times quicker {ours.WAY} is:"
    for slow, edges, ratio in pairs(steps):
        yield f"  {ratio:6.1f}x  {slow.way}, {slow.name}, {edges:,} edges"
