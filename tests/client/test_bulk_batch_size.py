"""How many entities go into one write."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.client._bulk import BatchSize, fitting


def test_it_begins_with_the_most_that_atlan_recommends() -> None:
    assert BatchSize().entities == 50


@pytest.mark.parametrize("seconds", [5.1, 100.0])
def test_a_slow_answer_halves_it(seconds: float) -> None:
    size = BatchSize()
    size.answered(50, seconds)
    assert size.entities == 25


def test_several_that_left_together_halve_it_once() -> None:
    size = BatchSize()
    for _ in range(8):
        size.too_large(50)
    assert size.entities == 25
    size.too_large(25)
    assert size.entities == 12


def test_one_entity_is_the_least() -> None:
    size = BatchSize()
    for _ in range(20):
        size.too_large(size.entities)
    assert size.entities == 1
    size.too_large(1)
    assert size.entities == 1


def test_it_grows_again_step_by_step() -> None:
    size = BatchSize()
    for count in (50, 25, 12, 6, 3):
        size.too_large(count)
    sizes = []
    while size.entities < 50:
        size.answered(size.entities, 0.1)
        sizes.append(size.entities)
    assert sizes[:6] == [2, 3, 4, 5, 7, 8]
    assert all(after <= max(before * 1.25 + 1, before + 1) for before, after in pairwise(sizes))
    size.answered(50, 0.1)
    assert size.entities == 50


@pytest.mark.parametrize(("count", "seconds"), [(25, 3.0), (24, 0.1), (1, 0.1)])
def test_neither_a_fair_answer_nor_that_to_a_smaller_write_tells_that_more_would_do(
    count: int, seconds: float
) -> None:
    size = BatchSize()
    size.too_large(50)
    size.answered(count, seconds)
    assert size.entities == 25


@given(st.lists(st.integers(0, 2000), max_size=80), st.integers(1, 50), st.integers(1, 20_000))
def test_what_fits_is_as_much_as_the_limits_allow(lengths: list[int], most: int, most_bytes: int) -> None:
    count = fitting(lengths, most, most_bytes)
    assert count >= 1
    fits = sum(length + 1 for length in lengths[:count]) <= most_bytes
    assert count == 1 or (fits and count <= most)
    if count < len(lengths):
        more = sum(length + 1 for length in lengths[: count + 1])
        assert count == most or more > most_bytes
