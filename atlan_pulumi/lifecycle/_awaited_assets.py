"""The wait of a resource for inputs and outputs that the crawler has not published yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._lookups import is_live, look_up_entities
from atlan_pulumi.lifecycle._sought_assets import Needs, Waits
from atlan_pulumi.text import counted, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0
"""Seconds between two look-ups; each pause is twice as long as the one before."""

Log = Callable[[str], None]


def await_assets(
    client: AtlanClient, needs: Needs, waits: Waits, log: Log
) -> tuple[dict[EntityKey, Entity], bool]:
    """Return the assets as soon as none is missing, and whether they were waited for.

    Raises:
        ResourceError: One is still missing after `wait_seconds`.
        RequestError: Atlan refused, or could not be reached.
    """
    found = look_up_entities(client, needs.keys)
    missing = [key for key in needs.keys if not is_live(found.get(key))]
    if not missing:
        return found, False
    waits.begin(client.clock.monotonic())
    in_vain = True
    try:
        found |= _awaited(client, missing, needs, waits, log)
        in_vain = False
    finally:
        waits.end(in_vain=in_vain)
    return found, True


def _awaited(
    client: AtlanClient, missing: Sequence[EntityKey], needs: Needs, waits: Waits, log: Log
) -> dict[EntityKey, Entity]:
    pause, clock = pauses(), client.clock
    found: dict[EntityKey, Entity] = {}
    while missing:
        left = waits.remaining(needs.wait_seconds, clock.monotonic())
        names = asset_names(missing, hidden=needs.hidden)
        if left <= 0:
            raise ResourceError(
                f"Atlan still has no {names} after {needs.wait_seconds:g} seconds: run the crawler, then "
                "`pulumi up` again; or set missing_assets='partial'"
            )
        log(f"waits for {names}, {left:.0f} more seconds at most")
        clock.sleep(min(next(pause), left))
        found |= look_up_entities(client, missing)
        still = [key for key in missing if not is_live(found.get(key))]
        if len(still) < len(missing):
            waits.asset_appeared(clock.monotonic())
        missing = still
    return found


def pauses() -> Iterator[float]:
    """Yield the seconds between two look-ups, without end."""
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST_PAUSE)


def asset_names(keys: Sequence[EntityKey], *, hidden: bool) -> str:
    """Return the names of assets for a message, or only their number."""
    return counted(len(keys), "asset") if hidden else enumerate_first([str(key) for key in keys])
