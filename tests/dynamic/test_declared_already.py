"""Two resources of one entity that only the provider sees: an alias keeps an id of another name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from dynamic.test_failures import process, provider
from support.atlan import WAREHOUSE

from atlan_pulumi.dynamic.provider import _operation
from atlan_pulumi.dynamic.provider._operation import Operation
from atlan_pulumi.lifecycle import DEFAULTS
from atlan_pulumi.preflight import Findings

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:Process::"
BY_NAME = Findings(defaults=["process_id"]).to_text()


@pytest.fixture(autouse=True)
def new_provider_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test as a provider process does."""
    monkeypatch.setattr(_operation, "current", Operation())


def check(resource: str, olds: dict[str, Any], kind: str = "Process", **given: Any) -> list[tuple[str, str]]:
    """Check a resource of that name as the engine does, with its URN in the request."""
    request = SimpleNamespace(urn=f"{URN}{resource}")
    assert request.urn
    news = {**process(), "findings": BY_NAME, **given}
    answer = provider(kind).check(olds, {name: value for name, value in news.items() if value is not None})
    return [(each.property, each.reason) for each in answer.failures]


def kept_by_alias() -> list[tuple[str, str]]:
    """Return the resource `after`, formerly `before`, which keeps its default id."""
    olds = {**process(process_id="before"), "qualified_name": f"{WAREHOUSE}/before", DEFAULTS: ["process_id"]}
    return check("after", olds, process_id="after")


def of_the_name() -> list[tuple[str, str]]:
    """Return a new resource whose id is the former name."""
    return check("before", {}, process_id="before")


def explicit() -> list[tuple[str, str]]:
    """Return a new resource with a given id."""
    return check("other", {}, process_id="before", findings=None)


@pytest.mark.parametrize("second", [of_the_name, explicit])
@pytest.mark.parametrize("order", ["kept first", "kept last"])
def test_a_second_resource_with_an_id_that_an_alias_keeps_is_refused(second: Any, order: str) -> None:
    first, last = (kept_by_alias, second) if order == "kept first" else (second, kept_by_alias)
    assert first() == []
    ((property_, reason),) = last()
    assert property_ == "process_id"
    name = {kept_by_alias: "after", of_the_name: "before", explicit: "other"}[first]
    assert reason.startswith(f"Process '{WAREHOUSE}/before' is declared by {name!r} already; the later would")
    assert reason.endswith("choose another id")


def test_repeated_checks_are_no_duplicates() -> None:
    assert kept_by_alias() == kept_by_alias() == []
    assert check("third", {}, process_id="third") == []
    assert of_the_name() != []


def test_an_entity_of_another_type_may_have_the_id() -> None:
    assert kept_by_alias() == []
    columns = [{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/T{n}/A"} for n in (0, 1)]
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/before"}
    given = {"process": parent, "inputs": columns[:1], "outputs": columns[1:], "connection": None}
    assert check("edge", {}, "ColumnProcess", process_id="before", **given) == []


def bulk(name: str, *ids: str, olds: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Check a resource that is several processes, formerly others."""
    return check(name, many(*olds) if olds else {}, "ProcessSet", findings=None, **many(*ids))


def many(*ids: str) -> dict[str, Any]:
    one = {"name": "n", "inputs": "DB/S/T0", "outputs": "DB/S/T1", "columns": {"A": "A"}}
    nothing = {"name": None, "process_id": None, "inputs": None, "outputs": None}
    return {**nothing, "connection": WAREHOUSE, "processes": dict.fromkeys(ids, one)}


def in_many() -> list[tuple[str, str]]:
    return bulk("set", "before", "more")


@pytest.mark.parametrize("single", [kept_by_alias, explicit])
def test_a_child_and_a_single_resource_with_one_entity_are_refused(single: Any) -> None:
    assert single() == []
    ((_, reason),) = in_many()
    name = {kept_by_alias: "after", explicit: "other"}[single]
    reported = f"processes: Process '{WAREHOUSE}/before' is declared by {name!r} already; the later would"
    assert reason.startswith(reported)
    assert reason.endswith("declare it in one of the two")


@pytest.mark.parametrize("single", [kept_by_alias, explicit])
def test_a_single_resource_and_a_child_with_one_entity_are_refused(single: Any) -> None:
    assert in_many() == []
    ((property_, reason),) = single()
    assert property_ == "process_id"
    assert reason.startswith(f"Process '{WAREHOUSE}/before' is declared by 'set' already; the later would")
    assert reason.endswith("choose another id")


def test_several_duplicate_children_are_one_line() -> None:
    assert in_many() == []
    ((_, reason),) = bulk("again", "before", "more", "most")
    assert (
        "is declared by 'set' already; the later would overwrite the earlier (and 3 more like it)" in reason
    )
    assert bulk("third", "other") == []


def test_a_column_process_in_two_resources_is_refused() -> None:
    columns = [{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/T{n}/A"} for n in (0, 1)]
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/before"}
    assert in_many() == []
    given = {"process": parent, "columns": {columns[1]["qualified_name"]: [columns[0]["qualified_name"]]}}
    ((_, reason),) = check(
        "cols",
        {},
        "ColumnLineage",
        findings=None,
        **{**many(), "processes": None, "connection": None, **given},
    )
    assert f"columns: ColumnProcess '{WAREHOUSE}/before/" in reason
    assert "is declared by 'set' already" in reason


@pytest.mark.parametrize("order", ["giver first", "taker first"])
def test_moved_children_are_no_duplicates(order: str) -> None:
    checks = [lambda: bulk("giver", "y", olds=("x", "y")), lambda: bulk("taker", "x")]
    for each in checks if order == "giver first" else reversed(checks):
        assert each() == []


def test_repeated_checks_replace_the_claims() -> None:
    """As for a replacement, which the engine checks again without the former inputs."""
    assert bulk("set", "before", "more") == bulk("set", "more") == bulk("set", "more") == []
    assert explicit() == []
    assert in_many() != []
    assert bulk("set", "more", "most") == []
    assert bulk("other set", "most") != []


def test_children_are_listed_once_for_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    lifecycle = type(provider("ProcessSet").lifecycle)
    listed = lifecycle.entities
    monkeypatch.setattr(lifecycle, "entities", lambda *given: asked.append(given) or listed(*given))
    assert in_many() == bulk("third", "other") == []
    assert len(asked) == 2
