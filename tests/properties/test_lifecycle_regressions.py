"""Minimal sequences of actions that once failed, found by the random tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from properties.catalog import active_entities
from properties.programs import SEED, TABLES, WAREHOUSE, Declared, Of, Props
from properties.test_lifecycle_machine import StackMachine

from atlan_pulumi.local import LocalAtlan

QN = f"{WAREHOUSE}/p0-0"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def machine(server: LocalAtlan) -> Iterator[StackMachine]:
    """Yield a machine that the test controls, and destroy its stack afterwards."""
    StackMachine.server = server
    machine = StackMachine()
    yield machine
    machine.teardown()


def process(**more: object) -> Declared:
    sides: Props = {
        "inputs": [{"type_name": "Table", "qualified_name": TABLES[0]}],
        "outputs": [{"type_name": "Table", "qualified_name": TABLES[1]}],
    }
    return Declared("Process", {"name": "a", "connection": WAREHOUSE, "process_id": "p0-0", **sides, **more})


def connection(**more: object) -> Declared:
    return Declared("Connection", {"name": "a", "connector": "airflow", "admin_users": ["jsmith"], **more})


def test_the_next_update_sets_the_mark(machine: StackMachine) -> None:
    """An entity that others recreated without a mark has ours after the update, and a refresh is empty."""
    machine.first_deployment({"c0": connection(qualified_name="default/airflow/900")})
    machine.others_remove_ours(pick=0, delete_type="PURGE", again=True, then="nothing")
    machine.refresh_and_up()
    assert machine.engine.operations == []


def test_an_entity_of_another_stack_survives_the_removal_of_its_resource(machine: StackMachine) -> None:
    """Also after a refresh, when our state has the other mark."""
    machine.first_deployment({"p0": process()})
    machine.others_mark_ours(pick=0, mark="pulumi:shop/prod#x", then="nothing")
    machine.refresh()
    machine.remove(pick=0, deploy=True)
    assert ("Process", QN) in active_entities(machine.catalog.everything())


def test_an_entity_of_another_stack_is_updated_only_with_adopt(machine: StackMachine) -> None:
    machine.first_deployment({"p0": process(sql="1")})
    machine.others_mark_ours(pick=0, mark="pulumi:shop/prod#x", then="edit")
    assert active_entities(machine.catalog.everything())["Process", QN]["attributes"]["name"] == "a", (
        "refused before a refresh"
    )
    machine.refresh_and_up()
    assert active_entities(machine.catalog.everything())["Process", QN]["attributes"]["name"] == "a", (
        "refused after a refresh"
    )
    edited = machine.written["p0"]
    machine.written["p0"] = Declared(edited.kind, {**edited.props, "adopt": True})
    machine.refresh_and_up()
    assert active_entities(machine.catalog.everything())["Process", QN]["attributes"]["name"] == "a!"


def test_an_unnamed_connection_is_found_after_a_crash(machine: StackMachine) -> None:
    """The next deployment does not create another one."""
    machine.written = {"c0": connection(epoch=1_700_000_000)}
    machine.crash_and_up(crash_after=0, refresh=False)
    made = [
        key
        for key in active_entities(machine.catalog.everything())
        if key[0] == "Connection" and "airflow" in key[1]
    ]
    assert made == [("Connection", "default/airflow/1700000000")]


def test_a_column_process_whose_process_was_deleted_is_recovered_after_a_refresh(
    machine: StackMachine,
) -> None:
    """Atlan refuses its writes until a refresh and a deployment recreate both."""
    column: Props = {
        "inputs": [{"type_name": "Column", "qualified_name": f"{TABLES[0]}/A"}],
        "outputs": [{"type_name": "Column", "qualified_name": f"{TABLES[1]}/A"}],
    }
    below = Declared("ColumnProcess", {"name": "a", "process": Of("p0"), "process_id": "k0-0", **column})
    machine.first_deployment({"p0": process(), "k0": below})
    machine.others_remove_ours(pick=0, delete_type="PURGE", again=False, then="nothing")
    machine.others_remove_ours(pick=1, delete_type="SOFT", again=False, then="edit")
    assert ("ColumnProcess", f"{WAREHOUSE}/k0-0") not in active_entities(machine.catalog.everything())
    machine.refresh_and_up()
    assert {("Process", QN), ("ColumnProcess", f"{WAREHOUSE}/k0-0")} <= active_entities(
        machine.catalog.everything()
    ).keys()


def test_an_archived_connection_with_entities_of_others_is_recovered(machine: StackMachine) -> None:
    """The connection is recreated with its name. The other writer's process in it is still refused."""
    machine.first_deployment({"c0": connection(epoch=1_700_000_000)})
    declared = process(connection=Of("c0"))
    machine.others_create_first(process=("p0", declared), mark=None)
    machine.others_remove_ours(pick=0, delete_type="SOFT", again=False, then="refresh")
    found = active_entities(machine.catalog.everything())
    assert ("Connection", "default/airflow/1700000000") in found
    assert found["Process", "default/airflow/1700000000/p0-0"]["attributes"]["name"] == "Theirs"
