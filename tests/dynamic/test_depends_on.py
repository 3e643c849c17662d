"""Resources that the preview checks expect to be created first, as Pulumi does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program._depends_on import depended_on, everything_in

WAREHOUSE = "default/snowflake/1"
TABLES = [atlan.table(f"{WAREHOUSE}/DB/S/{name}") for name in ("T0", "T1")]


def load(name: str = "load", **options: Any) -> atlan.Process:
    opts = pulumi.ResourceOptions(**options)
    sides = {"inputs": TABLES[:1], "outputs": TABLES[1:]}
    return atlan.Process(name, name="Load", connection=WAREHOUSE, **sides, opts=opts)


class Own(pulumi.ComponentResource):
    """A user's component, with a process in the innermost of several nested components."""

    def __init__(self, name: str, deep: int = 0, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("my:index:Own", name, None, opts)
        below = pulumi.ResourceOptions(parent=self)
        if deep:
            Own(f"{name}-in", deep - 1, below)
        else:
            load(parent=self)


class Bare(pulumi.ComponentResource):
    """A component without a process, which a program may add later."""

    def __init__(self, **options: Any) -> None:
        super().__init__("my:index:Bare", "bare", None, pulumi.ResourceOptions(**options))


def lineage_map() -> atlan.LineageMap:
    processes = {"load": {"inputs": "T0", "outputs": "T1"}}
    base = f"{WAREHOUSE}/DB/S"
    return atlan.LineageMap("map", connection=WAREHOUSE, base=base, processes=processes)


async def soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def given_later() -> dict[str, Any]:
    bare = Bare()
    options = {"depends_on": [bare]}
    load("other")
    load(parent=bare)
    return options


MADE_BEFORE: dict[str, Callable[[], dict[str, Any]]] = {
    "a process": lambda: {"depends_on": load()},
    "a component": lambda: {"depends_on": [Own("own")]},
    "components in it": lambda: {"depends_on": Own("own", 2)},
    "a LineageMap": lambda: {"depends_on": [lineage_map()]},
    "what is added later": given_later,
    "an Output": lambda: {"depends_on": pulumi.Output.from_input([Own("own")])},
    "an Output in a list": lambda: {"depends_on": [pulumi.Output.from_input(Own("own"))]},
    "the parent": lambda: {"parent": load()},
}
NOT_BEFORE: dict[str, Callable[[], dict[str, Any]]] = {
    "nothing": lambda: {"depends_on": [] if load() else None},
    "a component beside it": lambda: {"depends_on": [Bare()] if load() else None},
    "a sibling": lambda: {"parent": Bare()} if load() else {},
    "the child of a process": lambda: {"depends_on": [load("other")] if load(parent=load("third")) else None},
}


def created_before(options: Callable[[], dict[str, Any]]) -> set[str]:
    """Return the names of what is created before a process with these options."""
    seen: list[set[str]] = []

    def program() -> None:
        process = load("after", **options())
        made = pulumi.Output.from_input(process.planned.created())
        made.apply(lambda keys: seen.append({key.qualified_name.rpartition("/")[2] for key in keys}))

    declared(program)
    (found,) = seen
    return found


@pytest.mark.parametrize("what", MADE_BEFORE)
def test_dependencies_are_created_before(what: str) -> None:
    assert created_before(MADE_BEFORE[what]) == {"after", "load"}


@pytest.mark.parametrize("what", NOT_BEFORE)
def test_other_resources_are_not_created_before(what: str) -> None:
    assert "load" not in created_before(NOT_BEFORE[what])


def test_the_child_of_a_process_is_not_part_of_a_component_that_has_it() -> None:
    """As in Pulumi, which waits for the process alone."""

    def options() -> dict[str, Any]:
        bare = Bare()
        load(parent=load("parent", parent=bare))
        return {"depends_on": [bare]}

    assert created_before(options) == {"after", "parent"}


# -- the option's forms, and components ----------------------------------------------------------------------


def bare(kind: type[pulumi.Resource], **about: Any) -> pulumi.Resource:
    """Return a resource of an unregistered kind."""
    made = kind.__new__(kind)
    for name, value in about.items():
        setattr(made, name, value)
    return made


ONE, OTHER = bare(pulumi.CustomResource), bare(pulumi.CustomResource)
FORMS: dict[str, tuple[Callable[[], Any], set[pulumi.Resource]]] = {
    "a resource": (lambda: ONE, {ONE}),
    "a list": (lambda: [ONE, OTHER], {ONE, OTHER}),
    "a tuple": (lambda: (ONE, OTHER), {ONE, OTHER}),
    "a set": (lambda: {ONE, OTHER}, {ONE, OTHER}),
    "a frozen set": (lambda: frozenset({ONE}), {ONE}),
    "a coroutine": (lambda: soon([ONE]), {ONE}),
    "a coroutine in a list": (lambda: [soon(ONE), (soon([OTHER]),)], {ONE, OTHER}),
    "nothing": (lambda: None, set()),
    "an empty list": (list, set()),
    "what is no resource": (lambda: ["load", 7, None], set()),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_the_option_names_its_resources(form: str) -> None:
    given, expected = FORMS[form]

    async def read() -> set[pulumi.Resource]:
        return await depended_on(given())

    assert asyncio.run(read()) == expected


def test_local_components_mean_their_children() -> None:
    below = bare(pulumi.CustomResource, _childResources={ONE})  # whose own children do not count
    inner = bare(pulumi.ComponentResource, _childResources={below, OTHER})
    outer = bare(pulumi.ComponentResource, _childResources={inner}, _remote=False)
    remote = bare(pulumi.ComponentResource, _childResources={ONE}, _remote=True)
    empty = bare(pulumi.ComponentResource, _childResources=set())
    assert everything_in([outer, inner]) == {below, OTHER}
    assert everything_in({remote, ONE, empty}) == {remote, ONE}
    assert everything_in([]) == set()
