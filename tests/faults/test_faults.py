"""Each row of the table, under the real engine: nothing lost, nothing twice, and the next `up` converges."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from faults.fault import Fault, Play, plays
from faults.scene import ANOTHER_KEY, API_KEY, Outcome, Seen
from faults.table import FAULTS
from support.stack import Run

pytestmark = pytest.mark.engine

Played = Callable[[Play], Outcome]
_PLAYS = plays(FAULTS)


def marks(play: Play) -> list[pytest.MarkDecorator]:
    return [pytest.mark.soak] if play.faults[0].soak else []


each_row = pytest.mark.parametrize(
    ("play", "fault"),
    [pytest.param(play, row, id=row.slug, marks=marks(play)) for play in _PLAYS for row in play.faults],
)
each_play = pytest.mark.parametrize(
    "play", [pytest.param(play, id=play.name.replace(" ", "-"), marks=marks(play)) for play in _PLAYS]
)


def test_the_table_is_sound() -> None:
    slugs = [fault.slug for fault in FAULTS]
    assert len(slugs) == len(set(slugs)) >= 40
    assert sum(len(play.faults) for play in _PLAYS) == len(FAULTS)
    assert all(bool(fault.message) == (fault.expect == "fails") for fault in FAULTS)
    alike = ("operation", "environ", "next_environ", "server", "event")
    for act in (act for play in _PLAYS for act in play.acts):
        assert all(getattr(row, name) == getattr(act.first, name) for row in act.faults for name in alike)


@each_row
def test_what_comes_of_it(outcome_of: Played, play: Play, fault: Fault) -> None:
    outcome = outcome_of(play)
    act = act_of(outcome, play, fault)
    told = problem_property(act.run, "" if fault.anywhere else fault.resource)
    assert all(act.hits.get(fault.name, ())), ("what was to go wrong did not", told)
    if fault.expect == "survives":
        assert told == []
    else:
        message = next((text for text in told if re.search(fault.message, text)), None)
        assert message is not None, told or act.run.output
        assert "\n" not in message
    wanted = {edge.name: edge for edge in outcome.declared}
    assert outcome.end.edge(fault.resource) == wanted.get(fault.resource)
    assert [step.diffs for step in outcome.look.steps if step.name == fault.resource and step.diffs] == []


@each_play
def test_each_run_says_how_it_ended(outcome_of: Played, play: Play) -> None:
    outcome = outcome_of(play)
    for act, seen in zip(play.acts, outcome.acts, strict=True):
        assert (seen.run.code == 0) == (act.first.expect == "survives"), seen.run.output


@each_play
def test_the_next_up_converges(outcome_of: Played, play: Play) -> None:
    outcome = outcome_of(play)
    for act, seen in zip(play.acts, outcome.acts, strict=True):
        if seen.repaired is not None:
            run, world = seen.repaired
            assert run.code == 0, run.output
            assert world.edges == tuple(sorted(seen.declared))
        elif act.first.operation == "up":
            assert seen.between.edges == tuple(sorted(seen.declared))
    assert outcome.end.edges == tuple(sorted(outcome.declared))
    for run in outcome.runs:
        assert run.code == 0, run.output
    assert set(outcome.look.changes) <= {"same"}, outcome.look.output
    assert outcome.left.edges == ()


@each_play
def test_nothing_is_lost_or_twice_or_taken_from_others(outcome_of: Played, play: Play) -> None:
    outcome = outcome_of(play)
    first = outcome.acts[0].start
    for act, seen in zip(play.acts, outcome.acts, strict=True):
        worlds = (seen.start, seen.between, *([seen.repaired[1]] if seen.repaired else []))
        if act.first.operation == "up":
            staying = {edge.name for edge in seen.declared} & {edge.name for edge in seen.start.edges}
            assert staying <= {edge.name for edge in seen.between.edges}
        elif act.first.operation != "destroy":
            assert seen.between == seen.start, "it only looks"
        for world in (*worlds, outcome.end, outcome.left):
            assert (world.twice, world.archived, world.others) == ([], (), first.others)


@each_play
def test_the_state_is_what_the_run_came_to(outcome_of: Played, play: Play) -> None:
    for act, seen in zip(play.acts, outcome_of(play).acts, strict=True):
        if act.first.operation in {"up", "destroy"} and seen.run.code == 0:
            made = sorted(edge.qualified_name for edge in seen.between.edges)
            assert sorted(seen.state.values()) == made
        if act.first.operation == "refresh" and seen.run.code != 0:
            assert set(seen.state) >= {edge.name for edge in seen.start.edges} & {
                row.resource for row in act.faults
            }


@each_play
def test_the_terminal_shows_neither_a_traceback_nor_a_key(outcome_of: Played, play: Play) -> None:
    outcome = outcome_of(play)
    repairs = [seen.repaired[0] for seen in outcome.acts if seen.repaired]
    for run in (*(seen.run for seen in outcome.acts), *repairs, *outcome.runs):
        assert not re.search("Traceback|KeyboardInterrupt", run.output), run.output
        assert API_KEY not in run.output
        assert ANOTHER_KEY not in run.output


def act_of(outcome: Outcome, play: Play, fault: Fault) -> Seen:
    """The act that a row is part of."""
    return next(seen for act, seen in zip(play.acts, outcome.acts, strict=True) if fault in act.faults)


def problem_property(run: Run, resource: str) -> list[str]:
    """The errors that stand on a resource; with an empty name on any of this package's."""
    found = (event["diagnosticEvent"] for event in run.events if "diagnosticEvent" in event)
    ours = (item for item in found if "dynamic/atlan:" in item.get("urn", "") and item["severity"] == "error")
    return [item["message"].strip() for item in ours if not resource or item["urn"].endswith(f"::{resource}")]
