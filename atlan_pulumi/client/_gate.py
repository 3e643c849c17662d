"""A gate that a 429 closes: the block is waited out once, by all threads together."""

from __future__ import annotations

import threading

from atlan_pulumi.client._clock import Clock


class Gate:
    """Open, until an answer says that the tenant takes no more for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._closed_at = float("-inf")
        self._opens_at = float("-inf")

    def close(self, seconds: float, sent_at: float) -> None:
        """Close for a while.

        Args:
            seconds: How long from now.
            sent_at: When the request was sent whose answer says so. If that was before the gate closed last,
                the answer tells of the block that is known already, and does not make it longer.
        """
        with self._lock:
            if sent_at <= self._closed_at:
                return
            self._closed_at = self._clock.monotonic()
            self._opens_at = max(self._opens_at, self._closed_at + seconds)

    @property
    def seconds_left(self) -> float:
        """How long it stays closed; 0 when it is open."""
        return max(self._opens_at - self._clock.monotonic(), 0.0)

    def wait(self) -> None:
        """Wait until it is open."""
        while (left := self.seconds_left) > 0:
            self._clock.sleep(left)
