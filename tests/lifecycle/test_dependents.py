"""Dependents of a removed entity: what the program declares stays."""

from __future__ import annotations

import pytest
from properties.kinds import BELOW_JOB, Declared, process_name
from properties.owners import OneStack, open_for_events
from support.many import World, column, ref, refusal, server, world

from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, DeclaredResources, EntityKey, mark
from atlan_pulumi.resources.connection import ConnectionLifecycle

__all__ = ["server", "world"]

P = Declared("Process", "", "p", (), force_destroy=True)
PAIR = Declared("ProcessSet", "", "s", ("p", "q"), force_destroy=True)
JOB = Declared("OpenLineageJob", "", "p", ("p",), force_destroy=True)
LINEAGE = Declared("ColumnLineage", "", "cl", ("p", "A", "B"))
OURS = mark("shop/prod", "cl", "atlan:ColumnLineage")


@pytest.fixture
def stack(world: World) -> OneStack:
    open_for_events(world.client)
    return OneStack(world.client, "shop/prod", "00000000")


@pytest.mark.parametrize(
    ("above", "below", "less"),
    [
        (P, LINEAGE, []),
        (P, Declared("ColumnProcess", "", "cl", ("p", "p/column/A")), []),
        (PAIR, LINEAGE._replace(ids=("p", "B")), [PAIR._replace(ids=("q",))]),
        (JOB, LINEAGE._replace(ids=(f"p{BELOW_JOB}", "A")), []),
    ],
)
def test_force_destroy_keeps_dependents_declared_elsewhere_in_the_program(
    world: World, stack: OneStack, above: Declared, below: Declared, less: list[Declared]
) -> None:
    stack.up([above, below])
    there = world.others.names("ColumnProcess")
    refused, name = refusal(stack.up, [*less, below]), process_name(below.ids[0])
    assert f"since ColumnProcess '{name}/column/" in refused
    assert "' ('cl')" in refused
    assert "this program declares them in the resources in brackets: remove those" in refused
    assert "force_destroy" not in refused
    assert world.others.names("ColumnProcess") == there
    assert world.others.find("Process", name) is not None


def test_force_destroy_removes_dependents_that_are_no_longer_declared(world: World, stack: OneStack) -> None:
    stack.up([P])
    world.others.make_edge(f"{process_name('p')}/column/theirs", process_name("p"))
    (note,) = stack.up([])
    assert note.startswith(f"ColumnProcess '{process_name('p')}/column/theirs' will be removed with Process")
    assert world.others.find("Process", process_name("p")) is None


def test_connections_keep_assets_declared_elsewhere_in_the_program(world: World) -> None:
    connection, name = ConnectionLifecycle(), "default/airflow/1"
    own = {"managed_by": mark("shop/prod", "c", "atlan:Connection"), "force_destroy": True}
    given = {"name": "c", "connector": "airflow", "qualified_name": name, "admin_roles": ["$admin"]}
    inputs = connection.check({}, {**given, **own}).inputs
    outputs = ConnectionLifecycle().create(world.client, inputs)
    world.others.make_process(f"{name}/load", connectionQualifiedName=name)
    connection.declared.add(OURS, lambda: [EntityKey("Process", f"{name}/load")])
    reported = refusal(connection.delete, world.client, outputs)
    assert f"since Process '{name}/load' ('cl') still depend on it" in reported
    assert world.others.find("Connection", name) is not None
    connection.declared = DeclaredResources()
    assert connection.delete(world.client, outputs) == []
    assert world.others.find("Process", f"{name}/load") is None


@pytest.mark.parametrize("above", [P, JOB], ids=lambda each: each.kind)
def test_every_owner_of_many_dependents_is_named(world: World, stack: OneStack, above: Declared) -> None:
    """The first ten of each owner are named, so that other stacks are not lost among many."""
    stack.up([above])
    name = process_name("p" if above is P else f"p{BELOW_JOB}")
    for number in range(13):
        world.others.make_edge(f"{name}/by-hand/{number:02}", name)
    sides = {"inputs": [ref("Column", column("T2/B"))], "outputs": [ref("Column", column("T3/B"))]}
    world.others.make_edge(
        f"{name}/by-hand/theirs", name, **sides, **{OWNERSHIP_ATTRIBUTE: mark("other/dev", "x")}
    )
    notes = stack.destroy()
    assert any(
        note.startswith(f"ColumnProcess '{name}/by-hand/theirs' will be removed with Process '{name}' (it ")
        and "belongs to the stack 'other/dev'" in note
        for note in notes
    ), notes
    assert [note for note in notes if note.startswith("…")] == ["… and 3 more"]
