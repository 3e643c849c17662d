"""The pace of a tenant, shared by all threads and all clients of the user on this machine."""

from __future__ import annotations

import threading
from weakref import WeakValueDictionary

from atlan_pulumi.client import _gate
from atlan_pulumi.client._bucket import Bucket
from atlan_pulumi.client._clock import Clock, SystemClock
from atlan_pulumi.client._pace_file import InFile
from atlan_pulumi.client._pace_state import InMemory, Keeper

_lock = threading.Lock()
_in_memory: WeakValueDictionary[tuple[str, Clock], InMemory] = WeakValueDictionary()


class Pace:
    """When the next request to a tenant may leave."""

    def __init__(self, base_url: str, requests_per_minute: int, clock: Clock) -> None:
        """Join the others who talk to the same tenant.

        Args:
            base_url: The tenant.
            requests_per_minute: The rate, shared by all who keep one, in all processes; 0: no limit. A block
                holds for them too, but of those without a limit only for the ones in this process.
            clock: Tells the time and waits. Only the machine's own is the same in all processes.
        """
        self._clock = clock
        self._bucket = Bucket.of(requests_per_minute)
        with _lock:
            self._own = _in_memory.setdefault((base_url, clock), InMemory(clock))
        self._kept: Keeper = self._own
        if requests_per_minute and isinstance(clock, SystemClock):
            self._kept = InFile(base_url, clock, self._own)

    def wait(self) -> None:
        """Wait until the next request may leave."""
        while (wait := self._reserve()) > 0:
            self._clock.sleep(wait)
            if not self.blocked_for:  # else what was booked lies within a block that began meanwhile
                return

    def _reserve(self) -> float:
        own = self._own.state.opens_at
        return self._kept.change(lambda state, now: self._bucket.reserve(state, now, own))

    def block(self, seconds: float, sent_at: float) -> None:
        """Let nothing leave for so many seconds; see `closed`."""
        for keeper in {self._own, self._kept}:
            keeper.change(lambda state, now: (_gate.closed(state, now, seconds, sent_at), None))

    @property
    def blocked_for(self) -> float:
        """Seconds until the block ends; 0 without one."""
        keepers = {self._own, self._kept}
        return max(
            keeper.change(lambda state, now: (state, _gate.seconds_left(state, now))) for keeper in keepers
        )
