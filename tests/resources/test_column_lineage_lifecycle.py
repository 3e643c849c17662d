"""The lifecycle of a `ColumnLineage`, against a local Atlan."""

from __future__ import annotations

from typing import Any

import pytest
from support.atlan import table_name
from support.many import ABOVE, DAG, OTHER_STACK, Life, World, column, ref, refusal, server, world

from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle

__all__ = ["server", "world"]

Props = dict[str, Any]
TABLES = {"input_tables": [table_name(0)], "output_tables": [table_name(1)]}
EDGE = f"{DAG}/column"


@pytest.fixture
def life(world: World) -> Life:
    return Life(world.client, ColumnLineageLifecycle)


def program(columns: Props | None = None, **more: Any) -> Props:
    """Return two edges of one process, unless set otherwise."""
    given = {"A": "A", "B": ["A", "B"]} if columns is None else columns
    return {"process": ABOVE, "columns": given, **TABLES, **more}


CLASH = {
    "process": ABOVE,
    "columns": {column("T1/ID"): column("T0/ID"), column("T3/ID"): column("T0/A")},
}
ONE_OF_CLASH = {**CLASH, "columns": {column("T1/ID"): column("T0/ID")}}


# -- making ------------------------------------------------------------------------------------------------


def test_each_output_column_is_one_column_process(world: World, life: Life) -> None:
    assert life.up(**program(sql={"B": "a + b"})) == "create"
    assert world.written() == [f"{EDGE}/A", f"{EDGE}/B"]
    made = world.others.get("ColumnProcess", f"{EDGE}/B")
    assert (made.name, made.attributes["sql"]) == ("A, B -> B", "a + b")
    assert world.others.sources(f"{EDGE}/B") == {"T0/A", "T0/B"}
    assert [each.qualified_name for each in made.related("outputs")] == [column("T1/B")]
    assert [each.qualified_name for each in made.related("process")] == [DAG]
    assert world.others.mark_on("ColumnProcess", f"{EDGE}/A") == life.mark
    assert life.outputs["guid"] == world.others.get("Process", DAG).guid
    life.settled(**program(sql={"B": "a + b"}))


@pytest.mark.parametrize(
    "other",
    [
        program({"B": ["B", "A", "A"], "A": ["A"]}),
        {
            "process": ABOVE,
            "columns": {
                column("T1/B"): ["T0/B", column("T0/A")],
                "T1/A": "S/T0/A",
            },
            "input_tables": [table_name(4), table_name(0)],
            "output_tables": [table_name(1)],
        },
        {
            "process": ABOVE,
            "columns": {
                column("T1/A"): column("T0/A"),
                column("T1/B"): [column("T0/B"), column("T0/A")],
            },
        },
        program(sql={}),
        program(name="{inputs} -> {output}"),
    ],
)
def test_equivalent_declarations_are_no_change(life: Life, other: Props) -> None:
    life.up(**program())
    assert life.changes(**other) == []


def test_changed_settings_write_nothing(world: World, life: Life) -> None:
    life.up(**program())
    before = len(world.requests())
    assert life.up(**program(adopt=True, delete_type="SOFT")) == "update"
    assert len(world.sent()) == 2
    assert [each["method"] for each in world.requests()[before:]] == ["GET"]
    assert life.outputs["delete_type"] == "SOFT"
    life.settled(**program(adopt=True, delete_type="SOFT"))


# -- changing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "writes", "edges"),
    [
        pytest.param({"A": "B", "B": ["A", "B"]}, ["A"], {"A", "B"}, id="another source"),
        pytest.param({"A": "A", "B": ["A", "B"], "ID": "ID"}, ["ID"], {"A", "B", "ID"}, id="one more"),
        pytest.param({"B": ["A", "B"]}, [], {"B"}, id="one less"),
        pytest.param({"ID": "A", "B": ["A", "B"]}, ["ID"], {"ID", "B"}, id="renamed"),
        pytest.param({"ID": "ID"}, ["ID"], {"ID"}, id="all of them"),
    ],
)
def test_only_changes_are_written(
    world: World, life: Life, after: Props, writes: list[str], edges: set[str]
) -> None:
    life.up(**program())
    before = len(world.written())
    assert life.up(**program(after)) == "update"
    assert world.written()[before:] == [f"{EDGE}/{each}" for each in writes]
    assert world.others.edges() == edges
    life.settled(**program(after))
    assert life.destroy() == []
    assert world.others.edges() == set()


