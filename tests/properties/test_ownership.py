"""No stack removes or overwrites entities of another, and each takeover is named first.

Random programs of all kinds, below components up to two levels deep; four stacks, two of them with the same
name in two backends; renames, takeovers, and runs that are interrupted or lose their state. Others archive,
purge, and create column processes below the processes of jobs. A LineageMap is its ProcessSet below a
component.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from properties.kinds import BELOW_JOB, JOBS, Declared, process_name
from properties.owners import PARENTS, AtlanError, OneStack, Refused, open_for_events, snapshot
from support.atlan import SEED, WAREHOUSE
from support.many import World, column, ref

from atlan_pulumi.client import Entity
from atlan_pulumi.lifecycle import parse_mark
from atlan_pulumi.local import LocalAtlan

Drawn = st.SearchStrategy[Declared]
Step = tuple[str, int, list[Declared], dict[str, Any]]
NAMES, IDS = st.sampled_from(["p", "q", "r"]), st.sampled_from(["p", "q", "r", "s"])
STACKS = (("shop/dev", "0000000a"), ("shop/dev", "0000000b"), ("shop/live", "0000000c"), ("team", "0000000d"))
AB = st.sampled_from(["A", "B"])
PARENT = st.sampled_from(PARENTS)
VERSION = st.integers(0, 1)
ADOPT = st.sampled_from([False, False, False, True])


def resources(kind: str, ids: st.SearchStrategy[tuple[str, ...]]) -> Drawn:
    return st.builds(Declared, st.just(kind), PARENT, NAMES, ids, VERSION, ADOPT)


def several(items: st.SearchStrategy[str], least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, min_size=least, max_size=3, unique=True).map(lambda each: tuple(sorted(each)))


JOB_NAMES = st.sampled_from(sorted(JOBS))
PROCESSES_OF_JOBS = JOB_NAMES.map(lambda job: job + BELOW_JOB)
PROCESSES = resources("Process", st.just(()))
PROCESSES_INSTEAD_OF_JOBS = resources("Process", st.tuples(PROCESSES_OF_JOBS))
SETS = resources("ProcessSet", several(IDS))
COLUMNS, JOB_COLUMNS = (
    resources("ColumnLineage", st.builds(lambda process, names: (process, *names), above, several(AB)))
    for above in (IDS, PROCESSES_OF_JOBS)
)
EDGES = resources("ColumnProcess", st.tuples(IDS))
JOB_EDGES = resources(
    "ColumnProcess",
    st.builds(
        lambda process, id_: (process, f"{process}/column/{id_}"),
        PROCESSES_OF_JOBS,
        st.sampled_from(["A", "x.A", "x"]),
    ),
)
CONNECTIONS = st.sampled_from(["Connection", "OpenLineageConnection"]).flatmap(
    lambda kind: resources(kind, st.tuples(st.sampled_from(["1", "2"])))
)
JOB_RESOURCES = resources(
    "OpenLineageJob", st.builds(lambda job, names: (job, *names), JOB_NAMES, several(AB, 0))
)


@st.composite
def programs(draw: st.DrawFn, first: Drawn, then: Drawn) -> list[Declared]:
    """Draw a valid program: unique entities and URNs, each resource after those it refers to."""
    chosen = draw(st.lists(first, min_size=1, max_size=3))
    chosen += draw(st.lists(then, max_size=2))
    kept: dict[Any, Declared] = {}
    taken: set[str] = set()
    for each in chosen:
        makes = set(each.makes())
        ready = all(f"Process {id_}" in taken for id_ in each.needs)
        if each.urn not in kept and not makes & taken and ready:
            kept[each.urn] = each
            taken |= makes
    return list(kept.values())


FAULTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST", "DELETE"]),
        "nth": st.integers(1, 4),
        "commit": st.sampled_from([True, False, "half"]),
    }
) | st.fixed_dictionaries(
    {"path": st.just("/events/*"), "nth": st.integers(1, 2), "commit": st.booleans()},
)
OTHER_COLUMNS = ("A", "B", "x.A", "x")
"""Names of column processes that others create below a job's process, also in the form of events."""
ACTIONS = (
    *("up", "up", "up", "interrupted", "killed", "destroy", "rename", "refresh"),
    *("archive", "purge", "change"),
)


def steps_of(first: Drawn, then: Drawn) -> st.SearchStrategy[list[Step]]:
    """Draw steps with programs of these resources."""
    which = st.integers(0, len(STACKS) - 1)
    step = st.tuples(st.sampled_from(ACTIONS), which, programs(first, then), FAULTS)
    return st.lists(step, min_size=3, max_size=9)


