"""Entities of others in a declared job stay theirs; every takeover and removal is named first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from resources.openlineage import JOB, PROCESS, TABLES, checked, ds, job, make_connection
from resources.test_openlineage_takeover import (
    ELSEWHERE,
    HERE,
    NIGHTLY,
    A,
    Deployment,
    deploy,
    lineage,
    live,
    process,
    write_column,
)
from support.atlan import SEED
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, ClientSettings, Entity
from atlan_pulumi.errors import AtlanError, ResourceError
from atlan_pulumi.lifecycle import DeclaredResources, EntityKey, mark
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.lifecycle._values import UNKNOWN
from atlan_pulumi.local import LocalAtlan

__all__ = ["client", "deploy"]

LIKE_EVENTS, BY_HAND = f"{PROCESS}/column/DB.S.T1.A", f"{PROCESS}/column/by-hand"
ONE = {"A": ["ID"]}
SQL = {"sql": {"query": "q"}}
CUT = {"status": 400, "body": {"errorCode": "X", "errorMessage": "interrupted"}, "times": 0}
WRITES = {"method": "POST", "path": "/api/meta/entity/bulk"}


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan that processes events at once."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture(autouse=True)
def connection(client: AtlanClient) -> None:
    make_connection(client)


@pytest.fixture
def alice(server: LocalAtlan) -> Iterator[AtlanClient]:
    with AtlanClient(ClientSettings.resolve(server.base_url, "key-of-alice", 0)) as alice:
        yield alice


def marks(client: AtlanClient) -> dict[str, str | None]:
    """Return the marks of the live column processes, by their names below the Process."""
    above = "ColumnProcess dag/process/column/"
    return {name.removeprefix(above): it for name, it in live(client).items() if name.startswith(above)}


# -- column processes of others --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LIKE_EVENTS, BY_HAND])
def test_a_column_process_of_others_stays_theirs_whatever_its_name(
    client: AtlanClient, alice: AtlanClient, deploy: Deployment, name: str
) -> None:
    """It writes a column that the job declares, but no event created it."""
    id_ = name.rpartition("/")[2]
    outputs = deploy.create("OpenLineageJob", job(columns=ONE))
    write_column(alice, name, "A")
    changed = job(columns=ONE, job_facets={"sql": {"query": "q"}}, wait_seconds=1.0)
    preview = Deployment(client)
    olds = checked(preview.lifecycle("OpenLineageJob"), job(columns=ONE))
    assert preview.preview("OpenLineageJob", changed, olds) == []
    outputs = deploy.update("OpenLineageJob", outputs, changed)
    assert marks(client) == {"A": NIGHTLY, id_: None}
    assert deploy.logged == preview.logged, "the preview says the same"
    assert [name in reported and "last written by alice" in reported for reported in deploy.logged] == (
        [True] if name == LIKE_EVENTS else []
    )
    assert lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs).notes == []
    with pytest.raises(ResourceError, match=f"ColumnProcess '{name}' still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)
    assert marks(client) == {"A": NIGHTLY, id_: None}


@pytest.mark.parametrize("name", [LIKE_EVENTS, BY_HAND])
def test_new_jobs_keep_columns_of_others_below_an_interrupted_process(
    client: AtlanClient, server: LocalAtlan, alice: AtlanClient, deploy: Deployment, name: str
) -> None:
    server.fault({**WRITES, "after": 1, **CUT})  # the events are processed, and nothing is marked
    with pytest.raises(AtlanError, match="interrupted"):
        deploy.create("OpenLineageJob", job(columns=ONE))
    server.clear_faults()
    write_column(alice, name, "A")
    outputs = deploy.create("OpenLineageJob", job(columns=ONE, wait_seconds=1.0))
    assert marks(client) == {"A": NIGHTLY, name.rpartition("/")[2]: None}
    with pytest.raises(ResourceError, match="still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)


def test_columns_that_others_create_during_a_run_stay_theirs(
    client: AtlanClient, server: LocalAtlan, alice: AtlanClient
) -> None:
    class Waiting:
        """A clock that lets others write, and events be processed, while the job waits."""

        now = 0.0

        def monotonic(self) -> float:
            return self.now

        time = monotonic

        def sleep(self, seconds: float) -> None:
            self.now += seconds
            server.clear_faults()
            if alice.entities.get_by_qualified_name("ColumnProcess", BY_HAND) is None:
                write_column(alice, BY_HAND, "A")

    settings = ClientSettings.resolve(server.base_url, server.api_key, 0)
    with AtlanClient(settings, clock=Waiting()) as slow:
        deploy = Deployment(slow)
        outputs = deploy.create("OpenLineageJob", job(columns=ONE))
        path = "/api/meta/entity/uniqueAttribute/type/SparkJob"
        gone = {"status": 404, "body": {"errorCode": "ATLAS-404-00-009", "errorMessage": "none"}, "times": 0}
        server.fault({"method": "GET", "path": path, "after": 1, **gone})
        stale = {"method": "GET", "path": "/api/meta/entity/uniqueAttribute/type/Process", "after": 1, **gone}
        server.fault(stale)
        outputs = deploy.update("OpenLineageJob", outputs, job(columns=ONE, job_facets=SQL, wait_seconds=5.0))
    assert marks(client) == {"A": NIGHTLY, "by-hand": None}
    assert BY_HAND not in str(outputs)


def test_without_marks_columns_of_others_with_event_names_stay(
    client: AtlanClient, alice: AtlanClient, deploy: Deployment
) -> None:
    """Without marks, a missing mark proves nothing."""
    outputs = deploy.create("OpenLineageJob", job(columns=ONE, managed_by=None))
    write_column(alice, f"{PROCESS}/column/B", "B")
    with pytest.raises(ResourceError, match=f"ColumnProcess '{PROCESS}/column/B' still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)
    assert set(marks(client)) == {"A", "B"}
    write_column(alice, BY_HAND, "B")
    assert Deployment(client).delete("OpenLineageJob", outputs | {"force_destroy": True}) == []
    assert live(client) == {}


def test_columns_of_others_in_the_state_are_no_leftovers(
    client: AtlanClient, server: LocalAtlan, alice: AtlanClient, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE))
    write_column(alice, LIKE_EVENTS, "A")
    outputs = deploy.update("OpenLineageJob", outputs, job(columns=ONE, job_facets=SQL))
    unmark(alice, "Process", PROCESS)  # as where another run has recreated it
    with pytest.raises(ResourceError, match=f"ColumnProcess '{LIKE_EVENTS}' still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)


def unmark(client: AtlanClient, type_name: str, name: str) -> None:
    attributes = {"qualifiedName": name, "name": "dag", "lastSyncWorkflowName": None}
    client.entities.upsert([Entity(type_name=type_name, attributes=attributes)])


def test_a_mark_of_an_earlier_version_is_no_proof_of_a_column_process(
    client: AtlanClient, alice: AtlanClient, deploy: Deployment
) -> None:
    """Two resources of one name share it, such as a job and a column process."""
    old = "pulumi:shop/prod#nightly"
    outputs = deploy.create("OpenLineageJob", job(columns=ONE, managed_by=old))
    write_column(alice, BY_HAND, "A")
    theirs = {"qualifiedName": BY_HAND, "name": "A", "lastSyncWorkflowName": old}
    alice.entities.upsert([Entity(type_name="ColumnProcess", attributes=theirs)])
    changed = job(columns={"B": ["B"]}, managed_by=old, wait_seconds=1.0)
    outputs = deploy.update("OpenLineageJob", outputs, changed)
    assert set(marks(client)) == {"B", "by-hand"}
    assert not any("by-hand" in reported for reported in deploy.logged)
    with pytest.raises(ResourceError, match="by-hand' still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)


def write_process(client: AtlanClient) -> None:
    """Create the job's Process as another user would, without a mark."""
    sides = {
        side: [{"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T{number}"}}]
        for side, number in (("inputs", 0), ("outputs", 1))
    }
    attributes = {"qualifiedName": PROCESS, "name": "dag", **sides}
    client.entities.upsert([Entity(type_name="Process", attributes=attributes)])


