"""A token bucket: how soon the next request may leave."""

from __future__ import annotations

import math
from dataclasses import dataclass

from atlan_pulumi.client._pace_state import PaceState

_MINUTE = 60.0
_BURST_SHARE = 10
_ROUNDING = 1e-6
"""Seconds that are no wait: the times are sums of many, and not exact."""


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
