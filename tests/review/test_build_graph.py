"""The graph holds the lineage that changes, between tables, and nothing else."""

from __future__ import annotations

from typing import Any

from review import told
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.review import Graph

LOAD = told.process("load", [0], [1])


def graph(*events: told.Event) -> Graph:
    return told.reviewed(*events).graph


def links(*events: told.Event) -> dict[str, str]:
    """The changes by link, such as `T0 T1`."""
    drawn = graph(*events)
    labels = {node.id: node.label for node in drawn.nodes}
    return {f"{labels[link.source]} {labels[link.target]}": link.change for link in drawn.links}


def columns(*events: told.Event) -> dict[str, tuple[str, ...]]:
    drawn = graph(*events)
    labels = {node.id: node.label for node in drawn.nodes}
    return {f"{labels[link.source]} {labels[link.target]}": link.columns for link in drawn.links}


# -- processes --------------------------------------------------------------------------------------------


def test_a_process_links_each_input_with_each_output() -> None:
    event = told.create("Process", "load", told.process("load", [0, 1], [2, 3]))
    assert links(event) == dict.fromkeys(("T0 T2", "T0 T3", "T1 T2", "T1 T3"), "added")


def test_what_stays_of_a_process_that_changes_is_there_as_context() -> None:
    event = told.update("Process", "load", LOAD, {**LOAD, "inputs": told.tables(0, 5)})
    assert links(event) == {"T0 T1": "same", "T5 T1": "added"}


def test_where_more_than_its_sides_changes_all_its_links_do() -> None:
    new = {**LOAD, "inputs": told.tables(0, 5), "sql": "select 2"}
    assert links(told.update("Process", "load", LOAD, new)) == {"T0 T1": "changed", "T5 T1": "added"}


def test_a_process_that_moves_removes_and_adds() -> None:
    event = told.update("Process", "load", LOAD, {**LOAD, "outputs": told.tables(2)})
    assert links(event) == {"T0 T1": "removed", "T0 T2": "added"}


def test_a_process_that_gets_another_identity_changes() -> None:
    new = told.process("load", [0], [1], process_id="b")
    assert links(*told.replace("Process", "load", LOAD, new, "process_id")) == {"T0 T1": "changed"}


def test_what_does_not_change_is_not_there() -> None:
    other = told.same("Process", "other", told.process("other", [3], [4]))
    assert links(other, told.delete("Process", "load", LOAD)) == {"T0 T1": "removed"}
    assert graph(other) == Graph((), ())


def test_what_is_imported_or_stays_in_atlan_is_not_there() -> None:
    imported = told.step("import", "Process", "load", None, LOAD)
    kept = told.delete("Process", "kept", told.process("kept", [3], [4]), retainOnDelete=True)
    assert links(imported, kept) == {}


def test_several_processes_between_two_tables_are_one_link() -> None:
    events = [told.create("Process", name, told.process(name, [0], [1])) for name in ("b", "a")]
    (link,) = graph(*events).links
    assert (link.change, link.processes) == ("added", ("A", "B"))


def test_a_link_of_which_not_the_same_becomes_in_all_processes_has_changed() -> None:
    gone = told.delete("Process", "gone", told.process("gone", [0], [1]))
    stays = told.same("Process", "stays", told.process("stays", [0], [1]))
    assert links(gone, stays) == {"T0 T1": "changed"}
    assert links(gone, told.create("Process", "load", LOAD)) == {"T0 T1": "changed"}


def test_a_process_of_a_set_goes_by_its_id_and_a_job_by_its_name() -> None:
    of_set = told.create("ProcessSet", "s", told.process_set({"x": {"inputs": "T0", "outputs": "T1"}}))
    (link,) = graph(of_set).links
    assert link.processes == ("x",)
    (link,) = graph(told.create("OpenLineageJob", "j", told.job(["A.B.C"], ["D.E.F"]))).links
    assert link.processes == ("nightly",)


def test_of_a_set_only_what_changes_is_there() -> None:
    x, y = {"inputs": "T0", "outputs": "T1"}, {"inputs": "T2", "outputs": "T3"}
    event = told.update("ProcessSet", "s", told.process_set({"x": x, "y": y}), told.process_set({"y": y}))
    assert links(event) == {"T0 T1": "removed"}


# -- nodes ------------------------------------------------------------------------------------------------


