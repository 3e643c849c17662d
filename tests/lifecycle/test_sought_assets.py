"""What one operation knows of missing assets, and how long it waits for them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.placeholders import NEW, OLD

from atlan_pulumi.lifecycle import Sought, SoughtAssets
from atlan_pulumi.lifecycle._sought_assets import Waits


def test_findings_belong_to_one_resource() -> None:
    assets = SoughtAssets()
    load = {"qualified_name": "default/x/1/load", "managed_by": "mark"}
    assets.record("Process", load, Sought([NEW], hidden=True))
    assets.record("Process", {**load, "managed_by": "other"}, Sought([OLD]))
    assert assets.of("Process", {**load, "name": "Load"}) == Sought([NEW], hidden=True)
    assert assets.of("ColumnProcess", load) is None
    assert assets.keys == {NEW, OLD}


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 1000))
def test_overlapping_waits_count_from_the_first_one_or_the_last_asset(times: list[int], seconds: int) -> None:
    times, waits = sorted(times), Waits()
    assert waits.remaining(seconds, times[0]) == seconds
    for now in times:
        waits.begin(now)
    assert waits.remaining(seconds, times[-1]) == times[0] + seconds - times[-1]
    waits.asset_appeared(times[-1])
    assert waits.remaining(seconds, times[-1]) == seconds
    for number, _ in enumerate(times, 1):
        waits.end(in_vain=False)
        rest = waits.remaining(seconds, times[-1] + 5)
        assert rest == (seconds if number == len(times) else seconds - 5)


def test_after_a_wait_in_vain_no_other_one_has_time() -> None:
    waits = Waits()
    waits.begin(0)
    waits.end(in_vain=True)
    waits.begin(100)
    assert waits.remaining(60, 100) == -40