def test_one_change_of_many_takes_few_requests(world: World, life: Life) -> None:
    life.up(**program())
    before = len(world.requests())
    life.up(**program({"A": "B", "B": ["A", "B"]}))
    assert [each["method"] for each in world.requests()[before:]] == ["GET", "GET", "POST"]


def test_sql_of_a_column_comes_changes_and_is_cleared(world: World, life: Life) -> None:
    life.up(**program())
    for sql, seen in [({"A": "1"}, "1"), ({"A": "2", "B": "b"}, "2"), ({"B": "b"}, None), (None, None)]:
        given = program(sql=sql) if sql else program()
        assert life.up(**given) == "update"
        assert world.others.get("ColumnProcess", f"{EDGE}/A").attributes.get("sql") == seen
        life.settled(**given)
    before = len(world.written())
    assert life.up(**program(sql={"A": "3"})) == "update"
    assert world.written()[before:] == [f"{EDGE}/A"]


def test_changed_templates_rename_every_column_process(world: World, life: Life) -> None:
    template = "{output} from {inputs}"
    life.up(**program(name=template))
    assert world.others.get("ColumnProcess", f"{EDGE}/B").name == "B from A, B"
    life.settled(**program(name=template))
    assert life.changes(**program()) == ["name"]
    life.up(**program())
    assert world.others.get("ColumnProcess", f"{EDGE}/B").name == "A, B -> B"
    life.settled(**program())


def test_added_tables_change_only_their_own_columns(world: World, life: Life) -> None:
    life.up(**program())
    more = program({"A": "T0/A", "B": ["T0/A", "T2/B"]}, input_tables=[table_name(2), table_name(0)])
    life.up(**more)
    assert world.written()[2:] == [f"{EDGE}/B"]
    assert life.outputs["columns"] == {"A": "A", "B": ["A", "T2/B"]}
    life.settled(**more)


def test_another_process_is_another_resource(world: World, life: Life) -> None:
    other = f"{DAG}2"
    world.others.make_process(other)
    life.up(**program())
    assert life.up(**{**program(), "process": {**ABOVE, "qualified_name": other}}) == "replace"
    assert (world.others.edges(), world.others.edges(other)) == (set(), {"A", "B"})
    assert life.logged == []


def test_archived_column_processes_are_restored(world: World, life: Life) -> None:
    guid = world.others.make_edge(f"{EDGE}/A")
    world.others.remove("ColumnProcess", f"{EDGE}/A", how="SOFT")
    (note,) = life.preview(**program()).notes
    assert note.startswith(f"ColumnProcess '{EDGE}/A' is archived in Atlan (last written by alice at ")
    assert note.endswith("it will be restored")
    life.up(**program())
    assert world.others.get("ColumnProcess", f"{EDGE}/A").guid == guid
    assert world.others.sources(f"{EDGE}/A") == {"T0/A"}
    life.settled(**program())


# -- columns of one name in two tables -----------------------------------------------------------------------


def test_columns_of_one_name_are_prefixed_with_their_tables(world: World, life: Life) -> None:
    life.up(**ONE_OF_CLASH)
    assert world.others.edges() == {"ID"}
    life.up(**CLASH)
    assert world.others.edges() == {"T1/ID", "T3/ID"}
    life.settled(**CLASH)
    life.up(**ONE_OF_CLASH)
    assert world.others.edges() == {"ID"}
    life.settled(**ONE_OF_CLASH)


@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_columns_keep_their_names_if_a_namesake_is_missing(world: World, life: Life, how: str) -> None:
    life.up(**CLASH)
    world.others.remove("ColumnProcess", f"{EDGE}/T3/ID", how=how)
    (note,) = life.refresh()
    assert f"ColumnProcess '{EDGE}/T3/ID'" in note
    assert life.outputs["drifted"] == {"dag/column/T3/ID": {"status": "gone"}}
    assert life.refresh()  # a second one finds the same
    life.up(**CLASH)
    assert world.written()[2:] == [f"{EDGE}/T3/ID"]
    life.settled(**CLASH)


