"""The graph contains the changed lineage between tables, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from review import previews
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.review import Graph

LOAD = previews.process("load", [0], [1])


def graph(*events: previews.Event) -> Graph:
    return previews.review_of(*events).graph


def links(*events: previews.Event) -> dict[str, str]:
    """Return the changes by link, such as `T0 T1`."""
    drawn = graph(*events)
    labels = {node.id: node.label for node in drawn.nodes}
    return {f"{labels[link.source]} {labels[link.target]}": link.change for link in drawn.links}


def columns(*events: previews.Event) -> dict[str, tuple[str, ...]]:
    drawn = graph(*events)
    labels = {node.id: node.label for node in drawn.nodes}
    return {f"{labels[link.source]} {labels[link.target]}": link.columns for link in drawn.links}


# -- processes --------------------------------------------------------------------------------------------


def test_a_process_links_each_input_with_each_output() -> None:
    event = previews.create("Process", "load", previews.process("load", [0, 1], [2, 3]))
    assert links(event) == dict.fromkeys(("T0 T2", "T0 T3", "T1 T2", "T1 T3"), "added")


def test_unchanged_links_of_a_changed_process_are_context() -> None:
    event = previews.update("Process", "load", LOAD, {**LOAD, "inputs": previews.tables(0, 5)})
    assert links(event) == {"T0 T1": "same", "T5 T1": "added"}


def test_a_change_beyond_the_sides_changes_all_links() -> None:
    new = {**LOAD, "inputs": previews.tables(0, 5), "sql": "select 2"}
    assert links(previews.update("Process", "load", LOAD, new)) == {"T0 T1": "changed", "T5 T1": "added"}


def test_a_process_with_other_outputs_removes_and_adds_links() -> None:
    event = previews.update("Process", "load", LOAD, {**LOAD, "outputs": previews.tables(2)})
    assert links(event) == {"T0 T1": "removed", "T0 T2": "added"}


def test_a_process_with_another_id_changes_its_links() -> None:
    new = previews.process("load", [0], [1], process_id="b")
    assert links(*previews.replace("Process", "load", LOAD, new, "process_id")) == {"T0 T1": "changed"}


def test_unchanged_processes_are_not_in_the_graph() -> None:
    other = previews.same("Process", "other", previews.process("other", [3], [4]))
    assert links(other, previews.delete("Process", "load", LOAD)) == {"T0 T1": "removed"}
    assert graph(other) == Graph((), ())


def test_imported_and_retained_processes_are_not_in_the_graph() -> None:
    imported = previews.step("import", "Process", "load", None, LOAD)
    kept = previews.delete("Process", "kept", previews.process("kept", [3], [4]), retainOnDelete=True)
    assert links(imported, kept) == {}


def test_several_processes_between_two_tables_are_one_link() -> None:
    events = [previews.create("Process", name, previews.process(name, [0], [1])) for name in ("b", "a")]
    (link,) = graph(*events).links
    assert (link.change, link.processes) == ("added", ("A", "B"))


def test_a_link_with_different_changes_is_changed() -> None:
    gone = previews.delete("Process", "gone", previews.process("gone", [0], [1]))
    stays = previews.same("Process", "stays", previews.process("stays", [0], [1]))
    assert links(gone, stays) == {"T0 T1": "changed"}
    assert links(gone, previews.create("Process", "load", LOAD)) == {"T0 T1": "changed"}


def test_a_process_of_a_set_has_its_id_and_a_job_its_name() -> None:
    of_set = previews.create(
        "ProcessSet", "s", previews.process_set({"x": {"inputs": "T0", "outputs": "T1"}})
    )
    (link,) = graph(of_set).links
    assert link.processes == ("x",)
    (link,) = graph(previews.create("OpenLineageJob", "j", previews.job(["A.B.C"], ["D.E.F"]))).links
    assert link.processes == ("nightly",)


def test_only_changed_processes_of_a_set_are_in_the_graph() -> None:
    x, y = {"inputs": "T0", "outputs": "T1"}, {"inputs": "T2", "outputs": "T3"}
    event = previews.update(
        "ProcessSet", "s", previews.process_set({"x": x, "y": y}), previews.process_set({"y": y})
    )
    assert links(event) == {"T0 T1": "removed"}


# -- nodes ------------------------------------------------------------------------------------------------


def test_the_cluster_of_a_node_is_the_parent_in_its_name() -> None:
    source, _ = graph(previews.create("Process", "load", LOAD)).nodes
    assert (source.id, source.label, source.type_name) == (f"Table {table_name(0)}", "T0", "Table")
    assert source.cluster == f"{WAREHOUSE}/DB/S"


def test_the_cluster_of_a_dataset_is_its_namespace() -> None:
    drawn = graph(previews.create("OpenLineageJob", "j", previews.job(["RAW.P.O"], ["MART.P.O"])))
    assert [(node.label, node.cluster, node.type_name) for node in drawn.nodes] == [
        ("MART.P.O", "snowflake://abc", "Dataset"),
        ("RAW.P.O", "snowflake://abc", "Dataset"),
    ]


def test_a_namespace_may_contain_slashes() -> None:
    props = previews.job([], [])
    props |= {"inputs": [{"namespace": "file", "name": "/in/a.csv"}]}
    props |= {"outputs": [{"namespace": "s3://lake/raw", "name": "out/b.csv"}]}
    drawn = graph(previews.create("OpenLineageJob", "j", props))
    assert [(node.label, node.cluster) for node in drawn.nodes] == [
        ("/in/a.csv", "file"),
        ("out/b.csv", "s3://lake/raw"),
    ]


def test_an_asset_by_guid_has_no_cluster() -> None:
    guid = "a9934ef6-66f9-4f5c-a3a9-94c2227179ee"
    event = previews.create("Process", "load", {**LOAD, "inputs": [{"guid": guid, "type_name": "View"}]})
    assert [(node.label, node.cluster) for node in graph(event).nodes if node.type_name == "View"] == [
        (guid, "")
    ]


def test_an_unknown_asset_is_a_node_of_its_process() -> None:
    events = [
        previews.create(
            "Process",
            name,
            {**previews.process(name, [0], [1]), "inputs": [*previews.tables(0), previews.UNKNOWN]},
        )
        for name in ("a", "b")
    ]
    drawn = graph(*events)
    assert sorted(node.label for node in drawn.nodes) == ["(known after apply)"] * 2 + ["T0", "T1"]
    assert len(drawn.links) == 3
    assert {(node.cluster, node.type_name) for node in drawn.nodes if "known" in node.label} == {("", "")}


def test_an_unknown_side_is_one_node() -> None:
    event = previews.create("Process", "load", {**LOAD, "outputs": previews.UNKNOWN})
    assert links(event) == {"T0 (known after apply)": "added"}


def test_the_table_of_a_column_has_the_type_from_its_process() -> None:
    view = [{"qualified_name": table_name(0), "type_name": "View"}]
    process = previews.create("Process", "load", {**LOAD, "inputs": view})
    lineage = previews.create("ColumnLineage", "cols", previews.column_lineage("load", {"A": "A"}))
    for events in ((process, lineage), (lineage, process)):
        assert {node.type_name for node in graph(*events).nodes} == {"Table", "View"}
        assert len(graph(*events).nodes) == 2


# -- columns ----------------------------------------------------------------------------------------------


def lineage_change(old: dict[str, Any], new: dict[str, Any]) -> previews.Event:
    before, after = (previews.column_lineage("load", mapping) for mapping in (old, new))
    return previews.update("ColumnLineage", "cols", before, after)


def test_column_mappings_are_folded_into_the_link_of_their_process() -> None:
    lineage = previews.create(
        "ColumnLineage", "cols", previews.column_lineage("load", {"A": ["A", "B"], "B": "B"})
    )
    events = [lineage, previews.create("Process", "load", LOAD)]
    assert links(*events) == {"T0 T1": "added"}
    assert columns(*events) == {"T0 T1": ("+ A, B → A", "+ B → B")}


def test_each_mapping_has_its_change() -> None:
    event = lineage_change({"A": "A", "B": "B", "ID": "ID"}, {"A": ["A", "B"], "ID": "ID", "C": "B"})
    assert columns(event) == {"T0 T1": ("+ B → C", "- B → B", "~ A, B → A (was A → A)")}


def test_mappings_with_another_id_change() -> None:
    old, new = (previews.column_lineage(of, {"A": "A"}) for of in ("load", "other"))
    events = previews.replace("ColumnLineage", "cols", old, new, "process", "qualified_name")
    assert columns(*events) == {"T0 T1": ("~ A → A",)}


@pytest.mark.parametrize(
    ("sides", "change"),
    [
        ({"inputs": previews.UNKNOWN}, "changed"),
        ({"outputs": previews.UNKNOWN}, "changed"),
        ({"inputs": previews.UNKNOWN, "outputs": previews.UNKNOWN}, "changed"),
        ({"inputs": previews.UNKNOWN, "outputs": previews.tables(3)}, "removed"),
        ({"inputs": [*previews.tables(0), previews.UNKNOWN]}, "same"),
    ],
)
def test_an_edge_that_an_unknown_side_may_keep_is_not_removed(sides: previews.Props, change: str) -> None:
    event = previews.update("Process", "load", LOAD, {**LOAD, **sides})
    assert links(event)["T0 T1"] == change
    losing = {each.label for each in graph(event).nodes if graph(event).loses_edge(each)}
    assert losing == ({"T0", "T1"} if change == "removed" else set())


def test_a_link_with_only_changed_mappings_is_changed() -> None:
    for events in ([], [previews.same("Process", "load", LOAD)]):
        assert links(lineage_change({"A": "A"}, {"A": "A", "B": "B"}), *events) == {"T0 T1": "changed"}


def test_the_process_of_mappings_is_named_without_a_step() -> None:
    (link,) = graph(lineage_change({"A": "A"}, {"A": "B"})).links
    assert link.processes == ("load",)
    (link,) = graph(lineage_change({"A": "A"}, {"A": "B"}), previews.same("Process", "load", LOAD)).links
    assert link.processes == ("Load",)


def test_columns_of_two_tables_are_in_both_links() -> None:
    def given(sources: list[str]) -> previews.Props:
        mapping = {"A": sources}
        return previews.column_lineage("load", mapping, input_tables=[table_name(0), table_name(2)])

    event = previews.update("ColumnLineage", "c", given(["A", "T2/A"]), given(["A", "T2/A", "T2/B"]))
    assert columns(event) == {"T2 T1": ("~ A, B → A (was A → A)",)}
    assert columns(previews.create("ColumnLineage", "c", given(["A", "T2/B"]))) == {
        "T0 T1": ("+ A → A",),
        "T2 T1": ("+ B → A",),
    }


def test_a_single_column_process_links_tables() -> None:
    props = {
        "name": "A -> B",
        "process": {"qualified_name": f"{WAREHOUSE}/load", "type_name": "Process"},
        "process_id": "c",
        "qualified_name": f"{WAREHOUSE}/c",
        "inputs": previews.columns("T0/A"),
        "outputs": previews.columns("T1/B"),
    }
    assert columns(previews.create("ColumnProcess", "c", props)) == {"T0 T1": ("+ A → B",)}
    later = {**props, "inputs": [*previews.columns("T0/A"), previews.UNKNOWN]}
    assert columns(previews.create("ColumnProcess", "c", later)) == {
        "T0 T1": ("+ A, (known after apply) → B",)
    }
    assert columns(previews.update("ColumnProcess", "c", props, {**props, "sql": "x"})) == {
        "T0 T1": ("~ A → B",)
    }


def test_a_column_process_with_several_outputs_is_split_by_table() -> None:
    props = {
        "name": "x",
        "process": {"qualified_name": f"{WAREHOUSE}/load", "type_name": "Process"},
        "process_id": "c",
        "qualified_name": f"{WAREHOUSE}/c",
        "inputs": previews.columns("T0/A", "T2/A"),
        "outputs": previews.columns("T1/A", "T1/B", "T3/C"),
    }
    assert columns(previews.delete("ColumnProcess", "c", props)) == {
        "T0 T1": ("- A → A, B",),
        "T0 T3": ("- A → C",),
        "T2 T1": ("- A → A, B",),
        "T2 T3": ("- A → C",),
    }
    less = {**props, "outputs": previews.columns("T1/A", "T3/C")}
    assert columns(previews.update("ColumnProcess", "c", props, less)) == {
        "T0 T1": ("~ A → A (was A → A, B)",),
        "T2 T1": ("~ A → A (was A → A, B)",),
    }


def test_a_column_process_with_an_unknown_process_is_drawn_without_it() -> None:
    props = {
        "name": "x",
        "process": previews.UNKNOWN,
        "process_id": "c",
        "qualified_name": previews.UNKNOWN,
        "inputs": previews.columns("T0/A"),
        "outputs": previews.columns("T1/A"),
    }
    (link,) = graph(previews.create("ColumnProcess", "c", props)).links
    assert (link.change, link.processes, link.columns) == ("changed", (), ("+ A → A",))


def test_fields_of_a_job_are_folded_into_its_datasets() -> None:
    given = previews.job(["RAW.P.O"], ["MART.P.O"], columns={"NET": ["AMOUNT", "TAX"]})
    event = previews.create("OpenLineageJob", "nightly", given)
    assert columns(event) == {"RAW.P.O MART.P.O": ("+ AMOUNT, TAX → NET",)}


def test_the_order_of_events_does_not_matter() -> None:
    events = [
        previews.create("Process", "load", LOAD),
        previews.delete("Process", "gone", previews.process("gone", [0], [1])),
        lineage_change({"A": "A"}, {"B": "B"}),
    ]
    assert graph(*events) == graph(*reversed(events))
    assert list(graph(*events).nodes) == sorted(graph(*events).nodes)


@pytest.mark.parametrize(("event", "state"), [(previews.create, "created"), (previews.delete, "deleted")])
def test_an_asset_that_the_deployment_creates_or_deletes_is_marked(event: Any, state: str) -> None:
    file = {"name": "orders.csv", "qualified_name": f"{WAREHOUSE}/orders.csv"}
    load = previews.process("load", [0], [1])
    load["inputs"] = [{"type_name": "File", "qualified_name": file["qualified_name"]}]
    drawn = graph(event("File", "file", file), event("Process", "load", load))
    assert drawn.assets == {f"File {WAREHOUSE}/orders.csv": state}


def test_an_asset_that_only_changes_or_moves_is_not_marked() -> None:
    file = {"name": "orders.csv", "qualified_name": f"{WAREHOUSE}/orders.csv"}
    load = previews.process("load", [0], [1])
    load["inputs"] = [{"type_name": "File", "qualified_name": file["qualified_name"]}]
    made = previews.create("Process", "load", load)
    changed = previews.update("File", "file", file, {**file, "description": "All orders"})
    moved = (previews.delete("File", "file", file), previews.create("File", "other", file))
    for events in ([changed], moved):
        assert graph(*events, made).assets == {}
