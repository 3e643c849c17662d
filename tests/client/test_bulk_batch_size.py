"""The size of bulk requests."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._bulk import BatchSize, count_fitting


def test_it_starts_with_atlans_recommended_maximum() -> None:
    assert BatchSize().entities == 50


@pytest.mark.parametrize("seconds", [5.1, 100.0])
def test_a_slow_response_halves_it(seconds: float) -> None:
    size = BatchSize()
    size.record_success(50, seconds)
    assert size.entities == 25


def test_concurrent_requests_halve_it_once() -> None:
    size = BatchSize()
    for _ in range(8):
        size.record_too_large(50)
    assert size.entities == 25
    size.record_too_large(25)
    assert size.entities == 12


def test_it_never_drops_below_one_entity() -> None:
    size = BatchSize()
    for _ in range(20):
        size.record_too_large(size.entities)
    assert size.entities == 1
    size.record_too_large(1)
    assert size.entities == 1


def test_it_grows_step_by_step() -> None:
    size = BatchSize()
    for count in (50, 25, 12, 6, 3):
        size.record_too_large(count)
    sizes = []
    while size.entities < 50:
        size.record_success(size.entities, 0.1)
        sizes.append(size.entities)
    assert sizes[:6] == [2, 3, 4, 5, 7, 8]
    assert all(after <= max(before * 1.25 + 1, before + 1) for before, after in pairwise(sizes))
    size.record_success(50, 0.1)
    assert size.entities == 50


@pytest.mark.parametrize(("count", "seconds"), [(25, 3.0), (24, 0.1), (1, 0.1)])
def test_it_grows_only_after_a_quick_response_to_a_full_request(count: int, seconds: float) -> None:
    size = BatchSize()
    size.record_too_large(50)
    size.record_success(count, seconds)
    assert size.entities == 25


@given(st.lists(st.integers(0, 2000), max_size=80), st.integers(1, 50), st.integers(1, 20_000))
def test_batches_are_as_large_as_the_limits_allow(lengths: list[int], most: int, most_bytes: int) -> None:
    count = count_fitting(lengths, most, most_bytes)
    assert count >= 1
    fits = sum(length + 1 for length in lengths[:count]) <= most_bytes
    assert count == 1 or (fits and count <= most)
    if count < len(lengths):
        more = sum(length + 1 for length in lengths[: count + 1])
        assert count == most or more > most_bytes