def test_a_node_lies_in_what_its_name_begins_with() -> None:
    source, _ = graph(told.create("Process", "load", LOAD)).nodes
    assert (source.id, source.label, source.type_name) == (f"Table {table_name(0)}", "T0", "Table")
    assert source.cluster == f"{WAREHOUSE}/DB/S"


def test_a_dataset_lies_in_its_namespace() -> None:
    drawn = graph(told.create("OpenLineageJob", "j", told.job(["RAW.P.O"], ["MART.P.O"])))
    assert [(node.label, node.cluster, node.type_name) for node in drawn.nodes] == [
        ("MART.P.O", "snowflake://abc", "Dataset"),
        ("RAW.P.O", "snowflake://abc", "Dataset"),
    ]


def test_a_dataset_lies_in_its_namespace_whatever_that_looks_like() -> None:
    props = told.job([], [])
    props |= {"inputs": [{"namespace": "file", "name": "/in/a.csv"}]}
    props |= {"outputs": [{"namespace": "s3://lake/raw", "name": "out/b.csv"}]}
    drawn = graph(told.create("OpenLineageJob", "j", props))
    assert [(node.label, node.cluster) for node in drawn.nodes] == [
        ("/in/a.csv", "file"),
        ("out/b.csv", "s3://lake/raw"),
    ]


def test_an_asset_by_guid_lies_nowhere() -> None:
    guid = "a9934ef6-66f9-4f5c-a3a9-94c2227179ee"
    event = told.create("Process", "load", {**LOAD, "inputs": [{"guid": guid, "type_name": "View"}]})
    assert [(node.label, node.cluster) for node in graph(event).nodes if node.type_name == "View"] == [
        (guid, "")
    ]


def test_what_is_not_known_yet_is_a_node_of_its_process() -> None:
    events = [
        told.create(
            "Process", name, {**told.process(name, [0], [1]), "inputs": [*told.tables(0), told.UNKNOWN]}
        )
        for name in ("a", "b")
    ]
    drawn = graph(*events)
    assert sorted(node.label for node in drawn.nodes) == ["(known after apply)"] * 2 + ["T0", "T1"]
    assert len(drawn.links) == 3
    assert {(node.cluster, node.type_name) for node in drawn.nodes if "known" in node.label} == {("", "")}


def test_an_unknown_side_as_a_whole_is_one_node() -> None:
    event = told.create("Process", "load", {**LOAD, "outputs": told.UNKNOWN})
    assert links(event) == {"T0 (known after apply)": "added"}


def test_a_table_of_columns_has_the_type_that_a_process_tells() -> None:
    view = [{"qualified_name": table_name(0), "type_name": "View"}]
    process = told.create("Process", "load", {**LOAD, "inputs": view})
    lineage = told.create("ColumnLineage", "cols", told.column_lineage("load", {"A": "A"}))
    for events in ((process, lineage), (lineage, process)):
        assert {node.type_name for node in graph(*events).nodes} == {"Table", "View"}
        assert len(graph(*events).nodes) == 2


# -- columns ----------------------------------------------------------------------------------------------


def lineage_change(old: dict[str, Any], new: dict[str, Any]) -> told.Event:
    before, after = (told.column_lineage("load", mapping) for mapping in (old, new))
    return told.update("ColumnLineage", "cols", before, after)


def test_column_mappings_are_folded_into_the_link_of_their_process() -> None:
    lineage = told.create("ColumnLineage", "cols", told.column_lineage("load", {"A": ["A", "B"], "B": "B"}))
    events = [lineage, told.create("Process", "load", LOAD)]
    assert links(*events) == {"T0 T1": "added"}
    assert columns(*events) == {"T0 T1": ("+ A, B → A", "+ B → B")}


def test_what_becomes_of_each_mapping_is_told() -> None:
    event = lineage_change({"A": "A", "B": "B", "ID": "ID"}, {"A": ["A", "B"], "ID": "ID", "C": "B"})
    assert columns(event) == {"T0 T1": ("+ B → C", "- B → B", "~ A, B → A (was A → A)")}


def test_mappings_that_get_another_identity_change() -> None:
    old, new = (told.column_lineage(of, {"A": "A"}) for of in ("load", "other"))
    events = told.replace("ColumnLineage", "cols", old, new, "process", "qualified_name")
    assert columns(*events) == {"T0 T1": ("~ A → A",)}


