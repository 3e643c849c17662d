"""`ColumnProcess` under the real engine."""

from __future__ import annotations

import pytest
from pyatlan.model.assets import ColumnProcess, Process
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack

pytestmark = pytest.mark.engine

QN = f"{WAREHOUSE}/col"


def program(parent: str = "load", **attributes: object) -> str:
    """Return two processes between some tables, and one column process below `parent`."""
    given: dict[str, object] = {
        "name": "A -> B",
        "inputs": columns("T0/A"),
        "outputs": columns("T1/B"),
        **attributes,
    }
    arguments = ", ".join(f"{name}={value!r}" for name, value in given.items())
    sides = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
    others = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(2)!r})]"
    return (
        f"load = atlan.Process('load', name='Load', connection=WAREHOUSE, {sides})\n"
        f"other = atlan.Process('other', name='Other', connection=WAREHOUSE, {others})\n"
        f"atlan.ColumnProcess('col', process={parent}, {arguments})\n"
    )


def columns(*paths: str) -> list[dict[str, str]]:
    return [{"type_name": "Column", "qualified_name": f"{WAREHOUSE}/DB/S/{path}"} for path in paths]


def test_lifecycle_from_creation_to_deletion(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program(sql="A + 1"))
    assert stack.up().changes == {"create": 3}
    made = witness.find(ColumnProcess, QN)
    assert (made.name, made.sql) == ("A -> B", "A + 1")
    assert made.process.guid == witness.find(Process, f"{WAREHOUSE}/load").guid
    assert witness.names(ColumnProcess, QN, "inputs") == {table_name(0) + "/A"}
    assert witness.names(ColumnProcess, QN, "outputs") == {table_name(1) + "/B"}
    stack.settled()
    assert stack.destroy().changes == {"delete": 3}
    assert witness.find(ColumnProcess, QN) is None
    assert witness.find(Process, f"{WAREHOUSE}/load") is None


def test_column_processes_are_deleted_before_their_process(new_stack: NewStack) -> None:
    stack = new_stack(program())
    stack.up()
    order = [step.name for step in stack.destroy().steps]
    assert order.index("col") < order.index("load")


@pytest.mark.soak
def test_column_processes_may_have_the_id_of_a_process(new_stack: NewStack, witness: Witness) -> None:
    # Atlan's own page gives both the same id; they stay two entities.
    stack = new_stack(program(process_id="load"))
    stack.up()
    name = f"{WAREHOUSE}/load"
    assert witness.find(Process, name).guid != witness.find(ColumnProcess, name).guid
    stack.settled()
    stack.destroy()
    assert witness.find(Process, name) is None
    assert witness.find(ColumnProcess, name) is None


@pytest.mark.soak
def test_it_moves_to_another_process_in_place(new_stack: NewStack, witness: Witness) -> None:
    stack = new_stack(program())
    stack.up()
    guid = witness.find(ColumnProcess, QN).guid
    assert stack.up(program("other")).changes == {"update": 1, "same": 2}
    moved = witness.find(ColumnProcess, QN)
    assert moved.guid == guid
    assert moved.process.guid == witness.find(Process, f"{WAREHOUSE}/other").guid
    stack.settled()


@pytest.mark.soak
def test_columns_by_guid_stay_by_guid(new_stack: NewStack, witness: Witness) -> None:
    from pyatlan.model.assets import Column

    guid = witness.find(Column, table_name(0) + "/ID").guid
    stack = new_stack(program(inputs=[{"type_name": "Column", "guid": guid}, *columns("T0/A")]))
    stack.up()
    assert witness.names(ColumnProcess, QN, "inputs") == {table_name(0) + "/ID", table_name(0) + "/A"}
    stack.settled()
    assert {"type_name": "Column", "guid": guid} in stack.resources()["col"]["outputs"]["inputs"]


@pytest.mark.soak
def test_drift_of_process_and_edges_is_reported_and_corrected(new_stack: NewStack, witness: Witness) -> None:
    from pyatlan.model.assets import Column

    stack = new_stack(program(inputs=columns("T0/A", "T0/ID")))
    stack.up()
    edited = ColumnProcess.updater(QN, "A -> B")
    edited.inputs = [Column.ref_by_qualified_name(table_name(2) + "/A")]
    edited.process = Process.ref_by_qualified_name(f"{WAREHOUSE}/other")
    witness.client.asset.save(edited)
    assert {"inputs", "process"} <= set(stack.refresh().step("col").diffs)
    stack.up()
    assert witness.names(ColumnProcess, QN, "inputs") == {table_name(0) + "/A", table_name(0) + "/ID"}
    assert witness.find(ColumnProcess, QN).process.guid == witness.find(Process, f"{WAREHOUSE}/load").guid
    stack.settled()


def test_a_process_by_guid_needs_a_connection(new_stack: NewStack) -> None:
    by_guid = "atlan.asset('Process', guid='495b1516-aaaf-4390-8cfd-b11ade7a7799')"
    failed = new_stack(program(by_guid)).operate("preview")
    assert failed.code != 0
    assert any("is required where process is given by its GUID" in error for error in failed.errors)
