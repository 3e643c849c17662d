"""Several runs at once, and runs that a person stops."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faults.processes import Running
from faults.requests_of import REMOVE, WRITE
from faults.scene import API_KEY, QUICK, WITNESS
from faults.world import Edge, Reader, World, program
from support.atlan import table_name
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc"),
]

UP = ("up", "--yes", "--skip-preview")

NewStack = Callable[..., Stack]


def edges(owner: str, text: str = "1", count: int = 12) -> tuple[Edge, ...]:
    """Some lineage of an owner, between tables that others use too."""
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
def world(server: LocalAtlan) -> Iterator[Callable[[], World]]:
    reader = Reader(server.base_url, WITNESS)
    yield reader.world
    reader.close()


@pytest.fixture
def new_stack(tmp_path: Path, engine: dict[str, str], server: LocalAtlan) -> NewStack:
    def make(name: str, declared: tuple[Edge, ...]) -> Stack:
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": API_KEY, **QUICK}
        stack = Stack(tmp_path / name, engine, program(declared), environ=tenant)
        stack.run("stack", "init", name).check()  # a name of its own: it is what the marks tell apart
        return stack

    return make


@pytest.mark.soak
def test_two_stacks_at_once_on_shared_tables(new_stack: NewStack, world: Callable[[], World]) -> None:
    empty = world()
    stacks = {name: new_stack(name, edges(name)) for name in ("ann", "bob")}
    with ThreadPoolExecutor(2) as pool:
        for text in ("1", "2"):
            declared = {name: edges(name, text) for name in stacks}
            list(pool.map(lambda name: stacks[name].up(program(declared[name])), stacks))  # noqa: B023 - awaited
            assert world().edges == tuple(sorted((*declared["ann"], *declared["bob"])))
        for stack in stacks.values():
            stack.settled()
        list(pool.map(lambda stack: stack.destroy(), stacks.values()))
    assert world() == empty


def test_a_second_up_of_the_same_stack_is_told_to_wait(
    new_stack: NewStack, server: LocalAtlan, world: Callable[[], World]
) -> None:
    declared = edges("ann", count=4)
    stack = new_stack("ann", declared)
    stack.environ["ATLAN_DEADLINE_SECONDS"] = "120"  # the first one goes on trying meanwhile
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
    assert world().edges == tuple(sorted(declared))
    stack.settled()


@pytest.mark.soak
@pytest.mark.parametrize("times", [1, 2])
def test_a_run_that_is_interrupted_is_made_good(
    new_stack: NewStack, server: LocalAtlan, world: Callable[[], World], times: int
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
        running.settle()
    server.clear_faults()
    assert world().twice == []
    stack.up()
    assert world().edges == tuple(sorted(declared))
    stack.settled()


@pytest.mark.soak
def test_a_removal_that_is_interrupted_is_made_good(
    new_stack: NewStack, server: LocalAtlan, world: Callable[[], World]
) -> None:
    empty = world()
    stack = new_stack("ann", edges("ann", count=24))  # more than the engine has under way at once
    stack.up()
    server.fault(
        {**REMOVE, "after": 3, "hang": True, "commit": True, "times": 4},
        {**REMOVE, "after": 7, "hang": True, "times": 0},
    )
    with Running(stack, "destroy", "--yes", "--skip-preview") as running:
        server.await_fault()
        running.interrupt()
        running.wait()  # the exit code says nothing: of a destroy that was interrupted, the engine makes it 0
        running.settle()
        assert "cancelling" in running.output
    server.clear_faults()
    left = world().edges
    assert 0 < len(left) < 24
    changes = stack.destroy().changes
    # What Atlan removed without an answer in time may still be in the state: it is gone, which is no error.
    assert len(left) <= changes.pop("delete") <= len(left) + 4
    assert changes == {}
    assert world() == empty
