"""Each row of the table with the real engine: nothing is lost or duplicated, and the next `up` converges."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from faults.fault import Fault, Scenario, scenarios
from faults.runner import ANOTHER_KEY, API_KEY, ScenarioResult, StepResult
from faults.table import FAULTS
from support.stack import Run

pytestmark = pytest.mark.engine

RunScenario = Callable[[Scenario], ScenarioResult]
_SCENARIOS = scenarios(FAULTS)


#: Scenarios of many faults that the fast tests of the client and of the lifecycles cover as well.
_LONG = frozenset({"refresh", "search lag", "up failed repeatedly"})


def marks(scenario: Scenario) -> list[pytest.MarkDecorator]:
    return [pytest.mark.soak] if scenario.faults[0].soak or scenario.name in _LONG else []


each_row = pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        pytest.param(scenario, row, id=row.slug, marks=marks(scenario))
        for scenario in _SCENARIOS
        for row in scenario.faults
    ],
)
each_scenario = pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(scenario, id=scenario.name.replace(" ", "-"), marks=marks(scenario))
        for scenario in _SCENARIOS
    ],
)


def test_the_table_is_consistent() -> None:
    slugs = [fault.slug for fault in FAULTS]
    assert len(slugs) == len(set(slugs)) >= 40
    assert sum(len(scenario.faults) for scenario in _SCENARIOS) == len(FAULTS)
    assert all(bool(fault.message) == (fault.expect == "fails") for fault in FAULTS)
    shared = ("operation", "environ", "next_environ", "server", "event")
    for step in (step for scenario in _SCENARIOS for step in scenario.steps):
        assert all(getattr(row, name) == getattr(step.first, name) for row in step.faults for name in shared)


@each_row
def test_each_fault_has_its_expected_result(result_of: RunScenario, scenario: Scenario, fault: Fault) -> None:
    result = result_of(scenario)
    step = step_result_of(result, scenario, fault)
    errors = errors_on(step.run, "" if fault.anywhere else fault.resource)
    assert all(step.hits.get(fault.name, ())), ("the fault did not occur", errors)
    if fault.expect == "survives":
        assert errors == []
    else:
        message = next((text for text in errors if re.search(fault.message, text)), None)
        assert message is not None, errors or step.run.output
        assert "\n" not in message
    wanted = {edge.name: edge for edge in result.declared}
    assert result.end.edge(fault.resource) == wanted.get(fault.resource)
    assert [step.diffs for step in result.preview.steps if step.name == fault.resource and step.diffs] == []


@each_scenario
def test_exit_codes_match_the_results(result_of: RunScenario, scenario: Scenario) -> None:
    result = result_of(scenario)
    for step, step_result in zip(scenario.steps, result.steps, strict=True):
        assert (step_result.run.code == 0) == (step.first.expect == "survives"), step_result.run.output


@each_scenario
def test_the_next_up_converges(result_of: RunScenario, scenario: Scenario) -> None:
    result = result_of(scenario)
    for step, step_result in zip(scenario.steps, result.steps, strict=True):
        if step_result.repaired is not None:
            run, snapshot = step_result.repaired
            assert run.code == 0, run.output
            assert snapshot.edges == tuple(sorted(step_result.declared))
        elif step.first.operation == "up":
            assert step_result.between.edges == tuple(sorted(step_result.declared))
    assert result.end.edges == tuple(sorted(result.declared))
    for run in result.runs:
        assert run.code == 0, run.output
    assert set(result.preview.changes) <= {"same"}, result.preview.output
    assert result.remaining.edges == ()


@each_scenario
def test_nothing_is_lost_or_duplicated_and_other_assets_stay(
    result_of: RunScenario, scenario: Scenario
) -> None:
    result = result_of(scenario)
    first = result.steps[0].start
    for step, step_result in zip(scenario.steps, result.steps, strict=True):
        worlds = (
            step_result.start,
            step_result.between,
            *([step_result.repaired[1]] if step_result.repaired else []),
        )
        if step.first.operation == "up":
            staying = {edge.name for edge in step_result.declared} & {
                edge.name for edge in step_result.start.edges
            }
            assert staying <= {edge.name for edge in step_result.between.edges}
        elif step.first.operation != "destroy":
            assert step_result.between == step_result.start, "it only reads"
        for snapshot in (*worlds, result.end, result.remaining):
            assert (snapshot.duplicates, snapshot.archived, snapshot.others) == ([], (), first.others)


@each_scenario
def test_the_state_matches_atlan(result_of: RunScenario, scenario: Scenario) -> None:
    for step, step_result in zip(scenario.steps, result_of(scenario).steps, strict=True):
        if step.first.operation in {"up", "destroy"} and step_result.run.code == 0:
            made = sorted(edge.qualified_name for edge in step_result.between.edges)
            assert sorted(step_result.state.values()) == made
        if step.first.operation == "refresh" and step_result.run.code != 0:
            assert set(step_result.state) >= {edge.name for edge in step_result.start.edges} & {
                row.resource for row in step.faults
            }


@each_scenario
def test_the_output_contains_no_traceback_and_no_key(result_of: RunScenario, scenario: Scenario) -> None:
    result = result_of(scenario)
    repairs = [step_result.repaired[0] for step_result in result.steps if step_result.repaired]
    for run in (*(step_result.run for step_result in result.steps), *repairs, *result.runs):
        assert not re.search("Traceback|KeyboardInterrupt", run.output), run.output
        assert API_KEY not in run.output
        assert ANOTHER_KEY not in run.output


def step_result_of(result: ScenarioResult, scenario: Scenario, fault: Fault) -> StepResult:
    """Return the result of the step that contains a row."""
    return next(
        step_result
        for step, step_result in zip(scenario.steps, result.steps, strict=True)
        if fault in step.faults
    )


def errors_on(run: Run, resource: str) -> list[str]:
    """Return the errors on a resource; with an empty name, on any resource of this package."""
    found = (event["diagnosticEvent"] for event in run.events if "diagnosticEvent" in event)
    ours = (item for item in found if "dynamic/atlan:" in item.get("urn", "") and item["severity"] == "error")
    return [item["message"].strip() for item in ours if not resource or item["urn"].endswith(f"::{resource}")]