def test_a_link_in_which_only_mappings_change_has_changed() -> None:
    for events in ([], [told.same("Process", "load", LOAD)]):
        assert links(lineage_change({"A": "A"}, {"A": "A", "B": "B"}), *events) == {"T0 T1": "changed"}


def test_the_process_of_mappings_is_named_though_it_is_not_in_the_plan() -> None:
    (link,) = graph(lineage_change({"A": "A"}, {"A": "B"})).links
    assert link.processes == ("load",)
    (link,) = graph(lineage_change({"A": "A"}, {"A": "B"}), told.same("Process", "load", LOAD)).links
    assert link.processes == ("Load",)


def test_columns_of_two_tables_are_told_in_the_link_of_each() -> None:
    def given(sources: list[str]) -> told.Props:
        mapping = {"A": sources}
        return told.column_lineage("load", mapping, input_tables=[table_name(0), table_name(2)])

    event = told.update("ColumnLineage", "c", given(["A", "T2/A"]), given(["A", "T2/A", "T2/B"]))
    assert columns(event) == {"T2 T1": ("~ A, B → A (was A → A)",)}
    assert columns(told.create("ColumnLineage", "c", given(["A", "T2/B"]))) == {
        "T0 T1": ("+ A → A",),
        "T2 T1": ("+ B → A",),
    }


def test_a_column_process_on_its_own_links_tables() -> None:
    props = {
        "name": "A -> B",
        "process": {"qualified_name": f"{WAREHOUSE}/load", "type_name": "Process"},
        "process_id": "c",
        "qualified_name": f"{WAREHOUSE}/c",
        "inputs": told.columns("T0/A"),
        "outputs": told.columns("T1/B"),
    }
    assert columns(told.create("ColumnProcess", "c", props)) == {"T0 T1": ("+ A → B",)}
    later = {**props, "inputs": [*told.columns("T0/A"), told.UNKNOWN]}
    assert columns(told.create("ColumnProcess", "c", later)) == {"T0 T1": ("+ A, (known after apply) → B",)}
    assert columns(told.update("ColumnProcess", "c", props, {**props, "sql": "x"})) == {"T0 T1": ("~ A → B",)}


def test_of_a_column_process_that_writes_several_columns_each_table_has_its_own() -> None:
    props = {
        "name": "x",
        "process": {"qualified_name": f"{WAREHOUSE}/load", "type_name": "Process"},
        "process_id": "c",
        "qualified_name": f"{WAREHOUSE}/c",
        "inputs": told.columns("T0/A", "T2/A"),
        "outputs": told.columns("T1/A", "T1/B", "T3/C"),
    }
    assert columns(told.delete("ColumnProcess", "c", props)) == {
        "T0 T1": ("- A → A, B",),
        "T0 T3": ("- A → C",),
        "T2 T1": ("- A → A, B",),
        "T2 T3": ("- A → C",),
    }
    less = {**props, "outputs": told.columns("T1/A", "T3/C")}
    assert columns(told.update("ColumnProcess", "c", props, less)) == {
        "T0 T1": ("~ A → A (was A → A, B)",),
        "T2 T1": ("~ A → A (was A → A, B)",),
    }


def test_a_column_process_whose_process_is_not_known_yet_is_drawn_without_it() -> None:
    props = {
        "name": "x",
        "process": told.UNKNOWN,
        "process_id": "c",
        "qualified_name": told.UNKNOWN,
        "inputs": told.columns("T0/A"),
        "outputs": told.columns("T1/A"),
    }
    (link,) = graph(told.create("ColumnProcess", "c", props)).links
    assert (link.change, link.processes, link.columns) == ("changed", (), ("+ A → A",))


def test_fields_of_a_job_are_folded_into_its_datasets() -> None:
    given = told.job(["RAW.P.O"], ["MART.P.O"], columns={"NET": ["AMOUNT", "TAX"]})
    event = told.create("OpenLineageJob", "nightly", given)
    assert columns(event) == {"RAW.P.O MART.P.O": ("+ AMOUNT, TAX → NET",)}


def test_the_order_of_events_does_not_matter() -> None:
    events = [
        told.create("Process", "load", LOAD),
        told.delete("Process", "gone", told.process("gone", [0], [1])),
        lineage_change({"A": "A"}, {"B": "B"}),
    ]
    assert graph(*events) == graph(*reversed(events))
    assert list(graph(*events).nodes) == sorted(graph(*events).nodes)
