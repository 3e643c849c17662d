"""Counters and the published rate limit."""

from __future__ import annotations

import math
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TYPE = re.compile(r"/type/[^/]+")
_REMEMBERED = 1000
_MINUTE = 60.0


class Stats:
    """How many requests came, by endpoint, and how they were answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Start counting anew."""
        with self._lock:
            self._requests: Counter[str] = Counter()
            self._answers: Counter[str] = Counter()
            self._recent: deque[dict[str, Any]] = deque(maxlen=_REMEMBERED)
            self._written = 0

    def arrived(self, method: str, path: str) -> None:
        """Count a request."""
        with self._lock:
            self._requests[f"{method} {endpoint(path)}"] += 1

    def answered(self, entry: dict[str, Any]) -> None:
        """Count an answer and remember the exchange; a request that got none has the status `none`."""
        with self._lock:
            self._answers[str(entry["status"])] += 1
            self._recent.append(entry)

    def wrote(self, entities: int) -> None:
        """Count entities that a write created, changed or deleted."""
        with self._lock:
            self._written += entities

    def summary(self) -> dict[str, Any]:
        """All counters."""
        with self._lock:
            return {
                "requests": dict(sorted(self._requests.items())),
                "answers": dict(sorted(self._answers.items())),
                "entities_written": self._written,
            }

    def recent(self) -> list[dict[str, Any]]:
        """The last requests: method, path, query, body, who, status and time in ms; never a key."""
        with self._lock:
            return list(self._recent)


def endpoint(path: str) -> str:
    """A path with its variable parts named."""
    return _TYPE.sub("/type/{typeName}", _GUID.sub("{guid}", path)).rstrip("/") or "/"


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
