"""Bulk resources: failures, interruptions, and how the next run continues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from client.clocks import LeapingClock
from support.atlan import WAREHOUSE, seed_of
from support.many import ABOVE, DAG, OTHER_STACK, Life, World, ref, refusal, world

from atlan_pulumi.client import AtlanClient, ClientSettings
from atlan_pulumi.errors import AtlanError, PartlyCreatedError, RequestError, ResourceError
from atlan_pulumi.lifecycle import pack_guids, unpack_guids
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.resources.column_lineage import ColumnLineageLifecycle
from atlan_pulumi.resources.process_set import ProcessSetLifecycle

__all__ = ["world"]

Props = dict[str, Any]
MANY = 120
"""Columns of a table: three writes of fifty entities."""
SCHEMA = f"{WAREHOUSE}/DB/S"
EDGE = f"{DAG}/column"
NAMES = [f"C{number:03}" for number in range(MANY)]
SEED = seed_of([{"name": f"T{n}", "columns": [{"name": name} for name in NAMES]} for n in range(2)])
NO_KEY: Props = {"status": 401, "body": {"code": 401, "message": "no such key"}}
"""An answer that ends a run at once, as a crash does."""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAtlan]:
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture
def life(world: World) -> Life:
    return Life(world.client, ColumnLineageLifecycle)


def edges(names: list[str] = NAMES, **changed: Any) -> Props:
    """Return a program in which each column has its namesake as a source."""
    tables = {"input_tables": [f"{SCHEMA}/T0"], "output_tables": [f"{SCHEMA}/T1"]}
    return {"process": ABOVE, "columns": {**dict(zip(names, names, strict=True)), **changed}, **tables}


def processes(**columns: list[str]) -> Props:
    """Return a program with a process for each list of columns."""
    made = {
        id_: {"inputs": "T0", "outputs": "T1", "columns": dict(zip(names, names, strict=True))}
        for id_, names in columns.items()
    }
    return {"connection": WAREHOUSE, "base": SCHEMA, "processes": made}


def below(world: World, id_: str) -> set[str]:
    return world.others.edges(f"{WAREHOUSE}/{id_}")


# -- how many requests -------------------------------------------------------------------------------------


def test_children_are_written_and_read_in_few_requests(world: World, life: Life) -> None:
    life.up(**edges())
    assert len(world.requests("POST", "/entity/bulk")) == 3
    assert len(world.written()) == len(set(world.written())) == MANY
    before = len(world.requests())
    life.settled(**edges())
    assert len(world.requests()[before:]) == 2
    assert life.destroy() == []
    assert len(world.requests("DELETE")) == 2
    assert world.others.edges() == set()


def test_the_state_contains_guids_in_the_order_of_the_keys(world: World, life: Life) -> None:
    life.up(**edges())
    found = [world.others.get("ColumnProcess", f"{EDGE}/{name}").guid for name in NAMES[:3]]
    assert unpack_guids(life.outputs["__guids"])[:3] == found
    assert len(life.outputs["__guids"]) == 23 * MANY - 1


def test_long_operations_log_their_progress(server: LocalAtlan, world: World) -> None:
    clock = LeapingClock()
    settings = ClientSettings.resolve(server.base_url, server.api_key, 0)
    with AtlanClient(settings, clock=clock) as client:
        life = Life(client, ColumnLineageLifecycle)
        passing = clock.monotonic
        clock.monotonic = lambda: (clock.sleep(3), passing())[1]  # type: ignore[method-assign,func-returns-value]
        life.up(**edges())
        assert life.logged
        assert all(line.endswith("of 120 ColumnProcess entities written") for line in life.logged)
        life.destroy()
        assert life.logged
        assert all(line.endswith("of 120 ColumnProcess entities removed") for line in life.logged)


def test_guids_missing_in_the_response_are_looked_up(world: World, life: Life) -> None:
    write = life.client.bulk.upsert

    def without_guids(*args: Any, **options: Any) -> Any:
        return [each._replace(guid=None) for each in write(*args, **options)]

    life.client.bulk.upsert = without_guids  # type: ignore[method-assign]
    life.up(**edges(NAMES[:3]))
    guids = [str(world.others.get("ColumnProcess", f"{EDGE}/{name}").guid) for name in NAMES[:3]]
    assert unpack_guids(life.outputs["__guids"]) == guids
    life.settled(**edges(NAMES[:3]))


@pytest.mark.parametrize("kept", [0, 2])
def test_children_without_guids_in_the_state_are_found_by_name(world: World, life: Life, kept: int) -> None:
    life.up(**edges(NAMES[:4]))
    whole = life.outputs["__guids"]
    life.outputs["__guids"] = pack_guids(unpack_guids(whole)[:kept])
    assert life.refresh() == []
    assert life.outputs["__guids"] == whole
    life.outputs["__guids"] = pack_guids(unpack_guids(whole)[:kept])
    life.up(**edges(NAMES[:1]))
    assert world.others.edges() == {*NAMES[:1]}
    assert life.refresh() == []
    life.settled(**edges(NAMES[:1]))


def test_a_creation_that_fails_in_part_stores_the_guids_in_the_order_of_the_keys(
    world: World, life: Life
) -> None:
    names = ["C002", "C000", "C001"]  # the order of the program
    world.refuse(f"{EDGE}/C001")
    with pytest.raises(PartlyCreatedError) as caught:
        life.up(**edges(names))
    made = [str(world.others.get("ColumnProcess", f"{EDGE}/{name}").guid) for name in ("C000", "C002")]
    assert unpack_guids(caught.value.outputs["__guids"]) == made


def test_a_creation_that_creates_nothing_stores_nothing(world: World, life: Life) -> None:
    for name in NAMES[:2]:
        world.refuse(f"{EDGE}/{name}")
    with pytest.raises(AtlanError) as caught:
        life.up(**edges(NAMES[:2]))
    assert not isinstance(caught.value, PartlyCreatedError)


def test_the_removal_of_many_entities_of_others_is_told_in_a_few_lines(world: World, life: Life) -> None:
    names = NAMES[:15]
    life.up(**edges(names))
    for name in names:
        world.others.mark("ColumnProcess", f"{EDGE}/{name}", OTHER_STACK)
    notes = life.destroy()
    assert (len(notes), notes[-1]) == (11, "… and 5 more")
    assert f"ColumnProcess '{EDGE}/C000' was left in Atlan" in notes[0]


def test_reverted_drift_is_gone_after_the_next_refresh(world: World, life: Life) -> None:
    life.up(**edges(NAMES[:2]))
    before = life.outputs
    name = world.others.get("ColumnProcess", f"{EDGE}/C000").name
    world.others.write("ColumnProcess", f"{EDGE}/C000", name="Theirs")
    assert len(life.refresh()) == 1
    assert "drifted" in life.outputs
    world.others.write("ColumnProcess", f"{EDGE}/C000", name=name)
    life.refresh()
    assert life.outputs == before
    life.settled(**edges(NAMES[:2]))


def test_refreshes_show_the_declared_inputs(world: World, life: Life) -> None:
    life.up(**edges(NAMES[:2]))
    before = life.inputs
    assert life.refresh() == []
    assert life.inputs == before


def test_updates_of_entities_in_the_state_name_nothing(world: World) -> None:
    """The preview shows each change as one of a property."""
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(p1=["C000"], p2=["C000", "C001"]))
    assert life.logged == []
    life.up(**processes(p1=["C001"], p3=["C000"]))
    assert life.logged == []
    assert world.others.names("Process") == {DAG, f"{WAREHOUSE}/p1", f"{WAREHOUSE}/p3"}
    assert life.destroy() == []


def test_only_the_first_of_many_notes_are_logged(world: World, life: Life) -> None:
    life.up(**edges())
    world.others.remove("ColumnProcess", *(f"{EDGE}/{name}" for name in NAMES[:30]))
    notes = life.refresh()
    assert (len(notes), notes[-1]) == (11, "… and 20 more")


# -- failures halfway ----------------------------------------------------------------------------------------


def test_children_are_written_although_one_is_refused(world: World, life: Life) -> None:
    lost = f"{SCHEMA}/T0/C077"
    world.others.remove("Column", lost)
    reported = refusal(life.up, **edges())
    assert reported.startswith(
        f"119 of 120 ColumnProcess entities were written, then: ColumnProcess '{EDGE}/C077': "
    )
    assert reported.endswith("run `pulumi up` again to continue")
    assert world.others.edges() == {*NAMES} - {"C077"}
    assert life.outputs == {}

    world.others.write("Column", lost, name="C077")
    guid = world.others.get("ColumnProcess", f"{EDGE}/C001").guid
    assert life.up(**edges()) == "create"
    assert world.others.get("ColumnProcess", f"{EDGE}/C001").guid == guid
    life.settled(**edges())


def test_first_failure_is_reported_and_the_rest_counted(world: World, life: Life) -> None:
    again = "; run `pulumi up` again to continue"
    world.refuse(f"{SCHEMA}/T0/C001")
    reported = refusal(life.up, **edges(NAMES[:3]))
    start = f"2 of 3 ColumnProcess entities were written, then: ColumnProcess '{EDGE}/C001': "
    assert reported.startswith(start)
    assert reported.endswith(again)
    assert "more" not in reported
    world.refuse(f"{SCHEMA}/T0/C002")
    reported = refusal(life.up, **edges(NAMES[:3], C003="C003"))
    assert reported.startswith(start.replace("2 of 3", "2 of 4"))
    assert reported.endswith(f"; and 1 more{again}")


@pytest.mark.parametrize("count", [1, 3])
def test_first_conflict_is_reported_and_the_rest_counted(world: World, life: Life, count: int) -> None:
    sides = {
        side: [ref("Column", f"{SCHEMA}/{path}")]
        for side, path in (("inputs", "T0/C009"), ("outputs", "T1/C009"))
    }
    for name in NAMES[:count]:
        world.others.make_edge(f"{EDGE}/{name}", **sides)
    reported = refusal(life.up, **edges(NAMES[:4]))
    assert reported.startswith(f"ColumnProcess '{EDGE}/C000' exists in Atlan already (last written by alice")
    more = f" (and {count - 1} more like it)" if count > 1 else ""
    assert reported.endswith(f"choose another id{more}")
    assert world.written() == []


@pytest.mark.parametrize("kept", [True, False])
def test_columns_removed_from_the_program_after_a_failed_run_are_deleted(
    world: World, life: Life, kept: bool
) -> None:
    """The failed run has written it, and no state contains it."""
    if kept:
        life.up(**edges(NAMES[:2]))
    world.refuse(f"{SCHEMA}/T0/C003")
    refusal(life.up, **edges(NAMES[:8]))
    assert world.others.edges() == {*NAMES[:8]} - {"C003"}
    life.up(**edges(NAMES[:2], C004="C004"))
    assert world.others.edges() == {"C000", "C001", "C004"}
    life.settled(**edges(NAMES[:2], C004="C004"))


@pytest.mark.parametrize("commit", [True, False])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_interrupted_runs_are_continued_by_a_run_that_declares_less(
    world: World, life: Life, nth: int, commit: bool
) -> None:
    life.up(**edges(NAMES[-1:]))
    world.fail(nth=nth, commit=commit, **NO_KEY)
    with pytest.raises(AtlanError, match="no such key"):
        life.up(**edges())
    world.server.clear_faults()
    life.up(**edges(NAMES[10:-2]))
    assert world.others.edges() == {*NAMES[10:-2]}
    life.settled(**edges(NAMES[10:-2]))
    assert life.destroy() == []
    assert world.others.edges() == set()


def test_writes_with_lost_responses_are_repeated(world: World, life: Life) -> None:
    world.fail(drop="after", times=1)
    life.up(**edges(NAMES[:3]))
    life.settled(**edges(NAMES[:3]))


def test_interrupted_removals_are_finished_by_the_next_run(world: World, life: Life) -> None:
    life.up(**edges())
    world.fail("DELETE", nth=1, commit="half", **NO_KEY)
    with pytest.raises(RequestError):
        life.up(**edges(NAMES[110:], C110="C000"))
    world.server.clear_faults()
    assert len(world.others.edges()) > 10
    life.up(**edges(NAMES[110:], C110="C000"))
    assert world.others.edges() == {*NAMES[110:]}
    life.settled(**edges(NAMES[110:], C110="C000"))


def test_interrupted_destroys_are_finished_by_the_next(world: World, life: Life) -> None:
    life.up(**edges())
    world.fail("DELETE", nth=2, **NO_KEY)
    with pytest.raises(RequestError):
        life.destroy()
    world.server.clear_faults()
    assert life.destroy() == []
    assert world.others.edges() == set()


@pytest.mark.parametrize("refresh", [True, False])
def test_entities_of_a_failed_run_are_deleted_with_the_resource(
    world: World, life: Life, refresh: bool
) -> None:
    life.up(**edges(NAMES[:2]))
    world.refuse(f"{SCHEMA}/T0/C003")
    refusal(life.up, **edges(NAMES[:8]))
    if refresh:
        assert life.refresh() == []
    assert life.destroy() == []
    assert world.others.edges() == set()


def test_entities_recreated_by_an_interrupted_run_belong_to_the_resource(world: World, life: Life) -> None:
    life.up(**edges(NAMES[:2]))
    world.others.remove("ColumnProcess", f"{EDGE}/C000")
    world.refuse(f"{SCHEMA}/T0/C003")
    refusal(life.up, **edges(["C001", "C003"], C000="C005"))
    assert "C000" in world.others.edges()
    life.up(**edges(["C001"]))  # the state knows the GUID of the one that was there before
    assert world.others.edges() == {"C001"}
    life.settled(**edges(["C001"]))


# -- processes with columns --------------------------------------------------------------------------------


def test_no_columns_are_written_if_their_process_is_refused(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    world.refuse(f"{WAREHOUSE}/p2")
    reported = refusal(life.up, **processes(p1=["C000"], p2=["C001"]))
    assert reported.startswith("1 of 2 Process entities were written, then: Process")
    assert world.others.names("ColumnProcess") == set()
    world.server.clear_faults()
    life.up(**processes(p2=["C001"]))
    assert world.others.names("Process") == {DAG, f"{WAREHOUSE}/p2"}
    life.settled(**processes(p2=["C001"]))


@pytest.mark.parametrize("nth", [1, 2])
def test_undeclared_entities_of_an_interrupted_run_are_deleted(world: World, nth: int) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    world.fail(nth=nth, commit=True, **NO_KEY)
    with pytest.raises(AtlanError, match="no such key"):
        life.up(**processes(p1=["C000", "C001"], p2=["C000"], p3=[]))
    world.server.clear_faults()
    life.up(**processes(p1=["C001"], p3=["C002"]))
    assert world.others.names("Process") == {DAG, f"{WAREHOUSE}/p1", f"{WAREHOUSE}/p3"}
    assert (below(world, "p1"), below(world, "p2"), below(world, "p3")) == ({"C001"}, set(), {"C002"})
    life.settled(**processes(p1=["C001"], p3=["C002"]))


def test_columns_of_a_failed_run_below_unchanged_processes_are_deleted(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(p1=["C000"]))
    world.refuse(f"{SCHEMA}/T0/C009")
    refusal(life.up, **processes(p1=["C000", "C001", "C009"]))
    assert below(world, "p1") == {"C000", "C001"}
    world.server.clear_faults()
    life.up(**processes(p1=["C000", "C002"]))
    assert below(world, "p1") == {"C000", "C002"}
    life.settled(**processes(p1=["C000", "C002"]))


def test_entities_of_a_failed_run_do_not_block_a_destroy(world: World) -> None:
    life = Life(world.client, ProcessSetLifecycle)
    life.up(**processes(p1=["C000"]))
    world.refuse(f"{SCHEMA}/T0/C009")
    refusal(life.up, **processes(p1=["C000", "C001", "C009"], p2=[]))
    world.server.clear_faults()
    assert life.destroy() == []
    assert world.others.names("Process") == {DAG}
    assert world.others.names("ColumnProcess") == set()


def test_without_marks_entities_of_a_failed_run_belong_to_others(world: World) -> None:
    life = Life(world.client, ColumnLineageLifecycle, stack=None)
    world.refuse(f"{SCHEMA}/T0/C001")
    refusal(life.up, **edges(NAMES[:3]))
    world.server.clear_faults()
    with pytest.raises(ResourceError, match=r"exists in Atlan already .* set adopt=True"):
        life.up(**edges(NAMES[:3]))
    life.up(**edges(NAMES[:3]), adopt=True)
    life.settled(**edges(NAMES[:3]), adopt=True)
