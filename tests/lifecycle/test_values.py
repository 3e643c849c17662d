"""Normalized data: lists are sets, and two ways to write the same thing are equal."""

import random

from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.lifecycle._inputs import ReferenceInputs
from atlan_pulumi.lifecycle._values import UNKNOWN, as_set, same, to_plain

_references = st.builds(
    lambda kind, name, by_guid: {"type_name": kind, "guid" if by_guid else "qualified_name": name},
    st.sampled_from(["Table", "View", "Column"]),
    st.text("abc", min_size=1, max_size=2),
    st.booleans(),
)
_items = st.lists(_references, max_size=8) | st.lists(st.text(max_size=3), max_size=8)


@given(_items, st.randoms(use_true_random=False))
def test_order_and_duplicates_never_matter(items: list[object], shuffler: random.Random) -> None:
    shuffled = items + items[:2]
    shuffler.shuffle(shuffled)
    assert as_set(shuffled) == as_set(items)
    assert same(shuffled, items)


@given(_items)
def test_sets_contain_every_item_once(items: list[object]) -> None:
    unique = as_set(items)
    assert all(item in unique for item in items)
    assert all(item in items for item in unique)
    assert len(unique) == len([item for index, item in enumerate(items) if item not in items[:index]])


@given(_items, _references)
def test_additional_items_are_a_difference(items: list[object], extra: dict[str, str]) -> None:
    if items and isinstance(items[0], str):
        items = []
    assert same(items, [*items, extra]) == (extra in items)


def test_unknown_items_come_last_and_always_differ() -> None:
    unknown_name = {"type_name": "Table", "qualified_name": UNKNOWN}
    assert as_set([UNKNOWN, "b", unknown_name, "a"]) == ["a", "b", UNKNOWN, unknown_name]
    assert not same([unknown_name], [unknown_name])
    assert not same(UNKNOWN, UNKNOWN)
    assert not same("a", UNKNOWN)


def test_unset_properties_are_left_out() -> None:
    name = "default/snowflake/1657025257/DB/SCHEMA/T"
    reference = ReferenceInputs(type_name="Table", qualified_name=name)
    assert to_plain(reference) == {"type_name": "Table", "qualified_name": name}


def test_plain_values_compare_as_they_are() -> None:
    assert same("a", "a")
    assert same(None, None)
    assert same(3, 3.0)
    assert not same("a", "A")
    assert not same(None, "")
    assert not same([], None)
