"""Faults that need several entities: an incomplete removal, and a connection that is not ready yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults.requests import PERMANENT, REMOVE, page
from faults.runner import API_KEY, QUICK, WITNESS
from pyatlan.model.assets import Column, ColumnProcess, Connection, Process
from support.atlan import SEED, WAREHOUSE, Witness, table_name
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = pytest.mark.engine

SIDES = f"inputs=[atlan.table({table_name(0)!r})], outputs=[atlan.table({table_name(1)!r})]"
NewStack = Callable[..., Stack]


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str]) -> NewStack:
    def make(server: LocalAtlan, program: str, **environ: str) -> Stack:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": API_KEY, **QUICK, **environ}
        return Stack(tmp_path / "project", engine, program, environ=tenant)

    return make


@pytest.fixture
def witness(server: LocalAtlan) -> Iterator[Witness]:
    witness = Witness(server.base_url, WITNESS)
    yield witness
    witness.close()


@pytest.mark.parametrize("stays", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_an_incomplete_removal_converges(
    new_stack: NewStack, server: LocalAtlan, witness: Witness, stays: bool
) -> None:
    stack = new_stack(
        server, f"atlan.Process('load', name='load', connection=WAREHOUSE, force_destroy=True, {SIDES})\n"
    )
    stack.up()
    names = [add_column_process(witness, f"{WAREHOUSE}/load", number) for number in range(4)]
    half = {**REMOVE, **page(500, "Internal Server Error"), "commit": "half"}
    server.fault({**half, **(PERMANENT if stays else {})})
    environ = {"ATLAN_DEADLINE_SECONDS": "2"} if stays else {}
    run = stack.operate("destroy", "--yes", "--skip-preview", environ=environ)
    assert (run.code != 0) == stays, run.output
    server.clear_faults()
    if stays:
        assert any("500" in error and "tried" in error for error in run.errors)
        assert 0 < sum(witness.find(ColumnProcess, name) is not None for name in names) < len(names)
        stack.up()
        stack.settled()
        stack.destroy()
    assert witness.find(Process, f"{WAREHOUSE}/load") is None
    assert not any(witness.find(ColumnProcess, name) for name in names)
    assert witness.find(Column, f"{table_name(0)}/A") is not None


def add_column_process(witness: Witness, process: str, number: int) -> str:
    made = ColumnProcess.creator(
        name=f"theirs {number}",
        connection_qualified_name=WAREHOUSE,
        process_id=f"theirs-{number}",
        inputs=[Column.ref_by_qualified_name(f"{table_name(0)}/A")],
        outputs=[Column.ref_by_qualified_name(f"{table_name(1)}/B")],
        parent=Process.ref_by_qualified_name(process),
    )
    witness.client.asset.save(made)
    return f"{WAREHOUSE}/theirs-{number}"


@pytest.mark.soak
def test_a_connection_that_is_not_ready_is_retried(new_stack: NewStack) -> None:
    program = (
        "etl = atlan.Connection('etl', name='etl', connector='airflow', admin_roles=['$admin'])\n"
        f"load = atlan.Process('load', name='load', connection=etl, {SIDES})\n"
        "pulumi.export('load', load.qualified_name)\n"
    )
    slow = LocalAtlan(seed=SEED, api_key=API_KEY, users={WITNESS: "witness"}, connection_delay_ms=2500)
    with slow as server:
        stack = new_stack(server, program, ATLAN_DEADLINE_SECONDS="60")
        stack.up()
        name = stack.run("stack", "output", "load").check().output.strip()
        assert any(request["status"] == 403 for request in server.requests()), "the first request is refused"
        stack.settled()
        witness = Witness(server.base_url, API_KEY)
        assert witness.find(Process, name) is not None
        stack.destroy()
        assert witness.find(Process, name) is None
        assert witness.find(Connection, name.rpartition("/")[0]) is None
        witness.close()