@pytest.mark.parametrize("marked", [True, False])
def test_removals_are_complete_if_a_namesake_is_missing(world: World, marked: bool) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack="shop/prod" if marked else None)
    life.up(**CLASH)
    world.others.remove("ColumnProcess", f"{EDGE}/T3/ID")
    life.refresh()
    assert life.destroy() == []
    assert world.others.edges() == set()


# -- drift -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        pytest.param({"name": "Theirs"}, {"name": "Theirs"}, id="name"),
        pytest.param({"outputs": [ref("Column", column("T2/A"))]}, {"outputs"}, id="outputs"),
        pytest.param({"process": ref("Process", f"{DAG}2")}, {"process"}, id="parent"),
        pytest.param({"lastSyncWorkflowName": None}, {"managed_by": "(not set)"}, id="mark removed"),
        pytest.param(
            {"lastSyncWorkflowName": "crawler-1"}, {"managed_by": "crawler-1"}, id="a crawler's mark"
        ),
        pytest.param({"inputs": []}, {"inputs": "(not set)"}, id="no inputs"),
        pytest.param({"inputs": [ref("Table", table_name(0))]}, {"inputs"}, id="a table as input"),
    ],
)
def test_drift_outside_the_mapping_is_reported_and_corrected(
    world: World, life: Life, changed: Props, shown: Any
) -> None:
    world.others.make_process(f"{DAG}2")
    life.up(**program())
    world.others.write("ColumnProcess", f"{EDGE}/A", **{"name": "A -> A", **changed})
    (note,) = life.refresh()
    assert note.startswith(f"ColumnProcess '{EDGE}/A' was changed in Atlan: ")
    assert "last written by alice" in note
    drifted = life.outputs["drifted"]["dag/column/A"]
    assert (drifted if isinstance(shown, dict) else drifted.keys()) == shown
    assert life.outputs["columns"] == {"A": "A", "B": ["A", "B"]}
    assert life.changes(**program()) == ["drifted"]
    life.up(**program())
    assert world.written()[2:] == [f"{EDGE}/A"]
    life.settled(**program())


def test_drifted_sources_are_shown_in_the_mapping(world: World, life: Life) -> None:
    life.up(**program(sql={"A": "x"}))
    theirs = [ref("Column", column("T2/ID")), ref("Column", column("T0/B"))]
    world.others.write("ColumnProcess", f"{EDGE}/A", name="B, ID -> A", inputs=theirs, sql="y")
    life.refresh()
    assert life.outputs["columns"] == {"A": ["B", "T2/ID"], "B": ["A", "B"]}
    assert life.outputs["sql"] == {"A": "y"}
    assert "drifted" not in life.outputs
    life.up(**program(sql={"A": "x"}))
    assert world.others.sources(f"{EDGE}/A") == {"T0/A"}
    life.settled(**program(sql={"A": "x"}))


def test_drift_can_be_adopted_in_the_program(world: World, life: Life) -> None:
    life.up(**program())
    world.others.write("ColumnProcess", f"{EDGE}/A", inputs=[ref("Column", column("T0/B"))])
    life.refresh()
    taken = program({"A": "B", "B": ["A", "B"]})
    assert life.changes(**taken) == ["drifted"]  # the name is theirs still
    life.up(**taken)
    life.settled(**taken)


@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_missing_edges_are_reported_and_recreated(world: World, life: Life, how: str) -> None:
    life.up(**program())
    world.others.remove("ColumnProcess", f"{EDGE}/A", how=how)
    (note,) = life.refresh()
    reported = "was archived in Atlan; last written by alice" if how == "SOFT" else "is no longer in Atlan"
    assert note.startswith(f"ColumnProcess '{EDGE}/A' {reported}")
    assert life.outputs["columns"] == {"B": ["A", "B"]}
    assert life.preview(**program()).notes[0] == "ColumnProcess 'dag/column/A' is new"
    life.up(**program())
    assert world.written()[2:] == [f"{EDGE}/A"]
    life.settled(**program())


