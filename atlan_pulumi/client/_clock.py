"""Time as the client sees it: exchangeable, so that a test of a one-minute block takes no minute."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; all values are seconds."""

    def monotonic(self) -> float:
        """Time that never goes back, from an arbitrary start."""

    def time(self) -> float:
        """Time since the Unix epoch."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own."""

    def monotonic(self) -> float:
        """Time that never goes back, from an arbitrary start."""
        return time.monotonic()

    def time(self) -> float:
        """Time since the Unix epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


SYSTEM_CLOCK: Clock = SystemClock()
