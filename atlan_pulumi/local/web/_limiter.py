"""The published rate limit: so many requests a minute; over it, nothing for a minute."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class Limiter:
    """A token bucket that blocks once it is empty.

    Args:
        per_minute: requests a minute, and how many may come at once; None for no limit.
        block_seconds: how long nothing is let through after that.
        clock: seconds, monotonic.
    """

    def __init__(
        self, per_minute: int | None, block_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._block = block_seconds
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Start with a full bucket."""
        self._tokens = float(self._per_minute or 0)
        self._filled = self._clock()
        self._blocked_until = 0.0

    def take(self) -> int:
        """Let a request through, or not.

        Returns:
            0, or the whole seconds after which to try again.
        """
        if self._per_minute is None:
            return 0
        now = self._clock()
        if now < self._blocked_until:
            return math.ceil(self._blocked_until - now)
        self._tokens = min(self._per_minute, self._tokens + (now - self._filled) * self._per_minute / 60)
        self._filled = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        self._blocked_until = now + self._block
        return math.ceil(self._block)