def test_a_column_process_that_another_stack_took_over_is_neither_written_nor_removed(
    client: AtlanClient, server: LocalAtlan, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns={"A": ["ID"], "B": ["B"]}))
    deploy.create("ColumnLineage", lineage(ELSEWHERE, ("A",), adopt=True))
    theirs = mark(ELSEWHERE, "cols")
    olds = checked(deploy.lifecycle("OpenLineageJob"), job(columns={"A": ["ID"], "B": ["B"]}))
    changed, preview = job(columns=ONE, job_facets=SQL), Deployment(client)
    ((property_, reason),) = preview.preview("OpenLineageJob", changed, olds)
    assert property_ == "columns"
    assert f"ColumnProcess {A!r} belongs to the stack 'other/dev'" in reason
    with pytest.raises(ResourceError, match="belongs to the stack 'other/dev'"):
        deploy.update("OpenLineageJob", outputs, changed)
    assert marks(client) == {"A": theirs, "B": NIGHTLY}
    outputs = deploy.update("OpenLineageJob", outputs, job(columns={"B": ["B"]}))
    assert marks(client) == {"A": theirs, "B": NIGHTLY}
    with pytest.raises(ResourceError, match=f"ColumnProcess '{A}' still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)


# -- notes before changes --------------------------------------------------------------------------------


def test_an_adoption_names_the_job_and_the_process_with_their_owner(
    client: AtlanClient, deploy: Deployment
) -> None:
    deploy.create("OpenLineageJob", job(columns={"A": ["ID"], "B": ["B"]}, managed_by=mark(ELSEWHERE, "x")))
    adopting, preview = job(columns=ONE, adopt=True, wait_seconds=1.0), Deployment(client)
    assert preview.preview("OpenLineageJob", adopting) == []
    assert any(
        reported.startswith(f"SparkJob {JOB!r} will be taken over (it belongs") for reported in preview.logged
    )
    (replaced,) = [reported for reported in preview.logged if "/column/B" in reported]
    assert "will be removed by Atlan if an earlier run of the job made it (of 'x' of the stack" in replaced
    after = Deployment(client)
    after.create("OpenLineageJob", adopting)
    assert set(preview.logged) < set(after.logged)
    (process_note,) = set(after.logged) - set(preview.logged)  # the preflight checks name it in a preview
    assert process_note.startswith(f"Process {PROCESS!r} will be taken over (it belongs to the stack 'other/")
    assert marks(client) == {"A": NIGHTLY}


@pytest.mark.parametrize("with_run", [True, False])
def test_an_update_names_what_others_recreated_or_archived(
    client: AtlanClient, alice: AtlanClient, deploy: Deployment, with_run: bool
) -> None:
    outputs = deploy.create("OpenLineageJob", job())
    alice.entities.delete([outputs["guid"], outputs["job_guid"]])
    write_process(alice)
    job_entity = {"qualifiedName": JOB, "name": "dag", "lastSyncWorkflowName": NIGHTLY}
    alice.entities.upsert([Entity(type_name="SparkJob", attributes=job_entity)])
    changed = job(job_facets=SQL) if with_run else job(wait_seconds=9.0)
    preview = Deployment(client)
    olds = checked(preview.lifecycle("OpenLineageJob"), job())
    assert preview.preview("OpenLineageJob", changed, olds) == []
    after = Deployment(client)
    after.update("OpenLineageJob", outputs, changed)
    (of_process,) = preview.logged
    assert of_process.startswith(f"Process {PROCESS!r} will be taken over (last written by alice")
    (of_job,) = set(after.logged) - {of_process}
    assert of_process in after.logged
    assert of_job.startswith(f"SparkJob {JOB!r} will be taken over (last written by alice")
    again = Deployment(client)
    again.update("OpenLineageJob", after.update("OpenLineageJob", outputs, changed), changed)
    assert again.logged == [], "a job that is as in the state is not named"


def test_force_destroy_names_the_column_processes_of_others(
    client: AtlanClient, alice: AtlanClient, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE, force_destroy=True))
    write_column(alice, BY_HAND, "B")
    last = Deployment(client)
    assert last.delete("OpenLineageJob", outputs) == []
    (reported,) = last.logged
    assert reported.startswith(
        f"ColumnProcess {BY_HAND!r} will be removed with Process {PROCESS!r} (last written"
    )
    assert live(client) == {}


