"""RetryPolicy: which failures are retried, and when, for each kind of call."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client import errors
from atlan_pulumi.client._calls import Call, Failure
from atlan_pulumi.client._retry import DEFAULT_BLOCK, RetryPolicy, block_seconds, timed_out

SEARCH_TOO_SLOW = "ATLAS-400-00-502"
"""The metastore's 429: one search took too long, and other requests are not blocked."""

CALLS: dict[str, dict[str, bool]] = {
    "single": {},
    "fresh connection": {"fresh_connection": True},
    "divisible": {"divisible": True},
    "coalesced": {"coalesced": True},
    "probe": {"probe": True},
}


class Case(NamedTuple):
    """A failure, and the calls that are retried after it."""

    failure: Failure
    retried: set[str]


def failure(error: type[errors.AtlanRequestError], status: int | None = None, **more: Any) -> Failure:
    return Failure(error, "reason", status=status, **more)


WHOLE = {"single", "fresh connection"}
CASES: dict[str, Case] = {
    "connection broke": Case(failure(errors.NetworkError), {*WHOLE, "divisible", "probe"}),
    "no response in time": Case(failure(errors.RequestTimeoutError), {*WHOLE, "probe"}),
    "500": Case(failure(errors.ServerError, 500), {*WHOLE, "divisible"}),
    "503": Case(failure(errors.ServerError, 503), {*WHOLE, "divisible"}),
    "504": Case(failure(errors.ServerError, 504), WHOLE),
    "501": Case(failure(errors.ServerError, 501), set()),
    "429": Case(failure(errors.RateLimitedError, 429), {*WHOLE, "divisible", "coalesced"}),
    "429 of a search": Case(
        failure(errors.RateLimitedError, 429, code=SEARCH_TOO_SLOW), {*WHOLE, "divisible", "coalesced"}
    ),
    "403": Case(failure(errors.PermissionDeniedError, 403), {"fresh connection"}),
    "401": Case(failure(errors.AuthenticationError, 401), set()),
    "404": Case(failure(errors.NotFoundError, 404), set()),
    "408": Case(failure(errors.RejectedError, 408), set()),
    "409": Case(failure(errors.ConflictError, 409), set()),
    "TLS": Case(failure(errors.TlsError), set()),
    "redirect": Case(failure(errors.RedirectRefusedError, 302), set()),
    "not Atlan": Case(failure(errors.InvalidAnswerError, 200), set()),
}


@pytest.mark.parametrize("case", CASES)
def test_only_transient_failures_are_retried(case: str) -> None:
    policy = RetryPolicy(600.0)
    retried = {
        name
        for name, options in CALLS.items()
        if policy.allows_another(Call("POST", "/x", **options), CASES[case].failure, 1)
    }
    assert retried == CASES[case].retried


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 40), st.booleans())
def test_attempts_are_counted(attempts: int, probes: int, attempt: int, probe: bool) -> None:
    policy = RetryPolicy(600.0, attempts=attempts, probe_attempts=probes)
    allowed = policy.allows_another(Call("GET", "/x", probe=probe), failure(errors.NetworkError), attempt)
    assert allowed == (attempt < (probes if probe else attempts))


def test_the_default_is_ten_attempts_and_three_for_a_probe() -> None:
    policy, broken = RetryPolicy(600.0), failure(errors.NetworkError)
    counts = [
        sum(policy.allows_another(Call("GET", "/x", probe=probe), broken, n) for n in range(1, 99))
        for probe in (False, True)
    ]
    assert counts == [9, 2]


@given(
    attempt=st.integers(1, 40),
    base=st.floats(0.01, 10),
    cap=st.floats(1, 100),
    share=st.floats(0, 1),
    asked=st.none() | st.floats(0, 120),
)
def test_the_wait_is_random_with_a_bound_that_doubles(
    attempt: int, base: float, cap: float, share: float, asked: float | None
) -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return low + share * (high - low)

    policy = RetryPolicy(600.0, base=base, cap=cap, draw=draw)
    wait = policy.wait_after(failure(errors.ServerError, 503, retry_after=asked), attempt)
    bound = min(cap, base * 2.0 ** (attempt - 1))
    assert drawn == [(0.0, pytest.approx(bound))]
    assert wait == pytest.approx(max(asked or 0.0, share * bound))


def test_the_default_bound_is_half_a_second_to_thirty() -> None:
    policy = RetryPolicy(600.0, draw=lambda _low, high: high)
    waits = [policy.wait_after(failure(errors.NetworkError), attempt) for attempt in range(1, 10)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@given(st.floats(0, 120))
def test_a_block_is_not_waited_for_twice(seconds: float) -> None:
    policy = RetryPolicy(600.0, draw=lambda low, _high: low)
    of_gateway = failure(errors.RateLimitedError, 429, code="RATE", retry_after=seconds)
    assert (block_seconds(of_gateway), policy.wait_after(of_gateway, 1)) == (seconds, 0.0)
    for own in (
        failure(errors.RateLimitedError, 429, code=SEARCH_TOO_SLOW, retry_after=seconds),
        failure(errors.ServerError, 503, retry_after=seconds),
    ):
        assert (block_seconds(own), policy.wait_after(own, 1)) == (None, seconds)


def test_a_block_without_a_duration_is_a_minute() -> None:
    assert block_seconds(failure(errors.RateLimitedError, 429)) == DEFAULT_BLOCK == 60
    assert block_seconds(failure(errors.RateLimitedError, 429, retry_after=0.0)) == 0


@pytest.mark.parametrize(
    ("error", "status", "late"),
    [
        (errors.RequestTimeoutError, None, True),
        (errors.ServerError, 504, True),
        (errors.RejectedError, 408, True),
        (errors.NetworkError, None, False),
        (errors.ServerError, 503, False),
        (errors.RejectedError, 407, False),
        (errors.ConflictError, 409, False),
        (errors.RejectedError, 413, False),
    ],
)
def test_timeouts(error: type[errors.AtlanRequestError], status: int | None, late: bool) -> None:
    assert timed_out(error, status) is late


@given(st.floats(0.1, 1000))
def test_no_attempt_starts_in_the_last_half_second_or_quarter(deadline: float) -> None:
    start = RetryPolicy(deadline).latest_start
    assert deadline - start == pytest.approx(min(0.5, deadline / 4))
