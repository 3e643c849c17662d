"""What a run of a job marks, removes, and waits for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import islice
from types import SimpleNamespace
from typing import Any

import pytest
from resources.openlineage import JOB, OL, PROCESS, TABLES, ds

from atlan_pulumi.client import Entity
from atlan_pulumi.errors import RequestError, ResourceError
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


def test_columns_that_are_not_the_resources_are_recorded_as_left() -> None:
    there = JobLineage([], None, [column(id_) for id_ in ("ours", "gone", "z")], [column("x"), column("new")])
    plan = ColumnPlan([], [], [column("x"), column("gone since")], [])
    assert _job_run._left({}, plan, there, {"ours", "gone"}) == ["x", "z"]
    olds = {"left_guids": ["new", "gone since"]}
    assert _job_run._left(olds, plan, there, {"ours", "gone"}) == ["new", "x", "z"]
    assert _job_run._left(olds, ColumnPlan([], [], [], []), there, {"ours", "gone", "z"}) == ["new"]


# -- the events ----------------------------------------------------------------------------------------------


class Refusing(Atlan):
    """A tenant that rejects the first event."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.events = self
        self.error = error

    def emit(self, connector: str, event: dict[str, Any]) -> None:
        raise self.error


def refusal(status: int | None) -> RequestError:
    error = RequestError("no")
    if status is not None:
        error.status = status  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("status", "new_job", "removed"),
    [(400, "j", True), (499, "j", True), (500, "j", False), (None, "j", False), (400, None, False)],
)
def test_the_new_job_of_a_rejected_event_is_removed_unless_atlan_may_have_accepted_it(
    status: int | None, new_job: str | None, removed: bool
) -> None:
    client: Any = Refusing(refusal(status))
    with pytest.raises(RequestError) as raised:
        _job_run._send(client, DECLARED, [{}, {}], new_job)
    assert raised.value is client.error
    assert client.deleted == ([["j"]] if removed else [])


@pytest.mark.parametrize(
    ("given", "producer"),
    [
        ({"producer": "https://x.y", "managed_by": OURS}, "https://x.y"),
        ({"managed_by": OURS}, OURS),
        ({"managed_by": None}, "pulumi:atlan-pulumi"),
    ],
)
def test_the_producer_is_the_declared_one_then_the_mark(given: dict[str, Any], producer: str) -> None:
    run = _job_run._run_of("ns", {**DECLARED, "inputs": [ds(0)], "outputs": [ds(1)], **given})
    assert {event["producer"] for event in run.events()} == {producer}


def test_everything_that_is_declared_is_in_the_events() -> None:
    declared = {
        **DECLARED,
        "inputs": [ds(0)],
        "outputs": [ds(1)],
        "columns": {"DB.S.T1.A": ["DB.S.T0.ID"]},
        "job_facets": {"sql": {"query": "select 1"}},
        "run_facets": {"nominalTime": {"nominalStartTime": "2026-01-01T00:00:00Z"}},
        "terminal_state": "FAIL",
    }
    first, last = _job_run._run_of("ns", declared).events()
    assert (first["job"]["namespace"], first["job"]["name"], last["eventType"]) == ("ns", "dag", "FAIL")
    assert first["job"]["facets"]["sql"]["query"] == "select 1"
    assert first["run"]["facets"]["nominalTime"]["nominalStartTime"].startswith("2026-01-01T00:00:00")
    assert (first["inputs"][0]["name"], first["outputs"][0]["name"]) == ("DB.S.T0", "DB.S.T1")
    (source,) = first["outputs"][0]["facets"]["columnLineage"]["fields"]["A"]["inputFields"]
    assert (source["name"], source["field"]) == ("DB.S.T0", "ID")
    bare = _job_run._run_of("ns", {**DECLARED, "inputs": [ds(0)], "outputs": [ds(1)]}).events()
    assert [event["eventType"] for event in bare] == ["START", "COMPLETE"]


# -- the state after a run -----------------------------------------------------------------------------------


