"""Clocks for tests: time passes only in `sleep`."""

from __future__ import annotations

import threading


class LeapingClock:
    """For one thread: `sleep` returns at once, and advances the clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds


class SharedClock:
    """For many threads: when all of them sleep, it advances to the earliest wake-up time."""

    def __init__(self, threads: int) -> None:
        self._now = 1000.0
        self._awake = threads
        self._until: list[float] = []
        self._changed = threading.Condition()
        self.sleeps = 0

    def monotonic(self) -> float:
        with self._changed:
            return self._now

    def time(self) -> float:
        return self.monotonic()

    def sleep(self, seconds: float) -> None:
        with self._changed:
            self.sleeps += 1
            until = self._now + seconds
            self._until.append(until)
            self._fall_asleep()
            while self._now < until:
                assert self._changed.wait(20), "a thread that should sleep or end does neither"
            self._until.remove(until)
            self._awake += 1

    def leave(self) -> None:
        """Record that a thread has ended."""
        with self._changed:
            self._fall_asleep()

    def _fall_asleep(self) -> None:
        self._awake -= 1
        if self._awake == 0 and self._until:
            self._now = max(self._now, min(self._until))
            self._changed.notify_all()


class HeldClock:
    """For many threads: a sleep lasts until the test lets time pass; later sleeps return at once."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asleep = threading.Semaphore(0)
        self._passes = threading.Event()
        self._raised: type[BaseException] | None = None

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.asleep.release()
        assert self._passes.wait(20)
        self.now += seconds
        raised, self._raised = self._raised, None
        if raised:
            raise raised

    def let_pass(self, *, interrupt: type[BaseException] | None = None) -> None:
        """Let time pass; interrupt the first sleeper if requested."""
        self._raised = interrupt
        self._passes.set()
