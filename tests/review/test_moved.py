"""Entities that move from one resource to another: they stay, and no table says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review import previews
from review.previews import section
from support.atlan import WAREHOUSE

from atlan_pulumi.review import Graph, Impact, Review, as_markdown, mermaid

LOAD = previews.process("load", [0], [1])
SAME = previews.process("same", [0], [1], sql="select 1")
STAYS = "stays: now declared by {}"
CONNECTION = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1"}


def column_process(column: str, *sources: str, of: str = "load", **more: Any) -> previews.Props:
    """Return the inputs of a `ColumnProcess` with the id that a `ColumnLineage` uses."""
    froms = sources or (column,)
    name = f"{WAREHOUSE}/{of}/column/{column}"
    return {
        "connection": WAREHOUSE,
        "inputs": previews.columns(*(f"T0/{each}" for each in froms)),
        "managed_by": f"pulumi:shop/dev#{of}-{column}",
        "name": f"{', '.join(froms)} -> {column}",
        "outputs": previews.columns(f"T1/{column}"),
        "process": {"qualified_name": f"{WAREHOUSE}/{of}", "type_name": "Process"},
        "process_id": f"{of}/column/{column}",
        "qualified_name": name,
        **more,
    }


def nobody() -> Any:
    pytest.fail("Atlan was asked")


def reviewed(*events: previews.Event) -> Review:
    return previews.review_of(*events, tenant=nobody)


def titles(made: Review) -> list[str]:
    return [each.title for each in made.sections]


def renamed(new: previews.Props, **about: Any) -> Review:
    return reviewed(previews.delete("Process", "old", SAME, **about), previews.create("Process", "new", new))


def test_a_renamed_resource_without_an_alias_keeps_its_entity() -> None:
    made = renamed({**SAME, "managed_by": "pulumi:shop/dev#new"})
    assert made.summary == ["1 process moved to another resource.", previews.MAY_MERGE]
    assert section(made, "Moved") == [("Process old", "DB/S/T0 → DB/S/T1", STAYS.format("Process new"))]
    assert titles(made) == ["Moved"]
    assert (made.graph, made.impact) == (Graph((), ()), Impact())
    assert "`stays: now declared by Process new`" in as_markdown(made)


def test_a_change_of_a_moved_entity_is_reported() -> None:
    made = renamed({**SAME, "sql": "select 2", "adopt": True})
    assert made.summary[0] == "1 process changed, 1 process moved to another resource."
    assert section(made, "Changed") == [("Process new", "sql", '"select 1" → "select 2"')]
    assert titles(made) == ["Changed", "Moved"]
    assert [link.change for link in made.graph.links] == ["changed"]
    assert "==>" not in mermaid(made.graph)


def test_a_changed_side_of_a_moved_entity_is_drawn_and_counted() -> None:
    made = previews.review_of(
        previews.delete("Process", "old", SAME),
        previews.create("Process", "new", {**SAME, "inputs": previews.tables(2)}),
    )
    assert made.summary[0] == "1 process changed, 1 process moved to another resource."
    assert sorted(link.change for link in made.graph.links) == ["added", "removed"]
    assert made.impact.edges == 1


def test_a_secret_of_a_moved_entity_may_have_changed() -> None:
    old = {**SAME, "sql": previews.secret()}
    made = reviewed(previews.delete("Process", "old", old), previews.create("Process", "new", old))
    assert section(made, "Changed") == [("Process new", "sql", "[secret]: may have changed")]


def test_force_destroy_does_not_delete_dependents_of_moved_entities() -> None:
    forced = {**SAME, "force_destroy": True}
    made = reviewed(previews.delete("Process", "old", forced), previews.create("Process", "new", forced))
    assert made.summary == ["1 process moved to another resource.", previews.MAY_MERGE]
    assert section(made, "Moved") == [("Process old", "DB/S/T0 → DB/S/T1", STAYS.format("Process new"))]


def test_a_retained_entity_with_a_new_resource_is_moved() -> None:
    made = renamed(SAME, retainOnDelete=True)
    assert made.summary == ["1 process moved to another resource.", previews.MAY_MERGE]
    assert section(made, "Removed") == []
    assert section(made, "Moved") == [("Process old", "DB/S/T0 → DB/S/T1", STAYS.format("Process new"))]


def test_a_retained_entity_that_is_recreated_is_not_moved() -> None:
    new = {**SAME, "sql": "select 2"}
    made = reviewed(*previews.replace("Process", "one", SAME, new, "sql", retainOnDelete=True))
    assert [edge.change for change in made.changes for edge in change.edges] == ["changed"]
    assert section(made, "Moved") == []


def test_fifty_column_processes_become_one_lineage_and_back() -> None:
    names = [f"C{number:02}" for number in range(50)]
    single = [(f"load-{name}", column_process(name)) for name in names]
    lineage = previews.column_lineage("load", {name: name for name in names})
    for before, after, holder in (
        (single, [("cols", lineage)], "ColumnLineage cols"),
        ([("cols", lineage)], single, "ColumnProcess load-C00"),
    ):
        kinds = {"cols": "ColumnLineage"}
        made = reviewed(
            *(previews.delete(kinds.get(name, "ColumnProcess"), name, props) for name, props in before),
            *(previews.create(kinds.get(name, "ColumnProcess"), name, props) for name, props in after),
        )
        assert made.summary == ["50 column mappings moved to another resource.", previews.MAY_MERGE]
        assert titles(made) == ["Moved"]
        moved = section(made, "Moved")
        assert len(moved) == 50
        assert moved[0][1:] == ("DB/S/T0/C00 → DB/S/T1/C00", STAYS.format(holder))
        assert (made.graph, made.impact) == (Graph((), ()), Impact())


def test_other_column_processes_are_removed_and_added() -> None:
    made = previews.review_of(
        *(previews.delete("ColumnProcess", f"load-{name}", column_process(name)) for name in "ABC"),
        previews.create(
            "ColumnLineage", "cols", previews.column_lineage("load", {"A": "A", "B": ["A", "B"], "D": "A"})
        ),
        depth=0,
    )
    assert made.summary[0] == (
        "1 column mapping added, 1 column mapping changed, 1 column mapping removed, "
        "2 column mappings moved to another resource."
    )
    assert section(made, "Added") == [("ColumnLineage cols", "DB/S/T0/A → DB/S/T1/D")]
    assert section(made, "Removed") == [("ColumnProcess load-C", "DB/S/T0/C → DB/S/T1/C", "removed")]
    assert section(made, "Changed")[0] == (
        "ColumnLineage cols: B",
        "inputs",
        f"+ Column {WAREHOUSE}/DB/S/T0/A",
    )
    assert [name for name, *_ in section(made, "Moved")] == ["ColumnProcess load-A", "ColumnProcess load-B"]


def test_a_set_takes_over_processes_with_their_columns() -> None:
    x = {"inputs": "T0", "outputs": "T1", "name": "X", "columns": {"A": "A"}}
    single = [
        previews.delete("Process", "x", previews.process("x", [0], [1])),
        previews.delete("ColumnProcess", "x-A", column_process("A", of="x")),
    ]
    made = reviewed(*single, previews.create("ProcessSet", "set", previews.process_set({"x": x})))
    assert made.summary == [
        "1 process moved to another resource, 1 column mapping moved to another resource.",
        previews.MAY_MERGE,
    ]
    assert titles(made) == ["Moved"]
    other = previews.review_of(
        previews.update("ProcessSet", "set", previews.process_set({"x": x}), previews.process_set({"y": x})),
        previews.create("Process", "x", previews.process("x", [0], [1])),
        depth=0,
    )
    assert section(other, "Moved") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1", STAYS.format("Process x")),
    ]
    assert section(other, "Added") == [
        ("ProcessSet set: y", "DB/S/T0 → DB/S/T1\nDB/S/T0/A → DB/S/T1/A"),
    ]
    assert [name for name, *_ in section(other, "Removed")] == ["ProcessSet set: x"]


def test_two_resources_that_swap_their_ids_keep_both_entities() -> None:
    a, b = {**previews.process("a", [0], [1]), "name": "A"}, {**previews.process("b", [2], [3]), "name": "B"}
    made = previews.review_of(
        *previews.replace("Process", "one", a, b, "process_id"),
        *previews.replace("Process", "two", b, a, "process_id"),
        depth=0,
    )
    assert made.summary[0] == "2 processes moved to another resource, 2 resources replaced."
    assert section(made, "Moved") == [
        ("Process one", "DB/S/T0 → DB/S/T1", STAYS.format("Process two")),
        ("Process two", "DB/S/T2 → DB/S/T3", STAYS.format("Process one")),
    ]
    assert made.graph == Graph((), ())


def test_a_replacement_that_takes_another_id_removes_its_old_entity() -> None:
    a, b = previews.process("a", [0], [1]), previews.process("b", [2], [3])
    made = previews.review_of(
        *previews.replace("Process", "one", a, {**b, "name": "A"}, "process_id"),
        previews.delete("Process", "two", b),
        depth=0,
    )
    assert made.summary[0] == (
        "1 process changed, 1 process removed, 1 process moved to another resource, 1 resource replaced."
    )
    assert section(made, "Removed") == [("Process one", "DB/S/T0 → DB/S/T1", "removed")]
    assert section(made, "Moved") == [("Process two", "DB/S/T2 → DB/S/T3", STAYS.format("Process one"))]


def test_a_replacement_whose_old_id_another_resource_declares_adds_the_new_one() -> None:
    a, b = previews.process("a", [0], [1]), previews.process("b", [2], [3])
    made = previews.review_of(
        *previews.replace("Process", "one", a, b, "process_id"), previews.create("Process", "two", a), depth=0
    )
    assert made.summary[0] == "1 process added, 1 process moved to another resource, 1 resource replaced."
    assert section(made, "Added") == [("Process one", "DB/S/T2 → DB/S/T3")]
    assert section(made, "Moved") == [("Process one", "DB/S/T0 → DB/S/T1", STAYS.format("Process two"))]


def test_an_entity_that_another_resource_imports_stays() -> None:
    made = reviewed(
        previews.delete("Process", "old", SAME), previews.step("import", "Process", "new", None, SAME)
    )
    assert made.summary == ["1 process moved to another resource, 1 resource imported.", previews.MAY_MERGE]
    assert titles(made) == ["Moved", "Imported"]


def test_a_renamed_connection_stays() -> None:
    made = reviewed(
        previews.delete("Connection", "old", {**CONNECTION, "force_destroy": True}),
        previews.create("Connection", "new", CONNECTION),
    )
    assert made.summary == ["1 connection moved to another resource.", previews.MAY_MERGE]
    assert section(made, "Moved") == [
        ("Connection old", "airflow connection etl", STAYS.format("Connection new"))
    ]
    changed = reviewed(
        previews.delete("Connection", "old", CONNECTION),
        previews.create("Connection", "new", {**CONNECTION, "name": "elt"}),
    )
    assert changed.summary[0] == "1 connection changed, 1 connection moved to another resource."
    assert section(changed, "Changed") == [("Connection new", "name", '"etl" → "elt"')]
    later = previews.review_of(
        previews.delete("Connection", "old", CONNECTION),
        previews.create("Connection", "new", {**CONNECTION, "qualified_name": previews.UNKNOWN}),
    )
    assert later.summary[0] == "1 connection added, 1 connection removed."


def test_a_renamed_job_keeps_its_process_and_columns() -> None:
    job = previews.job(["DB.S.T0"], ["DB.S.T1"], columns={"A": ["A"]})
    made = reviewed(
        previews.delete("OpenLineageJob", "old", job), previews.create("OpenLineageJob", "new", job)
    )
    assert made.summary == [
        "1 process moved to another resource, 1 column mapping moved to another resource.",
        previews.MAY_MERGE,
    ]


def test_an_entity_that_two_resources_declare_is_not_moved() -> None:
    """Such a program is refused. Its review does not say that anything stays."""
    made = previews.review_of(previews.same("Process", "one", SAME), previews.create("Process", "two", SAME))
    assert titles(made) == ["Added"]


def test_an_unknown_name_is_not_a_move() -> None:
    made = previews.review_of(
        previews.delete("Process", "old", SAME),
        previews.create("Process", "new", {**SAME, "qualified_name": previews.UNKNOWN}),
    )
    assert titles(made) == ["Added", "Removed", "Impact downstream"]


def test_an_unknown_side_of_a_moved_entity_is_counted() -> None:
    made = reviewed(
        previews.delete("Process", "old", SAME),
        previews.create("Process", "new", {**SAME, "inputs": previews.UNKNOWN}),
    )
    assert (made.impact.open, made.impact.edges) == (1, 0)


OWNERS = st.dictionaries(
    st.sampled_from("ABCDE"), st.sampled_from(["own", "other", "lineage", "set"]), max_size=5
)


def declared(owners: Mapping[str, str]) -> dict[tuple[str, str], previews.Props]:
    """Return resources that declare these column mappings of one process, each in the way of its owner."""
    resources = {
        ("ColumnProcess", f"{owner}-{name}"): column_process(name)
        for name, owner in owners.items()
        if owner in ("own", "other")
    }
    lineage = {name: name for name, owner in owners.items() if owner == "lineage"}
    if lineage:
        resources["ColumnLineage", "cols"] = previews.column_lineage("load", lineage)
    columns = {name: name for name, owner in owners.items() if owner == "set"}
    x = {"inputs": "T0", "outputs": "T1", "columns": columns}
    resources["ProcessSet", "set"] = previews.process_set({"load": x})
    return resources


@settings(max_examples=150, deadline=None)
@given(OWNERS, OWNERS)
def test_a_declared_entity_is_never_removed_or_added(before: dict[str, str], after: dict[str, str]) -> None:
    old, new = declared(before), declared(after)
    events = [
        previews.step(
            "create" if key not in old else "delete" if key not in new else "update",
            *key,
            old.get(key),
            new.get(key),
        )
        for key in {*old, *new}
    ]
    made = previews.review_of(*events, depth=0)
    became: dict[str, list[str]] = {}
    for edge in (edge for change in made.changes for edge in change.edges if edge.is_column_process):
        column = str(edge.edge.qualified_name).rpartition("/")[2]
        became.setdefault(column, []).append(edge.change)
    expected = {
        name: ["removed"]
        if name not in after
        else ["added"]
        if name not in before
        else ["same"]
        if _resource(before, name) == _resource(after, name)
        else ["moved", "same"]
        for name in {*before, *after}
    }
    assert {name: sorted(changes) for name, changes in became.items()} == expected
    assert not made.graph.links or {*before} != {*after}


def _resource(owners: Mapping[str, str], name: str) -> str:
    return f"{owners[name]}-{name}" if owners[name] in ("own", "other") else owners[name]
