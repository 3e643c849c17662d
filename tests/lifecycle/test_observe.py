"""Observed entities, in the form in which they were declared."""

from __future__ import annotations

from typing import Any

import pytest

from atlan_pulumi.client import Entity
from atlan_pulumi.lifecycle._observe import (
    absence_note,
    dependents_text,
    drift_note,
    last_written,
    observe_attribute,
    observe_references,
)

NAME = "default/airflow/1657025300/load"
MINUTE = 60_000
NOON = 1_700_049_600_000  # 2023-11-15 12:00 UTC


def entity(**more: Any) -> Entity:
    attributes = {"qualifiedName": NAME, **more.pop("attributes", {})}
    return Entity.model_validate({"typeName": "Process", "guid": "g", "attributes": attributes, **more})


def edge(guid: str, name: str | None, type_name: str = "Table", **more: Any) -> dict[str, Any]:
    named = {"uniqueAttributes": {"qualifiedName": name}} if name else {}
    return {"guid": guid, "typeName": type_name, **named, "relationshipStatus": "ACTIVE", **more}


def linked(*edges: dict[str, Any]) -> Entity:
    return entity(relationshipAttributes={"inputs": list(edges)})


def by_name(name: str, type_name: str = "Table") -> dict[str, Any]:
    return {"type_name": type_name, "qualified_name": name}


def by_guid(guid: str, type_name: str = "Table") -> dict[str, Any]:
    return {"type_name": type_name, "guid": guid}


@pytest.mark.parametrize(
    ("more", "reported"),
    [
        (
            {"createdBy": "ann", "updatedBy": "bob", "createTime": 1, "updateTime": NOON},
            "last written by bob at 2023-11-15 12:00 UTC",
        ),
        ({"createdBy": "ann", "createTime": NOON + MINUTE}, "last written by ann at 2023-11-15 12:01 UTC"),
        ({"updatedBy": "bob"}, "last written by bob"),
        ({"updateTime": NOON}, "last written by someone at 2023-11-15 12:00 UTC"),
        ({}, "last written by someone"),
    ],
)
def test_last_writer_and_time_are_shown_if_atlan_knows_them(more: dict[str, Any], reported: str) -> None:
    assert last_written(entity(**more)) == reported


def test_last_of_several_writers_is_named() -> None:
    above = entity(updatedBy="ann", updateTime=NOON)
    below = [entity(createdBy="bob", createTime=NOON + MINUTE), entity(updatedBy="cid")]
    assert drift_note(above, ["sql"], below).endswith("; last written by bob at 2023-11-15 12:01 UTC")
    assert drift_note(above, ["sql", "name"]) == (
        f"Process {NAME!r} was changed in Atlan: sql, name; last written by ann at 2023-11-15 12:00 UTC"
    )
    assert drift_note(above, ["sql"], [entity(updatedBy="bob", updateTime=NOON - MINUTE)]).endswith(
        "12:00 UTC"
    )


def test_edges_keep_their_declared_form() -> None:
    seen = linked(edge("1", "c/A"), edge("2", "c/B"), edge("3", "c/C"), edge("4", None))
    declared = [by_name("c/A"), by_guid("2"), by_name("c/GONE"), by_guid("5")]
    shown = observe_references(seen, "inputs", declared)
    assert sorted(map(repr, shown)) == sorted(
        map(repr, [by_name("c/A"), by_guid("2"), by_name("c/C"), by_guid("4")])
    )


def test_edges_declared_in_two_forms_keep_both() -> None:
    declared = [by_name("c/A"), by_guid("1")]
    shown = observe_references(linked(edge("1", "c/A")), "inputs", declared)
    assert sorted(map(repr, shown)) == sorted(map(repr, declared))


@pytest.mark.parametrize("declared", [by_name("c/A"), by_guid("1"), by_name("c/OTHER")])
def test_a_single_edge_is_matched_by_name_and_by_guid(declared: Any) -> None:
    seen = entity(relationshipAttributes={"process": edge("1", "c/A")})
    other = declared == by_name("c/OTHER")
    assert observe_references(seen, "process", declared) == (by_name("c/A") if other else declared)
    assert observe_references(entity(), "process", declared) is None


@pytest.mark.parametrize(
    ("stored", "declared", "shown"),
    [
        ("x", "x", "x"),
        ("x", None, "x"),
        (None, None, None),
        ("", None, None),
        (None, "", ""),
        (None, "x", None),
        ("", "x", ""),
        (False, None, False),
        (0, "", 0),
        (["b", "a"], ["a", "b"], ["a", "b"]),
        (None, ["a"], []),
        ("x", [], ["x"]),
    ],
)
def test_unset_values_are_as_declared(stored: Any, declared: Any, shown: Any) -> None:
    attributes = {} if stored is None else {"sql": stored}
    found = observe_attribute(entity(attributes=attributes), "sql", declared)
    assert (found, type(found)) == (shown, type(shown))


def test_absence_notes_distinguish_missing_and_archived_entities() -> None:
    assert absence_note("Process", NAME, None) == f"Process {NAME!r} is no longer in Atlan"
    left = entity(updatedBy="bob", status="DELETED")
    assert (
        absence_note("Process", NAME, left) == f"Process {NAME!r} was archived in Atlan; last written by bob"
    )


@pytest.mark.parametrize(("count", "more"), [(1, ""), (10, ""), (11, " and 1 more"), (25, " and 15 more")])
def test_first_ten_dependents_are_named_and_the_rest_counted(count: int, more: str) -> None:
    others = [entity(attributes={"qualifiedName": f"c/{number:02}"}) for number in range(count)]
    reported = dependents_text("Process", NAME, others)
    named = ", ".join(f"Process 'c/{number:02}'" for number in range(min(count, 10)))
    assert f"since {named}{more} still" in reported
    assert "force_destroy=True" in reported
