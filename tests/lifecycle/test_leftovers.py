"""Removals and leftovers of bulk resources, by mark, state, and program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.atlan import SEED, WAREHOUSE
from support.many import ABOVE, DAG, Life, World, column, server, world

from atlan_pulumi.lifecycle import DeclaredResources
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["SEED", "server", "world"]

Props = dict[str, Any]
OLD_MARK = "pulumi:shop/prod#atlan:index:LineageMap$lineage"


def processes(*ids: str) -> Props:
    """Return a program with processes of these ids, each with one column."""
    load = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A"}}
    return {"connection": WAREHOUSE, "base": f"{WAREHOUSE}/DB/S", "processes": dict.fromkeys(ids, load)}


def edges(*names: str) -> Props:
    given = {column(f"T1/{name}"): [column(f"T0/{name}")] for name in names}
    return {"process": ABOVE, "columns": given}


def ids(world: World) -> set[str]:
    """Return the ids of the live processes of programs."""
    return {name.rpartition("/")[2] for name in world.others.names("Process") - {DAG}}


def set_of(world: World, parents: str = "", **about: Any) -> Life:
    return Life(world.client, ProcessSetLifecycle, "lineage", parents=parents, **about)


@pytest.fixture(params=["components of two types", "two origins", "shared marks of an earlier version"])
def pair(world: World, request: pytest.FixtureRequest) -> Iterator[tuple[Life, Life]]:
    """Return two resources that used to have one mark."""
    one, other = (set_of(world, "shop:A$atlan:index:LineageMap$") for _ in range(2))
    if request.param == "components of two types":
        other = set_of(world, "shop:B$atlan:index:LineageMap$")
    elif request.param == "two origins":
        other = set_of(world, "shop:A$atlan:index:LineageMap$", origin="0000000b")
    else:
        one.mark = other.mark = OLD_MARK
    return one, other


def test_resources_do_not_remove_each_others_entities(world: World, pair: tuple[Life, Life]) -> None:
    one, other = pair
    one.up(**processes("a"))
    other.up(**processes("b"))
    one.up(**processes("a", "c"))
    assert ids(world) == {"a", "b", "c"}
    other.up(**processes("d"))
    assert ids(world) == {"a", "c", "d"}
    one.settled(**processes("a", "c"))
    other.settled(**processes("d"))
    one.destroy()
    assert ids(world) == {"d"}


def test_first_deployments_with_another_stacks_ownership_text_remove_nothing(world: World) -> None:
    mine, theirs = set_of(world, origin="0000000a"), set_of(world, origin="0000000b")
    mine.up(**processes("a", "b", "c"))
    reported = theirs.preview(**processes("d"))
    assert (reported.problems, [note for note in reported.notes if "removed" in note]) == ([], [])
    theirs.up(**processes("d"))
    assert ids(world) == {"a", "b", "c", "d"}
    (problem, *_) = theirs.preview(**processes("a", "d")).problems
    assert "belongs to another stack named 'shop/prod'" in problem.reason


def test_column_lineage_and_process_sets_of_one_name_keep_their_entities(world: World) -> None:
    columns = Life(world.client, ColumnLineageLifecycle, "lineage")
    many = set_of(world)
    columns.up(**edges("A", "B"))
    many.up(**processes("a"))
    columns.up(**edges("A"))
    many.up(**processes("a", "b"))
    assert (ids(world), world.others.edges()) == ({"a", "b"}, {"A"})


# -- leftovers of an interrupted run ------------------------------------------------------------------------


def interrupted(life: Life, **program: Any) -> None:
    """Deploy and lose the state, as a killed run does."""
    before = life.inputs, life.outputs
    life.up(**program)
    life.inputs, life.outputs = before


@pytest.mark.parametrize("before", [(), ("z",)])
def test_leftovers_are_named_before_they_are_removed(world: World, before: tuple[str, ...]) -> None:
    life = set_of(world)
    if before:
        life.up(**processes(*before))
    interrupted(life, **processes(*before, "a", "b"))
    shown = life.preview(**processes(*before, "a"))
    assert shown.problems == []
    named = {note.split("'")[1]: note for note in shown.notes if "will be removed" in note}
    assert named.keys() == {f"{WAREHOUSE}/b", f"{WAREHOUSE}/b/column/A"}
    assert all("(last written by service-account-apikey-local at 20" in note for note in named.values())
    assert ids(world) == {*before, "a", "b"}
    life.up(**processes(*before, "a"))
    assert set(named.values()) <= set(life.logged)
    taken = [note for note in life.logged if "will be taken over" in note]
    assert {note.split("'")[1] for note in taken} == {f"{WAREHOUSE}/a", f"{WAREHOUSE}/a/column/A"}
    assert ids(world) == {*before, "a"}
    life.settled(**processes(*before, "a"))


def test_leftovers_with_marks_of_earlier_versions_stay(world: World) -> None:
    life = set_of(world)
    new, life.mark = life.mark, OLD_MARK
    life.up(**processes("a"))
    interrupted(life, **processes("a", "b"))
    assert not any("'b'" in note for note in life.preview(**processes("a", "c")).notes)
    life.up(**processes("a", "c"))
    assert ids(world) == {"a", "b", "c"}
    life.mark = new
    life.up(**processes("a", "c", "d"))
    assert ids(world) == {"a", "b", "c", "d"}


def test_previews_and_deployments_refuse_removals_with_dependents(world: World) -> None:
    life = set_of(world)
    life.up(**processes("a", "b"))
    theirs = f"{WAREHOUSE}/theirs"
    world.others.make_edge(theirs, f"{WAREHOUSE}/b")
    (problem,) = life.preview(**processes("a")).problems
    assert f"ColumnProcess '{theirs}'" in problem.reason
    shown = life.preview(**processes("a"), force_destroy=True)
    goes = f"ColumnProcess '{theirs}' will be removed with Process '{WAREHOUSE}/b' (last written by alice at"
    assert any(note.startswith(goes) for note in shown.notes)
    life.up(**processes("a"), force_destroy=True)
    assert any(note.startswith(goes) for note in life.logged)


def test_destroys_name_removed_entities_that_are_not_declared(world: World) -> None:
    life = set_of(world)
    life.up(**processes("a"), force_destroy=True)
    interrupted(life, **processes("a", "b"), force_destroy=True)
    theirs = f"{WAREHOUSE}/theirs"
    world.others.make_edge(theirs, f"{WAREHOUSE}/a")
    assert life.destroy() == []
    named = {note.split("'")[1]: note for note in life.logged}
    assert named.keys() == {f"{WAREHOUSE}/b", f"{WAREHOUSE}/b/column/A", theirs}
    assert named[theirs].startswith(f"ColumnProcess '{theirs}' will be removed with Process '{WAREHOUSE}/a'")
    assert (ids(world), world.others.names("ColumnProcess")) == (set(), set())


# -- marks of earlier versions ------------------------------------------------------------------------------


def test_states_of_earlier_versions_get_precise_marks_with_the_next_change(
    world: World,
) -> None:
    life = set_of(world, "atlan:index:LineageMap$")
    new, life.mark = life.mark, OLD_MARK
    life.up(**processes("a", "b"))
    life.mark = new
    life.settled(**processes("a", "b"))
    assert world.others.mark_on("Process", f"{WAREHOUSE}/a") == OLD_MARK
    assert "the ownership mark of all 6 entities changes" in life.preview(**processes("a", "b", "c")).notes
    life.up(**processes("a", "b", "c"))
    assert world.others.mark_on("Process", f"{WAREHOUSE}/a") == new
    life.settled(**processes("a", "b", "c"))
    assert life.destroy() == []
    assert ids(world) == set()


# -- entities of other resources of the program --------------------------------------------------------------


@pytest.mark.parametrize("first", ["the one that loses it", "the one that gets it"])
def test_a_process_that_moves_to_another_set_keeps_its_entity(world: World, first: str) -> None:
    declared = DeclaredResources()
    one, other = (Life(world.client, ProcessSetLifecycle, name, declared=declared) for name in "ab")
    one.up(**processes("x", "y"))
    other.up(**processes("z"))
    guid = world.others.get("Process", f"{WAREHOUSE}/y").guid
    reported = one.preview(**processes("x")), other.preview(**processes("y", "z"))
    assert any(
        "'y' will be removed" in note for note in reported[0].notes
    )  # the other one was not checked yet
    shown = one.preview(**processes("x")).notes
    assert f"Process '{WAREHOUSE}/y' stays in Atlan: 'b' declares it now" in shown
    assert not any("will be removed" in note for note in shown)
    moves = [lambda: one.up(**processes("x")), lambda: other.up(**processes("y", "z"))]
    for move in moves if first == "the one that loses it" else reversed(moves):
        move()
    assert world.others.get("Process", f"{WAREHOUSE}/y").guid == guid
    assert ids(world) == {"x", "y", "z"}
    one.settled(**processes("x"))
    other.settled(**processes("y", "z"))
