"""RetryPolicy: which failures are retried, and when."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from atlan_pulumi.client import errors
from atlan_pulumi.client._calls import Call, Failure

DEFAULT_BLOCK = 60.0
"""Seconds for which Atlan blocks after too many requests, if the response does not say (docs.atlan.com)."""

_NOT_IMPLEMENTED = 501
_TIMEOUT_STATUSES = (408, 504)
_MIN_ATTEMPT = 0.5
"""Seconds that a response may take. No attempt starts with less time left."""
_jitter = random.SystemRandom()


@dataclass(frozen=True)
class RetryPolicy:
    """How often, for how long, and at what intervals a request is retried.

    Attributes:
        deadline: No response is awaited longer than this after the first attempt started, in seconds.
        attempts: Most attempts.
        probe_attempts: Most attempts of a call that only checks whether Atlan responds.
        base: Upper bound of the first wait, which doubles with each attempt, in seconds.
        cap: Longest wait, unless the response asks for a longer one, in seconds.
        draw: Draws the wait from a range, uniformly from 0 ("full jitter"), so that threads that fail
            together do not retry together.
    """

    deadline: float
    attempts: int = 10
    probe_attempts: int = 3
    base: float = 0.5
    cap: float = 30.0
    draw: Callable[[float, float], float] = _jitter.uniform

    @property
    def latest_start(self) -> float:
        """Seconds after the first attempt from which none starts, since no response could arrive in time.

        A later attempt would time out, and the timeout would hide the reason of the failure before it.
        """
        return self.deadline - min(_MIN_ATTEMPT, self.deadline / 4)

    def allows_another(self, call: Call, failure: Failure, attempt: int) -> bool:
        """Return whether the call may be sent again after this attempt."""
        most = self.probe_attempts if call.probe else self.attempts
        return attempt < most and _is_retryable(call, failure)

    def wait_after(self, failure: Failure, attempt: int) -> float:
        """Return the seconds to wait after an attempt, without the block of a 429."""
        asked = 0.0 if _is_block(failure) else failure.retry_after or 0.0
        return max(asked, self.draw(0.0, min(self.cap, self.base * 2 ** (attempt - 1))))


def block_seconds(failure: Failure) -> float | None:
    """Return how long Atlan blocks the tenant, in seconds; None if only this request failed."""
    if not _is_block(failure):
        return None
    return DEFAULT_BLOCK if failure.retry_after is None else failure.retry_after


def _is_block(failure: Failure) -> bool:
    """Return whether a 429 is the gateway's.

    The metastore, too, returns 429 when one search took too long.
    """
    from_metastore = (failure.code or "").startswith("ATLAS-")
    return failure.error is errors.RateLimitedError and not from_metastore


def timed_out(error: type[errors.AtlanRequestError], status: int | None) -> bool:
    """Return whether a smaller request could succeed: no response arrived in time, here or at a gateway."""
    return issubclass(error, errors.RequestTimeoutError) or status in _TIMEOUT_STATUSES


def _is_retryable(call: Call, failure: Failure) -> bool:
    if failure.error is errors.RateLimitedError:
        return not call.probe
    if call.once or call.coalesced or (call.divisible and timed_out(failure.error, failure.status)):
        return False
    if issubclass(failure.error, errors.NetworkError):
        return True
    if call.probe:
        return False
    if failure.error is errors.PermissionDeniedError:
        return call.fresh_connection
    return failure.error is errors.ServerError and failure.status != _NOT_IMPLEMENTED
