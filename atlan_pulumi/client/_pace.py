"""The pace of a tenant, shared by all threads and all clients of the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from atlan_pulumi.client._bucket import TokenBucket
from atlan_pulumi.client._clock import Clock
from atlan_pulumi.client._gate import Gate

_Key = TypeVar("_Key")
_Shared = TypeVar("_Shared", Gate, TokenBucket)

_lock = threading.Lock()
_gates: WeakValueDictionary[tuple[str, Clock], Gate] = WeakValueDictionary()
_buckets: WeakValueDictionary[tuple[str, int, Clock], TokenBucket] = WeakValueDictionary()


class Pace:
    """When the next request to a tenant may leave."""

    def __init__(self, base_url: str, requests_per_minute: int, clock: Clock) -> None:
        """Join the others of this process who talk to the same tenant.

        Args:
            base_url: The tenant. A block holds for all its clients.
            requests_per_minute: The rate, shared by all its clients that keep the same one; 0: no limit.
            clock: Tells the time and waits.
        """
        with _lock:
            self._gate = _joined(_gates, (base_url, clock), lambda: Gate(clock))
            self._bucket = _joined(
                _buckets,
                (base_url, requests_per_minute, clock),
                lambda: TokenBucket(requests_per_minute, clock),
            )

    def wait(self) -> None:
        """Wait until the next request may leave."""
        self._bucket.take()
        self._gate.wait()

    def block(self, seconds: float, sent_at: float) -> None:
        """Let nothing leave for so many seconds; see `Gate.close`."""
        self._gate.close(seconds, sent_at)

    @property
    def blocked_for(self) -> float:
        """Seconds until the block ends; 0 without one."""
        return self._gate.seconds_left


def _joined(shared: WeakValueDictionary[_Key, _Shared], key: _Key, make: Callable[[], _Shared]) -> _Shared:
    found = shared.get(key)
    if found is None:
        found = shared[key] = make()
    return found
