"""RateLimiter: token bucket, and the 429 gate that every thread and process of the user shares.

A run of Pulumi has several: the program and a process for each provider. The tenant counts their requests
together, so that each process keeping to the rate by itself is not enough.
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
"""Seconds that are no wait: the times are sums of many, and not exact."""
_Kept = TypeVar("_Kept")
_TIMES = struct.Struct("<4d")  # when it was written, and the state
_SUM = struct.Struct("<I")
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_lock = threading.Lock()


class Clock(Protocol):
    """Tells the time and waits; all values are seconds."""

    def monotonic(self) -> float:
        """Time that never goes back, from an arbitrary start."""

    def time(self) -> float:
        """Time since the Unix epoch."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own."""

    def monotonic(self) -> float:
        """Time that never goes back, from an arbitrary start."""
        return time.monotonic()

    def time(self) -> float:
        """Time since the Unix epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


SYSTEM_CLOCK: Clock = SystemClock()


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


@dataclass(frozen=True)
class Bucket:
    """Lets at most so many requests leave in any 60 seconds, the first of them at once.

    A full bucket holds a tenth of the rate; only what remains of the rate is refilled in a minute, so that
    a burst on top of a steady flow keeps below the limit too. Whoever asks first leaves first.

    All that has to be remembered is one time, the one when the bucket is full again (the "theoretical arrival
    time" of the generic cell rate algorithm). So those who keep different rates can share it: together they
    keep to the highest of these.

    Attributes:
        interval: Seconds in which one token is refilled.
        credit: For how many seconds the bucket can be short of being full while a token is still in it.
    """

    interval: float
    credit: float

    @classmethod
    def of(cls, per_minute: int) -> Bucket:
        """The bucket for a rate; 0 means no limit."""
        if per_minute == 0:
            return cls(0.0, math.inf)
        size = max(per_minute // _BURST_SHARE, 1)
        interval = _MINUTE / max(per_minute - size, 1)
        return cls(interval, (size - 1) * interval)

    def reserve(self, state: PaceState, now: float, opens_at: float) -> tuple[PaceState, float]:
        """Book the next token, on credit where there is none.

        While a block lasts, tokens are those of the time after it: what waited for its end must not leave
        together.

        Args:
            state: What is known of the tenant.
            now: The time.
            opens_at: When another block ends, of which the state does not know.

        Returns:
            What is known now, and the seconds until the request may leave.
        """
        asked_at = max(now, opens_at, state.opens_at)
        leaves_at = max(asked_at, state.full_at - self.credit)
        full_at = max(state.full_at, asked_at) + self.interval
        wait = leaves_at - now
        return state._replace(full_at=full_at), wait if wait > _ROUNDING else 0.0


def closed(state: PaceState, now: float, seconds: float, sent_at: float) -> PaceState:
    """The state after the gate was closed for a while.

    Args:
        state: What is known of the tenant.
        now: The time.
        seconds: How long from now.
        sent_at: When the request was sent whose answer says so. If that was before the gate closed last,
            the answer tells of the block that is known already, and does not make it longer.
    """
    if sent_at <= state.closed_at:
        return state
    return state._replace(closed_at=now, opens_at=max(state.opens_at, now + seconds))


def seconds_left(state: PaceState, now: float) -> float:
    """How long it stays closed; 0 when it is open."""
    return max(state.opens_at - now, 0.0)


if sys.platform != "win32":
    import fcntl


def pace_file(base_url: str) -> Path:
    """Where the pace of a tenant is kept: in a folder that is the user's alone.

    Raises:
        OSError: There is no such folder, and none can be made.
    """
    if sys.platform == "win32":
        raise OSError("no user's number, and no locks of this kind")
    folder = Path(tempfile.gettempdir(), f"atlan-pulumi-{os.getuid()}")
    folder.mkdir(0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{folder} is open to others")
    return folder / f"{hashlib.sha256(base_url.encode()).hexdigest()[:16]}.pace"


class InFile:
    """Keeps it in a file, which is locked while it is changed; in memory where that cannot be.

    The file is opened anew for each change: so the lock holds between threads too, and after a fork, and a
    file that was removed is made again. The lock of a process that was killed is gone with it.
    """

    def __init__(self, base_url: str, clock: Clock, otherwise: InMemory) -> None:
        self._base_url = base_url
        self._clock = clock
        self._otherwise = otherwise
        self._path: str | None = None

    def change(self, step: Step[_Kept]) -> _Kept:
        """Make a step."""
        try:
            descriptor = self._opened()
        except OSError:
            return self._otherwise.change(step)
        try:
            return self._changed(descriptor, step)
        except OSError:
            return self._otherwise.change(step)
        finally:
            os.close(descriptor)

    def _opened(self) -> int:
        if self._path is not None:
            try:
                return os.open(self._path, _FLAGS, 0o600)
            except FileNotFoundError:
                pass  # somebody tidied up: the folder is gone
        self._path = str(pace_file(self._base_url))
        return os.open(self._path, _FLAGS, 0o600)

    def _changed(self, descriptor: int, step: Step[_Kept]) -> _Kept:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            now = self._clock.monotonic()
            before = _unpacked(os.pread(descriptor, _TIMES.size + _SUM.size, 0), now)
            after, value = step(before, now)
            if after != before:
                os.pwrite(descriptor, _packed(after, now), 0)
            return value
        finally:  # closing is not enough: a fork in another thread may have copied the descriptor
            fcntl.flock(descriptor, fcntl.LOCK_UN)


def _packed(state: PaceState, now: float) -> bytes:
    times = _TIMES.pack(now, *state)
    return times + _SUM.pack(zlib.crc32(times))


def _unpacked(content: bytes, now: float) -> PaceState:
    """The state; a new one where the file is empty, damaged, or of a time before the machine started anew.

    The clock never goes back while the machine runs, so that a later time can only be of an earlier run.
    """
    times, rest = content[: _TIMES.size], content[_TIMES.size :]
    if len(times) < _TIMES.size or rest != _SUM.pack(zlib.crc32(times)):
        return PaceState()
    written_at, *known = _TIMES.unpack(times)
    return PaceState(*known) if written_at <= now else PaceState()


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
            keeper.change(lambda state, now: (closed(state, now, seconds, sent_at), None))

    @property
    def blocked_for(self) -> float:
        """Seconds until the block ends; 0 without one."""
        keepers = {self._own, self._kept}
        return max(keeper.change(lambda state, now: (state, seconds_left(state, now))) for keeper in keepers)
