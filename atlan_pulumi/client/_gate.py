"""A gate that a 429 closes: the block is waited out once, by all together."""

from __future__ import annotations

from atlan_pulumi.client._pace_state import PaceState


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
