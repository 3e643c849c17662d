"""`Process` under the real engine: create, refresh, drift, adoption, refusals, and deletion."""

from __future__ import annotations

import json

import pytest
from pyatlan.model.assets import ColumnProcess, Process, Table
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/dag"


def program(**attributes: object) -> str:
    """Return a program with one process; an attribute that is None is left out."""
    given: dict[str, object] = {
        "name": "Load",
        "connection": WAREHOUSE,
        "process_id": "dag",
        "inputs": [{"type_name": "Table", "qualified_name": table_name(0)}],
        "outputs": [{"type_name": "Table", "qualified_name": table_name(1)}],
        **attributes,
    }
    arguments = ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
    return f"load = atlan.Process('load', {arguments})\n"


def tables(*numbers: int) -> list[dict[str, str]]:
    return [{"type_name": "Table", "qualified_name": table_name(number)} for number in numbers]


def test_lifecycle_from_creation_to_deletion(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(sql="select 1", inputs=tables(0, 2)))
    preview = stack.preview()
    assert preview.changes == {"create": 1}
    assert witness.find(Process, QN) is None, "a preview writes nothing"

    assert stack.up().changes == {"create": 1}
    made = witness.find(Process, QN)
    assert (made.name, made.sql, made.connector_name) == ("Load", "select 1", "snowflake")
    assert made.connection_qualified_name == WAREHOUSE
    assert witness.names(Process, QN, "inputs") == {table_name(0), table_name(2)}
    assert witness.names(Process, QN, "outputs") == {table_name(1)}
    state = stack.resources()["load"]
    assert state["id"] == QN
    assert state["outputs"]["qualified_name"] == QN
    assert state["outputs"]["guid"] == made.guid
    stack.settled()

    assert stack.destroy().changes == {"delete": 1}
    assert witness.find(Process, QN) is None
    assert witness.find(Table, table_name(0)) is not None


def test_updates_send_changes_and_clear_removed_properties(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(sql="select 1", description="why", owner_users=["ann"]))
    stack.up()
    guid = witness.find(Process, QN).guid
    stack.write(program(sql="select 2", owner_users=["ann", "bob"]))
    preview = stack.preview()
    assert preview.step("load").operation == "update"
    assert {"sql", "description", "owner_users"} <= set(preview.step("load").diffs)
    assert stack.up().changes == {"update": 1}
    changed = witness.find(Process, QN)
    assert (changed.sql, changed.description, changed.owner_users) == ("select 2", None, {"ann", "bob"})
    assert changed.guid == guid
    stack.settled()


@pytest.mark.soak
def test_order_and_duplicates_are_no_difference(new_stack: NewStack) -> None:
    stack = new_stack(program(inputs=tables(0, 2, 3), owner_users=["ann", "bob"]))
    stack.up()
    stack.write(program(inputs=tables(3, 0, 2, 3), owner_users=["bob", "ann"]))
    assert stack.preview().changes == {"same": 1}


@pytest.mark.soak
def test_changed_ids_replace_the_process(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program())
    stack.up()
    stack.write(program(process_id="other"))
    step = stack.preview().step("load")
    assert step.operation in {"replace", "create-replacement"}
    assert {"process_id", "qualified_name"} <= set(step.diffs)
    stack.up()
    assert witness.find(Process, QN) is None
    assert witness.find(Process, f"{WAREHOUSE}/other") is not None
    stack.settled()


@pytest.mark.soak
def test_the_guid_and_the_name_stay_known_in_the_preview_of_an_update(new_stack: NewStack) -> None:
    export = "pulumi.export('known', pulumi.Output.all(load.guid, load.qualified_name))\n"
    stack = new_stack(program() + export)
    stack.up()
    before = json.loads(stack.run("stack", "output", "--json").check().output)["known"]
    stack.write(program(sql="select 2") + export)
    preview = stack.preview()
    assert preview.changes == {"update": 1}
    assert preview.step("load").diffs == ("sql",)
    assert "known" not in preview.output, "the stack's output neither changes nor becomes unknown"
    stack.up()
    assert json.loads(stack.run("stack", "output", "--json").check().output)["known"] == before


def test_names_are_known_downstream_in_the_first_preview(new_stack: NewStack) -> None:
    column = (
        "atlan.ColumnProcess('col', name='c', process=load, "
        f"inputs=[atlan.column('{table_name(0)}/A')], outputs=[atlan.column('{table_name(1)}/A')])\n"
    )
    step = new_stack(program() + column).preview().step("col")
    assert step.new["qualified_name"] == f"{WAREHOUSE}/col"
    assert step.new["process"] == {"type_name": "Process", "qualified_name": QN}


@pytest.mark.soak
def test_a_live_namesake_is_not_overwritten(new_stack: NewStack, witness: Witness) -> None:
    witness.make_process(WAREHOUSE, "dag", 3, 4)
    stack = new_stack(program())
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    assert any("exists in Atlan already (last written by alice" in error for error in failed.errors), (
        failed.output
    )
    assert "Traceback" not in failed.output
    assert witness.find(Process, QN).name == "Theirs"

    stack.up(program(adopt=True))
    assert witness.find(Process, QN).name == "Load"
    assert witness.names(Process, QN, "inputs") == {table_name(0)}
    assert stack.up(program()).changes == {"update": 1}, "adopt may go once it has served"
    stack.settled()


