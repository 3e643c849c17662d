"""Where one resource of a batch is refused, the others hear of it: also if only its inputs are wrong."""

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
    """In place of Pulumi's test double, under which a program looks nothing up."""


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


def told(program: Callable[[], object]) -> Findings:
    """Return what was found out about the resource `good`."""
    return Findings.from_text(declared(program)["good"].inputs.get("findings"))


def refused(program: Callable[[], object]) -> dict[str, str]:
    """Return the resources that `good` is refused with, and why."""
    return {name: reason for name, _, _, reason in told(program).refused_beside}


def test_one_whose_inputs_are_wrong_counts() -> None:
    def program() -> None:
        load("good")
        load("bad", process_id="p ", source=9)

    (reason,) = refused(program).values()
    assert reason.startswith("process_id: ")
    assert told(program).problems == []


def test_one_that_lacks_something_in_atlan_counts_as_before() -> None:
    def program() -> None:
        load("good")
        load("bad", source=9)

    assert refused(program)["bad"].startswith("inputs: Atlan has no Table")


def test_it_tells_what_it_waits_for() -> None:
    def program() -> None:
        first = load("good")
        load("bad", process_id="p ", opts=pulumi.ResourceOptions(depends_on=[first]))

    ((_, urn, after, _),) = told(program).refused_beside
    assert urn.endswith("::bad")
    assert [each.rpartition("::")[2] for each in after] == ["good"]


def test_one_in_a_component_is_known_by_its_urn() -> None:
    """By which `--exclude` leaves it out."""

    class Own(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("my:index:Own", "own")

    def program() -> None:
        load("good")
        load("bad", process_id="p ", opts=pulumi.ResourceOptions(parent=Own()))

    ((_, urn, _, _),) = told(program).refused_beside
    assert urn.endswith("my:index:Own$pulumi-python:dynamic/atlan:Process::bad")


def test_a_secret_in_its_inputs_is_not_quoted() -> None:
    def program() -> None:
        load("good")
        load("bad", certificate_status=pulumi.Output.secret("hunter2"))

    assert refused(program) == {"bad": "certificate_status: its inputs are not valid"}


@pytest.mark.parametrize("option", ["ignore_changes", "transforms"])
def test_one_that_may_be_registered_with_other_inputs_does_not(option: str) -> None:
    given: dict[str, Any] = {"ignore_changes": ["process_id"], "transforms": [lambda _args: None]}

    def program() -> None:
        load("good")
        bad = pulumi.ResourceOptions(**{option: given[option]})
        load("bad", process_id="p ", opts=bad)

    assert refused(program) == {}
