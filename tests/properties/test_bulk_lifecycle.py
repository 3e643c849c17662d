"""Random sequences of edits, changes by others, and interrupted runs for bulk resources.

After a deployment, Atlan matches the program without leftovers, and entities of others are unchanged.
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
OTHER_EDGE = f"{WAREHOUSE}/theirs"

SOURCES = st.sets(st.sampled_from(["T0/ID", "T0/A", "T2/ID"]), min_size=1)
#: Two of the columns have the same name.
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
CHANGES_BY_OTHERS = st.tuples(
    st.sampled_from(
        ["purge", "archive", "rewrite", "unmark", "mark of a crawler", "mark of a stack", "recreate"]
    ),
    PICKS,
)


@dataclass
class BulkStack:
    """A bulk resource of a stack, with its program and expected entities."""

    world: World
    life: Life
    program: Props = field(default_factory=dict)
    expected: dict[Key, set[str]] = field(default_factory=dict)
    known: bool = True
    """Whether others changed nothing since the last refresh, and no run failed."""
    clean: bool = True
    """Whether no failed run can have left entities that are in no state."""

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

    def interrupt(self, fault: Props) -> None:
        """Deploy while a request fails."""
        self.world.fail(status=401, body={"message": "no such key"}, **fault)
        try:
            self.life.up(**self.program)
        except (ResourceError, RequestError):
            self.known = self.clean = False
        else:
            self.known = False  # the run may not have sent that request
        self.world.server.clear_faults()

    def refresh(self) -> None:
        if self.life.outputs:
            self.life.refresh()
        self.known = True

    def change_as_others(self, how: str, pick: int) -> None:
        """Let others change one of our entities."""
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
        elif how == "recreate":
            others.remove(kind, name)
            others.make_process(name) if kind == "Process" else others.make_edge(name)
        else:
            marks = {"unmark": None, "mark of a crawler": "crawler-1", "mark of a stack": OTHER_STACK}
            others.mark(kind, name, marks[how])

    def end(self) -> None:
        """Remove entities of others, then deploy and destroy."""
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
        assert not self.clean or ours == self.expected.keys(), "a leftover"
        for key, sources in self.expected.items():
            assert {each.qualified_name for each in live[key].related("inputs")} == sources, key
            assert mark_of(live[key]) == self.life.mark
        self.life.settled(**self.program)

    def _foreign(self) -> bool:
        return any(mark_of(entity) != self.life.mark for entity in self._live().values())

    def _live(self) -> dict[Key, Entity]:
        """Return the entities in Atlan, except those of others from the start."""
        client, found = self.world.others.client, {}
        for kind in ("Process", "ColumnProcess"):
            names = self.world.others.names(kind) - {DAG, OTHER_EDGE}
            read = client.entities.get_many_by_qualified_name(kind, names)
            found |= {(kind, name): entity for name, entity in read.items()}
        return found


def edges_of(process: str, columns: Columns) -> dict[Key, set[str]]:
    """Return the expected column processes by the naming rule."""
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
        | st.tuples(st.just("interrupt"), FAULTS)
        | st.tuples(st.just("change"), CHANGES_BY_OTHERS)
        | st.tuples(st.just("change and refresh"), CHANGES_BY_OTHERS)
        | st.tuples(st.just("refresh"), st.none()),
        max_size=8,
    )


def run_steps(
    stack: BulkStack, actions: list[tuple[str, Any]], first: tuple[Props, dict[Key, set[str]]]
) -> None:
    theirs = stack.world.others.make_edge(OTHER_EDGE)
    before = stack.world.others.get("ColumnProcess", OTHER_EDGE)
    stack.edit(*first)
    stack.up()
    for what, how in actions:
        if what == "edit":
            stack.edit(*how)
        elif what == "interrupt":
            stack.interrupt(how)
        elif what.startswith("change"):
            stack.change_as_others(*how)
        if what in ("refresh", "change and refresh"):
            stack.refresh()
        stack.up()
    stack.end()
    after = stack.world.others.get("ColumnProcess", OTHER_EDGE)
    assert (after.guid, after.attributes) == (theirs, before.attributes)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(first=COLUMNS.map(column_lineage), actions=steps(COLUMNS.map(column_lineage)))
def test_random_column_lineages(
    server: LocalAtlan, first: tuple[Props, dict[Key, set[str]]], actions: list[tuple[str, Any]]
) -> None:
    with World(server) as world:
        run_steps(BulkStack(world, Life(world.client, ColumnLineageLifecycle)), actions, first)


@many
@given(first=PROCESSES.map(process_set), actions=steps(PROCESSES.map(process_set)))
def test_random_process_sets(
    server: LocalAtlan, first: tuple[Props, dict[Key, set[str]]], actions: list[tuple[str, Any]]
) -> None:
    with World(server) as world:
        run_steps(BulkStack(world, Life(world.client, ProcessSetLifecycle)), actions, first)