def test_a_removal_names_what_an_interrupted_run_left(
    client: AtlanClient, server: LocalAtlan, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE))
    client.entities.delete([outputs["guid"], outputs["job_guid"], *outputs["column_guids"]])
    server.fault({**WRITES, "after": 1, **CUT})
    with pytest.raises(AtlanError, match="interrupted"):
        deploy.update("OpenLineageJob", outputs, job(columns=ONE, job_facets=SQL))
    server.clear_faults()
    last = Deployment(client)
    assert last.delete("OpenLineageJob", outputs) == []
    assert live(client) == {}
    assert [reported.partition(" (")[0] for reported in last.logged] == [
        f"ColumnProcess {A!r} will be removed with its job",
        f"SparkJob {JOB!r} will be removed",
        f"Process {PROCESS!r} will be removed with its job",
    ]
    assert "it has the ownership mark of this resource" in last.logged[1]


def test_an_update_names_the_column_process_that_a_killed_one_left(
    client: AtlanClient, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE))
    more = job(columns={"A": ["ID"], "B": ["B"]}, wait_seconds=1.0)
    Deployment(client).update("OpenLineageJob", outputs, more)  # no state has what it made
    olds = checked(deploy.lifecycle("OpenLineageJob"), job(columns=ONE))
    preview, again = Deployment(client), Deployment(client)
    assert preview.preview("OpenLineageJob", more, olds) == []
    again.update("OpenLineageJob", outputs, more)
    (reported,) = again.logged
    assert preview.logged == [reported]
    start = f"ColumnProcess '{PROCESS}/column/B' will be taken over by this job's run (of 'nightly' of this"
    assert reported.startswith(start)


