"""Replacements and the dependents of the former entity."""

from __future__ import annotations

import pytest
from properties.kinds import BELOW_JOB, WAREHOUSE, Declared, process_name
from properties.owners import OneStack, Refused, open_for_events
from support.many import Life, World, server, world

from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["server", "world"]

THEIRS = mark("other/dev", "x")
P, MOVED = Declared("Process", "", "p", ("x",)), Declared("Process", "", "p", ("y",))
JOB, OTHER_JOB = Declared("OpenLineageJob", "", "p", ("p",)), Declared("OpenLineageJob", "", "p", ("g",))
CONNECTION = Declared("Connection", "", "c", ("1",))
KINDS = [
    pytest.param(P, MOVED, process_name("x"), "process_id", id="Process"),
    pytest.param(JOB, OTHER_JOB, process_name(f"p{BELOW_JOB}"), "job_name", id="OpenLineageJob"),
]


@pytest.fixture
def stack(world: World) -> OneStack:
    open_for_events(world.client)
    return OneStack(world.client, "shop/prod", "00000000")


def refused(stack: OneStack, program: list[Declared]) -> str:
    with pytest.raises(Refused) as caught:
        stack.preview(program)
    (problem,) = caught.value.args[0]
    return f"{problem.property}: {problem.reason}"


@pytest.mark.parametrize("mark_", [THEIRS, None])
@pytest.mark.parametrize(("had", "wanted", "name", "problem_property"), KINDS)
def test_replacements_with_dependents_are_refused_and_the_advice_works(
    world: World,
    stack: OneStack,
    had: Declared,
    wanted: Declared,
    name: str,
    problem_property: str,
    mark_: str | None,
) -> None:
    stack.up([had])
    edge = f"{name}/column-of-others"
    world.others.make_edge(edge, name, **({OWNERSHIP_ATTRIBUTE: mark_} if mark_ else {}))
    for force in (False, True):  # setting it together with the change is too late
        reported = refused(stack, [wanted._replace(force_destroy=force)])
        assert reported.startswith(
            f"{problem_property}: Process '{name}' cannot be replaced, since ColumnProcess '{edge}'"
        )
        assert "set force_destroy=True and deploy that before this change" in reported
        assert "delete_before_replace" not in reported
    with pytest.raises(Refused):
        stack.up([wanted])
    assert stack.state[had.urn].outputs["qualified_name"] == name
    stack.up([had._replace(force_destroy=True)])
    owner = "it belongs to the stack 'other/dev', last written by alice" if mark_ else "last written by alice"
    start = f"ColumnProcess '{edge}' will be removed with Process '{name}' ({owner}"
    for notes in (stack.preview([wanted]), stack.up([wanted])):
        assert any(note.startswith(start) for note in notes), notes
    assert world.others.find("Process", name) is None


def test_a_connection_that_others_use_is_not_replaced(world: World, stack: OneStack) -> None:
    stack.up([CONNECTION])
    name = "default/airflow/1"
    world.others.make_process(f"{name}/theirs", connectionQualifiedName=name)
    moved = CONNECTION._replace(ids=("2",))
    assert f"Connection '{name}' cannot be replaced, since Process '{name}/theirs'" in refused(stack, [moved])
    world.others.remove("Process", f"{name}/theirs")
    stack.up([moved])
    assert world.others.find("Connection", name) is None


@pytest.mark.parametrize(
    ("below", "moved"),
    [
        (Declared("ColumnLineage", "", "cl", ("x", "A")), Declared("ColumnLineage", "", "cl", ("y", "A"))),
        (Declared("ColumnProcess", "", "e", ("x",)), Declared("ColumnProcess", "", "e", ("y",))),
        (Declared("ColumnLineage", "", "cl", ("x", "A")), None),
    ],
)
def test_dependents_in_the_program_follow_a_replacement(
    world: World, stack: OneStack, below: Declared, moved: Declared | None
) -> None:
    stack.up([P, below])
    notes = stack.preview([MOVED, *([moved] if moved else [])])
    assert not any("will be removed with" in note for note in notes)


def test_entities_declared_elsewhere_stay_with_their_dependents(world: World, stack: OneStack) -> None:
    stack.up([P])
    world.others.make_edge(f"{process_name('x')}/theirs", process_name("x"))
    notes = stack.preview([Declared("Process", "", "new", ("x",)), MOVED])
    assert any("stays: now declared by 'new'" in note for note in notes)


@pytest.mark.parametrize("forced", [False, True])
def test_replaced_sets_use_the_force_destroy_in_the_state(world: World, *, forced: bool) -> None:
    life, elsewhere = Life(world.client, ProcessSetLifecycle), "default/airflow/1"
    world.others.write("Connection", elsewhere, connectorName="airflow")
    program = {"base": f"{WAREHOUSE}/DB/S", "processes": {"x": {"inputs": "T0", "outputs": "T1"}}}
    life.up(connection=WAREHOUSE, force_destroy=forced, **program)
    edge, name = f"{process_name('x')}/theirs", process_name("x")
    world.others.make_edge(edge, name, **{OWNERSHIP_ATTRIBUTE: THEIRS})
    shown = life.preview(connection=elsewhere, force_destroy=not forced, **program)
    if forced:
        start = f"ColumnProcess '{edge}' will be removed with Process '{name}' (it belongs to the stack"
        assert any(note.startswith(start) for note in shown.notes), shown.notes
        assert shown.problems == []
    else:
        (problem,) = shown.problems
        assert "set force_destroy=True and deploy that before this change" in problem.reason


def test_column_lineage_of_the_program_follows_a_replaced_set(world: World) -> None:
    life, elsewhere = Life(world.client, ProcessSetLifecycle), "default/airflow/1"
    world.others.write("Connection", elsewhere, connectorName="airflow")
    program = {"base": f"{WAREHOUSE}/DB/S", "processes": {"x": {"inputs": "T0", "outputs": "T1"}}}
    life.up(connection=WAREHOUSE, **program)
    ours = {OWNERSHIP_ATTRIBUTE: mark("shop/prod", "cl", "atlan:ColumnLineage")}
    world.others.make_edge(f"{process_name('x')}/column/A", process_name("x"), **ours)
    assert life.preview(connection=elsewhere, **program).problems == []
