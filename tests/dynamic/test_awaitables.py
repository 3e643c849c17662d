"""Coroutines, Futures, and Tasks are accepted as inputs at any depth, and awaited once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pulumi
import pytest
from support.recorder import Recorder, declared

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program._awaited_inputs import shared

WAREHOUSE = "default/snowflake/1"
NAME = f"{WAREHOUSE}/DB/S/T0"
T0, T1 = atlan.table(NAME), atlan.table(f"{WAREHOUSE}/DB/S/T1")


async def soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def fails() -> str:
    await asyncio.sleep(0)
    raise ValueError("there is no such secret")


class Own:
    """An awaitable that is neither a coroutine nor a Future."""

    def __init__(self, value: Any) -> None:
        self._coroutine = soon(value)

    def __await__(self) -> Any:
        return self._coroutine.__await__()


FORMS: dict[str, Callable[[Any], Awaitable[Any]]] = {
    "coroutine": soon,
    "task": lambda value: asyncio.ensure_future(soon(value)),
    "own": Own,
}


def load(name: str = "load", **given: Any) -> atlan.Process:
    default = {"name": "Load", "connection": WAREHOUSE, "inputs": [T0], "outputs": [T1], "sql": "select 1"}
    return atlan.Process(name, **{**default, **given})


GIVEN: dict[str, Callable[[Callable[[Any], Any]], dict[str, Any]]] = {
    "text": lambda form: {"sql": form("select 1")},
    "connection": lambda form: {"connection": form(WAREHOUSE)},
    "list": lambda form: {"inputs": form([T0])},
    "item": lambda form: {"inputs": [form(T0)]},
    "set": lambda form: {"inputs": (form(T0),)},
    "within": lambda form: {"inputs": form([form(T0)])},
    "reference": lambda form: {"inputs": [atlan.table(form(NAME))]},
    "output of one": lambda form: {"sql": pulumi.Output.from_input(form("select 1"))},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", GIVEN)
def test_awaitables_are_registered_as_their_values(where: str, form: str) -> None:
    recorder = declared(lambda: load(**GIVEN[where](FORMS[form])))
    expected = declared(load)
    assert recorder["load"].inputs == expected["load"].inputs


def test_awaitables_may_be_shared_by_resources() -> None:
    def program() -> None:
        sql, table = soon("select 2"), atlan.table(soon(NAME))
        load("a", sql=sql, inputs=[table])
        load("b", sql=sql, inputs=[table])

    seen = declared(program)
    assert [seen[name].inputs["sql"] for name in ("a", "b")] == ["select 2"] * 2
    assert [seen[name].inputs["inputs"] for name in ("a", "b")] == [[T0]] * 2


KINDS: dict[str, Callable[[], pulumi.Resource]] = {
    "Connection": lambda: atlan.Connection(
        "it", name=soon("x"), connector="airflow", admin_roles=[soon("$admin")]
    ),
    "ColumnProcess": lambda: atlan.ColumnProcess(
        "it", name=soon("x"), process=soon(load()), inputs=[atlan.column("a")], outputs=[atlan.column("b")]
    ),
    "ColumnLineage": lambda: atlan.ColumnLineage(
        "it", process=load(), columns={"A": soon(["A"]), "B": [soon("B")]}
    ),
    "ProcessSet": lambda: atlan.ProcessSet(
        "it", connection=soon(WAREHOUSE), processes=soon({"x": {"inputs": soon("T0"), "outputs": "T1"}})
    ),
    "LineageMap": lambda: atlan.LineageMap(
        "it", connection=soon(WAREHOUSE), processes={"x": {"inputs": "T0", "outputs": "T1"}}
    ),
    "CrawlerRun": lambda: atlan.CrawlerRun(
        "it", workflow=soon("warehouse"), triggers=[soon(1)], wait_for=soon([atlan.table("default/a/1/T")])
    ),
    "OpenLineageJob": lambda: atlan.OpenLineageJob(
        "it",
        connection=soon(WAREHOUSE),
        job_name=soon("dag"),
        inputs=[atlan.dataset("s3://lake", soon("in"))],
        outputs=soon([atlan.dataset("s3://lake", "out")]),
    ),
    "AtlanProvider": lambda: atlan.AtlanProvider(
        "it", base_url=soon("https://a"), api_key=soon("k"), shards=2
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_accepts_awaitables(kind: str) -> None:
    assert "it" in declared(KINDS[kind])


def test_dependencies_may_be_awaitables() -> None:
    before: list[set[Any]] = []

    def program() -> None:
        opts = pulumi.ResourceOptions(depends_on=[soon(load())])
        after = load("after", inputs=[T1], outputs=[T0], opts=opts)
        pulumi.Output.from_input(after.planned.created()).apply(before.append)

    assert set(declared(program)) == {"load", "after"}
    assert {key.qualified_name.rpartition("/")[2] for key in before[0]} == {"load", "after"}


def test_errors_of_awaitables_are_raised_in_the_program() -> None:
    with pytest.raises(ValueError, match="there is no such secret"):
        declared(lambda: load(sql=fails()), Recorder())


@pytest.mark.parametrize("value", [{"a": [1, (2,)]}, [], {1, 2}, "text", None, pulumi.ResourceOptions()])
def test_values_without_awaitables_stay_unchanged(value: Any) -> None:
    assert shared(value) is value