def test_a_removal_of_what_the_state_contains_names_nothing(client: AtlanClient, deploy: Deployment) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE))
    last = Deployment(client)
    assert last.delete("OpenLineageJob", outputs) == []
    assert last.logged == []


@pytest.mark.parametrize("lost", ["the job's mark", "the job"])
def test_the_process_of_a_job_that_is_in_the_state_or_marked_goes_though_it_was_recreated(
    client: AtlanClient, deploy: Deployment, lost: str
) -> None:
    outputs = deploy.create("OpenLineageJob", job())
    client.entities.delete([outputs["guid"]])
    write_process(client)
    if lost == "the job's mark":
        unmark(client, "SparkJob", JOB)
    else:
        outputs = outputs | {"job_guid": "gone"}
    last = Deployment(client)
    assert last.delete("OpenLineageJob", outputs) == []
    assert any(
        reported.startswith(f"Process {PROCESS!r} will be removed with its job (") for reported in last.logged
    )
    assert live(client) == {}


def test_an_archived_process_keeps_no_column_process(client: AtlanClient, deploy: Deployment) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE))
    client.entities.delete([outputs["guid"]], "SOFT")
    assert Deployment(client).delete("OpenLineageJob", outputs) == []
    assert live(client) == {}


def test_of_a_job_that_another_stack_has_only_marked_column_processes_go(
    client: AtlanClient, deploy: Deployment
) -> None:
    """Unmarked ones may come from that stack's run."""
    outputs = deploy.create("OpenLineageJob", job(columns={"A": ["ID"], "B": ["B"]}))
    unmark(client, "ColumnProcess", f"{PROCESS}/column/B")
    for kind, name in (("SparkJob", JOB), ("Process", PROCESS)):
        theirs = {"qualifiedName": name, "name": "dag", "lastSyncWorkflowName": mark(ELSEWHERE, "x")}
        client.entities.upsert([Entity(type_name=kind, attributes=theirs)])
    (reported,) = Deployment(client).delete("OpenLineageJob", outputs)
    assert "it is 'x' of the stack 'other/dev' now" in reported
    assert marks(client) == {"B": None}


