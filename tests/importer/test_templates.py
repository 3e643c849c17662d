"""Find the template of column process names, and components and groups of an import."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlan_pulumi.importer._column_lineages import NamedEdge, column_of, follows, template_of
from atlan_pulumi.importer._lineage_maps import (
    MapGroup,
    component_chains,
    component_name,
    groups_by_connection,
    groups_by_mark,
)
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.resources.column_mapping import DEFAULT_NAME, column_process_name

TABLE = "default/x/1/DB/S/T"
NAMES = st.sampled_from(["A", "AB", "ID", "order_id", "{x}", "a b"])
COLUMNS = st.tuples(NAMES, st.lists(NAMES, min_size=1, max_size=3, unique=True))
TEMPLATES = st.sampled_from(
    [
        None,
        "{inputs} => {output}",
        "{output} of {inputs}",
        "column {output}",
        "from {inputs}",
        "{{{output}}}",
        "lineage",
    ]
)


def named(template: str | None, columns: list[tuple[str, list[str]]]) -> list[NamedEdge]:
    """Return column processes with names that follow a template."""
    full = [(f"{TABLE}1/{target}", [f"{TABLE}0/{each}" for each in sources]) for target, sources in columns]
    return [NamedEdge(column_process_name(template, *each), *each) for each in full]


@given(template=TEMPLATES, columns=st.lists(COLUMNS, min_size=1, max_size=6))
def test_the_template_is_found_from_names_that_follow_it(
    template: str | None, columns: list[tuple[str, list[str]]]
) -> None:
    edges = named(template, columns)
    found = template_of(edges)
    assert all(follows(edge, found) for edge in edges)
    assert found != DEFAULT_NAME


@pytest.mark.parametrize("template", ["{inputs} => {output}", "{output} of {inputs}", "column {output}"])
def test_the_template_of_most_names_wins(template: str) -> None:
    columns = [("ONE", ["TWO"]), ("THREE", ["FOUR", "FIVE"]), ("SIX", ["SEVEN"])]
    edges = named(template, columns)
    others = named(None, [("EIGHT", ["NINE"])]) + named("lineage", [("TEN", ["ELEVEN"])])
    for every in ([*edges, *others], [*others, *edges]):
        assert template_of(every) == template


def test_the_template_with_more_fields_wins() -> None:
    assert template_of(named("{inputs} to {output}", [("A", ["B"])])) == "{inputs} to {output}"
    assert template_of(named("odd", [("A", ["B"]), ("C", ["D"])])) == "odd"
    assert template_of(named("{{x}}", [("A", ["B"])])) == "{{x}}"
    assert template_of(named(None, [("A", ["B"])])) is None
    assert template_of([]) is None


def test_a_mapping_contains_only_columns_of_tables() -> None:
    column = {"type_name": "Column", "qualified_name": f"{TABLE}/A"}
    assert column_of(column) == f"{TABLE}/A"
    odd: list[Any] = [
        None,
        "A",
        {**column, "type_name": "Table"},
        {"type_name": "Column", "guid": "g"},
        {**column, "qualified_name": "default/x/1/A"},
    ]
    assert [column_of(each) for each in odd] == [None] * len(odd)


# -- components and groups -----------------------------------------------------------------------------------


def below(*parents: str) -> Resource:
    declared: Any = SimpleNamespace()
    return Resource("load", declared, parents)


def test_components_are_sorted_outermost_first() -> None:
    resources = [below("shop:Z", "shop:A"), below(), below("shop:B"), below("shop:Z")]
    assert component_chains(resources) == [("shop:B",), ("shop:Z",), ("shop:Z", "shop:A")]
    assert component_chains([below()]) == []


def test_a_component_is_named_after_its_type() -> None:
    assert component_name(("shop:Z", "shop:pipelines:Nightly")) == "Nightly"
    assert component_name(("shop:→",)) == "component"


def process(name: str, mark: str | None) -> Any:
    return SimpleNamespace(qualified_name=name, mark=mark)


def test_processes_are_grouped_by_mark_and_connection() -> None:
    a, b, c, d = (
        process(f"default/x/{number}/{mark}", mark)
        for number, mark in ((1, "m"), (2, "m"), (1, "n"), (1, None))
    )
    assert groups_by_mark([a, b, c, d], lambda _mark, _group: True) == [
        MapGroup([a], "m"),
        MapGroup([b], "m"),
        MapGroup([c], "n"),
    ]
    assert groups_by_mark([a, b, c], lambda mark, group: mark == "n" and group == [c]) == [MapGroup([c], "n")]
    assert list(groups_by_connection([a, b, c, d])) == [
        MapGroup([a, c, d], "n", mixed=True),
        MapGroup([b], "m", mixed=True),
    ]
    assert list(groups_by_connection([d])) == [MapGroup([d], None, mixed=False)]
