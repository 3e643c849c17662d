"""Request counters and the rate limit."""

from __future__ import annotations

import math
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from atlan_pulumi.local._json import decode

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TYPE = re.compile(r"/type/[^/]+")
_REMEMBERED = 1000
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and the status of its response, or `none`.

    Attributes:
        query: the raw query string.
        body: the raw body, or None for a body that is not shown.
        ms: the time until the response, in milliseconds.
    """

    method: str
    path: str
    query: bytes
    body: bytes | None
    request_id: str | None
    user: str | None
    status: int | str
    ms: float

    def show(self) -> dict[str, Any]:
        """Return the exchange with its query string and body decoded, which is too slow for each request."""
        return {
            "method": self.method,
            "path": self.path,
            "query": unquote(self.query.decode("latin-1")),
            "body": _decode_body(self.body) if self.body else None,
            "requestId": self.request_id,
            "user": self.user,
            "status": self.status,
            "ms": self.ms,
        }


def _decode_body(body: bytes) -> Any:
    try:
        return decode(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


class Stats:
    """Counts requests by endpoint and responses by status."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Reset all counters."""
        with self._lock:
            self._requests: Counter[str] = Counter()
            self._answers: Counter[str] = Counter()
            self._recent: deque[Exchange] = deque(maxlen=_REMEMBERED)
            self._written = 0

    def arrived(self, method: str, path: str) -> None:
        """Count a request."""
        with self._lock:
            self._requests[f"{method} {endpoint(path)}"] += 1

    def answered(self, exchange: Exchange) -> None:
        """Count a response, and store the exchange."""
        with self._lock:
            self._answers[str(exchange.status)] += 1
            self._recent.append(exchange)

    def wrote(self, entities: int) -> None:
        """Count the entities that a write created, changed, or deleted."""
        with self._lock:
            self._written += entities

    def summary(self) -> dict[str, Any]:
        """Return all counters."""
        with self._lock:
            return {
                "requests": dict(sorted(self._requests.items())),
                "answers": dict(sorted(self._answers.items())),
                "entities_written": self._written,
            }

    def recent(self) -> list[dict[str, Any]]:
        """Return the last requests: method, path, query, body, user, status, and time in ms, without keys."""
        with self._lock:
            exchanges = list(self._recent)
        return [exchange.show() for exchange in exchanges]


def endpoint(path: str) -> str:
    """Return a path with placeholders for its variable parts."""
    return _TYPE.sub("/type/{typeName}", _GUID.sub("{guid}", path)).rstrip("/") or "/"


class Limiter:
    """Counts the requests of the last minute, and blocks when there are too many.

    Args:
        per_minute: the maximum of requests in any minute. None: no limit.
        block_seconds: the time without service after too many requests, in seconds. Then the count restarts.
        clock: a monotonic clock, in seconds.
    """

    def __init__(
        self, per_minute: int | None, block_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_minute = per_minute
        self._block = block_seconds
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Reset the count, and end a block."""
        self._admitted: deque[float] = deque()
        self._blocked_until = 0.0

    def take(self) -> int:
        """Admit or refuse a request.

        Returns:
            0 for an admitted request, or else the time until the next try, in whole seconds.
        """
        if self._per_minute is None:
            return 0
        now = self._clock()
        if now < self._blocked_until:
            return math.ceil(self._blocked_until - now)
        while self._admitted and self._admitted[0] <= now - _MINUTE:
            self._admitted.popleft()
        if len(self._admitted) < self._per_minute:
            self._admitted.append(now)
            return 0
        self._admitted.clear()
        self._blocked_until = now + self._block
        return math.ceil(self._block)
