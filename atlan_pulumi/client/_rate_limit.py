"""RateLimiter: token bucket, and the 429 gate that all threads and processes of the user share.

A Pulumi run has several processes: the program, and one for each provider. The tenant counts their requests
together, so that a limit per process is not enough.
"""

from __future__ import annotations

import hashlib
import math
import os
import stat
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar
from weakref import WeakValueDictionary

_Value = TypeVar("_Value")
_MINUTE = 60.0
_BURST_SHARE = 10
_ROUNDING = 1e-6
"""Seconds below which there is no wait: the times are inexact sums."""
_TIMES = struct.Struct("<4d")  # time of the write, and the state
_SUM = struct.Struct("<I")
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_lock = threading.Lock()


class Clock(Protocol):
    """Measures time, and sleeps. All values are in seconds."""

    def monotonic(self) -> float:
        """Return a time that never goes back, from an arbitrary start."""

    def time(self) -> float:
        """Return the time since the Unix epoch."""

    def sleep(self, seconds: float) -> None:
        """Sleep."""


class SystemClock:
    """The clock of this machine."""

    def monotonic(self) -> float:
        """Return a time that never goes back, from an arbitrary start."""
        return time.monotonic()

    def time(self) -> float:
        """Return the time since the Unix epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


SYSTEM_CLOCK: Clock = SystemClock()


class LimiterState(NamedTuple):
    """The state of a rate limiter, as times of the monotonic clock."""

    full_at: float = -math.inf
    """When the bucket will be full."""
    closed_at: float = -math.inf
    """When a response last closed the gate."""
    opens_at: float = -math.inf
    """When the gate opens, or opened."""


Step = Callable[[LimiterState, float], tuple[LimiterState, _Value]]
"""Takes the state and the time; returns the new state and a value for the caller."""


class StateStore(Protocol):
    """Stores a state that many change, one at a time."""

    def update(self, step: Step[_Value]) -> _Value:
        """Apply a step to the state, and return its value."""


class MemoryStore:
    """Stores the state for the threads of this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.state = LimiterState()

    def update(self, step: Step[_Value]) -> _Value:
        """Apply a step to the state, and return its value."""
        with self._lock:
            self.state, value = step(self.state, self._clock.monotonic())
            return value