def test_the_deletion_mode_is_the_declared_one(client: AtlanClient, deploy: Deployment) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=ONE, delete_type="SOFT"))
    guids = [outputs["guid"], outputs["job_guid"], *outputs["column_guids"]]
    assert Deployment(client).delete("OpenLineageJob", outputs) == []
    found = client.entities.get_many(guids)
    assert [found[guid].status for guid in guids] == ["DELETED"] * 3


# -- the rest of the program -----------------------------------------------------------------------------


def test_jobs_declare_every_entity_of_their_events() -> None:
    core = lifecycle_of("OpenLineageJob", 1)
    assert set(core.entities(checked(core, job(columns=ONE)))) == {
        EntityKey("Process", PROCESS),
        EntityKey("SparkJob", JOB),
        EntityKey("ColumnProcess", A),
    }


@pytest.mark.parametrize(
    "unknown",
    [{"columns": UNKNOWN}, {"columns": {"A": [UNKNOWN]}}, {"outputs": UNKNOWN}, {"job_name": UNKNOWN}],
    ids=str,
)
def test_a_job_declares_no_column_process_while_its_columns_are_unknown(unknown: dict[str, Any]) -> None:
    core = lifecycle_of("OpenLineageJob", 1)
    inputs = core.preview_inputs(job(**{"columns": ONE, **unknown}))
    assert inputs is not None
    assert list(core.also_creates(inputs)) == []


def test_columns_of_one_name_are_named_with_their_datasets_as_atlan_does(
    client: AtlanClient, deploy: Deployment
) -> None:
    columns = {"DB.S.T1.A": ["ID"], "DB.S.T3.A": ["ID"], "DB.S.T1.B": ["B"], "DB.S.T3.ID": ["ID"]}
    wanted = job(outputs=[ds(1), ds(3)], columns=columns)
    core = lifecycle_of("OpenLineageJob", 1)
    names = {each.qualified_name for each in core.also_creates(checked(core, wanted))}
    assert names == {f"{PROCESS}/column/{id_}" for id_ in ("DB.S.T1.A", "DB.S.T3.A", "B", "ID")}
    deploy.create("OpenLineageJob", wanted)
    assert {f"{PROCESS}/column/{id_}" for id_ in marks(client)} == names


def test_a_column_that_moves_to_a_job_of_the_program_keeps_its_guid(
    client: AtlanClient, deploy: Deployment
) -> None:
    """Whichever of the two is deployed first."""
    deploy.create("Process", process())
    columns = deploy.create("ColumnLineage", lineage())
    guid = client.entities.get_by_qualified_name("ColumnProcess", A).guid  # type: ignore[union-attr]
    declared, core = DeclaredResources(), lifecycle_of("OpenLineageJob", 1)
    core.declared = declared
    core.declare(core.check({}, job(columns=ONE)))
    fewer = deploy.lifecycle("ColumnLineage")
    fewer.declared = declared
    fewer.update(client, columns, checked(fewer, lineage(columns=("B",)), columns))
    made: dict[str, Any] = deploy.create("OpenLineageJob", job(columns=ONE, wait_seconds=1.0))
    assert guid in made["column_guids"]
    assert marks(client) == {"A": NIGHTLY, "B": mark(HERE, "cols")}


@pytest.mark.parametrize("other", [mark(HERE, "cols"), None])
def test_a_column_that_moves_from_a_job_of_the_program_keeps_its_guid(
    client: AtlanClient, deploy: Deployment, other: str | None
) -> None:
    """The job is deployed first: the other resource waits for it."""
    made = deploy.create("OpenLineageJob", job(columns={**ONE, "B": ["B"]}))
    key = EntityKey("ColumnProcess", f"{PROCESS}/column/B")
    guid = client.entities.get_by_qualified_name(*key).guid  # type: ignore[union-attr]
    core = deploy.lifecycle("OpenLineageJob")
    core.declared = DeclaredResources()
    if other:
        core.declared.expect(other, [key])
    core.update(client, made, checked(core, job(columns=ONE), made))
    assert (client.entities.get(str(guid)) is not None) == bool(other)
