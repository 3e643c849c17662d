"""If one resource of a batch is refused, the others are held back, even if only its inputs are invalid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from dynamic.test_failures import server
from support.atlan import WAREHOUSE, table_name
from support.recorder import declared

import atlan_pulumi as atlan
from atlan_pulumi.dynamic.program import _plan_inputs
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Findings

__all__ = ["server"]


class NoMonitor:
    """Replaces Pulumi's test double, under which a program looks nothing up."""


@pytest.fixture(autouse=True)
def looked_up(server: LocalAtlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plan_inputs, "MockMonitor", NoMonitor)
    monkeypatch.setenv("ATLAN_BASE_URL", server.base_url)
    monkeypatch.setenv("ATLAN_API_KEY", server.api_key)
    monkeypatch.setenv("ATLAN_REQUESTS_PER_MINUTE", "0")


def load(name: str, *, source: int = 0, opts: pulumi.ResourceOptions | None = None, **given: Any) -> Any:
    sides = {"inputs": [atlan.table(table_name(source))], "outputs": [atlan.table(table_name(1))]}
    given = {"name": name, "connection": WAREHOUSE, "sql": name, **sides, **given}
    return atlan.Process(name, opts=opts, **given)


def reported(program: Callable[[], object]) -> Findings:
    """Return the findings about the resource `good`."""
    return Findings.from_text(declared(program)["good"].inputs.get("findings"))


def refused(program: Callable[[], object]) -> dict[str, str]:
    """Return the resources that hold `good` back, with the reasons."""
    return {name: reason for name, _, _, reason in reported(program).refused_beside}


def test_resources_with_invalid_inputs_hold_back_the_batch() -> None:
    def program() -> None:
        load("good")
        load("bad", process_id="p ", source=9)

    (reason,) = refused(program).values()
    assert reason.startswith("process_id: ")
    assert reported(program).problems == []


def test_resources_with_missing_assets_hold_back_the_batch() -> None:
    def program() -> None:
        load("good")
        load("bad", source=9)

    assert refused(program)["bad"].startswith("inputs: Atlan has no Table")


def test_refused_resources_list_their_dependencies() -> None:
    def program() -> None:
        first = load("good")
        load("bad", process_id="p ", opts=pulumi.ResourceOptions(depends_on=[first]))

    ((_, urn, after, _),) = reported(program).refused_beside
    assert urn.endswith("::bad")
    assert [each.rpartition("::")[2] for each in after] == ["good"]


def test_refused_resources_in_components_have_their_urn() -> None:
    """`--exclude` needs it."""

    class Own(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("my:index:Own", "own")

    def program() -> None:
        load("good")
        load("bad", process_id="p ", opts=pulumi.ResourceOptions(parent=Own()))

    ((_, urn, _, _),) = reported(program).refused_beside
    assert urn.endswith("my:index:Own$pulumi-python:dynamic/atlan:Process::bad")


def test_secrets_of_refused_resources_are_not_printed() -> None:
    def program() -> None:
        load("good")
        load("bad", certificate_status=pulumi.Output.secret("hunter2"))

    assert refused(program) == {"bad": "certificate_status: its inputs are not valid"}


@pytest.mark.parametrize("option", ["ignore_changes", "transforms"])
def test_resources_with_uncertain_inputs_do_not_hold_back_the_batch(option: str) -> None:
    given: dict[str, Any] = {"ignore_changes": ["process_id"], "transforms": [lambda _args: None]}

    def program() -> None:
        load("good")
        bad = pulumi.ResourceOptions(**{option: given[option]})
        load("bad", process_id="p ", opts=bad)

    assert refused(program) == {}
