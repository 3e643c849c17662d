"""RateLimiter: no 60 seconds exceed the limit, with any number of threads."""

import threading

import pytest
from client.clocks import LeapingClock, SharedClock
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._rate_limit import RateLimiter


def departures(per_minute: int, requests: int, pauses: list[float]) -> list[float]:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", per_minute, clock)
    left = []
    for number in range(requests):
        clock.now += pauses[number % len(pauses)]
        limiter.wait()
        left.append(clock.now)
    return left


def max_per_minute(times: list[float]) -> int:
    return max(sum(1 for time in times if start <= time < start + 60 - 1e-6) for start in times)


@given(
    st.integers(1, 300),
    st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=20),
)
def test_no_minute_exceeds_the_rate(per_minute: int, pauses: list[float]) -> None:
    assert max_per_minute(departures(per_minute, 120, pauses)) <= per_minute


def test_atlans_rate_is_used_and_not_exceeded() -> None:
    times = departures(400, 2000, [0.0])
    assert max_per_minute(times) <= 400
    assert times[39] == times[0], "a burst of a tenth at once"
    assert times[-1] - times[0] < 2000 / 6 + 1, "then six per second"


def test_a_pause_does_not_overfill_the_bucket() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 400, clock)
    clock.now += 3600
    for _ in range(40):
        limiter.wait()
    assert clock.slept == []
    limiter.wait()
    assert clock.slept == [pytest.approx(1 / 6)]


def test_zero_means_no_limit() -> None:
    assert set(departures(0, 1000, [0.0])) == {1000.0}


def test_limiters_with_different_rates_keep_to_the_highest_one() -> None:
    clock = LeapingClock()
    limiters = [RateLimiter("https://tenant", per_minute, clock) for per_minute in (100, 40, 7)]
    left = []
    for number in range(400):
        limiters[number % 3].wait()
        left.append(clock.now)
    assert max_per_minute(left) <= 100


def test_requests_after_a_block_keep_to_the_rate() -> None:
    clock = LeapingClock()
    limiter = RateLimiter("https://tenant", 60, clock)
    limiter.block(60, sent_at=clock.now)
    left = []
    for _ in range(80):
        limiter.wait()
        left.append(clock.now)
    assert left[0] == 1060
    assert max_per_minute(left) <= 60


def run_together(clock: SharedClock, threads: int, work: object) -> None:
    def run() -> None:
        try:
            work()  # type: ignore[operator]
        finally:
            clock.leave()

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(30)
        assert not thread.is_alive()


def test_threads_share_the_rate() -> None:
    clock = SharedClock(threads=8)
    limiter, left, lock = RateLimiter("https://tenant", 60, clock), [], threading.Lock()

    def work() -> None:
        for _ in range(25):
            limiter.wait()
            with lock:
                left.append(clock.monotonic())

    run_together(clock, 8, work)
    assert len(left) == 200
    assert max_per_minute(sorted(left)) <= 60
    assert max(left) - min(left) == pytest.approx((200 - 6) / 0.9, abs=2)


def test_the_rate_is_shared_per_tenant() -> None:
    clock = LeapingClock()
    one, other, elsewhere = (RateLimiter(url, 20, clock) for url in ("https://a", "https://a", "https://b"))
    for limiter in (one, other, elsewhere, elsewhere):
        limiter.wait()
    assert clock.slept == [], "two for each tenant at once"
    other.wait()
    assert clock.slept == [pytest.approx(60 / 18)]


def test_the_state_ends_with_the_last_limiter_of_a_tenant() -> None:
    clock = LeapingClock()
    first = RateLimiter("https://a", 20, clock)
    first.block(60, sent_at=clock.now)
    del first
    assert RateLimiter("https://a", 20, clock).blocked_for == 0
