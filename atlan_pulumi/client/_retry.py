"""When a failed attempt is worth another, and how long to wait for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from atlan_pulumi.client import errors
from atlan_pulumi.client._calls import Call, Failure

UNSAID_BLOCK = 60.0
"""Seconds that a tenant blocks after too many requests, where the answer does not say (docs.atlan.com)."""

_NOT_IMPLEMENTED = 501
_TIME_OUTS = (408, 504)
_LEAST = 0.5
"""Seconds that an answer may need; an attempt with less time than that is not begun."""
_jitter = random.SystemRandom()


@dataclass(frozen=True)
class RetryPolicy:
    """How often, how long and at what distances a request is tried again.

    Attributes:
        deadline: No answer is awaited later than this after the first attempt began; seconds.
        attempts: Most attempts.
        probe_attempts: Most attempts of a call that only asks whether Atlan is there.
        base: The wait after the first attempt is at most this, and then twice as long each time; seconds.
        cap: Longest wait, unless the answer asks for a longer one; seconds.
        draw: Draws the wait out of a range. Evenly from 0 ("full jitter"), so that threads that failed
            together do not come back together.
    """

    deadline: float
    attempts: int = 10
    probe_attempts: int = 3
    base: float = 0.5
    cap: float = 30.0
    draw: Callable[[float, float], float] = _jitter.uniform

    @property
    def latest_start(self) -> float:
        """Seconds after the first attempt from which none starts: what is left would not do for an answer.

        Else the last attempt would end as one without an answer, and that be told in place of the reason.
        """
        return self.deadline - min(_LEAST, self.deadline / 4)

    def allows_another(self, call: Call, failure: Failure, attempt: int) -> bool:
        """Whether the call may be sent again after so many attempts."""
        most = self.probe_attempts if call.probe else self.attempts
        return attempt < most and _may_pass(call, failure)

    def wait_after(self, failure: Failure, attempt: int) -> float:
        """Seconds to wait after that attempt; what a 429 blocks is not among them."""
        asked = 0.0 if _is_block(failure) else failure.retry_after or 0.0
        return max(asked, self.draw(0.0, min(self.cap, self.base * 2 ** (attempt - 1))))


def block_of(failure: Failure) -> float | None:
    """Seconds for which the whole tenant takes nothing; None where the failure is of this request alone."""
    if not _is_block(failure):
        return None
    return UNSAID_BLOCK if failure.retry_after is None else failure.retry_after


def _is_block(failure: Failure) -> bool:
    """Whether a 429 is the gateway's; the metastore answers 429 too when one search took too long."""
    from_metastore = (failure.code or "").startswith("ATLAS-")
    return failure.error is errors.RateLimitedError and not from_metastore


def took_too_long(error: type[errors.AtlanRequestError], status: int | None) -> bool:
    """Whether a smaller request could have been answered: nothing came in time, here or at a gateway."""
    return issubclass(error, errors.RequestTimeoutError) or status in _TIME_OUTS


def _may_pass(call: Call, failure: Failure) -> bool:
    if failure.error is errors.RateLimitedError:
        return not call.probe
    if call.joined or (call.divisible and took_too_long(failure.error, failure.status)):
        return False
    if issubclass(failure.error, errors.NetworkError):
        return True
    if call.probe:
        return False
    if failure.error is errors.PermissionDeniedError:
        return call.fresh_connection
    return failure.error is errors.ServerError and failure.status != _NOT_IMPLEMENTED
