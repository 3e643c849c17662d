"""With the real engine: an import records the same state as `up`, and the next preview is empty."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from importer.attributes import columns, every_attribute, references_in, tables
from importer.command import run_import
from pyatlan.model.assets import Asset, Column, ColumnProcess, Connection, Process, Table
from pyatlan.model.enums import AtlanConnectorType
from support.atlan import WAREHOUSE, Witness, table_name
from support.stack import NewStack, Stack

from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.column_process import ColumnProcessInputs
from atlan_pulumi.resources.connection import ConnectionInputs
from atlan_pulumi.resources.process import ProcessInputs

pytestmark = pytest.mark.engine

ImportInto = Callable[..., str]
ETL = "default/airflow/1700000000"


def forget(stack: Stack) -> None:
    """Delete the state, but not the entities in Atlan."""
    stack.run("state", "delete", "--all", "--yes").check()
    assert stack.resources() == {}


def recorded(stack: Stack) -> dict[str, tuple[object, ...]]:
    """Return the part of the state that an import sets, by URN."""
    state = json.loads(stack.run("stack", "export").check().output)["deployment"]
    atlans = [item for item in state["resources"] if "dynamic/atlan:" in item["type"]]
    return {item["urn"]: (item["type"], item["id"], item["inputs"], item["outputs"]) for item in atlans}


def assert_nothing_to_do(stack: Stack) -> None:
    """Assert that refresh and preview are empty, except for the ownership mark."""
    for run in (stack.refresh(), stack.preview()):
        assert set(run.changes) == {"same"}, run.output
        assert {name for step in run.steps for name in step.diffs} <= {"managed_by"}, run.output


def call(kind: str, name: str, /, **arguments: object) -> str:
    given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    return f"atlan.{kind}({name!r}, {given})\n"


EVERYTHING = "".join(
    [
        call(
            "Connection",
            "etl",
            name="etl",
            connector="airflow",
            qualified_name=ETL,
            **every_attribute(ConnectionInputs),
        ),
        "whole = "
        + call(
            "Process",
            "whole",
            name="Whole",
            connection=WAREHOUSE,
            inputs=tables(0, 2),
            outputs=tables(1),
            **every_attribute(ProcessInputs),
        ),
        call(
            "ColumnProcess",
            "whole",
            name="Whole",
            process_id="a b/c",
            inputs=columns(0),
            outputs=columns(1),
            **every_attribute(ColumnProcessInputs, "column-"),
        ).replace("'whole', ", "'whole', process=whole, ", 1),
    ]
)


@pytest.mark.soak
def test_every_attribute_is_recovered(new_stack: NewStack, witness: Witness, import_into: ImportInto) -> None:
    for owner in ("", "column-"):
        for type_name, names in references_in(every_attribute(ProcessInputs, owner)).items():
            witness.post(type_name, names)
    stack = new_stack(EVERYTHING)
    stack.up()
    before = recorded(stack)
    assert len(before) == 3
    forget(stack)

    output = import_into(stack, "--connection", ETL, "--process", f"{WAREHOUSE}/whole", "--stack", "test")
    assert recorded(stack) == before
    assert "Found 1 connection, 1 process, 1 column process." in output
    assert "Not managed by" not in output
    assert "With ownership marks" not in output, "the mark is of this stack"
    assert_nothing_to_do(stack)
    assert set(stack.up().changes) == {"same"}
    assert recorded(stack) == before

    stack.destroy()
    for kind, name in (
        (Connection, ETL),
        (Process, f"{WAREHOUSE}/whole"),
        (ColumnProcess, f"{WAREHOUSE}/a b/c"),
    ):
        assert witness.find(kind, name) is None
    assert witness.find(Table, table_name(0)) is not None


def made_by_others(witness: Witness) -> dict[type[Asset], list[str]]:
    """Create a connection and lineage of tables and columns with Atlan's SDK."""
    airflow = Connection.creator(
        client=witness.client,
        name="Théirs",
        connector_type=AtlanConnectorType.AIRFLOW,
        admin_users=["alice"],
    )
    witness.client.asset.save(airflow)
    assert airflow.qualified_name
    witness.make_process(airflow.qualified_name, "dag 1", 0, 1)
    witness.make_process(airflow.qualified_name, "dag/2", 1, 2)
    column = ColumnProcess.creator(
        name="a -> a",
        connection_qualified_name=airflow.qualified_name,
        inputs=[Column.ref_by_qualified_name(f"{table_name(0)}/A")],
        outputs=[Column.ref_by_qualified_name(f"{table_name(1)}/A")],
        parent=Process.ref_by_qualified_name(f"{airflow.qualified_name}/dag 1"),
    )
    witness.client.asset.save(column)
    return {
        Connection: [airflow.qualified_name],
        Process: [f"{airflow.qualified_name}/dag 1", f"{airflow.qualified_name}/dag/2"],
        ColumnProcess: [column.qualified_name],
    }


