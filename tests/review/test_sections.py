"""What the tables of a review tell, and the lines that sum it up."""

from __future__ import annotations

import pytest
from review import told
from review.told import section
from support.atlan import WAREHOUSE, table_name

from atlan_pulumi.review import Review, parse, review

LOAD = told.process("load", [0], [1])
X = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}}


def summary(*events: told.Event, end: told.Event | None = None) -> list[str]:
    return told.reviewed(*events, end=end).summary


# -- added ------------------------------------------------------------------------------------------------


def test_a_process_is_told_by_what_it_reads_and_writes() -> None:
    made = told.reviewed(told.create("Process", "load", told.process("load", [0, 2], [1])))
    assert section(made, "Added") == [("Process load", "DB/S/T0, DB/S/T2 → DB/S/T1")]


def test_mappings_stand_below_their_process() -> None:
    made = told.reviewed(told.create("ProcessSet", "set", told.process_set({"x": X})))
    flows = ["DB/S/T0 → DB/S/T1", "DB/S/T0/A → DB/S/T1/A", "DB/S/T0/A, DB/S/T0/B → DB/S/T1/B"]
    assert section(made, "Added") == [("ProcessSet set: x", "\n".join(flows))]


def test_mappings_that_come_to_a_process_that_is_there_are_told_with_its_name() -> None:
    old = told.process_set({"x": {**X, "columns": {"A": "A"}}})
    made = told.reviewed(told.update("ProcessSet", "set", old, told.process_set({"x": X})))
    assert section(made, "Added") == [("ProcessSet set: x", "DB/S/T0/A, DB/S/T0/B → DB/S/T1/B")]
    lineage = told.create("ColumnLineage", "cols", told.column_lineage("load", {"A": "A"}))
    assert section(told.reviewed(lineage), "Added") == [("ColumnLineage cols", "DB/S/T0/A → DB/S/T1/A")]


def test_a_connection_is_told_by_its_connector_and_name() -> None:
    props = {"connector": "airflow", "name": "etl", "qualified_name": "default/airflow/1795678615"}
    made = told.reviewed(told.create("Connection", "etl", props))
    assert section(made, "Added") == [("Connection etl", "airflow connection etl")]
    later = told.reviewed(told.create("Connection", "etl", {**props, "name": told.UNKNOWN}))
    assert section(later, "Added") == [("Connection etl", "airflow connection (known after apply)")]


def test_what_is_not_known_yet_is_told_as_such() -> None:
    made = told.reviewed(told.create("ProcessSet", "set", told.process_set({"x": told.UNKNOWN})))
    assert section(made, "Added") == [("ProcessSet set", "(known after apply)")]
    partly = told.process_set({"x": {"inputs": "T0", "outputs": "T1"}, "y": told.UNKNOWN})
    created = told.reviewed(told.create("ProcessSet", "set", partly))
    assert section(created, "Added") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1"),
        ("ProcessSet set", "(known after apply)"),
    ]
    assert section(created, "Changed") == []
    updated = told.reviewed(told.update("ProcessSet", "set", told.process_set({"x": X, "y": X}), partly))
    assert section(updated, "Changed") == [
        ("ProcessSet set", "", "some of its lineage is not known yet, or secret")
    ]
    assert created.summary == ["1 process added, 1 resource not known as a whole before it is applied."]


def test_two_assets_of_one_path_are_told_by_their_whole_names() -> None:
    other = "default/redshift/1657025300/DB/S/T0"
    made = told.reviewed(told.create("Process", "load", told.process("load", [0, other], [1])))
    assert section(made, "Added") == [("Process load", f"{table_name(0)}, {other} → DB/S/T1")]


def test_a_dataset_is_told_by_its_whole_name() -> None:
    props = told.job(["DB.S.T0"], [])
    props |= {"outputs": [{"namespace": "file", "name": "/a/b/c/d.csv"}]}
    made = told.reviewed(told.create("OpenLineageJob", "j", props))
    assert section(made, "Added") == [("OpenLineageJob j", "snowflake://abc/DB.S.T0 → file//a/b/c/d.csv")]


def test_of_very_many_assets_the_first_few_are_told() -> None:
    many = [f"{WAREHOUSE}/DB/S/X{number:02}" for number in range(30)]
    ((_, flow),) = section(told.reviewed(told.create("Process", "p", told.process("p", many, [1]))), "Added")
    assert flow.startswith("DB/S/X00, DB/S/X01,")
    assert flow.endswith("DB/S/X09, and 20 more → DB/S/T1")


