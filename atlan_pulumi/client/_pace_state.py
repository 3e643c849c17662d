"""What is remembered of a tenant's pace, and where: in this process."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeVar

from atlan_pulumi.client._clock import Clock

_Value = TypeVar("_Value")


class PaceState(NamedTuple):
    """What is remembered, as times of the monotonic clock."""

    full_at: float = -math.inf
    """When the bucket is full again."""
    closed_at: float = -math.inf
    """When an answer closed the gate last."""
    opens_at: float = -math.inf
    """When the gate opens, or opened."""


Step = Callable[[PaceState, float], tuple[PaceState, _Value]]
"""Takes the state and the time; gives the new state, and what the caller wants to know."""


class Keeper(Protocol):
    """Keeps a state that many change, one at a time."""

    def change(self, step: Step[_Value]) -> _Value:
        """Make a step."""


class InMemory:
    """Keeps it for the threads of this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.state = PaceState()

    def change(self, step: Step[_Value]) -> _Value:
        """Make a step."""
        with self._lock:
            self.state, value = step(self.state, self._clock.monotonic())
            return value