@pytest.mark.soak
def test_entities_of_others_are_imported_without_a_write(
    new_stack: NewStack, witness: Witness, import_into: ImportInto
) -> None:
    made = made_by_others(witness)
    versions = {name: witness.find(kind, name).update_time for kind, names in made.items() for name in names}
    stack = new_stack()
    output = import_into(stack, "--connection", *made[Connection])
    assert "Found 1 connection, 2 processes, 1 column process." in output
    assert set(stack.resources()) == {"Theirs", "dag-1", "dag-2", "dag-1-A"}
    assert_nothing_to_do(stack)
    assert set(stack.up().changes) == {"same"}
    assert_nothing_to_do(stack)
    for kind, names in made.items():
        for name in names:
            assert witness.find(kind, name).update_time == versions[name], "nothing was written"

    assert stack.destroy().changes == {"delete": 4}, "since `up`, Pulumi knows the order"
    for kind, names in made.items():
        assert not [name for name in names if witness.find(kind, name)]


@pytest.mark.soak
def test_an_imported_resource_can_be_changed(
    new_stack: NewStack, witness: Witness, import_into: ImportInto
) -> None:
    witness.make_process(WAREHOUSE, "dag", 0, 1)
    stack = new_stack()
    import_into(stack, "--process", f"{WAREHOUSE}/dag")
    code = stack.folder / "lineage.py"
    code.write_text(code.read_text().replace("name=", 'sql="select 1",\n    name='))
    preview = stack.preview()
    assert preview.changes == {"update": 1}
    assert "sql" in preview.step("dag").diffs
    stack.up()
    assert witness.find(Process, f"{WAREHOUSE}/dag").sql == "select 1"
    stack.settled()


@pytest.mark.soak
def test_entities_of_another_stack_are_listed_and_previewed(
    new_stack: NewStack, witness: Witness, import_into: ImportInto
) -> None:
    theirs = new_stack(
        call(
            "Process",
            "théir load",
            name="L",
            connection=WAREHOUSE,
            process_id="x",
            inputs=tables(0),
            outputs=tables(1),
        ),
        name="theirs",
    )
    theirs.up()
    ours = new_stack(name="ours")
    (ours.folder / "Pulumi.yaml").write_text("name: other\nruntime: python\n")
    ours.run("stack", "init", "test").check()
    output = import_into(ours, "--process", f"{WAREHOUSE}/x", "--stack", "test")
    assert "change to this stack's:\n  the stack 'acceptance/test': Process 'théir load'" in output
    assert set(ours.resources()) == {"théir load"}
    preview = ours.preview()
    step = preview.step("théir load")
    assert any("will be taken over (it belongs to the stack" in note for note in preview.notes)
    assert (step.operation, step.diffs) == ("update", ("managed_by",))


@pytest.mark.soak
def test_an_import_with_an_explicit_provider(
    new_stack: NewStack, witness: Witness, server: LocalAtlan
) -> None:
    provider = (
        f"prod = atlan.AtlanProvider('prod', base_url={server.base_url!r}, api_key={server.api_key!r})\n"
    )
    witness.make_process(WAREHOUSE, "dag", 0, 1)
    stack = new_stack(provider)
    stack.up()
    assert run_import(stack, "--process", f"{WAREHOUSE}/dag").returncode == 0
    path = stack.folder / "import.json"
    content = json.loads(path.read_text())
    content["nameTable"] = {"prod": "urn:pulumi:test::acceptance::pulumi:providers:pulumi-python::prod"}
    content["resources"][0]["provider"] = "prod"
    path.write_text(json.dumps(content))
    stack.run("import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes").check()
    code = (stack.folder / "lineage.py").read_text()
    options = "opts=pulumi.ResourceOptions(provider=prod),\n    name="
    stack.write(provider + code.replace("name=", options, 1))
    assert "::prod::" in stack.resources()["dag"]["provider"]
    assert_nothing_to_do(stack)
