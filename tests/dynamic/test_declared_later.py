"""Entities of later resources are sent to the provider with a resource that would remove them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest
from dynamic.test_failures import provider, server
from dynamic.test_ownership_mark import urns_of_the_engine
from support.atlan import WAREHOUSE
from support.recorder import Recorder, declared

import atlan_pulumi as atlan
from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.dynamic.program._declared_later import declared_later
from atlan_pulumi.dynamic.provider import _operation
from atlan_pulumi.dynamic.provider._operation import Operation
from atlan_pulumi.lifecycle import mark, resource_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Findings

__all__ = ["server", "urns_of_the_engine"]
SPARK = "default/spark/77"
T0, T1 = (f"{WAREHOUSE}/DB/S/T{number}" for number in (0, 1))
ONE = {"name": "n", "inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": {"A": "A"}}


class Engine(Recorder):
    """An engine that answers no registration before it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = threading.Event()

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if "LineageMap" not in args.typ:  # a component
            assert self.goes_on.wait(20)
        return super().new_resource(args)


def _as_tuple(made: Any) -> tuple[Any, ...]:
    return made if isinstance(made, tuple) else (made,)


def later(program: Callable[[], Any]) -> dict[str, list[str]]:
    """Return the entities declared later than the returned resource, by resource name.

    The resources that a program returns after it have what they need before the question is asked.
    """
    engine, found, marks = Engine(), dict[str, list[str]](), dict[str, str]()

    async def ask(resource: Any, *earlier: Any) -> None:
        try:
            for each in earlier:
                await each.planned.created()
                await asyncio.gather(*(other.urn.future() for other in each.planned.after()))
            for mark_, keys in (await declared_later(resource.planned)).items():
                marks[str(resource_of(mark_))] = mark_
                found[str(resource_of(mark_))] = [name.removeprefix(f"{WAREHOUSE}/") for _, name in keys]
        finally:
            engine.goes_on.set()

    seen = declared(lambda: asyncio.ensure_future(ask(*_as_tuple(program()))), engine)
    assert marks == {name: seen[name].inputs["managed_by"] for name in found}
    return found


def lineage(name: str, *ids: str, **options: Any) -> Any:
    connection = options.pop("connection", WAREHOUSE)
    opts = pulumi.ResourceOptions(**options)
    return atlan.LineageMap(name, connection=connection, processes=dict.fromkeys(ids, ONE), opts=opts).sets[0]


def single(name: str, **given: Any) -> Any:
    sides = {"inputs": [atlan.table(T0)], "outputs": [atlan.table(T1)]}
    return atlan.Process(name, **{"name": name, "connection": WAREHOUSE, **sides, **given})


def columns(name: str, parent: Any, *names: str, **options: Any) -> Any:
    mapping = {f"{T1}/{each}": [f"{T0}/{each}"] for each in names}
    opts = pulumi.ResourceOptions(**options)
    return atlan.ColumnLineage(name, process=parent, columns=mapping, opts=opts)


def job(*names: str) -> Any:
    snowflake = "snowflake://abc123.snowflakecomputing.com"
    sides = {
        side: [atlan.dataset(snowflake, f"DB.S.T{number}")]
        for number, side in enumerate(("inputs", "outputs"))
    }
    mapping = {f"DB.S.T1.{each}": [f"DB.S.T0.{each}"] for each in names}
    return atlan.OpenLineageJob("j", connection=SPARK, job_name="j", columns=mapping, **sides)


X = ["x/column/A", "x"]


def test_resources_that_depend_on_the_former_owner_are_sent() -> None:
    def program() -> Any:
        former = lineage("m", "y")
        last = lineage("n", "x", depends_on=[former])
        lineage("k", "z", depends_on=[last])
        return former

    assert later(program) == {"n": X, "k": ["z/column/A", "z"]}


def test_resources_with_an_output_of_the_former_owner_are_sent() -> None:
    def program() -> Any:
        former = lineage("m", "y")
        single("w", description=former.guid)
        single("v", description=former.guid.apply(str), process_id="other")
        return former

    assert later(program) == {"w": ["w"], "v": ["other"]}


def test_column_lineage_that_is_split() -> None:
    def program() -> Any:
        parent = single("p")
        former = columns("one", parent, "A")
        columns("two", parent, "B", depends_on=[former])
        return former

    assert later(program) == {"two": ["p/column/B"]}


