"""What a run of a job marks, removes, and waits for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import pytest
from resources.openlineage import JOB, OL, PROCESS

from atlan_pulumi.client import Entity
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark
from atlan_pulumi.resources import _job_run
from atlan_pulumi.resources._job_columns import ColumnPlan
from atlan_pulumi.resources._job_run import mark_job, mark_process
from atlan_pulumi.resources.job_lineage import JobLineage

OURS = mark("shop/prod", "nightly", "atlan:OpenLineageJob")
THEIRS = mark("other/dev", "x")
DECLARED = {"qualified_name": PROCESS, "connection": OL, "job_name": "dag", "managed_by": OURS}


def entity(type_name: str, name: str, mark_: str | None, *, guid: str = "g", **more: Any) -> Entity:
    status = more.pop("status", "ACTIVE")
    attributes = {"qualifiedName": name, "name": "its name", OWNERSHIP_ATTRIBUTE: mark_, **more}
    return Entity(type_name=type_name, guid=guid, status=status, attributes=attributes)


def column(id_: str, mark_: str | None = None, **more: Any) -> Entity:
    return entity("ColumnProcess", f"{PROCESS}/column/{id_}", mark_, guid=id_, **more)


def lineage(process: Entity | None = None, job: Entity | None = None, *columns: Entity) -> JobLineage:
    return JobLineage([job] if job else [], process, list(columns), [])


class Atlan:
    """A tenant that records writes and deletions; responses contain no GUIDs unless they are set."""

    def __init__(self, guid: str | None = None) -> None:
        self.entities = self
        self.written: list[list[Entity]] = []
        self.fresh: list[bool] = []
        self.deleted: list[list[str]] = []
        self._guid = guid

    def upsert(self, entities: Sequence[Entity], *, fresh_connection: bool = False) -> Atlan:
        self.written.append(list(entities))
        self.fresh.append(fresh_connection)
        return self

    def guid_of(self, type_name: str, name: str) -> str | None:
        assert (type_name, name) == (self.written[-1][0].type_name, JOB)
        return self._guid

    def delete(self, guids: list[str]) -> None:
        self.deleted.append(guids)


def marked(each: Entity) -> tuple[str | None, str | None]:
    return each.qualified_name, each.attributes.get(OWNERSHIP_ATTRIBUTE)


def is_restored(each: Entity) -> bool:
    """Return whether a write restores an archived entity."""
    return each.to_wire().get("status") == "ACTIVE"


# -- the job's entity ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("job", [None, entity("SparkJob", JOB, None), entity("SparkJob", JOB, THEIRS)])
@pytest.mark.parametrize("answered", ["new", None])
def test_the_job_is_marked_before_the_first_event(job: Entity | None, answered: str | None) -> None:
    client: Any = Atlan(answered)
    guid = mark_job(client, DECLARED, job)
    assert guid == (answered or (job.guid if job else None))
    (((written,),), (fresh,)) = client.written, client.fresh
    assert (written.type_name, is_restored(written), fresh) == ("SparkJob", False, True)
    assert written.attributes == {
        "qualifiedName": JOB,
        "name": "dag",
        "connectorName": "spark",
        "connectionQualifiedName": OL,
        OWNERSHIP_ATTRIBUTE: OURS,
    }


def test_the_type_of_a_new_job_is_that_of_its_connector() -> None:
    client: Any = Atlan("new")
    client.guid_of = lambda *_: "new"
    flow = {"connection": "default/generic-openlineage/1"}
    flow["qualified_name"] = f"{flow['connection']}/dag/process"
    mark_job(client, {**DECLARED, **flow}, None)
    ((written,),) = client.written
    assert (written.type_name, written.qualified_name) == (
        "FlowControlOperation",
        f"{flow['connection']}/dag",
    )


@pytest.mark.parametrize(
    ("job", "managed_by"),
    [
        (entity("SparkJob", JOB, OURS), OURS),
        (entity("SparkJob", JOB, None), None),
        (entity("SparkJob", JOB, OURS), None),
        (None, None),
    ],
)
def test_a_job_with_the_mark_is_not_written_nor_one_without_marks(
    job: Entity | None, managed_by: str | None
) -> None:
    client: Any = Atlan()
    assert mark_job(client, {**DECLARED, "managed_by": managed_by}, job) == (job.guid if job else None)
    assert client.written == []


def test_archived_jobs_are_restored() -> None:
    client: Any = Atlan()
    assert mark_job(client, DECLARED, entity("SparkJob", JOB, OURS, status="DELETED")) == "g"
    ((written,),) = client.written
    assert is_restored(written)


# -- the Process and its column processes --------------------------------------------------------------------


def test_unmarked_entities_are_marked_with_the_process_last() -> None:
    client: Any = Atlan()
    columns = [column("a"), column("b", OURS), column("c", THEIRS), column("d", OURS, status="DELETED")]
    process = entity("Process", PROCESS, None)
    assert mark_process(client, DECLARED, lineage(process), columns) is process
    ((a, c, d, last),) = client.written
    assert [marked(each) for each in (a, c, d)] == [(column(id_).qualified_name, OURS) for id_ in "acd"]
    assert [is_restored(each) for each in (a, c, d, last)] == [False, False, True, False]
    assert last.type_name == "Process"
    assert last.attributes == {"qualifiedName": PROCESS, "name": "its name", OWNERSHIP_ATTRIBUTE: OURS}


def test_nothing_is_written_if_all_have_the_mark() -> None:
    client: Any = Atlan()
    mark_process(client, DECLARED, lineage(entity("Process", PROCESS, OURS)), [column("a", OURS)])
    assert client.written == []


def test_entities_are_marked_in_batches() -> None:
    client: Any = Atlan()
    columns = [column(str(number)) for number in range(120)]
    mark_process(client, DECLARED, lineage(entity("Process", PROCESS, None)), columns)
    assert [len(each) for each in client.written] == [50, 50, 21]
    written = [each.qualified_name for batch in client.written for each in batch]
    assert written == [*(each.qualified_name for each in columns), PROCESS]


# -- removals ------------------------------------------------------------------------------------------------


def test_entities_taken_over_since_are_not_removed() -> None:
    client: Any = Atlan()
    removed = [column("a", OURS), column("b", OURS), column("c", None), column("gone", None)]
    there = JobLineage([], None, [column("a", OURS), column("b", THEIRS)], [column("c", None)])
    assert _job_run._remove(client, ColumnPlan([], removed, [], []), there) == {"a", "c"}
    assert [sorted(each) for each in client.deleted] == [["a", "c"]]


# -- waiting -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["SparkJob", "FlowControlOperation"])
@pytest.mark.parametrize(
    ("shown", "earlier"), [(5, False), (6, False), (4, True), (0, False), (None, False), ("4", False)]
)
def test_runs_wait_for_jobs_that_show_an_earlier_run(kind: str, shown: Any, earlier: bool) -> None:
    attribute = {"SparkJob": "sparkRunStartTime", "FlowControlOperation": "flowStartedAt"}[kind]
    found = lineage(None, entity(kind, JOB, OURS, **{attribute: shown}))
    assert _job_run._of_another_run(found, 5) == (["the job shows an earlier run"] if earlier else [])
    assert _job_run._of_another_run(lineage(), 5) == []


def test_the_pauses_grow_and_stay_long() -> None:
    pauses = list(islice(_job_run._pauses(), 20))
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[6:]) == (0.1, [5.0] * 14)
