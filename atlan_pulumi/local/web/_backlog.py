"""The OpenLineage events that came in and are yet to be worked in."""

from __future__ import annotations

import threading


class Backlog:
    """Counts them, so that a test can wait for the last one."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def add(self) -> None:
        """One more came in."""
        with self._changed:
            self._count += 1

    def remove(self, count: int) -> None:
        """So many were worked in."""
        with self._changed:
            self._count = max(0, self._count - count)
            self._changed.notify_all()

    def clear(self) -> None:
        """They were forgotten."""
        with self._changed:
            self._count = 0
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until there is none; False when there still are some after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)