def test_resources_without_any_edge_are_deleted_from_the_state(world: World, life: Life) -> None:
    life.up(**program())
    world.others.remove("ColumnProcess", f"{EDGE}/A", f"{EDGE}/B")
    assert len(life.refresh()) == 2
    assert (life.outputs, life.inputs) == ({}, {})
    assert life.up(**program()) == "create"
    life.settled(**program())


def test_missing_edges_are_recreated_with_the_next_change(world: World, life: Life) -> None:
    life.up(**program())
    world.others.remove("ColumnProcess", f"{EDGE}/A")
    life.up(**program({"A": "B", "B": ["A", "B"]}))
    life.settled(**program({"A": "B", "B": ["A", "B"]}))


# -- ownership ---------------------------------------------------------------------------------------------


def test_edges_of_others_are_refused_and_nothing_is_written(world: World, life: Life) -> None:
    world.others.make_edge(f"{EDGE}/B")
    (problem,) = life.preview(**program()).problems
    reported = f"ColumnProcess '{EDGE}/B' exists in Atlan already (last written by alice at 20"
    assert problem.property == "columns"
    assert problem.reason.startswith(reported)
    assert refusal(life.up, **program()).startswith(reported)
    assert world.sent() == []


def test_adoptions_show_their_changes_in_the_preview(world: World, life: Life) -> None:
    guid = world.others.make_edge(f"{EDGE}/B")
    reported = life.preview(**program(adopt=True))
    assert reported.problems == []
    (note,) = reported.notes
    assert note.startswith(f"ColumnProcess '{EDGE}/B' will be taken over (last written by alice at ")
    assert f"inputs: -{column('T2/B')!r} +{column('T0/A')!r} +{column('T0/B')!r}" in note
    life.up(**program(adopt=True))
    assert world.others.get("ColumnProcess", f"{EDGE}/B").guid == guid
    life.settled(**program(adopt=True))
    assert life.destroy() == []
    assert world.others.edges() == set()


def test_edges_of_another_stack_are_refused_with_its_name(world: World, life: Life) -> None:
    Life(world.client, ColumnLineageLifecycle, "theirs", stack="other/dev").up(**program({"B": "ID"}))
    before = len(world.sent())
    for reported in (life.preview(**program()).problems[0].reason, refusal(life.up, **program())):
        assert f"ColumnProcess '{EDGE}/B' belongs to the stack 'other/dev'" in reported
        assert "nothing was written" in reported
    assert len(world.sent()) == before
    assert world.others.edges() == {"B"}


def test_edges_taken_over_by_another_stack_are_left_alone(world: World, life: Life) -> None:
    life.up(**program())
    world.others.mark("ColumnProcess", f"{EDGE}/A", OTHER_STACK)
    changed = program({"A": "ID", "B": ["A", "B"]})
    before = len(world.sent())
    for refresh in (False, True):
        if refresh:
            (note,) = life.refresh()
            assert note.startswith(f"ColumnProcess '{EDGE}/A' belongs to the stack 'other/dev' now")
        assert "belongs to the stack 'other/dev'" in life.preview(**changed).problems[0].reason
        assert "belongs to the stack 'other/dev'" in refusal(life.up, **changed)
    assert len(world.sent()) == before
    assert life.up(**program({"B": ["A", "B"]})) == "same"  # taken out of the program, it stays
    assert world.others.edges() == {"A", "B"}


def test_edges_of_another_stack_are_left_with_a_note(world: World, life: Life) -> None:
    life.up(**program())
    world.others.mark("ColumnProcess", f"{EDGE}/A", OTHER_STACK)
    left = f"ColumnProcess '{EDGE}/A' was left in Atlan: it is 'theirs' of the stack 'other/dev' now"
    life.up(**program({"B": "B"}))
    assert life.logged == [left]
    assert world.others.edges() == {"A", "B"}


def test_adopt_takes_it_back(world: World, life: Life) -> None:
    life.up(**program())
    world.others.mark("ColumnProcess", f"{EDGE}/A", OTHER_STACK)
    life.refresh()
    life.up(**program(adopt=True))
    assert world.others.mark_on("ColumnProcess", f"{EDGE}/A") == life.mark
    life.settled(**program(adopt=True))