class Clock:
    """A clock that only sleeps move."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Accepting(Atlan):
    """A tenant that accepts all events."""

    def __init__(self, guid: str | None = None) -> None:
        super().__init__(guid)
        self.events = self
        self.clock = Clock()

    def emit(self, connector: str, event: dict[str, Any]) -> None:
        assert connector == "spark"


def run_with(
    there: JobLineage,
    monkeypatch: pytest.MonkeyPatch,
    *,
    plan: ColumnPlan | None = None,
    found: JobLineage | None = None,
    **declared: Any,
) -> tuple[dict[str, Any], list[str], Accepting]:
    """Send a run whose result is known, and return the outputs, the written GUIDs, and the tenant."""
    monkeypatch.setattr(_job_run, "plan_columns", lambda *_: plan or ColumnPlan([], [], [], []))
    monkeypatch.setattr(_job_run, "read_lineage", lambda *_, **__: there)
    monkeypatch.setattr(_job_run, "_lacking", lambda *_: [])
    client: Any = Accepting("new job")
    props = {**DECLARED, "inputs": [ds(0)], "outputs": [ds(1)], **declared}
    destination: Any = SimpleNamespace(connection=entity("Connection", OL, None))
    program: Any = None
    run = _job_run.PendingRun(client, destination, {}, props, found or lineage(), program)
    outputs, guids = _job_run.send_run(run, log=lambda _: None, name=lambda _: None)
    return outputs, guids, client


COLUMN = "DB.S.T1.A"


def wrote(id_: str, field: str = "A") -> Entity:
    """Return a column process that writes a column of the output."""
    target = {"typeName": "Column", "uniqueAttributes": {"qualifiedName": f"{TABLES}/T1/{field}"}}
    made = column(id_)
    return made.model_copy(update={"relationship_attributes": {"outputs": [target]}})


def test_the_state_lists_what_the_run_wrote_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    process, job = entity("Process", PROCESS, None, guid="p"), entity("SparkJob", JOB, OURS, guid="j")
    there = lineage(process, job, wrote("b"), wrote("a"), wrote("other", "B"), column("gone", OURS))
    plan = ColumnPlan([], [column("gone", OURS)], [], [])
    columns = {COLUMN: ["DB.S.T0.ID"]}
    outputs, guids, client = run_with(there, monkeypatch, plan=plan, columns=columns)
    assert (outputs["guid"], outputs["job_guid"], outputs["own_mark"]) == ("p", "new job", OURS)
    assert outputs["column_guids"] == ["a", "b"]
    assert outputs["left_guids"] == ["other"]
    assert sorted(guids) == ["a", "b", "new job", "p"]
    assert client.deleted == [["gone"]]


def test_the_job_that_the_events_created_is_in_the_state_without_marks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process, job = entity("Process", PROCESS, None, guid="p"), entity("SparkJob", JOB, None, guid="j")
    outputs, guids, client = run_with(lineage(process, job), monkeypatch, managed_by=None)
    assert (outputs["job_guid"], guids) == ("j", ["p", "j"])
    assert {"column_guids", "left_guids"}.isdisjoint(outputs)
    outputs, guids, client = run_with(lineage(process), monkeypatch, managed_by=None)
    assert (outputs.get("job_guid"), guids) == (None, ["p"])
    assert client.written == []


def test_jobs_that_existed_before_the_run_are_not_marked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    process, job = entity("Process", PROCESS, OURS, guid="p"), entity("SparkJob", JOB, OURS, guid="j")
    theirs, new = (entity("SparkJob", f"{JOB}{end}", THEIRS, guid=end) for end in ("2", "3"))
    found = JobLineage([job, theirs], process, [], [])
    there = JobLineage([job, theirs, new], process, [], [])
    _, _, client = run_with(there, monkeypatch, found=found)
    assert [[each.qualified_name for each in batch] for batch in client.written] == [[f"{JOB}3"]]


def after_failure(
    now: JobLineage, monkeypatch: pytest.MonkeyPatch, before: JobLineage | None = None, **more: Any
) -> dict[str, Any]:
    """Return what the state must contain after a failed run."""
    asked: list[Any] = []

    def read(_client: Any, name: str, *makers: Any) -> JobLineage:
        asked.append((name, makers))
        return now

    monkeypatch.setattr(_job_run, "read_lineage", read)
    declared = {**DECLARED, **more}
    client: Any = Atlan()
    left = _job_run.left_by_run(client, declared, before or lineage())
    assert asked == [(PROCESS, (declared,))], "the mark in the inputs tells whose columns they are"
    return left


def test_what_a_failed_run_created_is_in_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    job, process = entity("SparkJob", JOB, OURS, guid="j"), entity("Process", PROCESS, OURS, guid="p")
    there = lineage(process, job, column("b"), column("a"), column("old"))
    before = lineage(None, None, column("old"))
    assert after_failure(there, monkeypatch, before) == {
        "job_guid": "j",
        "column_guids": ["a", "b"],
        "own_mark": OURS,
    }
    left_to_others = JobLineage([], None, [], [column("a")])
    assert after_failure(there, monkeypatch, left_to_others)["column_guids"] == ["b", "old"]


def test_a_failed_run_that_created_nothing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    process = entity("Process", PROCESS, None, guid="p")
    theirs = entity("SparkJob", JOB, THEIRS, guid="j")
    assert after_failure(lineage(), monkeypatch) == {}
    assert after_failure(lineage(process, theirs), monkeypatch, lineage(process, theirs)) == {}
    job = entity("SparkJob", JOB, OURS, guid="new")
    assert after_failure(lineage(process, job), monkeypatch, lineage(process)) == {}, "may be unwritten"
    marked = entity("Process", PROCESS, THEIRS, guid="p")
    assert after_failure(lineage(marked, job), monkeypatch, lineage(marked))["job_guid"] == "new"


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


def awaited(seconds: float | None, shown: JobLineage, monkeypatch: pytest.MonkeyPatch) -> _job_run._Awaited:
    monkeypatch.setattr(_job_run._Awaited, "read", lambda self, client: shown)
    declared = {**DECLARED, "inputs": [ds(0)], "outputs": [ds(1)], "wait_seconds": seconds}
    return _job_run._Awaited({}, declared, lineage(), ColumnPlan([], [], [], []), "run-1", 5)


@pytest.mark.parametrize(("seconds", "limit"), [(1.0, 1.0), (12.5, 12.5), (None, 180.0)])
def test_a_wait_ends_at_its_limit_and_reports_progress(
    monkeypatch: pytest.MonkeyPatch, seconds: float | None, limit: float
) -> None:
    client: Any = Atlan()
    client.clock = Clock()
    logged: list[str] = []
    with pytest.raises(ResourceError) as raised:
        _job_run._wait(client, awaited(seconds, lineage(), monkeypatch), logged.append)
    assert str(raised.value).startswith(
        "Atlan accepted the events of job 'dag' (run run-1), but has not processed them after "
        f"{limit:g} s (the process does not exist yet): run `pulumi up` again, or raise wait_seconds; "
    )
    # The last pause is shortened to the limit, but never below the first one.
    assert limit <= client.clock.monotonic() <= limit + 0.1
    assert len(logged) == {1.0: 0, 12.5: 1, 180.0: 17}[limit], logged
    assert all(each.startswith("waiting for Atlan to process the run: ") for each in logged)
    assert all(each.endswith(" s so far") for each in logged)


def test_only_a_process_with_another_name_ends_the_wait() -> None:
    other = f"{JOB}/other"
    linked = {"process": [{"typeName": "Process", "uniqueAttributes": {"qualifiedName": other}}]}
    made = Entity.model_validate(
        {"typeName": "SparkJob", "attributes": {"qualifiedName": JOB}, "relationshipAttributes": linked}
    )
    with pytest.raises(ResourceError, match=f"Atlan created Process '{other}' from the events of job 'dag'"):
        _job_run._refuse_another_name(JobLineage([made], None, [], []), DECLARED)
    live = JobLineage([made], entity("Process", PROCESS, None), [], [])
    _job_run._refuse_another_name(live, DECLARED)


def test_a_run_lacks_what_atlan_does_not_show_and_a_job_of_an_earlier_run() -> None:
    declared = {**DECLARED, "inputs": [], "outputs": []}
    process = entity("Process", PROCESS, None)
    earlier = entity("SparkJob", JOB, OURS, sparkRunStartTime=4)
    assert _job_run._lacking(lineage(process), declared, 5) == []
    late = "the job shows an earlier run"
    assert _job_run._lacking(lineage(process, earlier), declared, 5) == [late]
    both = _job_run._lacking(lineage(process, earlier), {**declared, "outputs": [ds(1)]}, 5)
    assert (len(both), both[0].startswith("outputs:"), both[1]) == (2, True, late)


def test_everything_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _job_run._not_processed(awaited(2.0, lineage(), monkeypatch), 2.0, ["inputs: a", "columns: b"])
    assert "but has not processed them after 2 s (inputs: a; columns: b): " in text


def test_without_the_extra_a_job_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "atlan_pulumi.openlineage.run_events", None)
    with pytest.raises(ResourceError) as raised:
        _job_run._run_of("ns", {**DECLARED, "inputs": [], "outputs": []})
    assert str(raised.value) == (
        "an OpenLineageJob requires atlan_pulumi.openlineage.run_events, which is not installed: "
        "pip install 'atlan-pulumi[openlineage]'"
    )


UP, PARTIAL = "run `pulumi up` again, or raise wait_seconds", "unknown datasets require partial_assets"
NAMES, LATER = "check the columns' names: Atlan adds columns", "a run that started later determines"


@pytest.mark.parametrize(
    ("lacking", "advice"),
    [
        (["the process does not exist yet"], [UP, LATER]),
        (["inputs: a"], [UP, PARTIAL, LATER]),
        (["x", "outputs: a"], [UP, PARTIAL, LATER]),
        (["columns: a"], [UP, NAMES, LATER]),
        (["outputs: a", "columns: a"], [UP, PARTIAL, NAMES, LATER]),
    ],
)
def test_the_advice_fits_what_is_missing(lacking: list[str], advice: list[str]) -> None:
    given = list(_job_run._advice(lacking))
    assert [text.startswith(start) for text, start in zip(given, advice, strict=True)] == [True] * len(given)
