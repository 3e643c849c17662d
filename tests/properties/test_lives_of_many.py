"""Random lives of resources that are many entities: edits, meddling, runs that are cut off, and what holds.

After a deployment Atlan shows what the program says, nothing of ours besides, and what others own as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.atlan import SEED, WAREHOUSE, table_name
from support.many import ABOVE, DAG, OTHER_STACK, Life, World, column, ref

from atlan_pulumi.client import Entity
from atlan_pulumi.errors import RequestError, ResourceError
from atlan_pulumi.lifecycle import mark_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

Props = dict[str, Any]
Key = tuple[str, str]
Columns = dict[str, set[str]]
"""Output column -> input columns, as paths such as `T1/ID`."""
STRANGE = f"{WAREHOUSE}/theirs"

SOURCES = st.sets(st.sampled_from(["T0/ID", "T0/A", "T2/ID"]), min_size=1)
#: Two of them have one name.
COLUMNS = st.dictionaries(st.sampled_from(["T1/ID", "T3/ID", "T1/A"]), SOURCES, min_size=1)
PROCESSES = st.dictionaries(st.sampled_from(["p", "q", "r"]), st.just({}) | COLUMNS, min_size=1)
FAULTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST", "DELETE"]),
        "nth": st.integers(1, 3),
        "commit": st.sampled_from([True, False, "half"]),
    }
)
PICKS = st.integers(0, 9)
MEDDLING = st.tuples(
    st.sampled_from(["purge", "archive", "rewrite", "unmark", "a crawler's", "taken over", "made anew"]),
    PICKS,
)


@dataclass
class Lived:
    """One resource of a stack, its program, and what is known of it."""

    world: World
    life: Life
    program: Props = field(default_factory=dict)
    expected: dict[Key, set[str]] = field(default_factory=dict)
    known: bool = True
    """Whether nobody meddled since the last refresh, and no run failed."""
    clean: bool = True
    """Whether no failed run can have left anything that no state tells of."""

    def edit(self, program: Props, expected: dict[Key, set[str]]) -> None:
        self.program, self.expected = program, expected

    def up(self) -> None:
        try:
            done = self.life.up(**self.program)
        except ResourceError:
            if self.known and not self._foreign():  # refused without a reason
                raise
            return
        self.clean = self.clean or done != "same"
        if self.known:
            self._assert_as_declared()

    def cut_off(self, fault: Props) -> None:
        """Deploy, while a request fails."""
        self.world.fail(status=401, body={"message": "no such key"}, **fault)
        try:
            self.life.up(**self.program)
        except (ResourceError, RequestError):
            self.known = self.clean = False
        else:
            self.known = False  # it may not have come to that request
        self.world.server.clear_faults()

    def refresh(self) -> None:
        if self.life.outputs:
            self.life.refresh()
        self.known = True

    def meddle(self, how: str, pick: int) -> None:
        """Let others do something to one of ours."""
        ours = sorted(self._live())
        if not ours:
            return
        kind, name = ours[pick % len(ours)]
        self.known = False
        others = self.world.others
        if how in ("purge", "archive"):
            others.remove(kind, name, how="PURGE" if how == "purge" else "SOFT")
        elif how == "rewrite":
            source = ref("Table", table_name(5)) if kind == "Process" else ref("Column", column("T5/B"))
            others.write(kind, name, inputs=[source])
        elif how == "made anew":
            others.remove(kind, name)
            others.make_process(name) if kind == "Process" else others.make_edge(name)
        else:
            marks = {"unmark": None, "a crawler's": "crawler-1", "taken over": OTHER_STACK}
            others.mark(kind, name, marks[how])

    def end(self) -> None:
        """Let others take away what is theirs, deploy and remove."""
        for (kind, name), entity in self._live().items():
            if mark_of(entity) != self.life.mark:
                self.world.others.remove(kind, name)
        self.refresh()
        self.up()
        self.life.destroy()
        assert self._live() == {}

    def _assert_as_declared(self) -> None:
        live = self._live()
        assert not (missing := self.expected.keys() - live.keys()), missing
        ours = {key for key, entity in live.items() if mark_of(entity) == self.life.mark}
        assert not self.clean or ours == self.expected.keys(), "a ghost"
        for key, sources in self.expected.items():
            assert {each.qualified_name for each in live[key].related("inputs")} == sources, key
            assert mark_of(live[key]) == self.life.mark
        self.life.settled(**self.program)

    def _foreign(self) -> bool:
        return any(mark_of(entity) != self.life.mark for entity in self._live().values())

    def _live(self) -> dict[Key, Entity]:
        """What is in Atlan, but for what others had from the start."""
        client, found = self.world.others.client, {}
        for kind in ("Process", "ColumnProcess"):
            names = self.world.others.names(kind) - {DAG, STRANGE}
            read = client.entities.get_many_by_qualified_name(kind, names)
            found |= {(kind, name): entity for name, entity in read.items()}
        return found


def edges_of(process: str, columns: Columns) -> dict[Key, set[str]]:
    """What the columns of a process are in Atlan, by the rule of their names."""
    clash = {"T1/ID", "T3/ID"} <= columns.keys()
    names = {path: path if clash and path.endswith("/ID") else path.partition("/")[2] for path in columns}
    return {
        ("ColumnProcess", f"{process}/column/{names[path]}"): set(map(column, sources))
        for path, sources in columns.items()
    }


def column_lineage(columns: Columns) -> tuple[Props, dict[Key, set[str]]]:
    given_ = {column(path): list(map(column, sources)) for path, sources in columns.items()}
    return {"process": ABOVE, "columns": given_}, edges_of(DAG, columns)


def process_set(processes: dict[str, Columns]) -> tuple[Props, dict[Key, set[str]]]:
    sides = {"inputs": ["T0", "T2"], "outputs": ["T1", "T3"]}
    given_ = {
        id_: {**sides, "columns": {path: list(sources) for path, sources in columns.items()}}
        for id_, columns in processes.items()
    }
    expected: dict[Key, set[str]] = {}
    for id_, columns in processes.items():
        expected["Process", f"{WAREHOUSE}/{id_}"] = {table_name(0), table_name(2)}
        expected |= edges_of(f"{WAREHOUSE}/{id_}", columns)
    return {"connection": WAREHOUSE, "base": f"{WAREHOUSE}/DB/S", "processes": given_}, expected


def steps(programs: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[str, Any]]]:
    return st.lists(
        st.tuples(st.just("edit"), programs)
        | st.tuples(st.just("edit"), programs)
        | st.tuples(st.just("cut off"), FAULTS)
        | st.tuples(st.just("meddle"), MEDDLING)
        | st.tuples(st.just("meddle and refresh"), MEDDLING)
        | st.tuples(st.just("refresh"), st.none()),
        max_size=8,
    )


def live(lived: Lived, life: list[tuple[str, Any]], first: tuple[Props, dict[Key, set[str]]]) -> None:
    theirs = lived.world.others.make_edge(STRANGE)
    before = lived.world.others.get("ColumnProcess", STRANGE)
    lived.edit(*first)
    lived.up()
    for what, how in life:
        if what == "edit":
            lived.edit(*how)
        elif what == "cut off":
            lived.cut_off(how)
        elif what.startswith("meddle"):
            lived.meddle(*how)
        if what in ("refresh", "meddle and refresh"):
            lived.refresh()
        lived.up()
    lived.end()
    after = lived.world.others.get("ColumnProcess", STRANGE)
    assert (after.guid, after.attributes) == (theirs, before.attributes)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(first=COLUMNS.map(column_lineage), life=steps(COLUMNS.map(column_lineage)))
def test_the_columns_of_a_process(
    server: LocalAtlan, first: tuple[Props, dict[Key, set[str]]], life: list[tuple[str, Any]]
) -> None:
    with World(server) as world:
        live(Lived(world, Life(world.client, ColumnLineageLifecycle)), life, first)


@many
@given(first=PROCESSES.map(process_set), life=steps(PROCESSES.map(process_set)))
def test_processes_with_their_columns(
    server: LocalAtlan, first: tuple[Props, dict[Key, set[str]]], life: list[tuple[str, Any]]
) -> None:
    with World(server) as world:
        live(Lived(world, Life(world.client, ProcessSetLifecycle)), life, first)
