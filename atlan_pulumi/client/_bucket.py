"""A token bucket: how soon the next request may leave."""

from __future__ import annotations

import threading

from atlan_pulumi.client._clock import Clock

_MINUTE = 60.0
_BURST_SHARE = 10


class TokenBucket:
    """Lets at most `per_minute` requests leave in any 60 seconds, the first of them at once.

    A full bucket holds a tenth of the rate; only what remains of the rate is refilled in a minute, so that
    a burst on top of a steady flow keeps below the limit too. Threads are served in the order they came.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        """Start full.

        Args:
            per_minute: Requests a minute; 0 means no limit.
            clock: Tells the time and waits.
        """
        self._clock = clock
        self._unlimited = per_minute == 0
        self._size = float(max(per_minute // _BURST_SHARE, 1))
        self._refill = max(per_minute - self._size, 1.0) / _MINUTE
        self._lock = threading.Lock()
        self._tokens = self._size
        self._counted_at = clock.monotonic()

    def take(self) -> None:
        """Take a token; wait for it where the bucket is empty."""
        if self._unlimited:
            return
        wait = self._reserve()
        if wait > 0:
            self._clock.sleep(wait)

    def _reserve(self) -> float:
        """Book the next token, on credit where there is none; answers the seconds until it is there."""
        with self._lock:
            now = self._clock.monotonic()
            self._tokens = min(self._size, self._tokens + (now - self._counted_at) * self._refill)
            self._counted_at = now
            self._tokens -= 1
            return max(-self._tokens / self._refill, 0.0)