# -- changed, replaced, removed ---------------------------------------------------------------------------


def test_each_property_is_a_row() -> None:
    new = {**LOAD, "inputs": told.tables(2), "sql": "a\nb"}
    made = told.reviewed(told.update("Process", "load", {**LOAD, "sql": "a\nc"}, new))
    assert section(made, "Changed") == [
        ("Process load", "inputs", f"- Table {table_name(0)}\n+ Table {table_name(2)}"),
        ("Process load", "sql", "@@ -1,2 +1,2 @@\n  a\n- c\n+ b"),
    ]


def test_an_update_that_shows_nothing_is_told() -> None:
    made = told.reviewed(told.update("Process", "load", LOAD, {**LOAD, "managed_by": "x"}))
    assert section(made, "Changed") == [("Process load", "", "nothing that is shown here")]
    assert made.summary == ["No lineage changes."]


def test_an_update_that_only_removes_an_edge_has_no_row_of_its_own() -> None:
    y = {"inputs": "T0", "outputs": "T2"}
    before, after = told.process_set({"x": X, "y": y}), told.process_set({"x": X})
    made = told.reviewed(told.update("ProcessSet", "set", before, after))
    assert section(made, "Changed") == []
    assert section(made, "Removed") == [("ProcessSet set: y", "DB/S/T0 → DB/S/T2", "removed")]


def test_a_replacement_is_told_with_its_reason_and_with_what_the_provider_says() -> None:
    new = told.process("load", [0], [1], process_id="b")
    note = told.said("process_id changed, and with it the identity", told.urn("Process", "load"))
    made = told.reviewed(note, *told.replace("Process", "load", LOAD, new, "process_id", "qualified_name"))
    assert section(made, "Replaced") == [
        ("Process load", 'process_id: "load" → "b"', "process_id changed, and with it the identity")
    ]
    assert section(made, "Notes") == [], "it is told once"
    assert section(made, "Added") == section(made, "Removed") == section(made, "Changed") == []


def test_a_replacement_whose_reason_cannot_be_seen_is_told_by_the_engines_word() -> None:
    made = told.reviewed(*told.replace("Process", "load", LOAD, LOAD, "name", "qualified_name"))
    assert section(made, "Replaced") == [("Process load", "name", "")]


