"""The parts of a mark that a program provides: types, URN, and origin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockMonitor
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program import _ownership_mark
from atlan_pulumi.dynamic.program._awaited_inputs import is_settled
from atlan_pulumi.dynamic.program._ownership_mark import (
    parent_below_stack,
    qualified_type_of,
    short_types,
    stack_origin,
    urn_of,
)
from atlan_pulumi.lifecycle import parse_mark

WAREHOUSE = "default/snowflake/1"


@pytest.fixture(autouse=True)
def urns_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulumi's test double omits all types above the parent's from a URN, and includes the stack's."""

    def make_urn(_monitor: MockMonitor, parent: str, type_: str, name: str) -> str:
        above = parent.split("::")[2] if parent else ""
        types = type_ if above in ("", "pulumi:pulumi:Stack") else f"{above}${type_}"
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{types}::{name}"

    monkeypatch.setattr(MockMonitor, "make_urn", make_urn)


class Own(pulumi.ComponentResource):
    """A user's component."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("my:index:Own", name, None, opts)


def below(parent: pulumi.Resource | None) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(parent=parent)


def load(name: str, parent: pulumi.Resource | None = None, **given: Any) -> atlan.Process:
    sides: dict[str, Any] = {"inputs": [atlan.table(f"{WAREHOUSE}/DB/S/A")]}
    sides["outputs"] = [atlan.table(f"{WAREHOUSE}/DB/S/B")]
    return atlan.Process(name, name="Load", connection=WAREHOUSE, **sides, **given, opts=below(parent))


def lineage_map(name: str, parent: pulumi.Resource | None = None) -> atlan.LineageMap:
    processes = {"load": {"inputs": "A", "outputs": "B"}}
    base = f"{WAREHOUSE}/DB/S"
    return atlan.LineageMap(name, connection=WAREHOUSE, base=base, processes=processes, opts=below(parent))


def nested() -> list[pulumi.Resource]:
    outer = Own("outer")
    inner = Own("inner", below(outer))
    top = load("top")
    return [outer, inner, top, load("in", inner), load("under", top), lineage_map("map", outer)]


def test_a_mark_names_the_types_of_all_parents() -> None:
    seen = declared(nested)
    found = {name: parse_mark(args.inputs.get("managed_by")) for name, args in seen.items()}
    assert {name: mark.types for name, mark in found.items() if mark} == {
        "top": "atlan:Process",
        "in": "my:index:Own$my:index:Own$atlan:Process",
        "under": "atlan:Process$atlan:Process",
        "map": "my:index:Own$atlan:index:LineageMap$atlan:ProcessSet",
    }
    assert {(mark.stack, mark.name == name) for name, mark in found.items() if mark} == {
        ("project/stack", True)
    }
    assert len({mark.origin for mark in found.values() if mark}) == 1


def in_program(work: Callable[[], list[tuple[str, pulumi.Output[Any]]]]) -> list[tuple[str, Any]]:
    """Each text of a program next to the value of an output."""
    found: list[tuple[str, Any]] = []

    def program() -> None:
        for text, output in work():
            output.apply(lambda value, text=text: found.append((text, value)))

    declared(program)
    return found


def test_the_urn_is_known_before_the_engine_gives_it() -> None:
    """For a resource in a component at the top, without waiting for either."""

    def resources() -> list[pulumi.Resource]:
        outer, top = Own("outer"), load("top")
        return [outer, top, load("in", outer), load("under", top), lineage_map("map", outer)]

    found = in_program(lambda: [(urn_of(each), each.urn) for each in resources()])
    assert len(found) == 5
    assert [text for text, urn in found if text != urn] == []


def test_the_urn_is_known_in_nested_components_once_the_inner_one_is_registered() -> None:
    found: list[str] = []

    async def ask(inner: pulumi.Resource, process: pulumi.Resource, sql: asyncio.Future[str]) -> None:
        assert await inner.urn.future()
        assert not is_settled(process.urn)
        found.append(urn_of(process))
        sql.set_result("select 1")

    def program() -> pulumi.Output[None]:
        inner, sql = Own("inner", below(Own("outer"))), asyncio.get_event_loop().create_future()
        return pulumi.Output.from_input(ask(inner, load("in", inner, sql=sql), sql))

    declared(program)
    process = "pulumi-python:dynamic/atlan:Process"
    assert found == [f"urn:pulumi:stack::project::my:index:Own$my:index:Own${process}::in"]


def test_the_type_of_a_resource_is_that_in_its_urn() -> None:
    def types() -> list[tuple[str, pulumi.Output[Any]]]:
        return [
            (each.pulumi_resource_type, pulumi.Output.from_input(qualified_type_of(each)))
            for each in nested()
        ]

    own, process = "my:index:Own", "pulumi-python:dynamic/atlan:Process"
    assert sorted(in_program(types)) == sorted(
        [
            (own, own),
            (own, f"{own}${own}"),
            (process, process),
            (process, f"{own}${own}${process}"),
            (process, f"{process}${process}"),
            ("atlan:index:LineageMap", f"{own}$atlan:index:LineageMap"),
        ]
    )


def test_the_types_of_dynamic_resources_are_short() -> None:
    types = "my:index:Own$pulumi-python:dynamic/atlan:Process$pulumi-python:dynamic/atlan:ColumnLineage"
    assert short_types(types) == "my:index:Own$atlan:Process$atlan:ColumnLineage"
    assert short_types("my:index:Own") == "my:index:Own"


def test_the_stack_itself_is_no_parent() -> None:
    found: list[object] = []

    def program() -> None:
        root = _ownership_mark.get_root_resource()
        outer = Own("outer")
        found.extend([root, outer, *map(parent_below_stack, (below(root), below(outer), below(None), None))])

    declared(program)
    root, outer, *parents = found
    assert parents == [None, outer, None, None]
    assert isinstance(root, _ownership_mark.Stack)


def test_the_origin_is_that_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is determined once per run: two runs of one process have one each."""
    origins = iter(["0000000a", "0000000b", "0000000c"])
    monkeypatch.setattr(_ownership_mark, "_origin_of_run", lambda: next(origins))
    one, other = (pulumi.Resource.__new__(pulumi.Resource) for _ in range(2))
    found = []
    for root in (one, one, other, one, None):
        monkeypatch.setattr(_ownership_mark, "get_root_resource", lambda root=root: root)
        found.append(stack_origin())
    assert found == ["0000000a", "0000000a", "0000000b", "0000000a", "0000000c"]