def test_column_lineage_below_a_job() -> None:
    def program() -> Any:
        former = job("A")
        columns("cl", former, "B")
        return former

    assert later(program) == {"cl": [f"{SPARK}/j/process/column/B"]}


def test_resources_that_depend_on_others_are_sent() -> None:
    def program() -> Any:
        lineage("n", "x", depends_on=[single("slow")])
        return lineage("m", "y")

    assert later(program) == {"n": X}


def nothing_waits() -> Any:
    earlier = [lineage("n", "x"), single("w")]
    return lineage("m", "y"), *earlier


def both_wait() -> Any:
    slow, parent = single("slow"), single("p")
    columns("two", parent, "B", depends_on=[slow])
    return columns("one", parent, "A", depends_on=[slow])


def it_is_elsewhere() -> Any:
    former = lineage("m", "y")
    lineage("n", "x", depends_on=[former], connection="default/snowflake/2")
    single("w", description=former.guid, connection=f"{WAREHOUSE}1")
    return former


def the_process_is_another() -> Any:
    former = columns("one", single("p"), "A")
    columns("two", single("pp"), "A", depends_on=[former])
    single("q", description=former.guid)
    return former


def another_process_works_on_it() -> Any:
    other = atlan.AtlanProvider("other", base_url="http://127.0.0.1:1", api_key="k")
    former = lineage("m", "y")
    lineage("n", "x", depends_on=[former], provider=other)
    return former


def its_name_is_not_known() -> Any:
    former = lineage("m", "y")
    single("w", process_id=former.guid)
    return former


def it_is_invalid() -> Any:
    former = lineage("m", "y")
    single("w", description=former.guid, inputs=[])
    return former


def it_removes_nothing() -> Any:
    former = single("p")
    lineage("n", "x", depends_on=[former])
    return former


@pytest.mark.parametrize(
    "program",
    [
        nothing_waits,
        both_wait,
        it_is_elsewhere,
        the_process_is_another,
        another_process_works_on_it,
        its_name_is_not_known,
        it_is_invalid,
        it_removes_nothing,
    ],
)
def test_nothing_is_sent_otherwise(program: Callable[[], Any]) -> None:
    assert later(program) == {}


# -- the provider ----------------------------------------------------------------------------------

M, N = (mark("shop/dev", name, "atlan:ProcessSet") for name in "mn")


def new_process(monkeypatch: pytest.MonkeyPatch, server: LocalAtlan) -> Any:
    """Return the provider of another process."""
    monkeypatch.setattr(_operation, "current", Operation())
    return provider("ProcessSet", baseUrl=server.base_url, apiKey=server.api_key)


def many(*ids: str, mark_: str = M) -> dict[str, Any]:
    return {"connection": WAREHOUSE, "processes": dict.fromkeys(ids, ONE), "managed_by": mark_}


@pytest.mark.parametrize("carried", [True, False])
def test_entities_declared_later_are_not_removed(
    server: LocalAtlan, monkeypatch: pytest.MonkeyPatch, carried: bool
) -> None:
    client = AtlanClient(ClientSettings.resolve(server.base_url, server.api_key, 0))

    def guid() -> str | None:
        found = client.entities.get_by_qualified_name("Process", f"{WAREHOUSE}/x")
        return found.guid if found else None

    def check(name: str, olds: dict[str, Any], news: dict[str, Any], findings: Findings) -> dict[str, Any]:
        request = SimpleNamespace(urn=f"urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:ProcessSet::{name}")
        assert request.urn
        answer = sets.check(olds, {**news, "findings": findings.to_text()})
        assert answer.failures == []
        return answer.inputs

    sets = new_process(monkeypatch, server)
    before = sets.create(check("m", {}, many("x", "y"), Findings())).outs
    first, sets = guid(), new_process(monkeypatch, server)
    x = [("Process", f"{WAREHOUSE}/x"), ("ColumnProcess", f"{WAREHOUSE}/x/column/A")]
    sets.update("", before, check("m", before, many("y"), Findings(declared_later={N: x} if carried else {})))
    assert guid() == (first if carried else None)
    sets.create(check("n", {}, many("x", mark_=N), Findings()))
    assert (guid() == first) == carried
    client.close()
