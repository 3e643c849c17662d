"""`kill -9` at a request boundary of an `up` of 100 edges: the next `up` converges.

The ordinary tests kill at a few boundaries. The long tests kill at each `ATLAN_KILL_EVERY`th (default 10; 1
for all of them), before and after the request is carried out, the engine and the provider.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.processes import kill_at
from faults.runner import API_KEY, QUICK, WITNESS
from faults.snapshot import Edge, Reader, Snapshot, program
from support.atlan import SEED, table_name
from support.stack import Stack

from atlan_pulumi.local import LocalAtlan

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds processes in /proc"),
]

_PROCESSES, _COLUMNS = 60, 40
_EVERY = int(os.environ.get("ATLAN_KILL_EVERY", "10"))


def edges() -> tuple[Edge, ...]:
    """Return 60 processes and 40 column processes of some of them."""
    tables = [
        Edge("Process", f"p{n}", (table_name(n % 3),), (table_name(3 + n % 3),), f"select {n}")
        for n in range(_PROCESSES)
    ]
    columns = [
        Edge(
            "ColumnProcess",
            f"c{n}",
            (f"{table_name(n % 3)}/A",),
            (f"{table_name(3 + n % 3)}/B",),
            f"select a{n}",
            f"p{n}",
        )
        for n in range(_COLUMNS)
    ]
    return (*tables, *columns)


class KillTarget:
    """A server and a stack on which runs are killed one after the other."""

    def __init__(self, server: LocalAtlan, reader: Reader, folder: Path, engine: dict[str, str]) -> None:
        self.server, self.reader = server, reader
        tenant = {"ATLAN_BASE_URL": server.base_url, "ATLAN_API_KEY": API_KEY, **QUICK}
        backend = {"PULUMI_BACKEND_URL": f"file://{folder / 'state'}?metadata=skip"}  # see the last test
        self.stack = Stack(folder, engine, program(edges()), environ=tenant | backend)
        self.empty: Snapshot = self.reader.snapshot()
        self.stack.up()
        self.boundaries = sum(self.server.stats()["requests"].values())
        assert self.boundaries > len(edges()), "the killed run sends at least one request per edge"
        self.stack.destroy()

    def kill_at(self, boundary: int, victim: str, *, carried_out: bool) -> list[int]:
        """Kill at a request boundary, and return the processes that survived."""
        return kill_at(self.stack, self.server, victim, {"after": boundary}, carried_out=carried_out)

    def assert_converges(self, *clearing: str) -> None:
        """Assert what must hold after any crash; `clearing` contains options for the refresh."""
        between = self.reader.snapshot()
        assert between.duplicates == []
        assert set(between.edges) <= set(edges())
        self.stack.up()
        end = self.reader.snapshot()
        assert end.edges == tuple(sorted(edges()))
        assert end.others == self.empty.others
        for preview in (self.stack.refresh(*clearing), self.stack.preview()):
            assert preview.changes.keys() <= {"same"}, preview.output
            assert "pending operations" not in preview.output
        self.stack.destroy()
        assert self.reader.snapshot() == self.empty


@pytest.fixture(scope="module")
def kill_target(tmp_path_factory: pytest.TempPathFactory, engine: dict[str, str]) -> Iterator[KillTarget]:
    with LocalAtlan(seed=SEED, api_key=API_KEY, users={WITNESS: "witness"}) as server:
        reader = Reader(server.base_url, WITNESS)
        try:
            yield KillTarget(server, reader, tmp_path_factory.mktemp("kill") / "project", engine)
        finally:
            reader.close()


def kill_and_recover(kill_target: KillTarget, victim: str, boundary: int, *, carried_out: bool) -> None:
    survivors = kill_target.kill_at(boundary, victim, carried_out=carried_out)
    if victim == "engine":  # it leaves its lock and pending operations in the state
        kill_target.stack.run("cancel", "--yes").check()
        kill_target.assert_converges("--clear-pending-creates")
    else:
        kill_target.assert_converges()
    assert survivors == [], "a process that survives the engine could still write"


@pytest.mark.parametrize(
    ("victim", "share", "carried_out"),
    [
        ("engine", 0.6, True),
        pytest.param("provider", 0.4, False, marks=pytest.mark.soak),
        pytest.param("engine", 0.2, False, marks=pytest.mark.soak),
        pytest.param("provider", 0.9, True, marks=pytest.mark.soak),
    ],
)
def test_kill_at_some_boundaries(
    kill_target: KillTarget, victim: str, share: float, carried_out: bool
) -> None:
    kill_and_recover(kill_target, victim, round(share * kill_target.boundaries), carried_out=carried_out)


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("victim", ["engine", "provider"])
def test_kill_at_every_boundary(kill_target: KillTarget, victim: str, carried_out: bool) -> None:
    for boundary in range(0, int(0.95 * kill_target.boundaries), _EVERY):
        kill_and_recover(kill_target, victim, boundary, carried_out=carried_out)


def test_empty_attributes_of_a_state_file_are_an_error(tmp_path: Path, engine: dict[str, str]) -> None:
    """A `file://` backend writes `<stack>.json.attrs` in place, so that a kill can leave it empty.

    The state itself is written atomically. With `?metadata=skip`, there are no attributes.
    """
    stack = Stack(tmp_path / "project", engine)
    (state,) = (tmp_path / "project" / "state" / ".pulumi" / "stacks").rglob("test.json")
    attributes = state.with_name("test.json.attrs")
    assert attributes.stat().st_size > 0
    attributes.write_bytes(b"")
    broken = stack.run("stack", "export")
    assert broken.code != 0
    assert "failed to load checkpoint: EOF" in broken.output
    attributes.unlink()
    stack.run("stack", "export").check()
