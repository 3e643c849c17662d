"""Updates, refreshes, and deletions of an entity that changed in Atlan since the last run."""

from __future__ import annotations

from typing import Any

import pytest
from support.atlan import WAREHOUSE, table_name
from support.many import OTHER_STACK, World, refusal, server, world

from atlan_pulumi.client import Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, EntityLifecycle, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of

__all__ = ["server", "world"]

Props = dict[str, Any]
QN = f"{WAREHOUSE}/load"
OURS, RENAMED = mark("shop/prod", "load"), mark("shop/prod", "before")
KEY = f"Process '{QN}'"


class One:
    """A process in the state of a stack. Each command has its own lifecycle, as in the engine."""

    def __init__(self, world: World) -> None:
        self.client = world.client
        self.logged: list[str] = []
        self.outputs = self.core().create(self.client, self.inputs())

    def core(self) -> EntityLifecycle:
        core = lifecycle_of("Process", 1)
        assert isinstance(core, EntityLifecycle)
        self.logged = []
        core.log = self.logged.append
        return core

    def inputs(self, **changed: Any) -> Props:
        sides = {
            side: [{"type_name": "Table", "qualified_name": table_name(number)}]
            for side, number in (("inputs", 0), ("outputs", 1))
        }
        given = {
            "name": "Load",
            "connection": WAREHOUSE,
            "process_id": "load",
            "sql": "1",
            **sides,
            **changed,
        }
        checked = self.core().check({}, {"managed_by": OURS, **given})
        assert checked.problems == []
        return checked.inputs

    def update(self, **changed: Any) -> None:
        news = self.inputs(**changed)
        self.outputs = self.core().update(self.client, self.outputs, news)

    def refresh(self) -> list[str]:
        seen = self.core().read(self.client, QN, self.outputs)
        self.outputs = seen.outputs
        return seen.notes

    def destroy(self, **changed: Any) -> list[str]:
        return self.core().delete(self.client, {**self.outputs, **changed})


@pytest.fixture
def one(world: World) -> One:
    return One(world)


def remake(world: World, mark_: str | None, **changed: Any) -> str:
    """Delete and recreate the process as another user, and return its GUID."""
    world.others.remove("Process", QN)
    return world.others.make_process(
        QN, **{"name": "Load", "sql": "1", OWNERSHIP_ATTRIBUTE: mark_, **changed}
    )


# -- an update -----------------------------------------------------------------------------------------------


def test_missing_entities_are_written_as_a_whole(world: World, one: One) -> None:
    world.others.remove("Process", QN)
    one.update(description="d")
    found = world.others.get("Process", QN)
    assert (found.guid, one.logged) == (one.outputs["guid"], [])
    assert (found.attributes["sql"], found.attributes["description"]) == ("1", "d")
    assert found.attributes["connectionQualifiedName"] == WAREHOUSE
    assert [each.qualified_name for each in found.related("inputs")] == [table_name(0)]
    assert one.refresh() == []


def test_archived_entities_are_named_and_restored_as_a_whole(world: World, one: One) -> None:
    world.others.write("Process", QN, sql="theirs")
    world.others.remove("Process", QN, how="SOFT")
    guid = one.outputs["guid"]
    one.update(description="d")
    (note,) = one.logged
    assert note.startswith(f"{KEY} is archived in Atlan (last written by alice at 20")
    assert note.endswith("): it will be restored")
    assert world.sent()[-1]["status"] == "ACTIVE"
    found = world.others.get("Process", QN)
    assert (found.guid, found.status, found.attributes["sql"]) == (guid, "ACTIVE", "1")
    assert [each.qualified_name for each in found.related("inputs")] == [table_name(0)]
    assert one.refresh() == []


@pytest.mark.parametrize(
    ("mark_", "adopt", "note"),
    [
        (OURS, False, f"{KEY} will be taken over (last written by alice at "),
        (RENAMED, False, f"{KEY} will be taken over from the resource 'before' (last written by alice at "),
        (
            OTHER_STACK,
            True,
            f"{KEY} will be taken over (it belongs to the stack 'other/dev', last written by ",
        ),
        (None, True, f"{KEY} will be taken over (last written by alice at "),
    ],
)
def test_recreated_entities_are_named_before_they_are_written(
    world: World, one: One, mark_: str | None, adopt: bool, note: str
) -> None:
    guid = remake(world, mark_, sql="theirs")
    one.update(description="d", **({"adopt": True} if adopt else {}))
    assert [each[: len(note)] for each in one.logged] == [note]
    found = world.others.get("Process", QN)
    assert (found.guid, found.attributes[OWNERSHIP_ATTRIBUTE]) == (guid, OURS)
    assert (found.attributes["description"], found.attributes["sql"]) == ("d", "1")
    assert one.outputs["guid"] == guid
    assert one.refresh() == []
    assert one.destroy() == []
    assert world.others.find("Process", QN) is None


@pytest.mark.parametrize("mark_", [OTHER_STACK, RENAMED, "crawler-1"])
def test_entities_marked_by_another_resource_are_written_as_a_whole(
    world: World, one: One, mark_: str
) -> None:
    world.others.mark("Process", QN, mark_)  # which also renames it
    one.update(description="d", adopt=True)
    (note,) = one.logged
    assert note.startswith(f"{KEY} will be taken over ")
    found = world.others.get("Process", QN)
    assert (found.attributes[OWNERSHIP_ATTRIBUTE], found.name) == (OURS, "Load")
    assert one.refresh() == []


