"""The published rate limit: so many requests in any minute; over it, nothing for a minute."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

_MINUTE = 60.0


class Limiter:
    """Counts the requests of the last minute, and blocks once there are too many.

    Args:
        per_minute: how many requests may come in any minute; None for no limit.
        block_seconds: how long nothing is let through after that; then the count starts anew.
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
        """Start as if nothing had come yet."""
        self._came: deque[float] = deque()
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
        while self._came and self._came[0] <= now - _MINUTE:
            self._came.popleft()
        if len(self._came) < self._per_minute:
            self._came.append(now)
            return 0
        self._came.clear()
        self._blocked_until = now + self._block
        return math.ceil(self._block)