@pytest.mark.parametrize("marked", [True, False])
def test_recreated_entities_are_refused_until_a_refresh(world: World, marked: bool) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack="shop/prod" if marked else None)
    life.up(**program())
    world.others.remove("ColumnProcess", f"{EDGE}/A")
    guid = world.others.make_edge(f"{EDGE}/A")
    changed = program({"A": "ID", "B": ["A", "B"]})
    reported = refusal(life.up, **changed)
    assert reported.startswith(
        f"ColumnProcess '{EDGE}/A' was removed and created again (last written by alice"
    )
    (note,) = life.refresh()
    assert "was changed in Atlan: " in note
    assert life.outputs["drifted"]["dag/column/A"]["managed_by"] == "(not set)"
    assert life.preview(**program()).problems == []
    life.up(**program())
    assert world.others.get("ColumnProcess", f"{EDGE}/A").guid == guid
    life.settled(**program())
    assert life.destroy() == []
    assert world.others.edges() == set()


@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("marked", [True, False])
def test_recreated_edges_are_not_removed(world: World, marked: bool, refresh: bool) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack="shop/prod" if marked else None)
    life.up(**program())
    world.others.remove("ColumnProcess", f"{EDGE}/A")
    world.others.make_edge(f"{EDGE}/A")
    if refresh:
        life.refresh()
    (note,) = life.destroy()
    assert note.startswith(f"ColumnProcess '{EDGE}/A' was left in Atlan: others recreated it (last written")
    assert world.others.edges() == {"A"}


def test_marks_are_added_with_the_next_change_and_cleared_when_turned_off(world: World) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack=None)
    life.up(**program())
    ours = Life(world.client, ColumnLineageLifecycle).mark
    life.settled(**program())
    life.mark = ours
    assert life.up(**program()) == "same"
    assert life.up(**program({"A": "B", "B": ["A", "B"]})) == "update"
    assert {world.others.mark_on("ColumnProcess", f"{EDGE}/{each}") for each in "AB"} == {ours}
    life.mark = None
    assert life.up(**program({"A": "B", "B": ["A", "B"]})) == "update"
    assert {world.others.mark_on("ColumnProcess", f"{EDGE}/{each}") for each in "AB"} == {None}
    life.settled(**program({"A": "B", "B": ["A", "B"]}))


def test_renamed_stacks_keep_their_entities(world: World, life: Life) -> None:
    life.up(**program())
    life.mark = Life(world.client, ColumnLineageLifecycle, stack="shop/renamed").mark
    assert life.preview(**program()).problems == []
    assert life.up(**program({"A": "B"})) == "update"
    assert world.others.mark_on("ColumnProcess", f"{EDGE}/A") == life.mark
    assert (world.others.edges(), life.logged) == ({"A"}, [])
    life.settled(**program({"A": "B"}))


def test_renamed_resources_keep_their_edges(world: World, life: Life) -> None:
    life.up(**program())
    renamed = Life(world.client, ColumnLineageLifecycle, "renamed")
    renamed.up(**program())
    notes = life.destroy()
    assert all("it is 'renamed' of the stack 'shop/prod' now" in note for note in notes)
    assert len(notes) == 2
    renamed.settled(**program())


# -- removing ----------------------------------------------------------------------------------------------


def test_archived_edges_can_be_restored(world: World, life: Life) -> None:
    life.up(**program(delete_type="SOFT"))
    guid = world.others.get("ColumnProcess", f"{EDGE}/A").guid
    life.up(**program({"B": "B"}, delete_type="SOFT"))
    assert world.others.get("ColumnProcess", f"{EDGE}/A").status == "DELETED"
    life.up(**program(delete_type="SOFT"))
    assert world.others.get("ColumnProcess", f"{EDGE}/A").guid == guid
    life.settled(**program(delete_type="SOFT"))
    life.destroy()
    assert {world.others.get("ColumnProcess", f"{EDGE}/{each}").status for each in "AB"} == {"DELETED"}


def test_the_current_deletion_mode_is_used(world: World, life: Life) -> None:
    life.up(**program())
    life.up(**program({"B": "B"}, delete_type="SOFT"))
    assert world.others.get("ColumnProcess", f"{EDGE}/A").status == "DELETED"