@dataclass(frozen=True)
class TokenBucket:
    """Allows a limited number of requests in any 60 seconds, the first ones at once.

    A full bucket holds a tenth of the rate, and the rest is refilled within a minute, so that a burst on top
    of a steady flow stays below the limit, too. Requests leave in the order in which they were booked.

    The only state is the time at which the bucket will be full (the "theoretical arrival time" of the generic
    cell rate algorithm). Therefore limiters with different rates can share it: together they keep to the
    highest of these rates.

    Attributes:
        interval: Seconds in which one token is refilled.
        credit: Seconds by which the bucket can be short of being full while it still contains a token.
    """

    interval: float
    credit: float

    @classmethod
    def for_rate(cls, per_minute: int) -> TokenBucket:
        """Return the bucket for a rate; 0 means no limit."""
        if per_minute == 0:
            return cls(0.0, math.inf)
        size = max(per_minute // _BURST_SHARE, 1)
        interval = _MINUTE / max(per_minute - size, 1)
        return cls(interval, (size - 1) * interval)

    def reserve(self, state: LimiterState, now: float, opens_at: float) -> tuple[LimiterState, float]:
        """Book the next token, on credit if there is none.

        During a block, the token is booked after its end, so that waiting requests do not all leave at once
        then.

        Args:
            state: The state.
            now: The time.
            opens_at: When another block ends that the state does not contain.

        Returns:
            The new state, and the seconds until the request may leave.
        """
        asked_at = max(now, opens_at, state.opens_at)
        leaves_at = max(asked_at, state.full_at - self.credit)
        full_at = max(state.full_at, asked_at) + self.interval
        wait = leaves_at - now
        return state._replace(full_at=full_at), wait if wait > _ROUNDING else 0.0


def close_gate(state: LimiterState, now: float, seconds: float, sent_at: float) -> LimiterState:
    """Return the state after the gate was closed.

    Args:
        state: The state.
        now: The time.
        seconds: How long the gate stays closed, from now.
        sent_at: When the blocked request was sent. If that was before the gate last closed, the response
            belongs to the same block, and does not prolong it.
    """
    if sent_at <= state.closed_at:
        return state
    return state._replace(closed_at=now, opens_at=max(state.opens_at, now + seconds))


def seconds_until_open(state: LimiterState, now: float) -> float:
    """Return how long the gate stays closed; 0 if it is open."""
    return max(state.opens_at - now, 0.0)


if sys.platform != "win32":
    import fcntl


def state_file(base_url: str) -> Path:
    """Return the file with the state of a tenant, in a folder that only the user can access.

    Raises:
        OSError: The folder does not exist, and cannot be created.
    """
    if sys.platform == "win32":
        raise OSError("no user ids, and no file locks of this kind")
    folder = Path(tempfile.gettempdir(), f"atlan-pulumi-{os.getuid()}")
    folder.mkdir(0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} is accessible to other users")
    return folder / f"{hashlib.sha256(base_url.encode()).hexdigest()[:16]}.pace"


class FileStore:
    """Stores the state in a file that is locked during each change, or in memory if that is impossible.

    Each change opens the file again. So the lock also works between threads and after a fork, and a removed
    file is created again. The lock of a killed process is released with it.
    """

    def __init__(self, base_url: str, clock: Clock, fallback: MemoryStore) -> None:
        self._base_url = base_url
        self._clock = clock
        self._fallback = fallback
        self._path: str | None = None

    def update(self, step: Step[_Value]) -> _Value:
        """Apply a step to the state, and return its value."""
        try:
            descriptor = self._open_file()
        except OSError:
            return self._fallback.update(step)
        try:
            return self._update_locked(descriptor, step)
        except OSError:
            return self._fallback.update(step)
        finally:
            os.close(descriptor)

    def _open_file(self) -> int:
        if self._path is not None:
            try:
                return os.open(self._path, _FLAGS, 0o600)
            except FileNotFoundError:
                pass  # the folder was removed
        self._path = str(state_file(self._base_url))
        return os.open(self._path, _FLAGS, 0o600)

    def _update_locked(self, descriptor: int, step: Step[_Value]) -> _Value:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            now = self._clock.monotonic()
            before = _unpack(os.pread(descriptor, _TIMES.size + _SUM.size, 0), now)
            after, value = step(before, now)
            if after != before:
                os.pwrite(descriptor, _pack(after, now), 0)
            return value
        finally:  # closing is not enough: a fork in another thread may share the descriptor
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _pack(state: LimiterState, now: float) -> bytes:
    times = _TIMES.pack(now, *state)
    return times + _SUM.pack(zlib.crc32(times))


def _unpack(content: bytes, now: float) -> LimiterState:
    """Return the stored state; a new one if the file is empty, damaged, or older than the machine's start.

    The monotonic clock never goes back while the machine runs, so that a later time is from an earlier run.
    """
    times, rest = content[: _TIMES.size], content[_TIMES.size :]
    if len(times) < _TIMES.size or rest != _SUM.pack(zlib.crc32(times)):
        return LimiterState()
    written_at, *known = _TIMES.unpack(times)
    return LimiterState(*known) if written_at <= now else LimiterState()


_memories: WeakValueDictionary[tuple[str, Clock], MemoryStore] = WeakValueDictionary()


class RateLimiter:
    """Decides when the next request to a tenant may leave."""

    def __init__(self, base_url: str, requests_per_minute: int, clock: Clock) -> None:
        """Join the other limiters of the same tenant.

        Args:
            base_url: The tenant.
            requests_per_minute: The rate, shared by all processes that set one; 0: no limit. A block applies
                to all of them, and to limiters without a rate only within this process.
            clock: Measures time, and sleeps. Only the system clock is the same in all processes.
        """
        self._clock = clock
        self._bucket = TokenBucket.for_rate(requests_per_minute)
        with _lock:
            self._memory = _memories.setdefault((base_url, clock), MemoryStore(clock))
        self._store: StateStore = self._memory
        if requests_per_minute and isinstance(clock, SystemClock):
            self._store = FileStore(base_url, clock, self._memory)

    def wait(self) -> None:
        """Wait until the next request may leave."""
        while (wait := self._reserve()) > 0:
            self._clock.sleep(wait)
            if not self.blocked_for:  # else a block has started since, and the token lies within it
                return

    def _reserve(self) -> float:
        own = self._memory.state.opens_at
        return self._store.update(lambda state, now: self._bucket.reserve(state, now, own))

    def block(self, seconds: float, sent_at: float) -> None:
        """Block all requests for some seconds; see `close_gate`."""
        for store in {self._memory, self._store}:
            store.update(lambda state, now: (close_gate(state, now, seconds, sent_at), None))

    @property
    def blocked_for(self) -> float:
        """Seconds until the block ends; 0 without a block."""
        stores = {self._memory, self._store}
        return max(
            store.update(lambda state, now: (state, seconds_until_open(state, now))) for store in stores
        )
