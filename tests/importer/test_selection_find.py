"""Find the entities of a selection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyatlan.model.assets import Column, ColumnProcess, Process, Table
from support.atlan import WAREHOUSE, Witness, table_name

from atlan_pulumi.client import AtlanClient
from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer import Selection, plan_import
from atlan_pulumi.local import LocalAtlan

AIRFLOW = "default/airflow/1"


def column_process(witness: Witness, connection: str, id_: str, above: str, source: int, target: int) -> None:
    made = ColumnProcess.creator(
        name=f"Column {id_}",
        connection_qualified_name=connection,
        process_id=id_,
        inputs=[Column.ref_by_qualified_name(f"{table_name(source)}/A")],
        outputs=[Column.ref_by_qualified_name(f"{table_name(target)}/A")],
        parent=Process.ref_by_qualified_name(above),
    )
    witness.client.asset.save(made)


@pytest.fixture
def _lineage(witness: Witness) -> Iterator[None]:
    """Create two processes in the warehouse, one with column processes, and one process in Airflow."""
    witness.post("Connection", [AIRFLOW])
    witness.make_process(WAREHOUSE, "one", 0, 1)
    witness.make_process(WAREHOUSE, "two", 1, 2)
    witness.make_process(AIRFLOW, "three", 0, 2)
    column_process(witness, WAREHOUSE, "col", f"{WAREHOUSE}/one", 0, 1)
    column_process(witness, AIRFLOW, "far", f"{WAREHOUSE}/one", 0, 1)
    for id_, name in (("one", "Load one"), ("two", "load two")):
        edited = Process.updater(f"{WAREHOUSE}/{id_}", name)
        witness.client.asset.save(edited)
    return


def found(client: AtlanClient, **options: object) -> set[str]:
    """Return kind and last name segment of each resource."""
    plan = plan_import(client, Selection(**options))  # type: ignore[arg-type]
    return {f"{each.kind}:{each.qualified_name.rpartition('/')[2]}" for each in plan.resources}


@pytest.mark.usefixtures("_lineage")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"connections": [WAREHOUSE]},
            {"Connection:1657025257", "Process:one", "Process:two", "ColumnProcess:col", "ColumnProcess:far"},
        ),
        (
            {"connections": [WAREHOUSE], "with_connections": False, "columns": False},
            {"Process:one", "Process:two"},
        ),
        ({"connections": [AIRFLOW], "with_connections": False}, {"Process:three", "ColumnProcess:far"}),
        (
            {"connections": [WAREHOUSE, AIRFLOW], "columns": False, "with_connections": False},
            {"Process:one", "Process:two", "Process:three"},
        ),
        ({"processes": [f"{WAREHOUSE}/one"]}, {"Process:one", "ColumnProcess:col", "ColumnProcess:far"}),
        ({"processes": [f"{WAREHOUSE}/one"], "columns": False}, {"Process:one"}),
        ({"processes": [f"{WAREHOUSE}/col"]}, {"ColumnProcess:col"}),
        ({"processes": [f"{WAREHOUSE}/two", f"{AIRFLOW}/three"]}, {"Process:two", "Process:three"}),
        ({"name_prefix": "LOAD"}, {"Process:one", "Process:two", "ColumnProcess:col", "ColumnProcess:far"}),
        ({"name_prefix": "column"}, {"ColumnProcess:col", "ColumnProcess:far"}),
        ({"name_prefix": "Load t", "processes": [f"{AIRFLOW}/three"]}, {"Process:two", "Process:three"}),
        ({"assets": [table_name(1)], "columns": False}, {"Process:one", "Process:two"}),
        ({"assets": [table_name(2)]}, {"Process:two", "Process:three"}),
        ({"assets": [f"{table_name(0)}/A"]}, {"ColumnProcess:col", "ColumnProcess:far"}),
        ({"assets": [table_name(2)], "connections": [AIRFLOW]}, {"Process:three"}),
        ({"assets": [table_name(1), table_name(2)], "name_prefix": "load t"}, {"Process:two"}),
    ],
)
def test_selections_find_their_entities(
    client: AtlanClient, options: dict[str, object], expected: set[str]
) -> None:
    assert found(client, **options) == expected


@pytest.mark.usefixtures("_lineage")
def test_a_process_and_a_column_process_may_share_a_name(client: AtlanClient, witness: Witness) -> None:
    column_process(witness, WAREHOUSE, "two", f"{WAREHOUSE}/one", 0, 1)
    plan = plan_import(client, Selection(processes=[f"{WAREHOUSE}/two"]))
    assert [(each.kind, each.name) for each in plan.resources] == [
        ("ColumnProcess", "two"),
        ("Process", "two"),
    ]


@pytest.mark.usefixtures("_lineage")
def test_columns_follow_their_process(client: AtlanClient) -> None:
    plan = plan_import(client, Selection(connections=[AIRFLOW, WAREHOUSE]))
    assert [
        each.qualified_name.rpartition("/")[2] for each in plan.resources if each.kind != "Connection"
    ] == [
        "three",
        "one",
        "far",
        "col",
        "two",
    ]
    assert plan.titles[WAREHOUSE] == "warehouse"


@pytest.mark.usefixtures("_lineage")
def test_archived_processes_are_not_found(client: AtlanClient, witness: Witness) -> None:
    witness.archive(Process, f"{WAREHOUSE}/two")
    witness.archive(ColumnProcess, f"{WAREHOUSE}/col")
    assert found(client, connections=[WAREHOUSE], with_connections=False) == {
        "Process:one",
        "ColumnProcess:far",
    }


@pytest.mark.usefixtures("_lineage")
def test_an_archived_asset_is_listed(client: AtlanClient, witness: Witness) -> None:
    column_process(witness, WAREHOUSE, "more", f"{WAREHOUSE}/two", 1, 2)
    edited = Process.updater(f"{WAREHOUSE}/two", "load two")
    edited.inputs = [Table.ref_by_qualified_name(table_name(n)) for n in (1, 5)]
    witness.client.asset.save(edited)
    witness.archive(Table, table_name(5))
    plan = plan_import(client, Selection(processes=[f"{WAREHOUSE}/two"], columns=False))
    (resource,) = plan.resources
    assert resource.inputs["inputs"] == [{"type_name": "Table", "qualified_name": table_name(1)}]
    assert resource.declared.left_out == [f"inputs: Table {table_name(5)!r} is archived"]


@pytest.mark.usefixtures("_lineage")
def test_unsupported_types_are_listed(client: AtlanClient, witness: Witness) -> None:
    witness.post("DbtProcess", [f"{WAREHOUSE}/dbt"])
    plan = plan_import(client, Selection(connections=[WAREHOUSE]))
    (entity,) = plan.unsupported
    assert entity == ("DbtProcess", f"{WAREHOUSE}/dbt", "this package has no resource for a DbtProcess")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"connections": ["default/snowflake/1657025258"]}, "did you mean 'default/snowflake/1657025257'?"),
        ({"connections": ["default/oracle/9"]}, "Atlan has no connection 'default/oracle/9'"),
        ({"connections": ["snowflake"]}, "'snowflake' is not a connection's qualifiedName"),
        ({"connections": [f"{WAREHOUSE}/DB"]}, "is not a connection's qualifiedName"),
        ({"connections": ["default//1"]}, "is not a connection's qualifiedName"),
        ({"processes": [f"{WAREHOUSE}/nothing"]}, f"Atlan has no active process '{WAREHOUSE}/nothing'"),
        ({"assets": [f"{WAREHOUSE}/DB/S/t1"]}, f"Atlan has no asset '{WAREHOUSE}/DB/S/t1'"),
        ({"name_prefix": "zzz"}, "Atlan has no active process that matches"),
        ({"assets": [table_name(4)]}, "Atlan has no active process that matches"),
        ({"connections": [WAREHOUSE], "with_connections": False}, "Atlan has no active process"),
        ({}, "nothing selected"),
    ],
)
def test_a_missing_entity_is_refused_with_one_line(
    client: AtlanClient, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ImporterError) as caught:
        found(client, **options)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_archived_connection_is_refused(client: AtlanClient, witness: Witness) -> None:
    from pyatlan.model.assets import Connection

    witness.post("Connection", [AIRFLOW])
    witness.archive(Connection, AIRFLOW)
    with pytest.raises(ImporterError, match="is archived in Atlan: restore it first"):
        found(client, connections=[AIRFLOW])


@pytest.mark.usefixtures("_lineage")
def test_progress_is_reported_to_the_end(client: AtlanClient) -> None:
    steps: list[tuple[str, int, int | None]] = []
    plan_import(client, Selection(connections=[WAREHOUSE]), lambda *step: steps.append(step))
    assert steps[0] == ("Searching", 1, None)
    reading = [(done, total) for step, done, total in steps if step == "Reading"]
    assert reading[-1] == (5, 5)
    assert steps[-1] == ("Declaring", 5, 5)
    assert all(done <= (total or 0) for done, total in reading)
    assert sorted(done for done, _ in reading) == [done for done, _ in reading]


@pytest.mark.usefixtures("_lineage")
def test_nothing_is_written(client: AtlanClient, server: LocalAtlan) -> None:
    before = server.stats()["entities_written"]
    plan_import(client, Selection(connections=[WAREHOUSE, AIRFLOW]))
    assert server.stats()["entities_written"] == before
