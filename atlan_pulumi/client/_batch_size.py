"""How many entities go into one write: as many as Atlan is quick with."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final

MOST_ENTITIES: Final = 50
"""Most entities in a write; Atlan recommends 20 to 50 (docs.atlan.com, API limits)."""
MOST_BYTES: Final = 1_000_000
"""Most bytes of JSON in a write, unless one entity alone has more: gateways commonly refuse larger ones."""
SLOW: Final = 5.0
"""Seconds; where an answer takes longer, Atlan asks for smaller writes."""
_QUICK = SLOW / 2
_GROWTH = 1.25


class BatchSize:
    """Halved where a write was too large or slow, grown again step by step; threads may share it."""

    def __init__(self, most: int = MOST_ENTITIES) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._size = float(most)

    @property
    def entities(self) -> int:
        """How many entities the next write may have."""
        return int(self._size)

    def answered(self, count: int, seconds: float) -> None:
        """A write of so many entities was answered after so many seconds.

        It is small writes that tell nothing of large ones, so that only a full one makes them larger.
        """
        if seconds > SLOW:
            self.too_large(count)
        elif seconds <= _QUICK:
            with self._lock:
                if count >= int(self._size):
                    self._size = min(self._most, max(self._size * _GROWTH, self._size + 1))

    def too_large(self, count: int) -> None:
        """A write of so many was refused as too large, or took too long.

        Half of that many, not of what is held to be right now: several that left together and were all too
        large are one reason to halve, not several.
        """
        with self._lock:
            self._size = min(self._size, max(count / 2, 1.0))


def fitting(lengths: Iterable[int], most: int, most_bytes: int = MOST_BYTES) -> int:
    """How many of the first entities fit into one write; at least 1, however long that is.

    Args:
        lengths: Bytes of JSON of each entity.
        most: Most entities.
        most_bytes: Most bytes.
    """
    count = total = 0
    for length in lengths:
        total += length + 1  # the comma
        if count and (count == most or total > most_bytes):
            break
        count += 1
    return max(count, 1)