def test_notes_of_the_check_are_not_repeated(world: World, one: One) -> None:
    guid = remake(world, OURS)
    core = one.core()
    core.named.add(guid)
    core.update(world.client, one.outputs, one.inputs(description="d"))
    assert one.logged == []


def test_changed_marks_are_written_without_other_changes(world: World, one: One) -> None:
    one.update(managed_by=RENAMED)
    assert world.others.mark_on("Process", QN) == RENAMED
    assert (one.outputs["managed_by"], one.outputs["own_mark"]) == (RENAMED, RENAMED)
    one.outputs.pop("managed_by")
    one.update()  # `diff` leaves out a mark where the state has none
    assert world.others.mark_on("Process", QN) == OURS


def test_undeclared_references_are_cleared(world: World, one: One) -> None:
    job = f"{WAREHOUSE}/job"
    world.others.write("SparkJob", job, name="job")
    one.update(spark_jobs=[{"type_name": "SparkJob", "qualified_name": job}])
    assert [each.qualified_name for each in world.others.get("Process", QN).related("sparkJobs")] == [job]
    one.update()
    assert world.others.get("Process", QN).related("sparkJobs") == []
    assert one.refresh() == []


def test_only_changes_are_sent_for_the_entity_in_the_state(world: World, one: One) -> None:
    one.update(description="d")
    assert world.sent()[-1]["attributes"] == {"qualifiedName": QN, "name": "Load", "description": "d"}
    assert one.logged == []
    before = len(world.sent())
    one.update(description="d", adopt=True)
    assert (len(world.sent()), one.logged) == (before, [])


# -- a refresh -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark_", [OURS, RENAMED])
def test_refreshes_report_entities_recreated_without_changes(world: World, one: One, mark_: str) -> None:
    guid = remake(world, mark_)
    (note,) = one.refresh()
    what = "was recreated in Atlan" if mark_ == OURS else "was changed in Atlan: managed_by"
    assert note.startswith(f"{KEY} {what}; last written by alice at 20")
    assert (one.outputs["guid"], one.outputs["own_mark"]) == (guid, OURS)
    assert one.destroy() == [] or mark_ == RENAMED
    assert (world.others.find("Process", QN) is None) == (mark_ == OURS)


def test_inputs_of_a_refresh_declare_what_it_found(world: World, one: One) -> None:
    seen = one.core().read(world.client, QN, one.outputs)
    assert seen.outputs == one.outputs
    assert seen.inputs == one.inputs()


def test_refreshes_of_imported_entities_have_no_notes(world: World, one: One) -> None:
    for name in ("guid", "own_mark"):
        del one.outputs[name]
    assert one.refresh() == []
    assert "own_mark" not in one.outputs
    assert one.outputs["guid"] == world.others.get("Process", QN).guid


# -- a deletion ----------------------------------------------------------------------------------------------


def test_column_processes_of_others_are_removed_only_with_force_destroy(world: World, one: One) -> None:
    edges = [f"{QN}/column/{number}" for number in range(2)]
    for edge in edges:
        world.others.make_edge(edge, QN)
    refused = refusal(one.destroy)
    assert refused.startswith(f"{KEY} was not deleted, since ColumnProcess '{QN}/column/")
    assert all(repr(edge) in refused for edge in edges)
    assert world.others.find("Process", QN) is not None
    assert one.destroy(force_destroy=True) == []
    notes = [
        f"ColumnProcess '{edge}' will be removed with {KEY} (last written by alice at " for edge in edges
    ]
    assert sorted(each[: len(notes[0])] for each in one.logged) == notes
    assert world.others.names("ColumnProcess") == set()
    assert world.others.find("Process", QN) is None


@pytest.mark.parametrize("how", [None, "SOFT", "HARD", "PURGE"])
def test_the_declared_deletion_mode_is_used(world: World, one: One, how: str | None) -> None:
    assert one.destroy(**({"delete_type": how} if how else {})) == []
    (asked,) = world.requests("DELETE")
    assert (how or "PURGE") in str(asked)
    left = world.others.find("Process", QN)
    assert (left.status if left else None) == ("DELETED" if how == "SOFT" else None)


def test_entities_written_by_this_run_stay(world: World, one: One) -> None:
    core = one.core()  # which replaces it under the same name
    made = core.create(world.client, one.inputs())
    assert "status" not in world.sent()[-1]
    assert core.delete(world.client, one.outputs) == [
        f"{KEY} was left in Atlan: this deployment has just written it"
    ]
    assert world.others.get("Process", QN).guid == made["guid"]


# -- responses without a GUID --------------------------------------------------------------------------------


def test_guids_missing_in_the_response_are_looked_up(
    world: World, one: One, monkeypatch: pytest.MonkeyPatch
) -> None:
    guid = one.outputs["guid"]
    monkeypatch.setattr("atlan_pulumi.client.MutationResult.guid_of", lambda *_: None)
    assert one.core().create(world.client, one.inputs())["guid"] == guid
    monkeypatch.setattr(world.client.entities, "find_written", lambda *_: None)
    reason = f"^{KEY} cannot be found after it was written; run `pulumi up` again$"
    with pytest.raises(ResourceError, match=reason):
        one.core().create(world.client, one.inputs())
    nameless = Entity(type_name="Process", attributes={"qualifiedName": QN})
    monkeypatch.setattr(world.client.entities, "find_written", lambda *_: nameless)
    with pytest.raises(ResourceError, match=reason):
        one.core().create(world.client, one.inputs())
