"""Replay the recorded events of a Spark job, and check its table and column lineage."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyatlan.model.assets import ColumnProcess, Process, SparkJob
from support.atlan import Witness
from support.command import ATLAN_PULUMI
from support.fixtures import witness

from atlan_pulumi.local import LocalAtlan

__all__ = ["witness"]

RECORDED = Path(__file__).with_name("recorded")
SPARK = "default/spark/1700000000"
SHOP = "default/postgres/1700000001"
ORDERS = ["order_id", "customer_id", "order_date", "amount", "discount", "status"]
CUSTOMERS = ["customer_id", "first_name", "last_name", "country"]
MART = ["customer_id", "customer_name", "country", "order_count", "net_revenue", "tier", "last_order_date"]
#: Each column of the mart with its sources in the program.
SOURCES = {
    "customer_id": {"raw_orders/customer_id"},
    "customer_name": {"raw_customers/first_name", "raw_customers/last_name"},
    "country": {"raw_customers/country"},
    "order_count": {"raw_orders/order_id"},
    "net_revenue": {"raw_orders/amount", "raw_orders/discount"},
    "tier": {"raw_orders/amount", "raw_orders/discount"},
    "last_order_date": {"raw_orders/order_date"},
}


def table(name: str, columns: list[str]) -> dict[str, Any]:
    return {"name": name, "columns": [{"name": column} for column in columns]}


SEED = {
    "connections": [
        {"name": "ol-spark", "connector": "spark", "qualified_name": SPARK, "open_lineage": True},
        {
            "name": "shop",
            "connector": "postgres",
            "qualified_name": SHOP,
            "databases": [
                {
                    "name": "shop",
                    "schemas": [
                        {
                            "name": "public",
                            "tables": [
                                table("raw_orders", ORDERS),
                                table("raw_customers", CUSTOMERS),
                                table("mart_customer_orders", MART),
                            ],
                        }
                    ],
                }
            ],
        },
    ]
}


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


def replay(server: LocalAtlan, name: str) -> None:
    """Send a recorded file with `atlan-pulumi openlineage emit`."""
    done = subprocess.run(
        [ATLAN_PULUMI, "openlineage", "emit", str(RECORDED / f"{name}.ndjson")],
        env={"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Sent ")
    server.await_events()


def columns_of(witness: Witness, process: str, prefix: str) -> dict[str, set[str]]:
    """Return output column to input columns, as read with Atlan's SDK."""
    found = {}
    for stub in witness.find(Process, process).column_processes:
        name = witness.client.asset.get_by_guid(stub.guid, asset_type=ColumnProcess).qualified_name
        (target,) = witness.names(ColumnProcess, name, "outputs")
        sources = witness.names(ColumnProcess, name, "inputs")
        found[target.rpartition("/")[2]] = {each.removeprefix(f"{prefix}/") for each in sources}
    return found


def test_known_tables_are_linked(server: LocalAtlan, witness: Witness) -> None:
    replay(server, "pg-mart")
    job = f"{SPARK}/nightly_orders.execute_save_into_data_source_command.public_mart_customer_orders"
    process = f"{job}/process"
    public = f"{SHOP}/shop/public"
    assert witness.names(Process, process, "inputs") == {f"{public}/raw_orders", f"{public}/raw_customers"}
    assert witness.names(Process, process, "outputs") == {f"{public}/mart_customer_orders"}
    assert columns_of(witness, process, public) == SOURCES
    found = witness.find(SparkJob, job)
    assert found.spark_run_open_lineage_state.value == "COMPLETE"
    assert found.spark_run_version == "3.5.9"


def test_files_of_sparks_catalog_become_partial_assets(server: LocalAtlan, witness: Witness) -> None:
    replay(server, "setup")
    replay(server, "mart")
    process = f"{SPARK}/nightly_orders.adaptive_spark_plan.warehouse_mart_customer_orders/process"
    warehouse = f"{SPARK}/tmp/warehouse"
    sources = {f"{warehouse}/raw_orders", f"{warehouse}/raw_customers"}
    assert witness.names(Process, process, "inputs") == sources
    assert columns_of(witness, process, warehouse) == SOURCES


def test_the_last_state_of_a_failed_job_wins(server: LocalAtlan, witness: Witness) -> None:
    # Spark emits FAIL and, 12 ms later, COMPLETE for the same run.
    replay(server, "fail-simple")
    states = {
        each["eventType"]
        for each in map(json.loads, (RECORDED / "fail-simple.ndjson").read_text().splitlines())
        if "execute_insert_into_hadoop_fs" in each["job"]["name"]
    }
    assert states >= {"START", "FAIL", "COMPLETE"}
    job = "nightly_orders.execute_insert_into_hadoop_fs_relation_command.warehouse_mart_order_tiers"
    assert witness.find(SparkJob, f"{SPARK}/{job}").spark_run_open_lineage_state.value == "COMPLETE"


def test_a_repeated_replay_changes_nothing(server: LocalAtlan, witness: Witness) -> None:
    replay(server, "pg-mart")
    before = server.stats()["entities_written"]
    replay(server, "pg-mart")
    assert server.stats()["entities_written"] == before
    assert witness.find(SparkJob, f"{SPARK}/nightly_orders") is not None
