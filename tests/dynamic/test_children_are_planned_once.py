"""Each call of the engine expands the children of each side once."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.dynamic import Config
from support.atlan import WAREHOUSE, table_name
from support.many import ABOVE, DAG, OTHER_STACK, STACK, World, server, world

from atlan_pulumi.client import _tenant
from atlan_pulumi.dynamic.provider._adapter import LifecycleProvider, _Entities
from atlan_pulumi.lifecycle import Checked, EntityKey, ManyLifecycle, Plan, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of

__all__ = ["server", "world"]

Props = dict[str, Any]
TABLES = {"input_tables": [table_name(0)], "output_tables": [table_name(1)]}
OWN = mark(STACK, "edges")


def lineage(source: str) -> Props:
    columns = {"A": source, "B": ["A", "B"]}
    return {"process": ABOVE, "columns": columns, "managed_by": OWN, **TABLES}


def processes(source: str) -> Props:
    sides = {"inputs": "T0", "outputs": "T1", "columns": {"A": source}}
    given = {"one": sides, "two": {**sides, "inputs": "T2"}}
    place = {"connection": WAREHOUSE, "base": f"{WAREHOUSE}/DB/S"}
    return {**place, "processes": given, "managed_by": OWN}


KINDS = pytest.mark.parametrize(("kind", "given"), [("ColumnLineage", lineage), ("ProcessSet", processes)])


@pytest.fixture
def provider(world: World) -> Iterator[Any]:
    """Return a provider of a kind, as in a new process."""

    def make(kind: str) -> LifecycleProvider:
        made = LifecycleProvider(kind, 1)
        settings = {"atlan:baseUrl": world.server.base_url, "atlan:apiKey": world.server.api_key}
        made.configure(ConfigureRequest(Config(settings, "shop")))
        return made

    yield make
    for client in _tenant._clients.values():
        client.close()
    _tenant._clients.clear()


def counted(lifecycle: ManyLifecycle, monkeypatch: pytest.MonkeyPatch) -> list[Props]:
    """Record the properties that are expanded from now on."""
    expanded: list[Props] = []
    real = lifecycle.children

    def parts(props: Props) -> Any:
        expanded.append(props)
        return real(props)

    monkeypatch.setattr(lifecycle, "children", parts)
    return expanded


@KINDS
def test_one_changed_mapping_is_expanded_once_for_each_side_of_each_call(
    provider: Any, monkeypatch: pytest.MonkeyPatch, kind: str, given: Any
) -> None:
    first = provider(kind)
    olds = first.check({}, given("A")).inputs
    outputs = first.create(olds).outs
    ours = provider(kind)
    expanded = counted(ours.lifecycle, monkeypatch)
    answer = ours.check(olds, given("B"))
    assert (answer.failures, len(expanded)) == ([], 2)
    assert ours.diff("id", outputs, answer.inputs).changes
    assert len(expanded) == 4
    ours.update("id", outputs, answer.inputs)
    assert len(expanded) == 6


@KINDS
@pytest.mark.parametrize("wanted", [None, OTHER_STACK, OWN])
@pytest.mark.parametrize("own", [None, OWN])
def test_another_mark_needs_no_further_plan(
    kind: str, given: Any, own: str | None, wanted: str | None
) -> None:
    core: Any = lifecycle_of(kind, 1)

    def marked(mark_: str | None) -> Props:
        bare = {name: value for name, value in given("A").items() if name != "managed_by"}
        return dict(core.check({}, {**bare, **({"managed_by": mark_} if mark_ else {})}).inputs)

    plan = Plan(core.children, {}, marked(own))
    assert plan.had == {}
    assert [(key, part.declared) for key, part in plan.wanted(wanted).items()] == [
        (key, part.declared) for key, part in core.children(marked(wanted)).items()
    ]
    assert set(plan.keys) == set(core.children(marked(own)))


def test_the_plan_of_a_call_does_not_outlive_it() -> None:
    core: Any = lifecycle_of("ColumnLineage", 1)
    checked: Checked = core.check({}, lineage("A"))
    plan = weakref.ref(checked.plan)  # type: ignore[call-overload]
    entities = _Entities(core, checked)
    edges = frozenset(EntityKey("ColumnProcess", f"{DAG}/column/{name}") for name in "AB")
    assert entities() == edges
    del checked
    gc.collect()
    assert plan() is None
    assert entities() == edges