STEPS = steps_of(
    PROCESSES | SETS | SETS | CONNECTIONS | JOB_RESOURCES | PROCESSES_INSTEAD_OF_JOBS,
    COLUMNS | EDGES | JOB_COLUMNS | JOB_EDGES,
)
STEPS_OF_JOBS = steps_of(JOB_RESOURCES | JOB_RESOURCES | PROCESSES_INSTEAD_OF_JOBS, JOB_COLUMNS | JOB_EDGES)


class Shared:
    """The stacks, with the invariants after each step."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stacks = [OneStack(world.client, name, origin) for name, origin in STACKS]
        self.programs: dict[int, list[Declared]] = {}

    def step(self, what: str, which: int, program: list[Declared], fault: dict[str, Any]) -> None:
        stack = self.stacks[which]
        if what == "rename" and (urns := list(stack.state)):
            program = list(self._rename(stack, urns))
        if what in ("archive", "purge") and (ours := sorted(stack.guids)):
            self.world.others.client.entities.delete(ours[:1], "SOFT" if what == "archive" else "PURGE")
            program = self.programs.get(which, program)
        if what == "refresh":
            stack.refresh()
        if what == "change":
            self._write_as_others(OTHER_COLUMNS[fault["nth"] - 1])
            program = [each._replace(version=1 - each.version) for each in self.programs.get(which, program)]
        before, known = snapshot(self.world.client), {each.origin: each.guids for each in self.stacks}
        previewed = self._previewed(stack, program) if what != "destroy" else None  # destroy has no preview
        state = dict(stack.state)
        notes = self._run(what, stack, program, fault)
        if what == "killed":
            stack.state = state  # its operations are in no state
        if notes is not None:
            self.programs[which] = program
        adopting = any(each.adopt for each in program) and what != "destroy"
        forced = {
            each.outputs["qualified_name"] for each in state.values() if each.outputs.get("force_destroy")
        }
        self._assert_owners(stack, before, known, notes, previewed, forced, adopting=adopting)

    def _rename(self, stack: OneStack, urns: list[tuple[str, str, str]]) -> Iterator[Declared]:
        """Yield the previous program with one resource renamed by an alias."""
        which = self.stacks.index(stack)
        for number, each in enumerate(self.programs.get(which, [])):
            new = each._replace(name=f"{each.name}-renamed")
            if number == 0 and each.urn in stack.state and each.kind != "ColumnProcess":
                stack.rename(each.urn, new)
                yield new
            else:
                yield each

    def _write_as_others(self, name: str) -> None:
        """Let others create a column process below the process of each job."""
        others = self.world.others
        for process in (process_name(f"{job}{BELOW_JOB}") for job in JOBS):
            edge = f"{process}/column/{name}"
            if others.find("Process", process) and not others.find("ColumnProcess", edge):
                outputs = [ref("Column", column(f"T1/{'B' if name == 'B' else 'A'}"))]
                others.make_edge(edge, process, outputs=outputs)

    def _previewed(self, stack: OneStack, program: list[Declared]) -> list[str] | None:
        try:
            return stack.preview(program)
        except (Refused, AtlanError):
            return None

    def _run(
        self, what: str, stack: OneStack, program: list[Declared], fault: dict[str, Any]
    ) -> list[str] | None:
        """Return the notes of a finished run, or None."""
        if what in ("interrupted", "killed"):
            self.world.fail(status=401, body={"message": "no such key"}, **fault)
        try:
            return stack.destroy() if what == "destroy" else stack.up(program)
        except Refused:
            event("refused")
        except AtlanError as error:
            event("failed")
            if "in after" in str(error) and what not in ("interrupted", "killed"):
                pytest.fail(f"the run of a job was not processed: {error}")
        finally:
            self.world.server.clear_faults()
        return None

    def _assert_owners(
        self,
        stack: OneStack,
        before: dict[str, Entity],
        known: dict[str, set[str]],
        notes: list[str] | None,
        previewed: list[str] | None,
        forced: set[str],
        *,
        adopting: bool,
    ) -> None:
        """Assert that only what may change has changed, and that notes named it.

        A resource with `force_destroy` is removed with its dependents, whoever owns them. The preview does
        not call the provider for a removed resource, so only the deployment names those.
        """
        after = snapshot(self.world.client)
        gone = {each.qualified_name for guid, each in before.items() if guid not in after} & forced
        theirs = {guid for origin, guids in known.items() if origin != stack.origin for guid in guids}
        restored = {guid for guid, each in after.items() if _was_restored(before.get(guid), each)}
        removed = {guid for guid, each in before.items() if guid not in after and self._has(stack, each)}
        for guid, entity in before.items():
            unseen = restored | (removed if entity.type_name == "SparkJob" else set())
            if _same(entity, after.get(guid), unseen) or entity.qualified_name == f"{WAREHOUSE}/dag":
                continue
            lost = guid in theirs and not self._has(stack, entity)  # a refresh may have shown the takeover
            with_another = any(entity.qualified_name.startswith(f"{name}/") for name in gone)
            assert adopting or with_another or not lost, f"{entity.qualified_name} belongs to another stack"
            if (lost or guid not in known[stack.origin]) and notes is not None:
                owner = "" if self._has(stack, entity) else _stack_of(entity)
                assert _is_named(entity, owner, notes), (entity.type_name, entity.qualified_name, notes)
                if previewed is not None and not with_another:
                    assert _is_named(entity, owner, previewed), (entity.qualified_name, previewed)

    def _has(self, stack: OneStack, entity: Entity) -> bool:
        mark = parse_mark(entity.attributes.get("lastSyncWorkflowName"))
        return mark is not None and (mark.stack, mark.origin) == (stack.name, stack.origin)

    def end(self) -> None:
        """Destroy every stack without removing entities of others."""
        for which in range(len(self.stacks)):
            self.step("destroy", which, [], {})


def _stack_of(entity: Entity) -> str:
    mark = parse_mark(entity.attributes.get("lastSyncWorkflowName"))
    return repr(mark.stack) if mark else "last written by"


def _is_named(entity: Entity, owner: str, notes: list[str]) -> bool:
    """Check whether a note names an entity with its owner. A note may name several entities of a type."""
    about = [note for note in notes if note.startswith(f"{entity.type_name} '") and owner in note]
    return any(repr(entity.qualified_name) in note for note in about)


def _was_restored(before: Entity | None, now: Entity) -> bool:
    return before is not None and before.status != "ACTIVE" and now.status == "ACTIVE"


def _same(one: Entity, other: Entity | None, parents: Collection[str] = ()) -> bool:
    """Check whether an entity is unchanged, except for its column processes and some of its parents.

    A restored process has its column processes again, and is named in a note. A stack that took over the
    process of another stack's job, which was named then, may remove it.
    """
    if other is None or one.status != other.status:
        return False
    above = (_edges(each, "process").difference(parents) for each in (one, other))
    return (
        one.attributes == other.attributes
        and len({frozenset(each) for each in above}) == 1
        and all(_edges(one, side) == _edges(other, side) for side in ("inputs", "outputs"))
    )


def _edges(entity: Entity, side: str) -> set[str | None]:
    return {edge.guid for edge in entity.related(side)}


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


def run_steps(server: LocalAtlan, steps: list[Step]) -> None:
    with World(server) as world:
        shared = Shared(world)
        if any(each.kind == "OpenLineageJob" for _, _, program, _ in steps for each in program):
            open_for_events(world.client)
        for step in steps:
            shared.step(*step)
        shared.end()


SHARED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=20, deadline=None, suppress_health_check=SHARED)
@given(steps=STEPS)
def test_no_stack_loses_lineage_to_another(server: LocalAtlan, steps: list[Step]) -> None:
    run_steps(server, steps)


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("Process", ()),
        ("ProcessSet", ("p", "q")),
        ("Connection", ("1",)),
        ("OpenLineageConnection", ("1",)),
        ("OpenLineageJob", ("p", "A")),
        ("OpenLineageJob", ("g",)),
        ("ColumnProcess", ("p/process", "p/process/column/hand")),
        ("ColumnLineage", ("p/process", "A", "B")),
    ],
)
def test_a_takeover_by_another_stack_is_named_before_adopt_reverts_it(
    server: LocalAtlan, kind: str, ids: tuple[str, ...]
) -> None:
    ours = Declared(kind, "", "p", ids, adopt=True)
    theirs, no_fault = ours._replace(version=1), {"nth": 1}
    with World(server) as world:
        open_for_events(world.client)
        for above in ours.needs:
            world.others.make_process(process_name(above))
        shared = Shared(world)
        shared.step("up", 0, [ours], no_fault)
        shared.step("up", 3, [theirs], no_fault)
        shared.step("refresh", 0, [ours], no_fault)
        shared.end()


@pytest.mark.soak
@pytest.mark.timeout(7200)
@settings(max_examples=600, deadline=None, suppress_health_check=SHARED)
@given(steps=STEPS)
def test_no_stack_loses_lineage_to_another_in_many_runs(server: LocalAtlan, steps: list[Step]) -> None:
    run_steps(server, steps)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@settings(max_examples=300, deadline=None, suppress_health_check=SHARED)
@given(steps=STEPS_OF_JOBS)
def test_no_stack_loses_the_lineage_of_a_job_to_another(server: LocalAtlan, steps: list[Step]) -> None:
    run_steps(server, steps)