@pytest.mark.parametrize(
    ("about", "props", "becomes"),
    [
        ({}, {}, "removed"),
        ({}, {"delete_type": "SOFT"}, "archived"),
        ({}, {"delete_type": "HARD"}, "removed"),
        ({"retainOnDelete": True}, {"delete_type": "SOFT"}, "stays: retain_on_delete"),
        ({"protect": True}, {}, "refused: it is protected"),
    ],
)
def test_what_is_removed_is_told_with_what_becomes_of_it(
    about: told.Props, props: told.Props, becomes: str
) -> None:
    made = told.reviewed(told.delete("Process", "load", {**LOAD, **props}, **about))
    assert section(made, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", becomes)]


def test_what_is_removed_and_secret_is_told_as_such() -> None:
    hidden = told.process_set({"x": {"inputs": "T0", "outputs": "T1"}, "y": told.secret()})
    made = told.reviewed(told.delete("ProcessSet", "set", hidden))
    assert section(made, "Removed") == [
        ("ProcessSet set: x", "DB/S/T0 → DB/S/T1", "removed"),
        ("ProcessSet set", "(secret)", "removed"),
    ]


def test_where_the_old_one_stays_a_replacement_is_told_as_both() -> None:
    new = told.process("load", [0], [2], process_id="b")
    made = told.reviewed(*told.replace("Process", "load", LOAD, new, "process_id", retainOnDelete=True))
    assert section(made, "Removed") == [("Process load", "DB/S/T0 → DB/S/T1", "stays: retain_on_delete")]
    assert section(made, "Added") == [("Process load", "DB/S/T0 → DB/S/T2")]


def test_what_is_imported_is_told() -> None:
    made = told.reviewed(told.step("import", "Process", "load", None, LOAD))
    assert section(made, "Imported") == [("Process load", "DB/S/T0 → DB/S/T1")]
    assert made.summary == ["1 resource imported."]


# -- policies and notes -----------------------------------------------------------------------------------


def test_policies_are_told_by_level_rule_and_resource() -> None:
    found = [
        told.violation("b-rule", told.urn("Process", "z"), "bad"),
        told.violation("b-rule", told.urn("Process", "a"), "bad"),
        told.violation("a-rule", "", "bad"),
        told.violation("z-rule", told.STACK, "worse", "mandatory"),
    ]
    made = told.reviewed(*found)
    assert section(made, "Policies") == [
        ("mandatory", "z-rule", "Stack shop/dev", "worse"),
        ("advisory", "a-rule", "", "bad"),
        ("advisory", "b-rule", "Process a", "bad"),
        ("advisory", "b-rule", "Process z", "bad"),
    ]
    assert made.summary[-1] == "Policies: 1 mandatory violation, 3 advisory violations."


def test_what_a_rule_says_of_a_resource_is_one_row_without_its_description() -> None:
    load = told.urn("Process", "load")
    made = told.reviewed(
        told.violation("owned", load, "It has an owner.\nowner: nobody"),
        told.violation("owned", load, "It has an owner.\ndescription: nothing"),
    )
    assert section(made, "Policies") == [
        ("advisory", "owned", "Process load", "description: nothing\nowner: nobody")
    ]
    assert made.summary[-1] == "Policies: 2 advisory violations."


def test_notes_on_what_is_not_replaced_are_told() -> None:
    made = told.reviewed(
        told.said("adopted", told.urn("Process", "load")), told.create("Process", "load", LOAD)
    )
    assert section(made, "Notes") == [("Process load", "adopted")]


def test_sections_with_nothing_to_tell_are_left_out() -> None:
    made = told.reviewed(told.create("Process", "load", LOAD))
    assert [each.title for each in made.sections] == ["Added"]


# -- the summary ------------------------------------------------------------------------------------------


def test_the_summary_counts_processes_mappings_connections_and_resources() -> None:
    small = {**X, "columns": {"A": "B"}}
    events = [
        told.create("Process", "new", LOAD),
        told.create("ProcessSet", "set", told.process_set({"x": X, "y": {"inputs": "T0", "outputs": "T2"}})),
        told.update("ProcessSet", "old", told.process_set({"x": X}), told.process_set({"x": small})),
        told.delete("Process", "gone", LOAD),
        told.delete("Process", "kept", LOAD, retainOnDelete=True),
        *told.replace("Process", "moved", LOAD, told.process("b", [0], [1]), "process_id"),
        told.create("Connection", "etl", {"name": "etl", "connector": "airflow"}),
        told.delete("OpenLineageConnection", "ol", {"name": "ol", "connector": "spark"}),
    ]
    assert summary(*events)[0] == (
        "3 processes added, 1 process changed, 1 process removed, 2 column mappings added, "
        "1 column mapping changed, 1 column mapping removed, 1 connection added, 1 connection removed, "
        "1 resource replaced, 1 resource left in Atlan."
    )


@pytest.mark.parametrize("events", [[], [told.same("Process", "load", LOAD)]])
def test_nothing_that_changes(events: list[told.Event]) -> None:
    made = told.reviewed(*events)
    assert (made.summary, made.sections) == (["No lineage changes."], [])


def ending(made: Review) -> str:
    return made.summary[0]


def test_a_failure_is_told_first_and_what_it_leaves_open() -> None:
    create = told.create("Process", "load", LOAD)
    error = told.said("no", severity="error")
    failed = told.reviewed(create, error, end=told.ended("failed"))
    assert ending(failed) == (
        "The preview failed (1 error): it may not tell of all changes, and of no removals."
    )
    assert failed.sections[0].title == "Errors"
    gone = told.delete("Process", "gone", LOAD)
    assert ending(told.reviewed(gone, error, end=told.ended("failed"))) == "The preview failed (1 error)."


def test_a_failure_without_an_error_is_told_with_its_policies() -> None:
    found = told.violation("r", "", "bad", "mandatory")
    assert ending(told.reviewed(found, end=told.ended("failed"))).startswith(
        "The preview failed (a policy forbids it):"
    )
    assert ending(told.reviewed(end=told.ended("failed"))).startswith("The preview failed:")


def test_a_preview_that_was_cut_off_is_told_first() -> None:
    text = told.lines([*told.begun(), told.create("Process", "load", LOAD)])
    made = review(parse(text, "x"))
    assert ending(made) == "The preview did not come to its end: what follows is not all of it."
    assert made.summary[1] == "1 process added."
