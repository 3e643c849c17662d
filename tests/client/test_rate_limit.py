"""The rate: no 60 seconds see more than the limit, however many threads ask."""

import threading

import pytest
from client.clocks import LeapingClock, SharedClock
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._rate_limit import Pace


def departures(per_minute: int, requests: int, pauses: list[float]) -> list[float]:
    clock = LeapingClock()
    pace = Pace("https://tenant", per_minute, clock)
    left = []
    for number in range(requests):
        clock.now += pauses[number % len(pauses)]
        pace.wait()
        left.append(clock.now)
    return left


def most_in_a_minute(times: list[float]) -> int:
    return max(sum(1 for time in times if start <= time < start + 60 - 1e-6) for start in times)


@given(
    st.integers(1, 300),
    st.lists(st.floats(0, 40, allow_nan=False), min_size=1, max_size=20),
)
def test_no_minute_sees_more_than_the_rate(per_minute: int, pauses: list[float]) -> None:
    assert most_in_a_minute(departures(per_minute, 120, pauses)) <= per_minute


def test_atlans_rate_is_used_and_not_exceeded() -> None:
    times = departures(400, 2000, [0.0])
    assert most_in_a_minute(times) <= 400
    assert times[39] == times[0], "a burst of a tenth leaves at once"
    assert times[-1] - times[0] < 2000 / 6 + 1, "and then a steady six a second"


def test_a_pause_fills_the_bucket_but_does_not_overfill_it() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 400, clock)
    clock.now += 3600
    for _ in range(40):
        pace.wait()
    assert clock.slept == []
    pace.wait()
    assert clock.slept == [pytest.approx(1 / 6)]


def test_zero_means_no_limit() -> None:
    assert set(departures(0, 1000, [0.0])) == {1000.0}


def test_those_with_different_rates_keep_to_the_highest_together() -> None:
    clock = LeapingClock()
    paces = [Pace("https://tenant", per_minute, clock) for per_minute in (100, 40, 7)]
    left = []
    for number in range(400):
        paces[number % 3].wait()
        left.append(clock.now)
    assert most_in_a_minute(left) <= 100


def test_what_waited_for_the_end_of_a_block_does_not_leave_all_at_once() -> None:
    clock = LeapingClock()
    pace = Pace("https://tenant", 60, clock)
    pace.block(60, sent_at=clock.now)
    left = []
    for _ in range(80):
        pace.wait()
        left.append(clock.now)
    assert left[0] == 1060
    assert most_in_a_minute(left) <= 60


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
    pace, left, lock = Pace("https://tenant", 60, clock), [], threading.Lock()

    def work() -> None:
        for _ in range(25):
            pace.wait()
            with lock:
                left.append(clock.monotonic())

    run_together(clock, 8, work)
    assert len(left) == 200
    assert most_in_a_minute(sorted(left)) <= 60
    assert max(left) - min(left) == pytest.approx((200 - 6) / 0.9, abs=2)


def test_clients_of_one_tenant_share_the_rate_and_those_of_others_do_not() -> None:
    clock = LeapingClock()
    one, other, elsewhere = (Pace(url, 20, clock) for url in ("https://a", "https://a", "https://b"))
    for pace in (one, other, elsewhere, elsewhere):
        pace.wait()
    assert clock.slept == [], "two for each tenant leave at once"
    other.wait()
    assert clock.slept == [pytest.approx(60 / 18)]


def test_a_tenants_pace_is_forgotten_with_its_last_client() -> None:
    clock = LeapingClock()
    first = Pace("https://a", 20, clock)
    first.block(60, sent_at=clock.now)
    del first
    assert Pace("https://a", 20, clock).blocked_for == 0
