"""Equivalent inputs are normalized to the same inputs."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from properties.programs import TABLES, WAREHOUSE

from atlan_pulumi.lifecycle import EntityLifecycle, Props, same
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN

any_text = st.text(st.characters(codec="utf-8"), max_size=40)
#: Ids in any script, with slashes, quotes, or line ends, also very long ones.
ids = (
    st.one_of(
        any_text,
        st.sampled_from(
            ["a/b/c", "x" * 5000, "dag_1\nline", "naïve → ✓", "%2F", "a?b#c", "'\"\\", "\u202eabc", "İ"]
        ),
    )
    .map(str.strip)
    .filter(bool)
)
names = any_text.filter(lambda text: text.strip() != "")
people = st.lists(any_text.filter(lambda text: text.strip() != ""), max_size=5)
sides = st.lists(st.sampled_from(TABLES), min_size=2, unique=True)
seeds = st.integers(0, 2**16)


PROCESS: EntityLifecycle = lifecycle_of("Process", 1)


def declared(tables: list[str], **more: Any) -> Props:
    listed = [{"type_name": "Table", "qualified_name": name} for name in tables]
    return {
        "name": "Load",
        "connection": WAREHOUSE,
        "process_id": "load",
        "inputs": listed[:1],
        "outputs": listed[1:],
        **more,
    }


def checked(props: Props) -> Props:
    result = PROCESS.check({}, props)
    assert result.problems == []
    return result.inputs


def shuffle(items: list[Any], seed: int) -> list[Any]:
    """Return the items in another order, some of them twice."""
    chance = random.Random(seed)
    again = [*items, *chance.sample(items, chance.randint(0, len(items)))]
    chance.shuffle(again)
    return again


@given(tables=sides, owners=people, seed=seeds)
def test_order_and_repeats_do_not_matter(tables: list[str], owners: list[str], seed: int) -> None:
    first = checked(declared(tables, owner_users=owners))
    other = declared(tables, owner_users=shuffle(owners, seed))
    other["outputs"], other["inputs"] = shuffle(other["outputs"], seed), shuffle(other["inputs"], seed)
    assert json.dumps(checked(other)) == json.dumps(first)


@given(tables=sides, owners=people, text=names)
def test_check_is_idempotent(tables: list[str], owners: list[str], text: str) -> None:
    once = checked(declared(tables, owner_users=owners, name=text, sql=text, description=text))
    given_again = {name: value for name, value in once.items() if name != "qualified_name"}
    assert checked(given_again) == once
    assert PROCESS.diff(once, once).changed == []
    assert once["name"] == once["sql"] == once["description"] == text


@given(tables=sides, id_=ids)
def test_an_id_is_kept_unchanged(tables: list[str], id_: str) -> None:
    inputs = checked(declared(tables, process_id=id_))
    assert inputs["qualified_name"] == f"{WAREHOUSE}/{id_}"
    assert inputs["process_id"] == id_


@given(tables=sides, first=ids, second=ids)
def test_different_ids_are_different_entities(tables: list[str], first: str, second: str) -> None:
    """Also if they look similar: another case, another form of the same letter."""
    old, new = (checked(declared(tables, process_id=id_)) for id_ in (first, second))
    difference = PROCESS.diff(old, new)
    assert bool(difference.replaces) == (first != second)
    assert (old["qualified_name"] == new["qualified_name"]) == (first == second)


@given(
    tables=sides, id_=ids, blank=st.sampled_from([" ", "\t", "\n", "\u00a0", "\u2003"]), after=st.booleans()
)
def test_an_id_with_surrounding_blanks_is_refused(
    tables: list[str], id_: str, blank: str, after: bool
) -> None:
    result = PROCESS.check({}, declared(tables, process_id=id_ + blank if after else blank + id_))
    assert [problem.property for problem in result.problems] == ["process_id"]


@given(old=st.lists(any_text, max_size=4), new=st.lists(any_text, max_size=4))
def test_lists_are_compared_as_sets(old: list[str], new: list[str]) -> None:
    assert same(old, new) == same(new, old) == (set(old) == set(new))


@given(tables=sides, owners=people, position=st.integers(0, 5))
def test_an_unknown_item_keeps_the_others_sorted(tables: list[str], owners: list[str], position: int) -> None:
    mixed = list(owners)
    mixed.insert(min(position, len(mixed)), UNKNOWN)  # type: ignore[arg-type]
    inputs = checked(declared(tables, owner_users=mixed))
    assert inputs["owner_users"] == [*sorted(set(owners)), UNKNOWN]
    assert "owner_users" in PROCESS.diff(inputs, inputs).changed


@settings(max_examples=50)
@given(anything=st.recursive(st.none() | st.booleans() | st.floats() | any_text, st.lists), name=names)
def test_random_inputs_never_raise(anything: Any, name: str) -> None:
    """An exception would be a traceback."""
    for place in (
        "name",
        "connection",
        "process_id",
        "inputs",
        "outputs",
        "sql",
        "owner_users",
        "adopt",
        name,
    ):
        result = PROCESS.check({}, {**declared(TABLES[:2]), place: anything})
        assert all("\n" not in problem.reason for problem in result.problems)
