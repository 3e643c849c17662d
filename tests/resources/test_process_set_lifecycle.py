"""The lifecycle of a `ProcessSet`, against a local Atlan."""

from __future__ import annotations

from typing import Any

import pytest
from support.atlan import WAREHOUSE, table_name
from support.many import OTHER_STACK, Life, World, column, ref, refusal, server, world

from atlan_pulumi.lifecycle import _many
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["server", "world"]

Props = dict[str, Any]
SCHEMA = f"{WAREHOUSE}/DB/S"
LOAD, SUM = f"{WAREHOUSE}/load", f"{WAREHOUSE}/sum"


@pytest.fixture
def life(world: World) -> Life:
    return Life(world.client, ProcessSetLifecycle)


def load(**changed: Any) -> Props:
    """Return a process with two columns."""
    given: Props = {"inputs": "T0", "outputs": "T1", "columns": {"A": "A", "B": ["A", "B"]}, **changed}
    return {name: value for name, value in given.items() if value is not None}


def total(**changed: Any) -> Props:
    """Return a process of two tables, with a name and a column."""
    return {"name": "Sum", "inputs": ["T1", "T2"], "outputs": "T3", "columns": {"ID": "T1/A"}, **changed}


def program(processes: Props | None = None, **more: Any) -> Props:
    """Return two processes, unless set otherwise."""
    given = {"load": load(), "sum": total()} if processes is None else processes
    return {"connection": WAREHOUSE, "base": SCHEMA, "processes": given, **more}


def everything(world: World) -> set[str]:
    """Return the entities of these processes, without the one of others that always exists."""
    found = world.others.names("Process") | world.others.names("ColumnProcess")
    return {name.removeprefix(f"{WAREHOUSE}/") for name in found} - {"dag"}


ALL = {"load", "load/column/A", "load/column/B", "sum", "sum/column/ID"}


# -- making and changing -------------------------------------------------------------------------------------


def test_processes_are_created_before_their_columns(world: World, life: Life) -> None:
    assert life.up(**program()) == "create"
    assert [name.removeprefix(f"{WAREHOUSE}/") for name in world.written()] == [
        "load",
        "sum",
        "load/column/A",
        "load/column/B",
        "sum/column/ID",
    ]
    made = world.others.get("Process", SUM)
    assert (made.name, made.attributes["connectorName"]) == ("Sum", "snowflake")
    assert {each.qualified_name for each in made.related("inputs")} == {table_name(1), table_name(2)}
    edge = world.others.get("ColumnProcess", f"{LOAD}/column/A")
    assert [each.qualified_name for each in edge.related("process")] == [LOAD]
    life.settled(**program())
    assert life.destroy() == []
    assert everything(world) == set()


def test_equivalent_declarations_are_no_change(life: Life) -> None:
    life.up(**program())
    given = {
        "sum": {
            "name": "Sum",
            "inputs": [{"type_name": "Table", "qualified_name": table_name(2)}, table_name(1), "DB/S/T1"],
            "outputs": ["DB/S/T3"],
            "columns": {column("T3/ID"): [column("T1/A")]},
            "column_sql": {},
        },
        "load": {
            "name": "load",
            "inputs": [table_name(0)],
            "outputs": table_name(1),
            "columns": {"T1/B": ["B", "A"], "A": "S/T0/A"},
        },
    }
    assert life.changes(connection=WAREHOUSE, processes=given, column_name="{inputs} -> {output}") == []
    assert life.up(connection=WAREHOUSE, processes=given) == "same"


@pytest.mark.parametrize(
    ("after", "writes"),
    [
        ({"load": load(columns={"A": "B", "B": ["A", "B"]}), "sum": total()}, ["load/column/A"]),
        ({"load": load(sql="select 1"), "sum": total()}, ["load"]),
        ({"load": load(column_sql={"A": "a"}), "sum": total()}, ["load/column/A"]),
        (
            {"load": load(inputs=["T0", "T4"], columns={"A": "T0/A", "B": ["T0/A", "T0/B"]}), "sum": total()},
            ["load"],
        ),
        ({"load": load(columns=None), "sum": total()}, []),
        ({"sum": total()}, []),
        (
            {"load": load(), "sum": total(name="Total"), "more": load()},
            ["more", "sum", "more/column/A", "more/column/B"],
        ),
    ],
)
def test_only_changes_are_written(world: World, life: Life, after: Props, writes: list[str]) -> None:
    life.up(**program())
    before = len(world.written())
    assert life.up(**program(after)) == "update"
    assert world.written()[before:] == [f"{WAREHOUSE}/{each}" for each in writes]
    life.settled(**program(after))
    life.destroy()
    assert everything(world) == set()


