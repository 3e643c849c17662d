"""Ownership after refreshes and changes by others: another stack's entities stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.atlan import WAREHOUSE
from support.many import OTHER_STACK, Life, World, column, refusal, server, world

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark, stack_of
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["server", "world"]

Props = dict[str, Any]
QN = f"{WAREHOUSE}/load"
OURS, NAMESAKE = mark("shop/prod", "load"), mark("shop/prod", "load", origin="0000000b")


def inputs(olds: Props, managed_by: str, **changed: Any) -> tuple[Props, list[str]]:
    sides = {
        side: [{"type_name": "Table", "qualified_name": f"{WAREHOUSE}/DB/S/{table}"}]
        for side, table in (("inputs", "T0"), ("outputs", "T1"))
    }
    given = {"name": "Load", "connection": WAREHOUSE, "process_id": "load", **sides, **changed}
    checked = lifecycle_of("Process", 1).check(olds, {**given, "managed_by": managed_by})
    return checked.inputs, [problem.reason for problem in checked.problems]


def create(client: AtlanClient, managed_by: str, **changed: Any) -> Props:
    return lifecycle_of("Process", 1).create(client, inputs({}, managed_by, **changed)[0])


@pytest.mark.parametrize("theirs", [OTHER_STACK, NAMESAKE])
@pytest.mark.parametrize("how", ["adopted", "recreated"])
def test_refreshes_do_not_permit_writes_to_another_stacks_entities(
    world: World, theirs: str, how: str
) -> None:
    mine = create(world.client, OURS)
    if how == "recreated":
        world.others.remove("Process", QN)
    taken = create(world.client, theirs, sql="theirs", adopt=True)
    core = lifecycle_of("Process", 1)
    seen = core.read(world.client, QN, mine)
    news, reasons = inputs(seen.inputs, OURS, sql="ours")
    assert len(reasons) == 1, reasons
    assert "nothing was written" in reasons[0]
    with pytest.raises(ResourceError, match=r"now .* nothing was written"):
        core.update(world.client, seen.outputs, news)
    (note,) = core.delete(world.client, seen.outputs)
    assert "was left in Atlan" in note
    found = world.others.get("Process", QN)
    assert (found.guid, found.attributes["sql"]) == (taken["guid"], "theirs")


def processes(**sql: str) -> Props:
    load = {"inputs": "T0", "outputs": "T1"}
    made = {id_: {**load, "sql": text} for id_, text in sql.items()}
    return {"connection": WAREHOUSE, "base": column("").rstrip("/"), "processes": made}


def during_writes(life: Life, act: Callable[[], object]) -> None:
    """Call a function while the next deployment writes."""
    write = life.client.bulk.upsert

    def slowly(*args: Any, **options: Any) -> Any:
        act()
        return write(*args, **options)

    life.client.bulk.upsert = slowly  # type: ignore[method-assign]


def test_entities_taken_over_during_the_writes_are_not_removed(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(x="1", y="1"))
    during_writes(life, lambda: world.others.mark("Process", f"{WAREHOUSE}/y", OTHER_STACK))
    life.up(**processes(x="2"))
    assert world.others.mark_on("Process", f"{WAREHOUSE}/y") == OTHER_STACK
    assert life.logged == [f"Process '{WAREHOUSE}/y' was left in Atlan: others have it by now"]


def test_entities_removed_during_the_writes_are_not_removed_again(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(x="1", y="1"))
    during_writes(life, lambda: world.others.remove("Process", f"{WAREHOUSE}/y"))
    life.up(**processes(x="2"))
    assert (world.requests("DELETE"), life.logged) == ([], [])


def test_resources_of_one_run_do_not_remove_each_others_entities(world: World) -> None:
    """They share `written` from their first write."""
    life, core = Life(world.client, ProcessSetLifecycle), ProcessSetLifecycle()
    life.up(**processes(x="1", y="1"))
    x, y = (str(world.others.get("Process", f"{WAREHOUSE}/{id_}").guid) for id_ in "xy")
    reported: list[str] = []
    begun: list[set[str]] = []
    core.log = reported.append

    def another_resource_writes() -> None:
        begun.append(set(core.written))
        core.written.add(y)

    during_writes(life, another_resource_writes)
    core.update(world.client, life.outputs, life.check(processes(x="2", z="1")).inputs)
    assert begun[0] == {x}
    assert core.written == {x, y, str(world.others.get("Process", f"{WAREHOUSE}/z").guid)}
    assert reported == [f"Process '{WAREHOUSE}/y' was left in Atlan: this deployment has just written it"]
    assert world.others.get("Process", f"{WAREHOUSE}/y").guid == y


def test_destroys_name_entities_left_to_another_stack(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(x="1", y="1"))
    world.others.mark("Process", f"{WAREHOUSE}/y", OTHER_STACK)
    left = f"Process '{WAREHOUSE}/y' was left in Atlan: it is 'theirs' of the stack 'other/dev' now"
    assert life.destroy() == [left]
    assert world.others.find("Process", f"{WAREHOUSE}/x") is None
    assert world.others.mark_on("Process", f"{WAREHOUSE}/y") == OTHER_STACK


@pytest.mark.parametrize("by", [mark("shop/prod", "another", "atlan:ProcessSet"), None, "crawler-1"])
def test_entities_marked_by_another_resource_or_a_crawler_are_not_lost(world: World, by: str | None) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(x="1"))
    world.others.write("Process", f"{WAREHOUSE}/x", name="x", **{OWNERSHIP_ATTRIBUTE: by})
    notes = life.refresh()
    if by and stack_of(by):
        assert notes == []
    else:
        assert [each.partition(";")[0] for each in notes] == [
            f"Process '{WAREHOUSE}/x' was changed in Atlan: managed_by"
        ]


def test_every_owner_of_many_entities_is_named(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    names = [f"p{number}" for number in range(20)]
    for name in names:
        world.others.make_process(f"{WAREHOUSE}/{name}")
    world.others.mark("Process", f"{WAREHOUSE}/p9", OTHER_STACK)
    wanted = {**processes(**dict.fromkeys(names, "1")), "adopt": True}
    shown = life.preview(**wanted)
    assert shown.problems == []
    life.up(**wanted)
    for notes in (shown.notes, life.logged):
        assert any("it belongs to the stack 'other/dev'" in note for note in notes), notes
        assert any(note.startswith("… and 9 more") for note in notes), notes


def test_removed_dependents_are_named_among_many_takeovers(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(old="1"))
    world.others.make_edge(f"{WAREHOUSE}/theirs", f"{WAREHOUSE}/old")
    names = [f"p{number}" for number in range(14)]
    for name in names:
        world.others.make_process(f"{WAREHOUSE}/{name}")
    assert "theirs" in refusal(life.up, **processes(**dict.fromkeys(names, "1")), adopt=True)
    life.up(**processes(**dict.fromkeys(names, "1")), adopt=True, force_destroy=True)
    goes = f"ColumnProcess '{WAREHOUSE}/theirs' will be removed with Process '{WAREHOUSE}/old'"
    assert [note for note in life.logged if note.startswith(goes)], life.logged
