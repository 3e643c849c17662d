"""If one resource of a batch is refused, the others are held back, even if only its inputs are invalid.

Refused resources get the problems of the others, which the first of them reports.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from dynamic.test_failures import server
from support.atlan import WAREHOUSE, Witness, table_name
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


def reported(program: Callable[[], object], name: str = "good") -> Findings:
    """Return the findings about a resource."""
    return Findings.from_text(declared(program)[name].inputs.get("findings"))


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


def test_refused_resources_get_the_problems_of_all_others() -> None:
    def program() -> None:
        load("good")
        load("invalid", description=3, certificate_status="verified")
        load("missing", source=9)

    beside = {(name, reason[:30]) for name, _, _, reason in reported(program, "missing").refused_beside}
    assert {name for name, _ in beside} == {"invalid"}
    assert {reason.partition(": ")[0] for _, reason in beside} == {"description", "certificate_status"}
    ((name, _, _, reason),) = reported(program, "invalid").refused_beside
    assert (name, reason.partition(";")[0]) == ("missing", f"inputs: Atlan has no Table '{table_name(9)}'")


def test_in_a_preview_a_valid_resource_gets_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider may refuse it, and its line is then the only one that the engine shows."""

    def program() -> None:
        load("good")
        load("bad", source=9)

    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    found = reported(program)
    assert [name for name, *_ in found.refused_beside] == ["bad"]
    assert found.only_quotes


def test_no_more_than_a_hundred_problems_of_others_are_sent() -> None:
    def program() -> None:
        for number in range(105):
            load(f"bad-{number}", process_id="p ")

    found = reported(program, "bad-0")
    assert (len(found.refused_beside), found.more_refused) == (100, 4)


def test_secrets_of_missing_assets_are_not_quoted() -> None:
    def program() -> None:
        load("good")
        load("bad", outputs=pulumi.Output.secret([atlan.table(f"{WAREHOUSE}/hunter2")]))

    assert refused(program) == {"bad": "outputs: its inputs are not valid"}


def test_creations_that_are_refused_name_the_others(server: LocalAtlan) -> None:
    """After a lost state, every entity exists already."""
    names = [f"load-{number}" for number in range(6)]
    witness = Witness(server.base_url, server.api_key)
    for name in names:
        witness.make_process(WAREHOUSE, name, 0, 1)
    witness.close()

    def program() -> None:
        for name in names:
            load(name)

    (problem,) = reported(program, "load-1").problems_if_new
    advice = "; if they are new, the same applies to 'load-0', 'load-2', 'load-3' and 2 more"
    assert problem.reason.endswith(advice)

    (alone,) = reported(lambda: load("load-1"), "load-1").problems_if_new
    assert "the same applies" not in alone.reason


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
