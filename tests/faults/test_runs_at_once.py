"""Concurrent runs, and interrupted runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faults.processes import UP, Running
from faults.requests import REMOVE, WRITE
from faults.runner import API_KEY, QUICK, WITNESS
from faults.snapshot import Edge, Reader, Snapshot, program
from support.atlan import table_name
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc"),
]


NewStack = Callable[..., Stack]


def edges(owner: str, text: str = "1", count: int = 12) -> tuple[Edge, ...]:
    """Return lineage of an owner, between tables that are shared with other owners."""
    return tuple(
        Edge(
            "Process",
            f"{owner}-{n}",
            (table_name(n % 3),),
            (table_name(3 + n % 3),),
            f"select {owner} {n} {text}",
        )
        for n in range(count)
    )


@pytest.fixture
def snapshot(server: LocalAtlan) -> Iterator[Callable[[], Snapshot]]:
    reader = Reader(server.base_url, WITNESS)
    yield reader.snapshot
    reader.close()


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> NewStack:
    def make(name: str, declared: tuple[Edge, ...]) -> Stack:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": API_KEY, **QUICK}
        stack = Stack(tmp_path / name, engine, program(declared), environ=tenant)
        stack.run("stack", "init", name).check()  # a unique name, which is in the marks
        return stack

    return make


@pytest.mark.soak
def test_concurrent_stacks_share_tables(new_stack: NewStack, snapshot: Callable[[], Snapshot]) -> None:
    empty = snapshot()
    stacks = {name: new_stack(name, edges(name)) for name in ("ann", "bob")}
    with ThreadPoolExecutor(2) as pool:
        for text in ("1", "2"):
            declared = {name: edges(name, text) for name in stacks}
            list(pool.map(lambda name: stacks[name].up(program(declared[name])), stacks))  # noqa: B023 - awaited
            assert snapshot().edges == tuple(sorted((*declared["ann"], *declared["bob"])))
        for stack in stacks.values():
            stack.settled()
        list(pool.map(lambda stack: stack.destroy(), stacks.values()))
    assert snapshot() == empty


def test_a_concurrent_up_of_the_same_stack_is_refused(
    new_stack: NewStack, server: LocalAtlan, snapshot: Callable[[], Snapshot]
) -> None:
    declared = edges("ann", count=4)
    stack = new_stack("ann", declared)
    stack.environ["ATLAN_DEADLINE_SECONDS"] = "120"  # the first run keeps retrying
    server.fault({**WRITE, "after": 1, "hang": True, "times": 0})
    with Running(stack, *UP) as first:
        server.await_fault()
        second = stack.operate(*UP)
        server.clear_faults()
        assert second.code != 0
        assert "the stack is currently locked by 1 lock(s)" in second.output
        assert "pulumi cancel" in second.output
        assert "Traceback" not in second.output
        assert first.wait() == 0, first.output
    assert snapshot().edges == tuple(sorted(declared))
    stack.settled()


@pytest.mark.soak
@pytest.mark.parametrize("times", [1, 2])
def test_the_next_up_converges_after_an_interruption(
    new_stack: NewStack, server: LocalAtlan, snapshot: Callable[[], Snapshot], times: int
) -> None:
    declared = edges("ann")
    stack = new_stack("ann", declared)
    server.fault(
        {**WRITE, "after": 3, "hang": True, "commit": True}, {**WRITE, "after": 3, "hang": True, "times": 3}
    )
    with Running(stack, *UP) as running:
        server.await_fault()
        for _ in range(times):
            running.interrupt()
        assert running.wait() != 0
        assert "Traceback" not in running.output
        assert "KeyboardInterrupt" not in running.output
        running.wait_for_end()
    server.clear_faults()
    assert snapshot().duplicates == []
    stack.up()
    assert snapshot().edges == tuple(sorted(declared))
    stack.settled()


@pytest.mark.soak
def test_the_next_destroy_converges_after_an_interruption(
    new_stack: NewStack, server: LocalAtlan, snapshot: Callable[[], Snapshot]
) -> None:
    empty = snapshot()
    stack = new_stack("ann", edges("ann", count=24))  # more than the engine runs at once
    stack.up()
    server.fault(
        {**REMOVE, "after": 3, "hang": True, "commit": True, "times": 4},
        {**REMOVE, "after": 7, "hang": True, "times": 0},
    )
    with Running(stack, "destroy", "--yes", "--skip-preview") as running:
        server.await_fault()
        running.interrupt()
        running.wait()  # the exit code of an interrupted destroy is 0
        running.wait_for_end()
        assert "cancelling" in running.output
    server.clear_faults()
    remaining = snapshot().edges
    assert 0 < len(remaining) < 24
    changes = stack.destroy().changes
    # Entities whose removal got no response in time may still be in the state; deleting them again succeeds.
    assert len(remaining) <= changes.pop("delete") <= len(remaining) + 4
    assert changes == {}
    assert snapshot() == empty
