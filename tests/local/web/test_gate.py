"""The gate: rate limit and latency."""

from __future__ import annotations

import time

import pytest

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.local.web._counters import Limiter

WHOAMI = "/api/service/whoami"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def limiter(per_minute=60, block=60):
    clock = Clock()
    return Limiter(per_minute, block, clock), clock


def test_a_burst_up_to_the_limit_is_admitted():
    limit, _ = limiter(per_minute=5)
    assert [limit.take() for _ in range(6)] == [0, 0, 0, 0, 0, 60]


def test_no_request_is_admitted_during_a_block():
    limit, clock = limiter(per_minute=1, block=60)
    limit.take()
    assert limit.take() == 60
    clock.now += 59.5
    assert limit.take() == 1
    clock.now += 0.5
    assert limit.take() == 0


def test_the_limit_is_a_sliding_minute():
    limit, clock = limiter(per_minute=60)
    assert [limit.take() for _ in range(30)] == [0] * 30
    clock.now += 59.0
    assert [limit.take() for _ in range(30)] == [0] * 30
    clock.now += 1.0  # the first thirty requests are a minute old
    assert [limit.take() for _ in range(30)] == [0] * 30
    assert limit.take() == 60


def test_the_count_restarts_after_a_block():
    limit, clock = limiter(per_minute=3, block=2)
    assert [limit.take() for _ in range(4)] == [0, 0, 0, 2]
    clock.now += 2.0
    assert [limit.take() for _ in range(4)] == [0, 0, 0, 2]


def test_a_steady_pace_is_never_blocked():
    limit, clock = limiter(per_minute=400)
    for _ in range(2000):
        clock.now += 60 / 400
        assert limit.take() == 0


def test_without_a_limit_every_request_is_admitted():
    limit, _ = limiter(per_minute=None)
    assert {limit.take() for _ in range(1000)} == {0}


def test_clear_ends_a_block():
    limit, _ = limiter(per_minute=1)
    limit.take()
    limit.take()
    limit.clear()
    assert limit.take() == 0


def test_requests_over_the_limit_are_answered_with_429(rest_to):
    with LocalAtlan(rate_limit=3, rate_block_seconds=60) as server:
        rest = rest_to(server)
        with rest.raw:
            assert [rest.raw.get(WHOAMI).status_code for _ in range(4)] == [200, 200, 200, 429]
            response = rest.raw.get("/api/meta/nope")
            assert response.status_code == 429
            assert 0 < int(response.headers["retry-after"]) <= 60
            assert "errorCode" not in response.json()
            assert rest.raw.get("/_local/stats").json()["answers"] == {"200": 3, "429": 2}
            rest.raw.post("/_local/reset")
            assert rest.raw.get(WHOAMI).status_code == 200


def test_requests_are_admitted_after_the_block(rest_to):
    with LocalAtlan(rate_limit=60, rate_block_seconds=0.2) as server:
        rest = rest_to(server)
        with rest.raw:
            while rest.raw.get(WHOAMI).status_code != 429:
                assert server.stats()["requests"]["GET /api/service/whoami"] < 200
            deadline = time.monotonic() + 5
            while rest.raw.get(WHOAMI).status_code == 429:
                assert time.monotonic() < deadline


@pytest.mark.parametrize("path", ["/_local/stats", WHOAMI])
def test_latency_delays_api_requests_only(rest_to, path):
    with LocalAtlan(latency_ms=600) as server:
        rest = rest_to(server)
        with rest.raw:
            rest.raw.get("/_local/stats")
            started = time.monotonic()
            rest.raw.get(path)
            took = time.monotonic() - started
            assert took >= 0.6 if path == WHOAMI else took < 0.6


def test_delayed_requests_run_concurrently(rest_to):
    from concurrent.futures import ThreadPoolExecutor

    with LocalAtlan(latency_ms=600) as server, ThreadPoolExecutor(10) as pool:
        rest = rest_to(server)
        with rest.raw:
            started = time.monotonic()
            assert set(pool.map(lambda _: rest.raw.get(WHOAMI).status_code, range(10))) == {200}
            assert time.monotonic() - started < 5.4, "one after another they take 6"