def test_undeclared_properties_are_cleared(world: World, life: Life) -> None:
    more = {"sql": "select 1", "description": "why", "owner_users": ["bob", "ann"], "is_discoverable": False}
    life.up(**program({"load": load(**more, column_sql={"A": "a"})}))
    life.settled(**program({"load": load(**more, column_sql={"A": "a"})}))
    life.up(**program({"load": load()}))
    made = world.others.get("Process", LOAD).attributes
    assert [made.get(each) for each in ("sql", "description")] == [None, None]
    assert world.others.get("ColumnProcess", f"{LOAD}/column/A").attributes.get("sql") is None
    life.settled(**program({"load": load()}))


def test_a_template_and_a_base_outlast_a_refresh(world: World, life: Life) -> None:
    given = program(column_name="{output} of {inputs}")
    life.up(**given)
    assert world.others.get("ColumnProcess", f"{LOAD}/column/B").name == "B of A, B"
    life.settled(**given)
    assert life.outputs["base"] == SCHEMA
    life.up(**program())
    assert world.others.get("ColumnProcess", f"{LOAD}/column/B").name == "A, B -> B"


def test_tables_of_other_types_and_by_guid(world: World, life: Life) -> None:
    guid = world.others.get("Table", table_name(4)).guid
    view = world.others.write("View", f"{SCHEMA}/V", name="V")
    world.others.write("Column", f"{SCHEMA}/V/A", name="A", view=ref("View", f"{SCHEMA}/V"))
    sides: Props = {
        "inputs": [{"type_name": "View", "qualified_name": "V"}, {"type_name": "Table", "guid": guid}],
        "outputs": "T1",
    }
    given = program({"load": load(**sides, columns={"A": "V/A"})})
    life.up(**given)
    assert {each.guid for each in world.others.get("Process", LOAD).related("inputs")} == {guid, view}
    assert world.others.sources(f"{LOAD}/column/A") == {"V/A"}
    life.settled(**given)


def test_columns_of_one_name_in_two_outputs(world: World, life: Life) -> None:
    both = load(outputs=["T1", "T3"], columns={"T1/ID": "ID", "T3/ID": "A"})
    life.up(**program({"load": both}))
    assert everything(world) == {"load", "load/column/T1/ID", "load/column/T3/ID"}
    life.settled(**program({"load": both}))
    world.others.remove("ColumnProcess", f"{LOAD}/column/T3/ID")
    life.refresh()
    assert life.outputs["drifted"] == {"load/column/T3/ID": {"status": "gone"}}
    life.up(**program({"load": both}))
    life.settled(**program({"load": both}))
    world.others.remove("ColumnProcess", f"{LOAD}/column/T3/ID")
    life.refresh()
    assert life.destroy() == []
    assert everything(world) == set()


# -- drift -------------------------------------------------------------------------------------------------


