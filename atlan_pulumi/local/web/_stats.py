"""Counters for tests and benchmarks."""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from typing import Any

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TYPE = re.compile(r"/type/[^/]+")
_REMEMBERED = 1000


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
