"""Ownership marks of imported resources, and the properties in the import file."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from atlan_pulumi.importer._marks import component_in, is_of_a_set, mark_properties, parents_in
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.ownership_mark import kind_of

STACK, ORIGIN = "shop/prod", "0000abcd"
TEAM = "shop:Team$shop:Nightly"
MAP = "atlan:index:LineageMap"


def made(types: str, name: str = "load", stack: str = STACK) -> str:
    return mark(stack, name, types, ORIGIN)


def declared(
    mark_: str | None, kind: str = "Process", *, mixed: bool = False, component: str = "", many: bool = False
) -> Any:
    kind_ = SimpleNamespace(
        is_asset=False, name=kind, is_many=many or kind in ("ProcessSet", "ColumnLineage")
    )
    return SimpleNamespace(
        mark=mark_,
        kind=kind_,
        mixed=mixed,
        component=component,
        inputs={"name": "x"},
        qualified_name="a/b/1/x",
    )


def found(mark_: str | None, kind: str = "Process", parents: str = "", **more: Any) -> Resource:
    return Resource("load", declared(mark_, kind, **more), tuple(parents.split("$")) if parents else ())


def old(types: str = "", name: str = "load") -> str:
    return mark(STACK, name, types, "")


KEPT = [
    found(made("atlan:Process")),
    found(made(f"{TEAM}$atlan:Process"), parents=TEAM),
    found(old()),
    found(old("shop:Nightly"), parents=TEAM),  # contains only the innermost component
    found(made("atlan:ColumnLineage"), "ColumnLineage"),
    found(made(f"{MAP}$atlan:ProcessSet"), "ProcessSet", component="LineageMap"),
    found(made(f"{TEAM}${MAP}$atlan:ProcessSet"), "ProcessSet", TEAM, component="LineageMap"),
    found(old(MAP), "ProcessSet", TEAM, component="LineageMap"),
    found(made("atlan:Other"), "ColumnLineage", mixed=True),  # of several resources
]


@pytest.mark.parametrize("resource", KEPT, ids=lambda each: each.declared.mark)
def test_the_mark_that_the_program_gives_is_kept(resource: Resource) -> None:
    seen = {"managed_by": resource.declared.mark}
    own = {**seen, "own_mark": resource.declared.mark}
    assert mark_properties(resource, STACK) == (seen, own)
    assert mark_properties(resource, None) == (seen, own)  # the stack is unknown
    taken = {**seen, "__own_mark": ""}, {**seen, "own_mark": ""}
    assert mark_properties(resource, "other/dev") == taken  # the next check names the takeover


@pytest.mark.parametrize(
    ("resource", "wanted"),
    [
        (found(made("atlan:ColumnLineage"), "ColumnProcess"), None),
        (found(made("atlan:Process", "before")), None),
        (found(made(f"{TEAM}$atlan:Process")), None),
        (found(old("shop:Nightly")), None),
        (found(made("atlan:Process"), "ProcessSet"), made("atlan:ProcessSet")),
        (
            found(made("atlan:ProcessSet"), "ProcessSet", TEAM, component="LineageMap"),
            made(f"{TEAM}${MAP}$atlan:ProcessSet"),
        ),
        (found(old(), "ProcessSet", component="LineageMap"), old(MAP)),
    ],
)
def test_a_mark_with_another_name_of_the_same_stack_is_owned(resource: Resource, wanted: str | None) -> None:
    """For a single entity, the mark alone is no change. Bulk resources compare the mark of each entity."""
    seen = resource.declared.mark
    expected = {"managed_by": wanted} if wanted else {}
    assert mark_properties(resource, STACK) == (expected, {**expected, "own_mark": seen})
    assert mark_properties(resource, None) == ({"managed_by": seen}, {"managed_by": seen, "own_mark": seen})


def test_entities_without_the_mark_of_a_stack_have_no_own_mark() -> None:
    assert mark_properties(found(None), STACK) == ({}, {})
    workflow = {"managed_by": "atlan-snowflake-1"}
    assert mark_properties(found("atlan-snowflake-1"), STACK) == (workflow, workflow)
    assert mark_properties(found("atlan-snowflake-1"), None) == (workflow, workflow)


@pytest.mark.parametrize("resource", [each for each in KEPT if not each.declared.mixed])
def test_components_are_recovered_from_the_mark(resource: Resource) -> None:
    above = resource.parents if "@" in resource.declared.mark else resource.parents[-1:]
    if resource.declared.component and "@" not in resource.declared.mark:
        above = ()  # the parent in such a mark is the component itself
    assert parents_in("load", resource.declared, STACK) == above


@pytest.mark.parametrize(
    ("name", "one", "stack"),
    [
        ("other", declared(made(f"{TEAM}$atlan:Process")), STACK),
        ("load", declared(made(f"{TEAM}$atlan:Process")), "other/dev"),
        ("load", declared(made(f"{TEAM}$atlan:Process")), None),
        ("load", declared(made(f"{TEAM}$atlan:Process"), "ColumnProcess"), STACK),
        ("load", declared(made(f"{TEAM}$atlan:ColumnLineage"), "ColumnLineage", mixed=True), STACK),
        ("load", declared(None), STACK),
        ("load", declared("crawler-1"), STACK),
    ],
)
def test_the_mark_of_another_resource_has_no_components(name: str, one: Any, stack: str | None) -> None:
    assert parents_in(name, one, stack) == ()


@pytest.mark.parametrize(
    ("mark_", "kind", "component"),
    [
        (made("atlan:Process"), "Process", ""),
        (made(f"{TEAM}$atlan:ColumnLineage"), "ColumnLineage", ""),
        (made("atlan:ProcessSet"), "ProcessSet", ""),
        (made(f"{MAP}$atlan:ProcessSet"), "ProcessSet", "LineageMap"),
        (made(f"shop:Team${MAP}$atlan:ProcessSet"), "ProcessSet", "LineageMap"),
        (made(f"{MAP}$shop:Team$atlan:Process"), "Process", ""),  # only below such a component
        (old(MAP), "", "LineageMap"),
        (old("shop:Team"), "", ""),
        (old(), "", ""),
        ("crawler-1", "", ""),
        (None, "", ""),
    ],
)
def test_the_kind_and_component_in_a_mark(mark_: str | None, kind: str, component: str) -> None:
    assert (kind_of(mark_), component_in(mark_)) == (kind, component)
    assert is_of_a_set(mark_) == (kind == "ProcessSet" or bool(component))


def test_the_kind_of_a_resource_is_its_component() -> None:
    one = found(made("atlan:Process"))
    many = found(made(f"{MAP}$atlan:ProcessSet"), "ProcessSet", component="LineageMap")
    assert (one.kind, many.kind, one.stack, found(None).stack) == ("Process", "LineageMap", STACK, None)
    assert (one.inputs, one.qualified_name) == ({"name": "x"}, "a/b/1/x")
    assert ImportPlan([one, many, one], [], {}).count() == {"Process": 2, "LineageMap": 1}
