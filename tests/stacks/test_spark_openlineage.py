"""`stacks/spark_openlineage` with the real engine: up, change one mapping, drift, destroy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyatlan.model.assets import ColumnProcess, Connection, Process
from support.atlan import Witness
from support.fixtures import engine, witness
from support.stack import Run, Stack

from atlan_pulumi.local import LocalAtlan

__all__ = ["engine", "witness"]

pytestmark = pytest.mark.engine

FOLDER = Path(__file__).parents[2] / "stacks" / "spark_openlineage"
SHOP = "default/snowflake/1657025257/SHOP"


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    users = {"key-of-alice": "alice"}
    with LocalAtlan(seed=FOLDER / "catalog.yaml", users=users, event_delay_ms=300) as server:
        yield server


@pytest.fixture
def stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> Stack:
    """The stack in a separate folder, with the tests' interpreter instead of `.venv`."""
    tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": server.api_key}
    stack = Stack(tmp_path / "stack", engine, environ=tenant)
    shutil.copy(FOLDER / "__main__.py", stack.folder)
    settings = (FOLDER / "Pulumi.yaml").read_text()
    (stack.folder / "Pulumi.yaml").write_text(
        settings.replace("  options:\n    virtualenv: ../../.venv\n", "")
    )
    stack.run("stack", "init", "dev").check()
    return stack


def runs(server: LocalAtlan) -> int:
    """Return the number of runs that were sent."""
    events = httpx.get(f"{server.base_url}/_local/events").raise_for_status().json()["events"]
    return len({each["event"]["run"]["runId"] for each in events})


def change(stack: Stack, before: str, after: str) -> Run:
    program = stack.folder / "__main__.py"
    text = program.read_text()
    assert before in text
    program.write_text(text.replace(before, after))
    preview = stack.preview()
    stack.up()
    return preview


def everything(server: LocalAtlan) -> list[str]:
    found = httpx.get(f"{server.base_url}/_local/assets", params={"limit": 500}).json()["assets"]
    return sorted(f"{each['typeName']} {each['qualifiedName']} {each['status']}" for each in found)


@pytest.mark.soak
def test_the_stack_from_up_to_destroy(stack: Stack, server: LocalAtlan, witness: Witness) -> None:
    at_first = everything(server)
    assert stack.preview().changes == {"create": 5}
    assert everything(server) == at_first
    stack.up()
    assert runs(server) == 2
    made = stack.resources()
    clean, revenue = made["clean-orders"]["id"], made["daily-revenue"]["id"]
    assert clean == f"{made['spark']['id']}/clean-orders/process"
    assert witness.names(Process, clean, "outputs") == witness.names(Process, revenue, "inputs")
    assert witness.names(Process, clean, "inputs") == {f"{SHOP}/RAW/ORDERS", f"{SHOP}/RAW/CUSTOMERS"}
    column = f"{clean}/column/CUSTOMER"
    names = {f"{SHOP}/RAW/CUSTOMERS/{name}" for name in ("FIRST_NAME", "LAST_NAME")}
    assert witness.names(ColumnProcess, column, "inputs") == names
    stack.settled()
    assert runs(server) == 2, "refresh and preview send no events"

    seen = change(
        stack, '["SHOP.RAW.ORDERS.AMOUNT", "SHOP.RAW.ORDERS.DISCOUNT"]', '["SHOP.RAW.ORDERS.AMOUNT"]'
    )
    assert seen.changes == {"update": 1, "same": 4}
    assert seen.step("clean-orders").diffs == ("columns",)
    assert runs(server) == 3
    assert witness.names(ColumnProcess, f"{clean}/column/NET", "inputs") == {f"{SHOP}/RAW/ORDERS/AMOUNT"}
    stack.settled()

    witness.purge(ColumnProcess, column)
    refreshed = stack.refresh()
    assert refreshed.step("clean-orders").diffs == ("columns",)
    assert any("was changed in Atlan: columns" in note for note in refreshed.notes), refreshed.output
    stack.up()
    assert witness.names(ColumnProcess, column, "inputs") == names
    stack.settled()

    stack.destroy()
    assert everything(server) == at_first
    assert witness.find(Connection, made["spark"]["id"]) is None
    key = {"authorization": f"Bearer {server.api_key}"}
    left = httpx.get(f"{server.base_url}/api/service/credentials", headers=key).json()["records"]
    assert left == []


@pytest.mark.soak
def test_a_timeout_is_reported_on_the_job(stack: Stack, server: LocalAtlan) -> None:
    server.fault({"path": "/events/*", "status": 202, "times": 0})  # taken, and lost
    program = stack.folder / "__main__.py"
    program.write_text(
        program.read_text().replace('    "clean-orders",\n', '    "clean-orders", wait_seconds=12,\n')
    )
    failed = stack.operate("up", "--yes", "--skip-preview")
    assert failed.code != 0
    errors = "".join(failed.errors)
    assert "job 'clean-orders' (run " in errors
    assert "has not processed them after 12 s (the process does not exist yet)" in errors
    assert any("waiting for Atlan to process the run: 1" in note for note in failed.notes), failed.output
    assert "Traceback" not in failed.output
    server.clear_faults()
    stack.up()
    stack.settled()
    stack.destroy()
