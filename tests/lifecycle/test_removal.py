"""Removals of bulk resources, by mark, GUID, and program."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import pytest

from atlan_pulumi.client import Entity
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, Change, DeclaredResources, EntityKey, mark
from atlan_pulumi.lifecycle._removal import Removal, Removals

Props = dict[str, Any]
CONNECTION = "default/x/1"
OURS = mark("shop/prod", "many", "atlan:ProcessSet")
RENAMED = mark("shop/prod", "before", "atlan:ProcessSet")
SIBLING = mark("shop/prod", "sibling", "atlan:ProcessSet")
NAMESAKE = mark("shop/prod", "many", "atlan:ProcessSet", "0000000b")
THEIRS = mark("other/dev", "x")
OLD = "pulumi:shop/prod#many"
CRAWLER = "crawler-1"
WRITTEN = "last written by alice at 1970-01-01 00:01 UTC"
GONE = EntityKey("Process", f"{CONNECTION}/gone")


def entity(mark_: str | None, id_: str = "gone", *, guid: str = "g", status: str = "ACTIVE") -> Entity:
    attributes = {"qualifiedName": f"{CONNECTION}/{id_}", OWNERSHIP_ATTRIBUTE: mark_}
    about: dict[str, Any] = {"updated_by": "alice", "update_time": 60_000}
    return Entity(type_name="Process", guid=guid, status=status, attributes=attributes, **about)


def below(guid: str, mark_: str | None, id_: str) -> Entity:
    """Return a column process of the process with that GUID."""
    found = entity(mark_, id_, guid=id_)
    parent = {"guid": guid, "typeName": "Process", "relationshipStatus": "ACTIVE"}
    return found.model_copy(
        update={"type_name": "ColumnProcess", "relationship_attributes": {"process": parent}}
    )


def removal(
    found: Entity | None = None,
    *,
    olds: Props | None = None,
    known: str | None = "g",
    written: Iterable[str] = (),
    declared: DeclaredResources | None = None,
    **news: Any,
) -> Removal:
    """Return the removal of an update that no longer declares the child `gone`."""
    there = {GONE: found} if found else {}
    change = Change({}, {}, {GONE: known}, [], [GONE], there)
    state = {"own_mark": OURS, "managed_by": OURS} if olds is None else olds
    wanted = {"managed_by": OURS, "qualified_name": CONNECTION, **news}
    return Removal(change, state, wanted, declared or DeclaredResources(), set(written))


def declares(mark_: str, *keys: EntityKey) -> DeclaredResources:
    declared = DeclaredResources()
    declared.add(mark_, lambda: keys)
    return declared


# -- which marks are the resource's own ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("olds", "marks"),
    [
        ({}, {OURS}),
        ({"own_mark": OURS, "managed_by": OURS}, {OURS}),
        ({"own_mark": RENAMED, "managed_by": RENAMED}, {OURS, RENAMED}),
        ({"own_mark": RENAMED}, {OURS, RENAMED}),
        ({"managed_by": OLD}, {OURS, OLD}),  # as after an import
        ({"own_mark": OLD, "managed_by": RENAMED}, {OURS, OLD, RENAMED}),
        ({"own_mark": THEIRS, "managed_by": NAMESAKE}, {OURS}),
        ({"own_mark": "", "managed_by": CRAWLER}, {OURS}),
    ],
)
def test_own_marks_are_those_of_the_stack(olds: Props, marks: set[str]) -> None:
    assert removal(olds=olds).marks == marks


def test_without_marks_there_are_no_own_marks() -> None:
    assert removal(olds={"own_mark": OURS}, managed_by=None).marks == set()
    assert removal(olds={"own_mark": ""}, managed_by="").marks == set()


# -- parts that are no longer declared -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "known", "reason"),
    [
        (OURS, "g", None),
        (OURS, "other", None),  # an interrupted run of this resource has recreated it
        (OURS, None, None),
        (OLD, "g", "was left in Atlan: it is 'many' of the stack 'shop/prod' now"),
        (None, "g", None),
        (None, "other", "was left in Atlan: others recreated it"),
        (CRAWLER, "g", None),
        (CRAWLER, None, "was left in Atlan: others recreated it"),
        (SIBLING, "g", "was left in Atlan: it is 'sibling' of the stack 'shop/prod' now"),
        (NAMESAKE, "g", "was left in Atlan: it is 'many' of the stack 'shop/prod' now"),
        (THEIRS, "g", "was left in Atlan: it is 'x' of the stack 'other/dev' now"),
        (THEIRS, "other", "was left in Atlan: it is 'x' of the stack 'other/dev' now"),
    ],
)
def test_former_children_are_removed_if_they_belong_to_the_resource(
    found: str | None, known: str | None, reason: str | None
) -> None:
    there = entity(found)
    to_delete = removal(there, known=known).former_children()
    assert to_delete.entities == ([] if reason else [there])
    assert [*to_delete.stays] == ([GONE] if reason else [])
    assert all(
        str(each).startswith(f"Process '{CONNECTION}/gone' {reason}") for each in to_delete.stays.values()
    )
    assert to_delete.named == []


@pytest.mark.parametrize(("known", "goes"), [("g", True), ("other", False), (None, False)])
def test_marks_of_earlier_versions_also_require_the_guid(known: str | None, goes: bool) -> None:
    state = {"own_mark": OLD, "managed_by": OLD}
    to_delete = removal(entity(OLD), olds=state, known=known).former_children()
    assert bool(to_delete.entities) == goes
    assert bool(to_delete.stays) != goes


def test_missing_and_archived_entities_need_no_note() -> None:
    assert removal().former_children() == Removals([], [], {})
    archived = entity(THEIRS, status="DELETED")
    assert removal(archived).former_children() == Removals([], [], {})


def test_entities_that_were_just_written_stay() -> None:
    to_delete = removal(entity(OURS), written={"g"}).former_children()
    written = f"Process '{CONNECTION}/gone' was left in Atlan: this deployment has just written it"
    assert to_delete == Removals([], [], {GONE: written})


@pytest.mark.parametrize(("by", "goes"), [(SIBLING, False), (OURS, True)])
def test_entities_that_another_resource_declares_stay(by: str, goes: bool) -> None:
    there = entity(OURS)
    to_delete = removal(there, declared=declares(by, GONE)).former_children()
    if goes:
        assert to_delete == Removals([there], [], {})
    else:
        why = f"Process '{CONNECTION}/gone' stays in Atlan: 'sibling' declares it now"
        assert to_delete == Removals([], [], {GONE: why})


# -- related entities ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "goes"),
    [(OURS, True), (OLD, False), (None, False), (SIBLING, False), (NAMESAKE, False), (THEIRS, False)],
)
def test_leftovers_are_removed_if_no_other_resource_can_own_them(found: str | None, goes: bool) -> None:
    left = entity(found, "left", guid="l")
    state = {"own_mark": OLD, "managed_by": OLD}  # the old mark is one of the resource's, and may be shared
    to_delete = removal(olds=state).with_related(Removals([], [], {}), [left])
    assert to_delete.entities == ([left] if goes else [])
    assert to_delete.stays == {}
    whose = "it has the ownership mark of this resource, but neither the state nor the program contains it"
    note = f"Process '{CONNECTION}/left' will be removed ({WRITTEN}): {whose}"
    assert to_delete.named == ([("shop/prod", note)] if goes else [])


def test_leftovers_that_another_resource_writes_or_declares_stay() -> None:
    left = entity(OURS, "left", guid="l")
    key = EntityKey("Process", f"{CONNECTION}/left")
    none = Removals([], [], {})
    assert removal(written={"l"}).with_related(none, [left]) == none
    why = f"Process '{CONNECTION}/left' stays in Atlan: 'sibling' declares it now"
    declared = removal(declared=declares(SIBLING, key)).with_related(none, [left])
    assert declared == Removals([], [], {key: why})
    own = removal(declared=declares(OURS, key)).with_related(none, [left])
    assert (own.entities, own.stays) == ([left], {})


def test_removals_and_reasons_to_stay_are_combined() -> None:
    former, left = entity(OURS), entity(OURS, "left", guid="l")
    stays = {EntityKey("Process", f"{CONNECTION}/stays"): "why"}
    near = [left, below("another", None, "apart")]
    to_delete = removal().with_related(Removals([former], [], stays), iter(near))
    assert to_delete.entities == [former, left]
    assert len(to_delete.named) == 1
    assert to_delete.stays == stays


@pytest.mark.parametrize(
    ("mark_", "of_stack"), [(None, ""), (THEIRS, "it belongs to the stack 'other/dev', ")]
)
def test_dependents_of_others_are_removed_only_with_force_destroy(mark_: str | None, of_stack: str) -> None:
    former, theirs = entity(OURS), below("g", mark_, "theirs")
    apart = below("another", mark_, "apart")
    going = Removals([former], [], {})
    with pytest.raises(ResourceError) as refused:
        removal().with_related(going, [apart, theirs])
    assert str(refused.value) == (
        f"Process '{CONNECTION}/gone' was not deleted, since ColumnProcess '{CONNECTION}/theirs' still "
        "depend on it: remove them first, or set force_destroy=True to remove them with it"
    )
    to_delete = removal(force_destroy=True).with_related(going, iter([apart, theirs]))
    note = (
        f"ColumnProcess '{CONNECTION}/theirs' will be removed with Process '{CONNECTION}/gone' "
        f"({of_stack}{WRITTEN})"
    )
    assert to_delete.entities == [former, theirs]
    assert to_delete.named == [("other/dev" if of_stack else None, note)]


@pytest.mark.parametrize("replaces", [False, True])
def test_each_process_is_named_with_its_own_dependents(replaces: bool) -> None:
    former, second = entity(OURS), entity(OURS, "second", guid="s")
    below_them = [below("g", THEIRS, "a"), below("s", THEIRS, "b"), below("g", THEIRS, "c")]
    refusing = dataclasses.replace(removal(), replaces=replaces)
    with pytest.raises(ResourceError) as refused:
        refusing.with_related(Removals([former, second], [], {}), below_them)
    reported = str(refused.value)
    assert reported.startswith(f"Process '{CONNECTION}/gone' ")
    assert f"ColumnProcess '{CONNECTION}/a'" in reported
    assert f"ColumnProcess '{CONNECTION}/c'" in reported
    assert f"'{CONNECTION}/b'" not in reported
    assert reported.endswith(" (and 1 more like it)")


@pytest.mark.parametrize(("by", "refused"), [(SIBLING, True), (OURS, False)])
def test_force_destroy_keeps_entities_declared_elsewhere_in_the_program(by: str, refused: bool) -> None:
    former, dependent = entity(OURS), below("g", SIBLING, "edge")
    declared = declares(by, EntityKey("ColumnProcess", f"{CONNECTION}/edge"))
    forced = removal(declared=declared, force_destroy=True)
    if refused:
        with pytest.raises(ResourceError, match="still depend on it"):
            forced.with_related(Removals([former], [], {}), [dependent])
    else:
        assert forced.with_related(Removals([former], [], {}), [dependent]).entities == [former, dependent]
