"""A job replaces a process with column processes, and is replaced: everything is named first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pyatlan.model.assets import ColumnProcess, Process
from resources.openlineage import JOB, OL, PROCESS, TABLES, Props, checked, ds, job, make_connection
from support.atlan import SEED, Witness
from support.fixtures import client

from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.errors import AtlanError, ResourceError
from atlan_pulumi.lifecycle import mark
from atlan_pulumi.lifecycle._declared import EntityKey as Key
from atlan_pulumi.lifecycle._registry import lifecycle_of
from atlan_pulumi.local import LocalAtlan
from atlan_pulumi.preflight import Declaration, Preflight

__all__ = ["client"]

A, B = f"{PROCESS}/column/A", f"{PROCESS}/column/B"
HERE, ELSEWHERE = "shop/prod", "other/dev"
MAPPING = {"A": ["ID"], "B": ["B"]}


@pytest.fixture
def server() -> Iterator[LocalAtlan]:
    """A local Atlan that processes events at once."""
    with LocalAtlan(seed=SEED, users={"key-of-alice": "alice"}) as server:
        yield server


@pytest.fixture(autouse=True)
def connection(client: AtlanClient) -> None:
    make_connection(client)


class Deployment:
    """A provider process, whose resources share what was written."""

    def __init__(self, client: AtlanClient) -> None:
        self._client = client
        self._written: set[str] = set()
        self.logged: list[str] = []

    def lifecycle(self, kind: str) -> Any:
        lifecycle = lifecycle_of(kind, 1)
        lifecycle.written, lifecycle.log = self._written, self.logged.append
        return lifecycle

    def preview(self, kind: str, inputs: Props, olds: Props | None = None) -> list[tuple[str, str]]:
        answer = self.lifecycle(kind).check(olds or {}, inputs, lambda: self._client)
        return list(map(tuple, answer.problems))

    def create(self, kind: str, inputs: Props) -> Props:
        lifecycle = self.lifecycle(kind)
        made: Props = lifecycle.create(self._client, checked(lifecycle, inputs))
        return made

    def update(self, kind: str, olds: Props, inputs: Props) -> Props:
        lifecycle = self.lifecycle(kind)
        made: Props = lifecycle.update(self._client, olds, checked(lifecycle, inputs, olds))
        return made

    def delete(self, kind: str, outputs: Props) -> list[str]:
        notes: list[str] = self.lifecycle(kind).delete(self._client, outputs)
        return notes


@pytest.fixture
def deploy(client: AtlanClient) -> Deployment:
    return Deployment(client)


def table(number: int) -> Props:
    return {"type_name": "Table", "qualified_name": f"{TABLES}/T{number}"}


def process(stack: str = HERE, **changed: Any) -> Props:
    given = {"name": "load", "connection": OL, "process_id": "dag/process", "inputs": [table(0)]}
    return {**given, "outputs": [table(1)], "managed_by": mark(stack, "load"), **changed}


def lineage(stack: str = HERE, columns: tuple[str, ...] = ("A", "B"), **changed: Any) -> Props:
    sources = {"A": "ID", "B": "B", "ID": "ID"}
    mapped = {f"{TABLES}/T1/{each}": [f"{TABLES}/T0/{sources[each]}"] for each in columns}
    parent = {"type_name": "Process", "qualified_name": PROCESS}
    return {"process": parent, "columns": mapped, "managed_by": mark(stack, "cols"), **changed}


def live(client: AtlanClient) -> dict[str, str | None]:
    """Return the live entities below the connection with their marks, without partial assets."""
    found = client.search.live({"prefix": {"qualifiedName": f"{OL}/"}}, attributes=["qualifiedName"])
    whole = client.entities.get_many([str(each.guid) for each in found])
    return {
        f"{each.type_name} {each.qualified_name.removeprefix(f'{OL}/')}": each.attributes.get(
            "lastSyncWorkflowName"
        )
        for each in whole.values()
        if each.type_name not in ("Table", "Column")
    }


NIGHTLY, LOAD, COLS = (mark(HERE, name) for name in ("nightly", "load", "cols"))


# -- a job in the place of a Process with column processes -----------------------------------------------


def test_a_job_takes_over_the_column_processes_of_its_stack_and_names_them_first(
    client: AtlanClient, deploy: Deployment
) -> None:
    old_process, old_columns = deploy.create("Process", process()), deploy.create("ColumnLineage", lineage())
    preview = Deployment(client)
    assert preview.preview("OpenLineageJob", job(columns={"A": ["ID"]})) == []
    (reported,) = preview.logged
    assert repr(A) in reported
    assert repr(B) not in reported
    assert "will be taken over by this job's run (of 'cols' of this stack; last written by" in reported

    after = Deployment(client)
    outputs = after.create("OpenLineageJob", job(columns={"A": ["ID"]}, wait_seconds=1.0))
    assert after.logged[1:] == [reported], "an update without a preview names it, too"
    assert after.logged[0].startswith(
        f"Process {PROCESS!r} will be taken over from the resource 'load' (last"
    )
    after.delete("ColumnLineage", old_columns)
    after.delete("Process", old_process)
    assert live(client) == {
        "SparkJob dag": NIGHTLY,
        "Process dag/process": NIGHTLY,
        "ColumnProcess dag/process/column/A": NIGHTLY,
    }
    assert lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs).notes == []


@pytest.mark.parametrize("marks", ["same process", "another process"])
def test_column_processes_taken_over_by_a_job_survive_their_former_owner(
    client: AtlanClient, deploy: Deployment, marks: str
) -> None:
    old_process, old_columns = deploy.create("Process", process()), deploy.create("ColumnLineage", lineage())
    after = Deployment(client)
    after.create("OpenLineageJob", job(columns=MAPPING))
    # A deployment that is interrupted here removes the former resources in the next one, by another process.
    last = after if marks == "same process" else Deployment(client)
    last.delete("ColumnLineage", old_columns)
    (note,) = last.delete("Process", old_process)
    assert "was left in Atlan" in note
    assert {each for each in live(client) if each.startswith("ColumnProcess")} == {
        "ColumnProcess dag/process/column/A",
        "ColumnProcess dag/process/column/B",
    }


def test_a_job_refuses_the_column_processes_of_another_stack(
    client: AtlanClient, server: LocalAtlan, deploy: Deployment
) -> None:
    deploy.create("Process", process())
    deploy.create("ColumnLineage", lineage(ELSEWHERE, ("A",)))
    ((property_, reason),) = deploy.preview("OpenLineageJob", job(columns=MAPPING))
    assert property_ == "columns"
    assert f"ColumnProcess {A!r} belongs to the stack 'other/dev'" in reason
    with pytest.raises(ResourceError, match="belongs to the stack 'other/dev'"):
        deploy.create("OpenLineageJob", job(columns=MAPPING))
    assert "POST /events/openlineage/spark/api/v1/lineage" not in server.stats()["requests"]
    assert "SparkJob dag" not in live(client)


def test_adoption_names_each_column_process_and_its_owner_and_leaves_the_rest(
    client: AtlanClient, deploy: Deployment, witness: Witness
) -> None:
    deploy.create("Process", process(ELSEWHERE))
    deploy.create("ColumnLineage", lineage(ELSEWHERE, ("A",)))
    write_column(client, B, "B")
    write_column(client, f"{PROCESS}/column/ID", "ID")
    adopting = Deployment(client)
    wanted = job(columns=MAPPING, adopt=True, wait_seconds=1.0)
    assert adopting.preview("OpenLineageJob", wanted) == []
    assert len(adopting.logged) == 3
    assert any(
        repr(A) in reported and "of 'cols' of the stack 'other/dev'" in reported
        for reported in adopting.logged
    )
    assert any(repr(B) in reported and "(last written by" in reported for reported in adopting.logged)
    assert any("column/ID" in reported and "and stays otherwise" in reported for reported in adopting.logged)
    outputs = adopting.create("OpenLineageJob", wanted)
    assert live(client)["ColumnProcess dag/process/column/ID"] is None, "what is not declared stays"
    assert lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs).notes == []
    with pytest.raises(ResourceError, match=r"column/ID' still depend on it"):
        Deployment(client).delete("OpenLineageJob", outputs)


def write_column(client: AtlanClient, name: str, column: str) -> None:
    sides = {
        side: [{"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T{number}/{column}"}}]
        for side, number in (("inputs", 0), ("outputs", 1))
    }
    parent = {"typeName": "Process", "uniqueAttributes": {"qualifiedName": PROCESS}}
    attributes = {"qualifiedName": name, "name": column, **sides, "process": parent}
    client.entities.upsert([Entity(type_name="ColumnProcess", attributes=attributes)])


@pytest.mark.parametrize("where", ["archived", "of no process"])
@pytest.mark.parametrize("owner", [None, ELSEWHERE])
def test_entities_elsewhere_with_the_name_of_a_column_process_are_named_or_refused(
    client: AtlanClient, deploy: Deployment, witness: Witness, where: str, owner: str | None
) -> None:
    deploy.create("Process", process())
    write_column(client, A, "A")
    stray: Props = {"qualifiedName": A, "name": "A", "lastSyncWorkflowName": owner and mark(owner, "x")}
    if where == "of no process":
        stray["process"] = None
    client.entities.upsert([Entity(type_name="ColumnProcess", attributes=stray)])
    if where == "archived":
        witness.archive(ColumnProcess, A)
    wanted = job(columns={"A": ["ID"]}, wait_seconds=1.0)
    after = Deployment(client)
    if owner:
        ((property_, reason),) = after.preview("OpenLineageJob", wanted)
        assert property_ == "columns"
        assert f"ColumnProcess {A!r} belongs to the stack 'other/dev'" in reason
        with pytest.raises(ResourceError, match="belongs to the stack 'other/dev'"):
            after.create("OpenLineageJob", wanted)
    else:
        assert after.preview("OpenLineageJob", wanted) == []
        (reported,) = after.logged
        assert f"ColumnProcess {A!r} will be taken over" in reported
        assert ("(archived; last written" in reported) == (where == "archived")
        after.create("OpenLineageJob", wanted)
        assert live(client)["ColumnProcess dag/process/column/A"] == NIGHTLY


def test_added_columns_take_over_entities_of_another_resource(
    client: AtlanClient, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns={"A": ["ID"]}))
    columns = deploy.create("ColumnLineage", lineage(columns=("B",)))
    after = Deployment(client)
    more = job(columns=MAPPING, wait_seconds=1.0)
    after.preview("OpenLineageJob", more, job(columns={"A": ["ID"]}) | {"qualified_name": PROCESS})
    (reported,) = after.logged
    assert repr(B) in reported
    assert "of 'cols' of this stack" in reported
    outputs = after.update("OpenLineageJob", outputs, more)
    Deployment(client).delete("ColumnLineage", columns)
    assert live(client)["ColumnProcess dag/process/column/B"] == NIGHTLY
    assert lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs).notes == []


def test_a_program_that_declares_a_column_in_both_is_refused(client: AtlanClient) -> None:
    kinds = {"OpenLineageJob": job(columns={"A": ["ID"]}), "ColumnLineage": lineage()}
    for first, second in [tuple(kinds), tuple(reversed(kinds))]:
        one, other = Preflight(client).findings([declaration(each, kinds[each]) for each in (first, second)])
        assert one.problems == []
        ((property_, reason),) = other.problems
        assert property_ == "columns"
        assert f"ColumnProcess {A!r} is declared by {first!r} already" in reason
        assert reason.endswith("declare it in one of the two")


def declaration(kind: str, inputs: Props) -> Declaration:
    lifecycle = lifecycle_of(kind, 1)
    created_before = frozenset([Key("Process", PROCESS)]) if kind == "ColumnLineage" else frozenset[Key]()
    return Declaration(kind, lifecycle, lifecycle.preview_inputs(inputs), created_before)


# -- a Process with column processes in the place of a job -----------------------------------------------


@pytest.mark.parametrize("columns", [("A", "B"), ("A",), ()])
def test_processes_replace_jobs_without_losing_columns(
    client: AtlanClient, deploy: Deployment, columns: tuple[str, ...]
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    after = Deployment(client)
    after.create("Process", process())
    if columns:
        after.create("ColumnLineage", lineage(columns=columns))
    (note,) = after.delete("OpenLineageJob", outputs)
    assert "was left in Atlan" in note
    kept = {f"ColumnProcess dag/process/column/{each}": COLS for each in columns}
    assert live(client) == {"Process dag/process": LOAD, **kept}


def test_the_job_goes_too_where_another_process_removes_it(client: AtlanClient, deploy: Deployment) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    unmark(client, B)  # as of the release before
    Deployment(client).create("Process", process())
    Deployment(client).create("ColumnLineage", lineage(columns=("A",)))
    (note,) = Deployment(client).delete("OpenLineageJob", outputs)
    assert "it is 'load' of the stack 'shop/prod' now" in note
    assert live(client) == {"Process dag/process": LOAD, "ColumnProcess dag/process/column/A": COLS}


def test_states_of_the_previous_release_are_adopted(
    client: AtlanClient, deploy: Deployment, witness: Witness
) -> None:
    """Column processes of that release have no mark, so they may belong to anyone."""
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    for name in (A, B):
        unmark(client, name)
    after = Deployment(client)
    after.create("Process", process())
    with pytest.raises(AtlanError, match="set adopt=True to take it over"):
        after.create("ColumnLineage", lineage())
    after.create("ColumnLineage", lineage(adopt=True))
    after.delete("OpenLineageJob", outputs)
    assert set(live(client)) == {f"Process {PROCESS.removeprefix(f'{OL}/')}"} | {
        f"ColumnProcess {each.removeprefix(f'{OL}/')}" for each in (A, B)
    }
    assert witness.find(Process, PROCESS) is not None


def unmark(client: AtlanClient, name: str) -> None:
    attributes = {"qualifiedName": name, "name": name.rpartition("/")[2], "lastSyncWorkflowName": None}
    client.entities.upsert([Entity(type_name="ColumnProcess", attributes=attributes)])


def test_processes_taken_over_by_another_stack_are_not_taken_back_silently(
    client: AtlanClient, server: LocalAtlan, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    deploy.create("Process", process(ELSEWHERE, adopt=True))
    changed = job(columns=MAPPING, job_facets={"sql": {"query": "q"}})
    olds = checked(deploy.lifecycle("OpenLineageJob"), job(columns=MAPPING))
    for inputs in (changed, job(columns=MAPPING, wait_seconds=9.0)):
        ((property_, reason),) = deploy.preview("OpenLineageJob", inputs, olds)
        assert property_ == "job_name"
        assert f"Process {PROCESS!r} belongs to the stack 'other/dev' now" in reason
        with pytest.raises(ResourceError, match="belongs to the stack 'other/dev' now"):
            deploy.update("OpenLineageJob", outputs, inputs)
    with pytest.raises(ResourceError, match="belongs to the stack 'other/dev'"):
        deploy.create("OpenLineageJob", job(columns=MAPPING))
    assert server.stats()["requests"]["POST /events/openlineage/spark/api/v1/lineage"] == 2
    seen = lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs)
    assert seen.outputs["managed_by"] == mark(ELSEWHERE, "load")
    (note,) = Deployment(client).delete("OpenLineageJob", outputs)
    assert "it is 'load' of the stack 'other/dev' now" in note
    assert live(client) == {"Process dag/process": mark(ELSEWHERE, "load")}


def without_writer(reported: str) -> str:
    return re.sub(r" \(last written by [^)]*\)", "", reported)


# -- changed mappings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", ["this", "the one before"])
def test_changed_mappings_name_and_remove_only_former_columns(
    client: AtlanClient, deploy: Deployment, release: str, witness: Witness
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    by_hand = f"{PROCESS}/column/by-hand"
    write_column(client, by_hand, "B")
    if release == "the one before":
        unmark(client, A)
        unmark(client, B)
    after = Deployment(client)
    changed = job(columns={"A": ["ID"]})
    olds = checked(after.lifecycle("OpenLineageJob"), job(columns=MAPPING))
    assert after.preview("OpenLineageJob", changed, olds) == []
    (reported,) = after.logged
    if release == "the one before":
        reported = without_writer(reported)
    assert reported == f"ColumnProcess {B!r} will be removed: no declared column needs it"
    unseen = Deployment(client)
    outputs = unseen.update("OpenLineageJob", outputs, changed)
    assert unseen.logged == after.logged
    assert {each.rpartition("/")[2] for each in live(client) if each.startswith("Column")} == {"A", "by-hand"}
    assert lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs).notes == []
    with pytest.raises(ResourceError, match="by-hand"):
        unseen.delete("OpenLineageJob", outputs)
    witness.purge(ColumnProcess, by_hand)
    assert Deployment(client).delete("OpenLineageJob", outputs) == []
    assert live(client) == {}


def test_columns_of_others_with_event_names_are_not_removed_silently(
    client: AtlanClient, deploy: Deployment
) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns={"A": ["ID"]}))
    write_column(client, B, "B")
    changed = job(columns={"A": ["ID"]}, job_facets={"sql": {"query": "q"}})
    after = deploy.update("OpenLineageJob", outputs, changed)
    (reported,) = deploy.logged
    assert (
        f"ColumnProcess {B!r} will be removed by Atlan if an earlier run of the job made it (last" in reported
    )
    assert reported.endswith("), and stays otherwise")
    assert live(client)["ColumnProcess dag/process/column/B"] is None
    assert lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, after).notes == []
    steered = deploy.update("OpenLineageJob", after, {**changed, "wait_seconds": 9.0})
    assert steered["left_guids"] == after["left_guids"]
    steered = deploy.update("OpenLineageJob", steered, {**changed, "producer": "https://x.y"})
    assert steered["left_guids"] == after["left_guids"], "also after another run"
    # It may be declared later: then it is taken over, and named.
    assert deploy.logged == [reported], "it stayed, and is not named again"
    deploy.update("OpenLineageJob", steered, {**changed, "columns": MAPPING})
    (_, reported) = deploy.logged
    assert f"ColumnProcess {B!r} will be taken over by this job's run (last written by" in reported
    assert live(client)["ColumnProcess dag/process/column/B"] == NIGHTLY


def test_columns_of_others_since_the_last_run_are_drift_and_named(
    client: AtlanClient, deploy: Deployment
) -> None:
    changed = job(columns={"A": ["ID"]})
    outputs = deploy.create("OpenLineageJob", changed)
    write_column(client, B, "B")
    seen = lifecycle_of("OpenLineageJob", 1).read(client, PROCESS, outputs)
    assert set(seen.outputs["columns"]) == {"DB.S.T1.A", "DB.S.T1.B"}
    corrected = Deployment(client)
    assert corrected.preview("OpenLineageJob", changed, seen.inputs) == []
    (reported,) = corrected.logged
    assert "(last written by service-account" in reported
    assert without_writer(reported) == (f"ColumnProcess {B!r} will be removed: no declared column needs it")
    corrected.update("OpenLineageJob", seen.outputs, changed)
    assert "ColumnProcess dag/process/column/B" not in live(client)


def test_column_lineage_from_a_facet_is_kept(client: AtlanClient, deploy: Deployment) -> None:
    source = {"namespace": ds(0)["namespace"], "name": "DB.S.T0", "field": "ID"}
    facets = {"columnLineage": {"fields": {"A": {"inputFields": [source]}}}}
    wanted = job(outputs=[ds(1, facets=facets)])
    outputs = deploy.create("OpenLineageJob", wanted)
    assert live(client)["ColumnProcess dag/process/column/A"] == NIGHTLY
    outputs = deploy.update("OpenLineageJob", outputs, {**wanted, "job_facets": {"sql": {"query": "q"}}})
    assert "ColumnProcess dag/process/column/A" in live(client)
    assert deploy.logged == []
    Deployment(client).delete("OpenLineageJob", outputs)
    assert live(client) == {}


def test_renamed_resources_update_the_marks_of_their_columns(client: AtlanClient, deploy: Deployment) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    renamed = deploy.update("OpenLineageJob", outputs, job(columns=MAPPING, managed_by=mark(HERE, "other")))
    assert set(live(client).values()) == {mark(HERE, "other")}
    assert Deployment(client).delete("OpenLineageJob", renamed) == []
    assert live(client) == {}


def test_columns_are_marked_before_their_process(
    client: AtlanClient, server: LocalAtlan, deploy: Deployment
) -> None:
    """A run that is interrupted in between leaves no column process that looks like one of others."""
    mapping = {f"C{number}": ["ID"] for number in range(60)}
    new = {"outputs": [{"namespace": "snowflake://abc", "name": "NEW.DB.T"}], "columns": mapping}
    cut = {"status": 400, "body": {"errorCode": "X", "errorMessage": "interrupted"}, "times": 0}
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", "after": 2, **cut})
    with pytest.raises(AtlanError, match="interrupted"):
        deploy.create("OpenLineageJob", job(**new))
    server.clear_faults()
    again = Deployment(client)
    outputs = again.create("OpenLineageJob", job(**new))
    assert set(live(client).values()) == {NIGHTLY}
    assert JOB in {f"{OL}/{name.partition(' ')[2]}" for name in live(client)}
    assert len(outputs["column_guids"]) == 60


def test_entities_of_an_interrupted_run_are_deleted_with_the_job(
    client: AtlanClient, server: LocalAtlan, deploy: Deployment
) -> None:
    """Column processes are marked before their Process, so the rest belongs to the run too."""
    mapping = {f"C{number}": ["ID"] for number in range(60)}
    new = {"outputs": [{"namespace": "snowflake://abc", "name": "NEW.DB.T"}], "columns": mapping}
    outputs = deploy.create("OpenLineageJob", job(**new))
    client.entities.delete([*outputs["column_guids"], outputs["guid"]])
    cut = {"status": 400, "body": {"errorCode": "X", "errorMessage": "interrupted"}, "times": 0}
    server.fault({"method": "POST", "path": "/api/meta/entity/bulk", "after": 1, **cut})
    with pytest.raises(AtlanError, match="interrupted"):
        deploy.update("OpenLineageJob", outputs, job(**new, job_facets={"sql": {"query": "q"}}))
    server.clear_faults()
    assert set(live(client).values()) == {NIGHTLY, None}
    assert Deployment(client).delete("OpenLineageJob", outputs) == []
    assert live(client) == {}


def test_entities_taken_over_during_a_run_are_not_removed(client: AtlanClient, deploy: Deployment) -> None:
    outputs = deploy.create("OpenLineageJob", job(columns=MAPPING))
    taken = {"qualifiedName": B, "name": "B", "lastSyncWorkflowName": COLS}

    class Rival(list[str]):
        def append(self, line: str) -> None:
            super().append(line)
            client.entities.upsert([Entity(type_name="ColumnProcess", attributes=taken)])

    deploy.logged = Rival()
    deploy.update("OpenLineageJob", outputs, job(columns={"A": ["ID"]}))
    assert len(deploy.logged) == 1
    assert live(client)["ColumnProcess dag/process/column/B"] == COLS
