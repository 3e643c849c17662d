"""Lives that once went wrong, as short as they can be; the random ones found them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from properties.catalog import live
from properties.programs import SEED, TABLES, WAREHOUSE, Declared, Of, Props
from properties.test_lifecycle_machine import Lives

from atlan_pulumi.local import LocalAtlan

QN = f"{WAREHOUSE}/p0-0"


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def life(server: LocalAtlan) -> Iterator[Lives]:
    """A life to lead by hand; it ends with a `destroy` that must leave nothing of ours."""
    Lives.server = server
    life = Lives()
    yield life
    life.teardown()


def process(**more: object) -> Declared:
    sides: Props = {
        "inputs": [{"type_name": "Table", "qualified_name": TABLES[0]}],
        "outputs": [{"type_name": "Table", "qualified_name": TABLES[1]}],
    }
    return Declared("Process", {"name": "a", "connection": WAREHOUSE, "process_id": "p0-0", **sides, **more})


def connection(**more: object) -> Declared:
    return Declared("Connection", {"name": "a", "connector": "airflow", "admin_users": ["jsmith"], **more})


def test_the_mark_comes_with_the_next_change(life: Lives) -> None:
    """What others made anew without a mark has ours after the update, and the refresh after that is empty."""
    life.first_deployment({"c0": connection(qualified_name="default/airflow/900")})
    life.others_remove_ours(pick=0, delete_type="PURGE", again=True, then="nothing")
    life.refresh_and_up()
    assert life.engine.operations == []


def test_what_another_stack_took_over_is_left_alone_when_it_goes(life: Lives) -> None:
    """Also after a refresh, when our state holds the other's mark."""
    life.first_deployment({"p0": process()})
    life.others_mark_ours(pick=0, mark="pulumi:shop/prod#x", then="nothing")
    life.refresh()
    life.take_out(pick=0, deploy=True)
    assert ("Process", QN) in live(life.catalog.everything())


def test_what_another_stack_took_over_comes_back_only_when_it_is_adopted(life: Lives) -> None:
    life.first_deployment({"p0": process(sql="1")})
    life.others_mark_ours(pick=0, mark="pulumi:shop/prod#x", then="edit")
    assert live(life.catalog.everything())["Process", QN]["attributes"]["name"] == "a", "refused, unseen"
    life.refresh_and_up()
    assert live(life.catalog.everything())["Process", QN]["attributes"]["name"] == "a", "refused, though seen"
    edited = life.written["p0"]
    life.written["p0"] = Declared(edited.kind, {**edited.props, "adopt": True})
    life.refresh_and_up()
    assert live(life.catalog.everything())["Process", QN]["attributes"]["name"] == "a!"


def test_a_connection_without_a_name_that_outlived_a_crash(life: Lives) -> None:
    """The next deployment finds it again, rather than make another."""
    life.written = {"c0": connection(epoch=1_700_000_000)}
    life.crash_and_up(lives=0, refresh=False)
    made = [key for key in live(life.catalog.everything()) if key[0] == "Connection" and "airflow" in key[1]]
    assert made == [("Connection", "default/airflow/1700000000")]


def test_a_column_process_below_a_process_that_vanished_unseen(life: Lives) -> None:
    """Atlan takes no write of it, which is told; the run after a refresh makes both whole."""
    column: Props = {
        "inputs": [{"type_name": "Column", "qualified_name": f"{TABLES[0]}/A"}],
        "outputs": [{"type_name": "Column", "qualified_name": f"{TABLES[1]}/A"}],
    }
    below = Declared("ColumnProcess", {"name": "a", "process": Of("p0"), "process_id": "k0-0", **column})
    life.first_deployment({"p0": process(), "k0": below})
    life.others_remove_ours(pick=0, delete_type="PURGE", again=False, then="nothing")
    life.others_remove_ours(pick=1, delete_type="SOFT", again=False, then="edit")
    assert ("ColumnProcess", f"{WAREHOUSE}/k0-0") not in live(life.catalog.everything())
    life.refresh_and_up()
    assert {("Process", QN), ("ColumnProcess", f"{WAREHOUSE}/k0-0")} <= live(life.catalog.everything()).keys()


def test_an_entity_of_others_below_a_connection_that_was_archived(life: Lives) -> None:
    """The connection is created again under its name; the others' process there is still refused."""
    life.first_deployment({"c0": connection(epoch=1_700_000_000)})
    declared = process(connection=Of("c0"))
    life.others_are_there_first(process=("p0", declared), mark=None)
    life.others_remove_ours(pick=0, delete_type="SOFT", again=False, then="refresh")
    found = live(life.catalog.everything())
    assert ("Connection", "default/airflow/1700000000") in found
    assert found["Process", "default/airflow/1700000000/p0-0"]["attributes"]["name"] == "Theirs"
