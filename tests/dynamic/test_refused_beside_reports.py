"""A refused resource reports the problems of all others by cause; a valid one is held back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.dynamic.provider._refused_beside import held_back, with_others
from atlan_pulumi.dynamic.provider._targets import Targets
from atlan_pulumi.lifecycle import InputProblem
from atlan_pulumi.preflight import Findings

A, B = (f"urn:pulumi:dev::p::pulumi-python:dynamic/atlan:Process::{name}" for name in "ab")
BESIDE = Findings(refused_beside=[("b", B, [A], "inputs: no such table")])
BLOCKED = [InputProblem("", "not written, since 'b' is refused: inputs: no such table")]
LIMITS = [
    (None, True),  # where the limits are unknown, nothing is written
    (Targets(), True),
    (Targets((B, A)), True),
    (Targets((A,)), False),
    (Targets((A,), with_dependents=True), True),
    (Targets(excludes=(B,)), False),
]


def beside(*reasons: tuple[str, str]) -> Findings:
    return Findings(refused_beside=[(name, f"urn-{name}", [], reason) for name, reason in reasons])


def reported(own: tuple[str, str], *others: tuple[str, str]) -> list[str]:
    """Return the lines of a resource with one problem, next to others with theirs."""
    first, *rest = with_others([InputProblem(*own)], beside(*others), None)
    assert first.property == own[0]
    assert all(problem.property == "" for problem in rest)
    return [problem.reason for problem in [first, *rest]]


@pytest.mark.parametrize(("targets", "part_of_it"), LIMITS)
def test_only_resources_of_the_operation_count(targets: Targets | None, part_of_it: bool) -> None:
    carried = Findings.from_text(BESIDE.to_text())
    assert held_back(carried, targets) == (BLOCKED if part_of_it else [])
    own, *others = with_others([InputProblem("name", "must not be blank")], carried, targets)
    assert own == InputProblem("name", "must not be blank")
    assert [problem.reason for problem in others] == (
        ["also refused: 'b': inputs: no such table"] if part_of_it else []
    )


def test_a_preview_holds_nothing_back() -> None:
    quoted = Findings(refused_beside=BESIDE.refused_beside, only_quotes=True)
    assert held_back(quoted, None) == []
    _, other = with_others([InputProblem("owner_users", "Atlan has no user 'x'")], quoted, None)
    assert other.reason == "also refused: 'b': inputs: no such table"


def test_equal_causes_are_one_line_with_the_names_of_the_resources() -> None:
    own = ("inputs", "Atlan has no Table 'T'; did you mean 'S'?")
    others = [(f"p{number}", "inputs: Atlan has no Table 'T'") for number in range(11)]
    (line,) = reported(own, *others)
    same = "the same in 11 other resources: 'p0', 'p1', 'p2' and 8 more"
    assert line == f"Atlan has no Table 'T'; did you mean 'S'?; {same}"


def test_a_name_is_the_same_cause_in_every_property() -> None:
    """What one process writes, the next one reads."""
    lines = reported(("inputs", "Atlan has no Table 'T'"), ("p", "outputs: Atlan has no Table 'T'"))
    assert lines == ["Atlan has no Table 'T'; the same in 1 other resource: 'p'"]


def test_a_reason_without_a_name_is_a_cause_of_its_property() -> None:
    lines = reported(
        ("name", "is required"), ("p", "connector: is required"), ("q", "connector: is required")
    )
    assert lines == ["is required", "also refused: 'p' and 'q': connector: is required"]


def test_further_causes_are_counted() -> None:
    findings = beside(*((f"p{number}", f"inputs: Atlan has no Table 'T{number}'") for number in range(40)))
    findings.more_refused = 5
    lines = with_others([InputProblem("name", "is required")], findings, None)
    assert len(lines) == 1 + 30 + 1
    assert lines[-1].reason == "… and 15 problems more, which the next preview reports"


REASONS = st.sampled_from(
    ["inputs: no 'T'", "outputs: no 'T'; use 'U'", "name: is required", "sql: is required"]
)


@given(
    own=st.sampled_from([("inputs", "no 'T'"), ("name", "is required")]), others=st.lists(REASONS, max_size=8)
)
def test_every_refused_resource_is_named_once_per_cause(own: tuple[str, str], others: list[str]) -> None:
    named = [(f"p{number}", reason) for number, reason in enumerate(others)]
    lines = reported(own, *named)
    causes = {(": ".join(own)).partition(";")[0].removeprefix("inputs: ")}
    causes |= {each.partition(";")[0].removeprefix("inputs: ").removeprefix("outputs: ") for each in others}
    assert len(lines) == len(causes)
    for count in range(len(others)):
        assert sum(f"'p{count}'" in line for line in lines) <= 1