def test_drift_of_one_process_reports_no_others(world: World, life: Life) -> None:
    life.up(**program({"load": load(sql="x"), "sum": total()}))
    theirs = [ref("Table", table_name(5)), ref("Table", table_name(0))]
    world.others.write("Process", LOAD, name="Theirs", inputs=theirs, sql=None)
    (note,) = life.refresh()
    assert note.startswith(f"Process '{LOAD}' was changed in Atlan: name, inputs, sql; last written by alice")
    shown = life.outputs["processes"]["load"]
    assert (shown["name"], shown["inputs"], "sql" in shown) == ("Theirs", ["T0", "T5"], False)
    assert shown["columns"] == {"A": "A", "B": ["A", "B"]}
    life.up(**program({"load": load(sql="x"), "sum": total()}))
    assert world.written()[5:] == [LOAD]
    life.settled(**program({"load": load(sql="x"), "sum": total()}))


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_a_refresh_in_parts_is_that_of_the_whole(
    world: World, life: Life, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    life.up(**program())
    world.others.remove("ColumnProcess", f"{LOAD}/column/A")
    world.others.write("Process", SUM, name="Theirs")
    world.others.make_edge(f"{LOAD}/column/A", LOAD)
    whole = life.kind().read(world.client, life.outputs["qualified_name"], life.outputs)
    assert len(whole.notes) == 2
    monkeypatch.setattr(_many, "_READ_AT_ONCE", at_once)
    assert life.kind().read(world.client, life.outputs["qualified_name"], life.outputs) == whole


@pytest.mark.parametrize("which", [LOAD, f"{LOAD}/column/A"])
@pytest.mark.parametrize("theirs", [None, "crawler-1"])
def test_missing_marks_are_restored(world: World, life: Life, which: str, theirs: str | None) -> None:
    life.up(**program())
    type_name = "Process" if which == LOAD else "ColumnProcess"
    world.others.write(
        type_name, which, name="load" if which == LOAD else "A -> A", lastSyncWorkflowName=theirs
    )
    life.refresh()
    id_ = which.removeprefix(f"{WAREHOUSE}/")
    assert life.outputs["drifted"] == {id_: {"managed_by": theirs or "(not set)"}}
    assert life.changes(**program()) == ["drifted"]
    life.up(**program())
    assert world.others.mark_on(type_name, which) == life.mark
    life.settled(**program())


def test_drift_of_a_column_is_reported_and_corrected(world: World, life: Life) -> None:
    life.up(**program())
    edge = f"{LOAD}/column/A"
    world.others.write("ColumnProcess", edge, name="A -> A", process=ref("Process", SUM))
    life.refresh()
    assert life.outputs["drifted"] == {"load/column/A": {"process": f"Process {SUM}"}}
    world.others.write("ColumnProcess", edge, name="A -> A", inputs=[ref("Column", column("T5/A"))])
    life.refresh()
    assert life.outputs["processes"]["load"]["columns"]["A"] == column("T5/A")
    life.up(**program())
    assert world.written()[5:] == [edge]
    life.settled(**program())


@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_missing_processes_are_recreated_with_their_columns(world: World, life: Life, how: str) -> None:
    life.up(**program())
    world.others.remove("ColumnProcess", f"{SUM}/column/ID", how=how)
    world.others.remove("Process", SUM, how=how)
    assert len(life.refresh()) == 2
    assert life.outputs["processes"].keys() == {"load"}
    life.up(**program())
    assert world.written()[5:] == [SUM, f"{SUM}/column/ID"]
    life.settled(**program())


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_missing_processes_with_live_columns_are_reported(world: World, how: str, marked: bool) -> None:
    life = Life(world.client, ProcessSetLifecycle, stack="shop/prod" if marked else None)
    life.up(**program())
    world.others.remove("Process", LOAD, how=how)
    notes = life.refresh()
    assert any(note.startswith(f"Process '{LOAD}' ") for note in notes)
    assert life.outputs["drifted"]["load"] == {"status": "gone"}
    life.refresh()
    life.up(**program())
    assert everything(world) == ALL
    assert [
        each.qualified_name
        for each in world.others.get("ColumnProcess", f"{LOAD}/column/A").related("process")
    ] == [LOAD]
    life.settled(**program())


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("by", ["destroy", "update"])
def test_columns_of_a_missing_process_are_deleted(world: World, by: str, marked: bool) -> None:
    life = Life(world.client, ProcessSetLifecycle, stack="shop/prod" if marked else None)
    life.up(**program())
    world.others.remove("Process", LOAD)
    life.refresh()
    if by == "update":
        life.up(**program({"sum": total()}))
        assert everything(world) == {"sum", "sum/column/ID"}
        life.settled(**program({"sum": total()}))
    assert life.destroy() == []
    assert everything(world) == set()


# -- ownership ---------------------------------------------------------------------------------------------


def test_entities_of_others_are_refused_before_anything_is_written(world: World, life: Life) -> None:
    world.others.make_process(SUM)
    reported = f"Process '{SUM}' exists in Atlan already (last written by alice"
    (problem,) = life.preview(**program()).problems
    assert problem.property == "processes"
    assert problem.reason.startswith(reported)
    assert refusal(life.up, **program()).startswith(reported)
    assert world.sent() == []
    assert life.preview(**program(adopt=True)).problems == []
    life.up(**program(adopt=True))
    life.settled(**program(adopt=True))
    life.destroy()
    assert everything(world) == set()


def test_processes_of_another_stack_are_refused_and_counted(world: World, life: Life) -> None:
    Life(world.client, ProcessSetLifecycle, stack="other/dev").up(**program({"load": load(), "sum": total()}))
    before = len(world.sent())
    reported = refusal(life.up, **program({"more": load(), "load": load(), "sum": total()}))
    assert f"Process '{LOAD}' belongs to the stack 'other/dev'" in reported
    assert reported.endswith("(and 4 more like it)")
    assert len(world.sent()) == before


def test_column_processes_with_the_name_of_a_process_are_not_overwritten(world: World, life: Life) -> None:
    world.others.make_edge(LOAD)
    reported = f"ColumnProcess '{LOAD}' has the name of this Process"
    assert life.preview(**program()).problems[0].reason.startswith(reported)
    assert refusal(life.up, **program(adopt=True)).startswith(reported)
    assert world.sent() == []


def test_processes_of_another_stack_stay_without_our_columns(world: World, life: Life) -> None:
    life.up(**program())
    world.others.mark("Process", LOAD, OTHER_STACK)
    notes = life.destroy()
    assert notes == [f"Process '{LOAD}' was left in Atlan: it is 'theirs' of the stack 'other/dev' now"]
    assert everything(world) == {"load"}


def test_a_process_with_a_column_that_another_stack_took_over_is_not_removed(
    world: World, life: Life
) -> None:
    life.up(**program())
    edge = f"{LOAD}/column/A"
    world.others.mark("ColumnProcess", edge, OTHER_STACK)
    reported = (
        f"since ColumnProcess '{edge}' still depend on it: remove them first, or set force_destroy=True"
    )
    assert reported in refusal(life.destroy)
    assert reported in refusal(life.up, **program({"sum": total()}))
    assert everything(world) == ALL


def test_recreated_entities_are_refused_until_a_refresh(world: World, life: Life) -> None:
    life.up(**program())
    world.others.remove("Process", SUM)
    world.others.make_process(SUM)
    reported = f"Process '{SUM}' was removed and created again (last written by alice"
    assert refusal(life.up, **program({"load": load(), "sum": total(name="New")})).startswith(reported)
    life.refresh()
    assert life.outputs["drifted"]["sum"] == {"managed_by": "(not set)"}
    life.up(**program())
    life.settled(**program())


# -- removing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["destroy", "update"])
def test_dependents_of_a_process_are_not_orphaned(world: World, life: Life, by: str) -> None:
    life.up(**program())
    world.others.make_edge(f"{SUM}/theirs", SUM)
    before = len(world.sent())
    reported = (
        f"since ColumnProcess '{SUM}/theirs' still depend on it: remove them first, or set force_destroy=True"
    )
    less = {"load": load(columns={"A": "B"})}
    assert reported in (refusal(life.destroy) if by == "destroy" else refusal(life.up, **program(less)))
    assert everything(world) == {*ALL, "sum/theirs"}
    assert len(world.sent()) == before
    if by == "update":
        life.up(**program(less, force_destroy=True))
        assert everything(world) == {"load", "load/column/A"}
    else:
        life.up(**program(force_destroy=True))
        life.destroy()
        assert everything(world) == set()


def test_moved_processes_do_not_block_the_deletion_of_the_old_set(world: World, life: Life) -> None:
    life.up(**program())
    other = Life(world.client, ProcessSetLifecycle, "other")
    more = program({"load": load(columns={"A": "A", "B": "B", "ID": "ID"}), "sum": total()})
    other.up(**more)
    assert len(life.destroy()) == 5
    other.settled(**more)


@pytest.mark.parametrize("first", ["the one that takes it", "the one that had it"])
def test_a_process_moves_from_one_set_to_another(world: World, life: Life, first: str) -> None:
    other = Life(world.client, ProcessSetLifecycle, "other")
    more = {"more": load(columns={"A": "B"})}
    life.up(**program())
    other.up(**program(more))
    guid = world.others.get("Process", SUM).guid
    takes, had = program({**more, "sum": total()}), program({"load": load()})
    for each in [other, life] if first == "the one that takes it" else [life, other]:
        each.up(**(takes if each is other else had))
    life.settled(**had)
    other.settled(**takes)
    assert everything(world) == {*ALL, "more", "more/column/A"}
    assert (world.others.get("Process", SUM).guid == guid) == (first == "the one that takes it")
    assert world.others.mark_on("Process", SUM) == other.mark


def test_processes_that_another_set_will_write_are_not_removed(world: World, life: Life) -> None:
    """Two resources of one provider process share what was written and what will be."""
    life.up(**program())
    core = ProcessSetLifecycle()
    other = Life(world.client, ProcessSetLifecycle, "other")
    core.written |= {str(world.others.get("Process", SUM).guid)}
    core.written |= {str(world.others.get("ColumnProcess", f"{SUM}/column/ID").guid)}
    reported: list[str] = []
    core.log = reported.append
    core.update(world.client, life.outputs, life.check(program({"load": load()})).inputs)
    assert [note.partition(":")[2] for note in reported] == [" this deployment has just written it"] * 2
    assert everything(world) == ALL
    other.up(**program({"sum": total()}))
    other.settled(**program({"sum": total()}))


def test_replacements_remove_only_the_former_entities(world: World, life: Life) -> None:
    elsewhere = "default/api/1657025300"
    world.others.write("Connection", elsewhere, name="elsewhere")
    life.up(**program())
    olds = life.outputs
    moved = {**program(), "connection": elsewhere}
    life.outputs, life.inputs = {}, {}
    assert life.up(**moved) == "create"  # as the engine does: the old one goes last
    assert everything(world) >= ALL
    later = ProcessSetLifecycle()  # of the next run, where this one was interrupted before
    assert later.delete(world.client, olds) == []
    life.settled(**moved)
    assert len(everything(world)) == len(ALL)


def test_archived_processes_are_restored(world: World, life: Life) -> None:
    soft = program(delete_type="SOFT")
    life.up(**soft)
    guid = world.others.get("Process", LOAD).guid
    life.destroy()
    assert everything(world) == set()
    assert world.others.get("Process", LOAD).status == "DELETED"
    assert len(life.preview(**soft).notes) == len(ALL)
    life.up(**soft)
    assert world.others.get("Process", LOAD).guid == guid
    life.settled(**soft)


# -- the connection, and unknown values --------------------------------------------------------------------


@pytest.mark.parametrize("how", ["PURGE", "SOFT"])
def test_without_a_live_connection_nothing_is_written(world: World, life: Life, how: str) -> None:
    world.others.remove("Connection", WAREHOUSE, how=how)
    assert refusal(life.up, **program()) == f"Connection '{WAREHOUSE}' does not exist; nothing was written"
    assert world.sent() == []


@pytest.mark.parametrize(
    "unknown",
    [
        program(UNKNOWN),  # type: ignore[arg-type]
        program({"load": UNKNOWN, "sum": total()}),
        program({"load": load(inputs=UNKNOWN), "sum": total()}),
        program({"load": load(inputs=["T0", UNKNOWN]), "sum": total()}),
        program({"load": load(columns=UNKNOWN), "sum": total()}),
        program({"load": load(columns={"A": UNKNOWN, "B": ["A", "B"]}), "sum": total()}),
        program({"load": load(columns={"A": [UNKNOWN], "B": ["A", "B"]}), "sum": total()}),
        program({"load": load(column_sql=UNKNOWN), "sum": total()}),
        program({"load": load(sql=UNKNOWN), "sum": total()}),
        program({"load": load(name=UNKNOWN), "sum": total()}),
        program(column_name=UNKNOWN),
        {**program(), "base": UNKNOWN},
        {**program(), "connection": UNKNOWN},
    ],
)
def test_unknown_values_are_changes_and_never_removals(world: World, life: Life, unknown: Props) -> None:
    assert life.preview(**unknown).problems == []
    life.up(**program())
    reported = life.preview(**unknown)
    assert reported.problems == []
    assert not [note for note in reported.notes if "removed" in note or "UNKNOWN" in note]
    assert life.changes(**unknown)


@pytest.mark.parametrize(
    ("process", "reported"),
    [
        (load(inputs=[]), "'load': inputs: must not be empty"),
        (load(outputs="T0", columns=None), "'load': inputs: inputs[0]: Table"),
        (load(sqll="x"), "'load': sqll: unknown property; did you mean 'sql'?"),
        (load(columns={"A": "NO/A"}), "'load': columns: 'A': 'NO/A' is a column of none of the input tables"),
        (load(column_sql={"ID": "x"}), "'load': column_sql: 'ID' is not an output column"),
        (load(force_destroy=True), "'load': force_destroy: cannot be set for a single process"),
        (load(managed_by="me"), "'load': managed_by: cannot be set for a single process"),
        (load(connection=WAREHOUSE), "'load': connection: cannot be set for a single process"),
        (load(columns={"A": []}), "must not be empty"),
    ],
)
def test_problems_name_the_process(life: Life, process: Props, reported: str) -> None:
    (problem,) = life.check(program({"load": process})).problems
    assert problem.property == "processes"
    assert reported in problem.reason