@pytest.mark.soak
def test_an_archived_namesake_is_restored(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program())
    stack.up()
    guid = witness.find(Process, QN).guid
    witness.archive(Process, QN)
    assert stack.refresh().changes == {"delete": 1}
    assert "load" not in stack.resources()
    assert stack.up().changes == {"create": 1}
    restored = witness.find(Process, QN)
    assert (restored.guid, restored.status.value) == (guid, "ACTIVE")
    stack.settled()


@pytest.mark.soak
@pytest.mark.parametrize("refreshed", [True, False])
def test_purged_processes_are_recreated(new_stack: NewStack, witness: Witness, refreshed: bool) -> None:
    stack = new_stack(program(sql="select 1"))
    stack.up()
    witness.purge(Process, QN)
    if refreshed:
        stack.refresh()
    stack.up(program(sql="select 2"))
    made = witness.find(Process, QN)
    assert made.sql == "select 2"
    assert witness.names(Process, QN, "outputs") == {table_name(1)}
    stack.settled()


def test_drift_is_reported_by_field_and_corrected(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(sql="select 1", owner_users=["ann"], inputs=tables(0, 2)))
    stack.up()
    edited = Process.updater(QN, "Load")
    edited.sql = "select 2"
    edited.owner_users = {"ann", "eve"}
    edited.inputs = [Table.ref_by_qualified_name(table_name(n)) for n in (0, 5)]
    edited.user_description = "not ours: left alone"
    witness.client.asset.save(edited)

    refreshed = stack.refresh().step("load")
    assert {"sql", "owner_users", "inputs"} <= set(refreshed.diffs)
    assert "user_description" not in refreshed.diffs
    assert stack.up().changes == {"update": 1}
    corrected = witness.find(Process, QN)
    assert (corrected.sql, corrected.owner_users) == ("select 1", {"ann"})
    assert corrected.user_description == "not ours: left alone"
    assert witness.names(Process, QN, "inputs") == {table_name(0), table_name(2)}
    stack.settled()


def test_a_process_does_not_leave_column_processes_behind(new_stack: NewStack, witness: Witness) -> None:
    from pyatlan.model.assets import Column

    stack = new_stack(program())
    stack.up()
    theirs = ColumnProcess.creator(
        name="Theirs",
        connection_qualified_name=WAREHOUSE,
        process_id="theirs",
        inputs=[Column.ref_by_qualified_name(table_name(0) + "/A")],
        outputs=[Column.ref_by_qualified_name(table_name(1) + "/A")],
        parent=Process.ref_by_qualified_name(QN),
    )
    witness.client.asset.save(theirs)
    refused = stack.operate("destroy", "--yes", "--skip-preview")
    assert refused.code != 0
    assert any(f"ColumnProcess '{WAREHOUSE}/theirs' still depend on it" in error for error in refused.errors)
    assert witness.find(Process, QN) is not None

    assert stack.up(program(force_destroy=True)).changes == {"update": 1}
    stack.destroy()
    assert witness.find(Process, QN) is None
    assert witness.find(ColumnProcess, f"{WAREHOUSE}/theirs") is None


BAD = {
    "wrong type": (
        {"inputs": [{"type_name": "table", "qualified_name": table_name(0)}]},
        "inputs",
        "did you mean 'Table'?",
    ),
    "a process as an input": (
        {"inputs": [{"type_name": "Process", "qualified_name": QN}]},
        "inputs",
        "a Process is not allowed here",
    ),
    "a column": (
        {"inputs": [{"type_name": "Column", "qualified_name": table_name(0) + "/A"}]},
        "inputs",
        "declare its lineage with a ColumnProcess",
    ),
    "no inputs": ({"inputs": []}, "inputs", "must not be empty"),
    "no outputs": ({"outputs": []}, "outputs", "must not be empty"),
    "malformed name": (
        {"inputs": [{"type_name": "Table", "qualified_name": "ORDERS"}]},
        "inputs",
        "its connection's",
    ),
    "malformed connection": ({"connection": "snowflake"}, "connection", "three segments"),
    "malformed guid": ({"inputs": [{"type_name": "Table", "guid": "x"}]}, "inputs", "is not a GUID"),
    "unknown enum": ({"certificate_status": "GREAT"}, "certificate_status", "must be one of DRAFT, VERIFIED"),
    "blank name": ({"name": " "}, "name", "must not be blank"),
    "own source": ({"outputs": tables(0)}, "inputs", "cannot be its own source"),
    "too long": ({"sql": "x" * 100_001}, "sql", "is 100,001 characters long; Atlan takes 100,000 at most"),
    "message alone": ({"announcement_title": "x"}, "announcement_title", "needs announcement_type"),
}


def test_all_mistakes_are_in_one_preview_and_nothing_is_written(
    new_stack: NewStack, witness: Witness
) -> None:
    every = [
        program(process_id=f"dag{number}", **attributes).replace("'load'", repr(case))
        for number, (case, (attributes, _, _)) in enumerate(BAD.items())
    ]
    run = new_stack("".join(every)).operate("preview")
    assert run.code != 0
    assert "Traceback" not in run.output
    for case, (_, name, reason) in BAD.items():
        lines = [line for line in run.output.splitlines() if reason in line and repr(case) in line]
        assert lines, (case, run.output)
        assert all(name in line for line in lines)
    assert witness.find(Process, f"{WAREHOUSE}/dag0") is None


@pytest.mark.soak
@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_one_line_at_preview_and_nothing_is_written(
    new_stack: NewStack, witness: Witness, case: str
) -> None:
    attributes, name, reason = BAD[case]
    new_stack(program(**attributes)).operate("preview").assert_refused(name, reason)
    assert witness.find(Process, QN) is None
