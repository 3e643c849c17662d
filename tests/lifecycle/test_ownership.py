"""Ownership decisions by mark, GUID, and status, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from atlan_pulumi.client import Entity
from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    is_ours,
    is_recreated,
    mark,
    must_be_named,
    ownership_conflict_on_create,
    ownership_conflict_on_delete,
    ownership_conflict_on_update,
    replaced_guid,
    takeover_note,
)
from atlan_pulumi.lifecycle._ownership import forced_removal_note, leftover_note, ownership_conflict_on_change

OURS, RENAMED = mark("shop/prod", "load"), mark("shop/prod", "before")
THEIRS, NAMESAKE = mark("other/dev", "x"), mark("shop/prod", "load", origin="0000000b")
OLD = "pulumi:shop/prod#load"
CRAWLER = "crawler-1"
WRITTEN = "last written by alice at 1970-01-01 00:01 UTC"
LEFT = "it has the ownership mark of this resource, which an interrupted run may have left"


def entity(mark_: str | None, *, guid: str = "g", status: str = "ACTIVE") -> Entity:
    attributes = {"qualifiedName": "default/x/1/load", "name": "Load", OWNERSHIP_ATTRIBUTE: mark_}
    about: dict[str, Any] = {"updated_by": "alice", "update_time": 60_000}
    return Entity(type_name="Process", guid=guid, status=status, attributes=attributes, **about)


@pytest.mark.parametrize("status", ["ACTIVE", "DELETED"])
@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (OURS, None),
        (RENAMED, None),
        (OLD, None),
        (THEIRS, "belongs to the stack 'other/dev' (last written by alice"),
        (NAMESAKE, "belongs to another stack named 'shop/prod', of another backend or an earlier one (last"),
        (CRAWLER, "exists in Atlan already (last written by alice"),
        (None, "exists in Atlan already (last written by alice"),
    ],
)
def test_a_new_resource(found: str | None, reason: str | None, status: str) -> None:
    objection = ownership_conflict_on_create(entity(found, status=status), {"managed_by": OURS})
    if status == "DELETED" and found in (CRAWLER, None):
        assert objection is None  # no other stack would restore it
    else:
        assert (objection is None) == (reason is None)
        assert reason is None or reason in str(objection)
    assert (
        ownership_conflict_on_create(entity(found, status=status), {"managed_by": OURS, "adopt": True})
        is None
    )
    assert is_ours(entity(found), {"managed_by": OURS}) == (found in (OURS, RENAMED, OLD))
    assert not is_ours(entity(found), {})


@pytest.mark.parametrize(
    ("found", "own", "guid", "status", "reason"),
    [
        (OURS, OURS, "g", "ACTIVE", None),
        (OURS, OURS, "other", "ACTIVE", None),  # an interrupted run recreated it
        (None, OURS, "g", "ACTIVE", None),
        (None, OURS, "other", "ACTIVE", "was removed and created again"),
        (None, OURS, "other", "DELETED", None),
        (CRAWLER, OURS, "g", "ACTIVE", None),
        (THEIRS, OURS, "g", "ACTIVE", "belongs to the stack 'other/dev' now"),
        (THEIRS, OURS, "g", "DELETED", "belongs to the stack 'other/dev' now"),
        (THEIRS, THEIRS, "g", "ACTIVE", None),  # the stack was renamed
        (NAMESAKE, OURS, "g", "ACTIVE", "belongs to another stack named 'shop/prod'"),
    ],
)
def test_an_update(found: str | None, own: str, guid: str, status: str, reason: str | None) -> None:
    there, news = entity(found, guid=guid, status=status), {"managed_by": OURS}
    for olds in ({"own_mark": own, "guid": "g"}, {"managed_by": own, "guid": "g"}):
        objection = ownership_conflict_on_update(there, olds, news)
        assert (objection is None) == (reason is None), objection
        assert reason is None or f"Process 'default/x/1/load' {reason}" in str(objection)
        assert reason is None or f"({WRITTEN})" in str(objection)
        assert ownership_conflict_on_update(there, olds, {**news, "adopt": True}) is None


@pytest.mark.parametrize(
    ("found", "own", "reason"),
    [
        (OURS, OURS, None),
        (None, OURS, None),
        (CRAWLER, OURS, None),
        (None, "", "was left in Atlan: others recreated it (last written by alice"),
        (CRAWLER, "", "was left in Atlan: others recreated it"),
        (THEIRS, OURS, "was left in Atlan: it is 'x' of the stack 'other/dev' now"),
        (RENAMED, OURS, "was left in Atlan: it is 'before' of the stack 'shop/prod' now"),
        (NAMESAKE, OURS, "was left in Atlan: it is 'load' of the stack 'shop/prod' now"),
        (THEIRS, THEIRS, None),
    ],
)
def test_a_deletion(found: str | None, own: str, reason: str | None) -> None:
    objection = ownership_conflict_on_delete(entity(found), {"own_mark": own})
    assert (objection is None) == (reason is None), objection
    assert reason is None or str(objection).startswith(f"Process 'default/x/1/load' {reason}")


def test_deletions_of_imported_entities_compare_the_imported_mark() -> None:
    assert ownership_conflict_on_delete(entity(THEIRS), {"managed_by": THEIRS}) is None
    assert ownership_conflict_on_delete(entity(OURS), {"managed_by": THEIRS}) is not None
    assert ownership_conflict_on_delete(entity(THEIRS), {"own_mark": OURS, "managed_by": THEIRS}) is not None


@pytest.mark.parametrize(
    ("found", "own", "guid", "expected"),
    [
        (OURS, OURS, "g", False),
        (None, OURS, "g", False),
        (OURS, OURS, "other", False),  # by an interrupted run of this stack
        (RENAMED, OURS, "other", False),
        (NAMESAKE, OURS, "other", True),
        (THEIRS, OURS, "other", True),
        (None, OURS, "other", True),
        (None, None, "other", True),  # imported, and recreated since
        (OURS, None, "other", True),
    ],
)
def test_recreated_entities_are_recognized(
    found: str | None, own: str | None, guid: str, expected: bool
) -> None:
    props = {"guid": "g", **({"own_mark": own} if own else {})}
    assert is_recreated(entity(found, guid=guid), props) == expected
    assert not is_recreated(entity(found, guid=guid), {} if own is None else {"own_mark": own})


@pytest.mark.parametrize(
    ("found", "olds", "status", "expected"),
    [
        (OURS, {"own_mark": OURS, "guid": "g"}, "ACTIVE", False),
        (OURS, {"managed_by": OURS}, "ACTIVE", False),  # the inputs of a check have no GUID
        (None, {"own_mark": OURS, "guid": "g"}, "ACTIVE", False),
        (RENAMED, {"own_mark": RENAMED, "guid": "g"}, "ACTIVE", False),
        (OURS, {"own_mark": RENAMED, "guid": "g"}, "ACTIVE", False),  # what the update declares
        (OURS, {"own_mark": OURS, "guid": "g"}, "DELETED", True),
        (OURS, {"own_mark": OURS, "guid": "other"}, "ACTIVE", True),
        (THEIRS, {"own_mark": OURS, "guid": "g"}, "ACTIVE", True),
        (CRAWLER, {"own_mark": OURS, "guid": "g"}, "ACTIVE", True),
        (None, {"own_mark": "", "guid": "g"}, "ACTIVE", True),
        (None, {"managed_by": ""}, "ACTIVE", True),
    ],
)
def test_updates_name_entities_that_are_not_in_the_state(
    found: str | None, olds: dict[str, str], status: str, expected: bool
) -> None:
    assert must_be_named(entity(found, status=status), olds, {"managed_by": OURS}) == expected


@pytest.mark.parametrize(
    ("found", "status", "expected"),
    [
        (None, "DELETED", f"is archived in Atlan ({WRITTEN}): it will be restored"),
        (OURS, "DELETED", f"is archived in Atlan ({WRITTEN}): it will be restored"),
        (
            THEIRS,
            "DELETED",
            f"is archived in Atlan (it belongs to the stack 'other/dev', {WRITTEN}): it will be restored",
        ),
        (None, "ACTIVE", f"will be taken over ({WRITTEN})"),
        (CRAWLER, "ACTIVE", f"will be taken over ({WRITTEN})"),
        (THEIRS, "ACTIVE", f"will be taken over (it belongs to the stack 'other/dev', {WRITTEN})"),
        (
            NAMESAKE,
            "ACTIVE",
            (
                "will be taken over (it belongs to another stack named 'shop/prod', of another backend or an "
                f"earlier one, {WRITTEN})"
            ),
        ),
        (OURS, "ACTIVE", f"will be taken over ({WRITTEN}): {LEFT}"),
        (OLD, "ACTIVE", f"will be taken over ({WRITTEN}): {LEFT}"),
        (RENAMED, "ACTIVE", f"will be taken over from the resource 'before' ({WRITTEN})"),
    ],
)
def test_a_takeover_names_the_entity_and_its_owner(found: str | None, status: str, expected: str) -> None:
    note = takeover_note(entity(found, status=status), {"managed_by": OURS})
    assert note == f"Process 'default/x/1/load' {expected}"


def test_a_leftover_is_named_with_its_last_writer() -> None:
    why = "it has the ownership mark of this resource, but neither the state nor the program contains it"
    assert leftover_note(entity(OURS)) == f"Process 'default/x/1/load' will be removed ({WRITTEN}): {why}"


def test_a_forced_removal_names_the_owner() -> None:
    removed = Entity(type_name="Process", attributes={"qualifiedName": "default/x/1/parent"})
    start = "Process 'default/x/1/load' will be removed with Process 'default/x/1/parent' "
    assert (
        forced_removal_note(entity(None), removed)
        == f"{start}(last written by alice at 1970-01-01 00:01 UTC)"
    )
    theirs = forced_removal_note(entity(THEIRS), removed)
    assert theirs.startswith(f"{start}(it belongs to the stack 'other/dev', last written by alice")


@pytest.mark.parametrize(
    ("shown", "own", "lost"),
    [
        (OURS, OURS, False),
        (RENAMED, OURS, False),
        (THEIRS, OURS, True),
        (NAMESAKE, OURS, True),
        (THEIRS, THEIRS, False),  # the stack was renamed, or it was imported
        (CRAWLER, OURS, False),
        (None, OURS, False),
    ],
)
def test_refreshes_remember_the_own_mark_of_lost_entities(shown: str | None, own: str, lost: bool) -> None:
    outputs = {"own_mark": own, "managed_by": shown}
    memory = replaced_guid(outputs)
    assert memory == ({"own_mark": own} if lost else {})
    olds = {"managed_by": shown, "qualified_name": "default/x/1/load", **memory}
    objection = ownership_conflict_on_change("Process", olds, {"managed_by": OURS})
    assert (objection is not None) == lost
    assert ownership_conflict_on_change("Process", olds, {"managed_by": OURS, "adopt": True}) is None
    assert not replaced_guid({"managed_by": shown})


@pytest.mark.parametrize(
    ("olds", "news", "named"),
    [
        ({"managed_by": THEIRS}, {"managed_by": OURS}, False),
        ({"managed_by": THEIRS, "guid": "g"}, {"managed_by": OURS}, True),
        ({"managed_by": THEIRS, "own_mark": OURS}, {"managed_by": OURS}, True),
        ({"managed_by": THEIRS, "guid": "g"}, {}, False),
    ],
    ids=["inputs of an import", "state", "state after a takeover", "marks are off"],
)
def test_the_mark_of_another_stack_in_the_state_is_named(
    olds: dict[str, Any], news: dict[str, Any], named: bool
) -> None:
    assert must_be_named(entity(THEIRS), olds, news) == named


@pytest.mark.parametrize("shown", [CRAWLER, None])
def test_a_refresh_that_shows_no_stack_is_no_objection_to_a_change(shown: str | None) -> None:
    olds = {"managed_by": shown, "own_mark": OURS, "qualified_name": "default/x/1/load"}
    assert ownership_conflict_on_change("Process", olds, {"managed_by": OURS}) is None


def test_the_advice_on_an_entity_of_another_stack_is_complete() -> None:
    assert ownership_conflict_on_create(entity(THEIRS), {"managed_by": OURS}) == (
        f"Process 'default/x/1/load' belongs to the stack 'other/dev' ({WRITTEN}); nothing was written: "
        "remove it there first, or set adopt=True to take it over, or choose another id"
    )
