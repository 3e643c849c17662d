"""Two resources of one entity that only the provider sees: an alias lets one keep an id of another's name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from dynamic.test_failures import process, provider
from support.atlan import WAREHOUSE

from atlan_pulumi.dynamic.provider import _adapter
from atlan_pulumi.lifecycle import DEFAULTS
from atlan_pulumi.preflight import Findings

URN = "urn:pulumi:dev::shop::pulumi-python:dynamic/atlan:Process::"
BY_NAME = Findings(defaults=["process_id"]).to_text()


@pytest.fixture(autouse=True)
def new_provider_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin as a provider process does."""
    monkeypatch.setattr(_adapter, "_singles", {})


def check(name: str, olds: dict[str, Any], kind: str = "Process", **given: Any) -> list[tuple[str, str]]:
    """Check a resource of that name as the engine does, which passes its URN in the request."""
    request = SimpleNamespace(urn=f"{URN}{name}")
    assert request.urn
    news = {**process(), "findings": BY_NAME, **given}
    answer = provider(kind).check(olds, {name: value for name, value in news.items() if value is not None})
    return [(each.property, each.reason) for each in answer.failures]


def kept_by_alias() -> list[tuple[str, str]]:
    """The resource `after`, formerly `before`, which keeps the id that it had by default."""
    olds = {**process(process_id="before"), "qualified_name": f"{WAREHOUSE}/before", DEFAULTS: ["process_id"]}
    return check("after", olds, process_id="after")


def of_the_name() -> list[tuple[str, str]]:
    """A new resource whose id is the former name."""
    return check("before", {}, process_id="before")


def explicit() -> list[tuple[str, str]]:
    """A new resource that is given the id."""
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


def test_a_resource_may_be_checked_again_and_others_beside_it() -> None:
    assert kept_by_alias() == kept_by_alias() == []
    assert check("third", {}, process_id="third") == []
    assert of_the_name() != []


def test_an_entity_of_another_type_may_have_the_id() -> None:
    assert kept_by_alias() == []
    columns = [{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/T{n}/A"} for n in (0, 1)]
    parent = {"type_name": "Process", "qualified_name": f"{WAREHOUSE}/before"}
    given = {"process": parent, "inputs": columns[:1], "outputs": columns[1:], "connection": None}
    assert check("edge", {}, "ColumnProcess", process_id="before", **given) == []
