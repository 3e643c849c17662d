"""`LineageMap`, and `AtlanProvider(shards=…)`: a stable distribution over children and processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from dynamic.test_resource import declared
from hypothesis import given
from hypothesis import strategies as st
from support.atlan import WAREHOUSE, table_name

import atlan_pulumi as atlan
from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.resources.lineage_map import _spread

IDS = st.text(min_size=1, max_size=8)


def load(number: int = 0) -> dict[str, Any]:
    return {"inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": {"A": "A"}, "name": f"Load {number}"}


MANY = {f"load-{number}": load(number) for number in range(40)}


@given(st.sets(IDS, max_size=40), st.integers(1, 6))
def test_each_process_is_in_one_child(ids: set[str], parts: int) -> None:
    spread = _spread("map", {id_: load() for id_ in ids}, parts)
    assert sorted(id_ for some in spread.values() for id_ in some) == sorted(ids)
    assert len(spread) <= parts
    assert parts == 1 or all(spread.values())


@given(st.sets(IDS, min_size=1, max_size=40), IDS, st.integers(2, 6))
def test_processes_stay_in_their_child_whatever_else_exists(ids: set[str], more: str, parts: int) -> None:
    before = _spread("map", {id_: load() for id_ in ids}, parts)
    after = _spread("map", {id_: load() for id_ in {*ids, more}}, parts)
    assert all(id_ in after[part] for part, some in before.items() for id_ in some)


def test_the_distribution_is_the_same_in_every_version() -> None:
    """Another distribution would move processes between resources in every stack."""
    spread = _spread("map", {id_: load() for id_ in ("a", "b", "c", "d", "e")}, 3)
    assert {part: sorted(some) for part, some in spread.items()} == {
        "map-2": ["a", "b"],
        "map-3": ["c", "d", "e"],
    }


@pytest.mark.parametrize("parts", [0, -1])
def test_less_than_one_part_is_refused(parts: int) -> None:
    with pytest.raises(ValueError, match=f"parts must be a whole number of 1 or more, not {parts}"):
        _spread("map", {}, parts)


def a_map(**more: Any) -> atlan.LineageMap:
    given_: dict[str, Any] = {"connection": WAREHOUSE, "processes": MANY, **more}
    return atlan.LineageMap("map", **given_)


def test_one_part_is_one_set_of_the_same_name() -> None:
    seen = declared(lambda: a_map(base=f"{WAREHOUSE}/DB", adopt=True))
    made = seen["map"].inputs
    assert seen["map"].typ == "pulumi-python:dynamic/atlan:ProcessSet"
    assert (made["connection"], made["base"], made["adopt"]) == (WAREHOUSE, f"{WAREHOUSE}/DB", True)
    assert made["processes"].keys() == MANY.keys()
    assert made["processes"]["load-7"]["name"] == "Load 7"


def test_several_parts_are_several_sets_below_the_component() -> None:
    seen = declared(lambda: a_map(parts=3))
    assert {"map-1", "map-2", "map-3"} <= seen.keys()
    sets = [seen[f"map-{number}"].inputs["processes"] for number in (1, 2, 3)]
    assert sorted(id_ for some in sets for id_ in some) == sorted(MANY)


def test_unreadable_data_are_reported_on_their_argument() -> None:
    with pytest.raises(LineageDataError):
        declared(lambda: a_map(processes={"load": {"inputs": "T0"}}))


# -- processes of a provider --------------------------------------------------------------------------------


def provider(**more: Any) -> atlan.AtlanProvider:
    return atlan.AtlanProvider("prod", base_url="https://acme.atlan.com", api_key="key", **more)


def process(name: str, opts: pulumi.ResourceOptions) -> atlan.Process:
    sides = {"inputs": [atlan.table(table_name(0))], "outputs": [atlan.table(table_name(1))]}
    return atlan.Process(name, name=name, connection=WAREHOUSE, opts=opts, **sides)  # type: ignore[arg-type]


def providers_of(program: Callable[[], object]) -> dict[str, str]:
    """Return the provider of each process, by name."""
    seen = declared(program)
    made = {name: args for name, args in seen.items() if name.startswith("p-")}
    return {name: (args.provider or "").split("::")[-2] for name, args in made.items()}


def spread_over(shards: int) -> dict[str, str]:
    def program() -> None:
        opts = pulumi.ResourceOptions(provider=provider(shards=shards))
        for number in range(24):
            process(f"p-{number}", opts)

    return providers_of(program)


def test_resources_are_spread_over_the_processes_of_a_provider_and_stay_there() -> None:
    found = spread_over(3)
    assert set(found.values()) == {"prod", "prod-2", "prod-3"}
    assert spread_over(3) == found
    assert set(spread_over(1).values()) == {"prod"}


def test_each_process_of_a_provider_has_its_settings() -> None:
    seen = declared(lambda: provider(shards=2, requests_per_minute=100))
    assert seen["prod-2"].typ == "pulumi:providers:pulumi-python"
    assert seen["prod-2"].inputs == seen["prod"].inputs


def test_below_a_component_the_provider_of_the_component_is_spread_over() -> None:
    def program() -> None:
        parent = pulumi.ComponentResource(
            "shop:index:Nightly", "nightly", None, pulumi.ResourceOptions(providers=[provider(shards=3)])
        )
        for number in range(24):
            process(f"p-{number}", pulumi.ResourceOptions(parent=parent))

    assert providers_of(program) == spread_over(3)


def test_a_process_of_a_provider_that_is_given_stays() -> None:
    def program() -> None:
        _, second = provider(shards=2)._shards
        for number in range(8):
            process(f"p-{number}", pulumi.ResourceOptions(provider=second))

    assert set(providers_of(program).values()) == {"prod-2"}


@pytest.mark.parametrize("shards", [0, -2])
def test_less_than_one_process_is_refused(shards: int) -> None:
    with pytest.raises(ValueError, match=f"shards must be a whole number of 1 or more, not {shards}"):
        provider(shards=shards)
