"""Which form of its processes a bulk resource registers."""

from __future__ import annotations

from typing import Any

import pulumi
from support.atlan import WAREHOUSE
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program._awaited_inputs import is_plain

ONE = {"name": "load", "inputs": ["DB/S/T0"], "outputs": ["DB/S/T1"], "columns": {"A": ["A"]}}


def test_a_transformation_gets_the_values_of_the_author() -> None:
    seen: list[Any] = []

    def keep(args: pulumi.ResourceTransformationArgs) -> None:
        seen.append(args.props.get("processes"))

    def program() -> None:
        options = pulumi.ResourceOptions(transformations=[keep])
        atlan.ProcessSet("shop", connection=WAREHOUSE, processes={"load": ONE}, opts=options)

    declared(program)
    assert seen == [{"load": ONE}]


def test_a_test_with_mocks_gets_the_values_of_the_author() -> None:
    resources = declared(lambda: atlan.ProcessSet("shop", connection=WAREHOUSE, processes={"load": ONE}))
    assert resources["shop"].inputs["processes"] == {"load": ONE}


def test_plain_data_contains_nothing_to_wait_for() -> None:
    async def later() -> str:
        return "x"

    def program() -> None:
        waiting = later()
        for value in (pulumi.Output.from_input("x"), waiting):
            assert not is_plain(value)
            assert not is_plain({"a": ["b", {"c": value}]})
        waiting.close()

    declared(program)
    assert is_plain({"a": ["b", {"c": None}], "d": 1.5, "e": True})
    assert not is_plain({"a": object()})
