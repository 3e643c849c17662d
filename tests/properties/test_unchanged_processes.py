"""What a bulk resource skips, for processes that are as in the state, changes no result."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.atlan import WAREHOUSE

from atlan_pulumi.lifecycle import UNKNOWN, Props
from atlan_pulumi.resources import process_set
from atlan_pulumi.resources.process_forms import Expansions, SetLocation, TablePaths, expand_process
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

MARK = "shop/dev#x"
name = st.sampled_from(["A", "B", "C"])
sources = st.one_of(name, st.lists(name, min_size=1, max_size=3))
inputs = st.one_of(st.just("DB/S/T0"), st.permutations(["DB/S/T0", "DB/S/T2"]))
valid = st.fixed_dictionaries(
    {"inputs": st.just("DB/S/T0"), "outputs": st.sampled_from(["DB/S/T1", ["DB/S/T1"]])},
    optional={
        "columns": st.dictionaries(name, sources, max_size=3),
        "name": st.sampled_from(["Load", "load"]),
        "reads_own_output": st.booleans(),
        "description": st.just("d"),
    },
) | st.fixed_dictionaries(
    {"inputs": inputs, "outputs": st.sampled_from([["DB/S/T1", "DB/S/T3"], "DB/S/T1"])},
    optional={"columns": st.dictionaries(name.map("T1/{}".format), name.map("T0/{}".format), max_size=3)},
)
odd = st.one_of(
    st.sampled_from(["", "nowhere/at/all", "T0/A", {"type_name": "View", "guid": "x"}]), st.just(UNKNOWN)
)
invalid = st.fixed_dictionaries(
    {"inputs": odd | inputs, "outputs": odd | inputs},
    optional={
        "columns": st.dictionaries(name, odd | sources, max_size=3) | st.just(UNKNOWN),
        "column_sql": st.dictionaries(name, st.sampled_from(["a + b", ""]), max_size=2),
        "adopt": st.booleans(),  # belongs to the set
        "description": st.just(UNKNOWN),
    },
)
ids = st.sampled_from(["load", "sum", "a/b"])
processes = st.dictionaries(ids, valid, min_size=1, max_size=3)
any_processes = st.dictionaries(ids, valid | invalid, max_size=3)
places = st.fixed_dictionaries(
    {"connection": st.sampled_from([WAREHOUSE, "default/spark/77"])},
    optional={
        "base": st.sampled_from([f"{WAREHOUSE}/DB", WAREHOUSE]),
        "column_name": st.sampled_from(["{output}", UNKNOWN]),
        "managed_by": st.sampled_from([MARK, "shop/dev#y"]),
    },
)


def in_state(place: Props, some: Props) -> Props | None:
    """Return what a deployment leaves in the state; None for inputs that no deployment accepts."""
    checked = ProcessSetLifecycle().check({}, {**place, "processes": some})
    known = checked.inputs if not checked.problems and "unknown" not in repr(checked.inputs).lower() else None
    return copy.deepcopy(known)


@given(
    place=places,
    before=processes,
    other=places,
    after=any_processes,
    kept=st.sets(st.sampled_from(["load", "sum"])),
)
def test_a_check_of_changed_processes_is_that_of_all(
    place: Props, before: Props, other: Props, after: Props, kept: set[str]
) -> None:
    olds = in_state(place, before)
    if olds is None:
        return
    same = {each: copy.deepcopy(olds["processes"][each]) for each in kept & olds["processes"].keys()}
    news = {**(other if len(kept) == 1 else place), "processes": {**after, **same}}
    found = ProcessSetLifecycle().check(olds, news)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_set, "_kept", lambda _olds, _news: {})
        assert found[:2] == ProcessSetLifecycle().check(olds, news)[:2]


@given(place=places, some=processes)
def test_the_form_of_the_state_that_is_registered_is_a_declaration(place: Props, some: Props) -> None:
    lifecycle, given = ProcessSetLifecycle(), {**place, "processes": some}
    declared, problems, *_ = lifecycle.check({}, given)
    if not problems:
        registered = {**given, "processes": lifecycle.registered("processes", some, declared)}
        assert lifecycle.check({}, registered)[:2] == (declared, [])


@given(place=places, some=any_processes)
def test_the_names_of_the_children_are_their_keys(place: Props, some: Props) -> None:
    lifecycle = ProcessSetLifecycle()
    declared, problems, *_ = lifecycle.check({}, {**place, "processes": some})
    if not problems:
        assert list(lifecycle.entities(declared)) == list(lifecycle.children(declared))


@given(
    place=places,
    forms=st.lists(processes, min_size=1, max_size=5),
    marks=st.lists(st.sampled_from(["a", "b"])),
)
def test_remembered_processes_are_those_of_their_form(
    place: Props, forms: list[Props], marks: list[str]
) -> None:
    expansions, location = Expansions(), SetLocation(place["connection"], TablePaths(WAREHOUSE))
    valid = [found["processes"] for each in forms if (found := in_state({**place, "base": WAREHOUSE}, each))]
    for short in [*valid, *valid]:
        for each, data in short.items():
            for mark in ["a", *marks]:
                expected: Any = expand_process(each, data, location, None, mark)
                assert expansions.expand(each, data, location, None, mark) == expected