def test_missing_edges_are_no_error_in_a_deletion(world: World, life: Life) -> None:
    life.up(**program())
    world.others.remove("ColumnProcess", f"{EDGE}/A")
    world.others.remove("Process", DAG)
    assert life.destroy() == []
    assert world.others.edges() == set()


def test_edges_of_others_below_the_process_stay(world: World, life: Life) -> None:
    world.others.make_edge(f"{EDGE}/theirs")
    Life(world.client, ColumnLineageLifecycle, "second").up(**program({"ID": "ID"}))
    life.up(**program())
    life.up(**program({"A": "A"}))
    life.destroy()
    assert world.others.edges() == {"theirs", "ID"}


# -- the parent process, and unknown values ----------------------------------------------------------------


@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_without_a_live_process_nothing_is_written(world: World, life: Life, how: str) -> None:
    life.up(**program())
    world.others.remove("Process", DAG, how=how)
    before = len(world.sent())
    reported = f"Process '{DAG}' does not exist, so it cannot have column lineage; nothing was written"
    assert refusal(life.up, **program({"A": "B"})) == reported
    assert refusal(Life(world.client, ColumnLineageLifecycle, "new").up, **program({"ID": "ID"})) == reported
    assert len(world.sent()) == before


def test_recreated_processes_get_their_columns_back(world: World, life: Life) -> None:
    life.up(**program())
    world.others.remove("Process", DAG)
    life.refresh()
    assert life.outputs["drifted"]["dag/column/A"] == {"process": "(not set)"}
    guid = world.others.make_process()
    life.up(**program())
    assert life.outputs["guid"] == guid
    life.settled(**program())


@pytest.mark.parametrize(
    "unknown",
    [
        program(UNKNOWN),  # type: ignore[arg-type]
        program({"A": UNKNOWN, "B": ["A", "B"]}),
        program({"A": [UNKNOWN, "A"], "B": ["A", "B"]}),
        program(sql=UNKNOWN),
        program(sql={"A": UNKNOWN}),
        program(name=UNKNOWN),
        program(input_tables=UNKNOWN),
        program(output_tables=[table_name(1), UNKNOWN]),
        {**program(), "process": UNKNOWN},
        {**program(), "process": {**ABOVE, "qualified_name": UNKNOWN}},
    ],
)
def test_unknown_values_are_changes_and_never_removals(world: World, life: Life, unknown: Props) -> None:
    assert life.preview(**unknown).problems == []
    life.up(**program())
    reported = life.preview(**unknown)
    assert reported.problems == []
    assert not [note for note in reported.notes if "removed" in note or "UNKNOWN" in note]
    assert life.changes(**unknown)
    assert world.sent()[2:] == []


@pytest.mark.parametrize(
    ("wrong", "property_", "reported"),
    [
        (program({}), "columns", "must not be empty: declare at least one output column, or remove the"),
        (
            program({}, adopt=True),
            "columns",
            f"of declared columns only; `atlan-pulumi import --process '{DAG}'` writes those that are in",
        ),
        (program({}, adopt=True, process=UNKNOWN), "columns", "import --process <qualifiedName of the"),
        (program({"A": []}), "columns", "must not be empty"),
        (program({"A": " "}), "columns", "must not be blank"),
        (program({"A": "A"}, sql={"B": "x"}), "sql", "'B' is not an output column"),
        (program(name="{input}"), "name", "{input} is not allowed in the template"),
        (
            {
                **program(),
                "process": {"type_name": "Process", "guid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12},
            },
            "process",
            "use its qualifiedName",
        ),
        (
            {**program(), "process": {"type_name": "Table", "qualified_name": table_name(0)}},
            "process",
            "a Table is not allowed here",
        ),
        (program({"A": "NO/SUCH/A"}), "columns", "is a column of none of the input tables"),
    ],
)
def test_problems_are_reported_on_their_property(
    life: Life, wrong: Props, property_: str, reported: str
) -> None:
    problems = life.check(wrong).problems
    assert [problem.property for problem in problems] == [property_]
    assert reported in problems[0].reason
