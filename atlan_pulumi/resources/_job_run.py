"""A run of a declared job: send its events, and wait for Atlan."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.errors import RequestError, ResourceError
from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    DeclaredResources,
    Log,
    Props,
    mark_of,
    merged,
    same,
    stack_of,
)
from atlan_pulumi.naming import connector_of
from atlan_pulumi.openlineage import GENERIC, Destination
from atlan_pulumi.resources._job_columns import (
    ColumnPlan,
    WrittenColumns,
    column_notes,
    ownership_conflicts,
    plan_columns,
)
from atlan_pulumi.resources.job_lineage import JobLineage, difference, job_name_of, job_type_of, read_lineage

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.openlineage.run_events import JobRun

_WAIT_SECONDS = 180.0
_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 5.0)
"""Seconds between polls. The last one repeats."""
_LOG_EVERY = 10.0
_PRODUCER = "pulumi:atlan-pulumi"
_SERVER_ERRORS = 500
_BATCH = 50
#: The attribute with the start of a job's last run, by type.
_STARTED = {"SparkJob": "sparkRunStartTime", "FlowControlOperation": "flowStartedAt"}


class PendingRun(NamedTuple):
    """A run that is about to be sent.

    Attributes:
        client: The tenant.
        destination: The connection for its events.
        olds: The last state; empty if the job is new.
        declared: The inputs of the job.
        found: The job's entities before the run.
        program: The entities that the program declares.
    """

    client: AtlanClient
    destination: Destination
    olds: Props
    declared: Props
    found: JobLineage
    program: DeclaredResources


def send_run(run: PendingRun, *, log: Log, name: Log) -> tuple[Props, list[str]]:
    """Send the events of a run, and wait until Atlan shows what they contain.

    Args:
        run: The run.
        log: Called with the progress of the wait.
        name: Called with each takeover and removal, before it happens.

    Returns:
        The outputs, and the GUIDs of all written entities.

    Raises:
        ResourceError: The connection does not exist, a column process of another stack is in the way, or
            Atlan has not processed the run in time.
        RequestError: Atlan refused, or could not be reached.
    """
    client, destination, olds, declared, found, program = run
    connection = destination.connection
    if connection is None:
        raise ResourceError(f"Connection {declared['connection']!r} does not exist")
    plan = plan_columns(client, found, olds, declared, program)
    for objection in ownership_conflicts(plan, declared):
        raise ResourceError(objection)
    for note in column_notes(plan, olds, declared):
        name(note)
    # Atlan would replace column processes with the job's mark by those of the run.
    _upsert(client, [_marked(each, mark) for each, mark in plan.handed])
    events = _run_of(connection.name, declared).events()
    job = found.of_type(job_type_of(declared["qualified_name"]))
    job_guid = mark_job(client, declared, job)
    _send(client, declared, events, job_guid if job is None else None)
    run_id, started = events[0]["run"]["runId"], _milliseconds(events[0]["eventTime"])
    there = _wait(client, _Awaited(olds, declared, found, plan, run_id, started), log)
    gone = _remove(client, plan, there)
    written = WrittenColumns(declared)
    columns = [each for each in there.columns if each.guid not in gone and written.has(each, ours=True)]
    before = {job_guid, *(each.guid for each in found.jobs)}
    jobs = [each for each in there.jobs if each.guid not in before]
    process = mark_process(client, declared, there, [*jobs, *columns])
    made = {
        "guid": process.guid,
        "job_guid": job_guid or (there.job.guid if there.job else None),
        "column_guids": sorted(str(each.guid) for each in columns) or None,
        "left_guids": _left(olds, plan, there, {*gone, *(each.guid for each in columns)}) or None,
        "run_id": run_id,
    }
    guids = [process.guid, made["job_guid"], *(each.guid for each in columns)]
    outputs = merged(declared, {**made, "own_mark": declared.get("managed_by")})
    return outputs, [str(guid) for guid in guids if guid]


def _left(olds: Props, plan: ColumnPlan, there: JobLineage, handled: Collection[str | None]) -> list[str]:
    """Return the GUIDs of the column processes that are not the resource's: no later run may remove them.

    Args:
        olds: The last state; empty if the job is new.
        plan: What the run did to existing column processes.
        there: The job's entities after the run.
        handled: The GUIDs of the column processes that the run wrote or removed.
    """
    theirs = {*(olds.get("left_guids") or ()), *(str(each.guid) for each in plan.others)}
    left = {str(each.guid) for each in there.columns if each.guid not in handled}
    return sorted(left | ({str(each.guid) for each in there.others} & theirs))


def left_by_run(client: AtlanClient, declared: Props, before: JobLineage) -> Props:
    """Return what the state must contain after a failed run; empty if the run created nothing.

    A Process of others without a mark stays out of the state: it may not have been written to.

    Args:
        client: The tenant.
        declared: The inputs of the job, which is new.
        before: The job's entities before the run.
    """
    mark, now = declared.get("managed_by"), read_lineage(client, declared["qualified_name"], declared)
    there = {each.guid for each in [*before.every, *before.columns, *before.others]}
    own = [each for each in now.live if each.guid not in there or (mark and mark_of(each) == mark)]
    theirs = now.process if now.has_process and now.process not in own else None
    if not own or (theirs is not None and stack_of(mark_of(theirs)) is None):
        return {}
    jobs = [each.guid for each in own if each.type_name != "Process"]
    columns = sorted(str(each.guid) for each in now.columns if each.guid not in there)
    return {"job_guid": next(iter(jobs), None), "column_guids": columns, "own_mark": mark}


def _remove(client: AtlanClient, plan: ColumnPlan, there: JobLineage) -> set[str | None]:
    """Remove what was named, unless another resource has taken it over since."""
    marks = {each.guid: mark_of(each) for each in (*there.columns, *there.others)}
    gone = {each.guid for each in plan.removed if marks.get(each.guid, "") == mark_of(each)}
    client.entities.delete([str(guid) for guid in gone])
    return gone


def _send(client: AtlanClient, declared: Props, events: list[Props], new_job: str | None) -> None:
    """Send the events. If Atlan rejects the first one, remove a job entity that was created for them."""
    connector, (first, *others) = connector_of(declared["connection"]), events
    try:
        client.events.emit(connector, first)
    except RequestError as error:
        status = getattr(error, "status", None)  # None if it is unknown whether Atlan accepted the event
        if new_job and status is not None and status < _SERVER_ERRORS:
            client.entities.delete([new_job])
        raise
    for event in others:
        client.events.emit(connector, event)


def mark_process(client: AtlanClient, declared: Props, found: JobLineage, others: Sequence[Entity]) -> Entity:
    """Mark the Process and the other entities that Atlan created; restore archived ones."""
    process = found.process
    assert process is not None  # noqa: S101 - the run has waited for it
    mark = declared.get("managed_by")
    # The Process comes last: until it has a mark, its column processes count as an interrupted run's.
    unmarked = [each for each in (*others, process) if mark_of(each) != mark or each.status != "ACTIVE"]
    _upsert(client, [_marked(each, mark) for each in unmarked])
    return process


def _upsert(client: AtlanClient, entities: Sequence[Entity]) -> None:
    for start in range(0, len(entities), _BATCH):
        client.entities.upsert(list(entities[start : start + _BATCH]))


def _marked(entity: Entity, mark: str | None) -> Entity:
    named = {"qualifiedName": entity.qualified_name, "name": entity.name}
    return _entity(entity.type_name, {**named, OWNERSHIP_ATTRIBUTE: mark}, entity)


def mark_job(client: AtlanClient, declared: Props, job: Entity | None) -> str | None:
    """Create or mark the job's entity before the first event, so that an interrupted run leaves a trace.

    Returns:
        Its GUID, as far as it is known.
    """
    type_name = job.type_name if job else job_type_of(declared["qualified_name"])
    marked = job is not None and job.status == "ACTIVE" and mark_of(job) == declared.get("managed_by")
    if declared.get("managed_by") is None or marked:
        return job.guid if job else None
    name = job_name_of(declared["qualified_name"])
    attributes = {
        "qualifiedName": name,
        "name": declared["job_name"],
        "connectorName": connector_of(declared["connection"]),
        "connectionQualifiedName": declared["connection"],
        OWNERSHIP_ATTRIBUTE: declared["managed_by"],
    }
    result = client.entities.upsert([_entity(type_name, attributes, job)], fresh_connection=True)
    return result.guid_of(type_name, name) or (job.guid if job else None)


def _entity(type_name: str, attributes: dict[str, Any], current: Entity | None) -> Entity:
    from atlan_pulumi.client import Entity  # noqa: PLC0415 - programs that only declare need no HTTP client

    entity = Entity(type_name=type_name, attributes=attributes)
    archived = current is not None and current.status != "ACTIVE"
    return entity.model_copy(update={"status": "ACTIVE"}) if archived else entity


def _run_of(namespace: str, declared: Props) -> JobRun:
    try:
        from atlan_pulumi.openlineage.run_events import JobRun  # noqa: PLC0415 - from an extra
    except ImportError as error:
        what = f"an OpenLineageJob requires {error.name}, which is not installed"
        raise ResourceError(f"{what}: pip install 'atlan-pulumi[openlineage]'") from None
    return JobRun(
        namespace=namespace,
        name=declared["job_name"],
        producer=declared.get("producer") or declared.get("managed_by") or _PRODUCER,
        inputs=declared["inputs"],
        outputs=declared["outputs"],
        columns=declared.get("columns") or {},
        transformations=declared.get("transformations") or {},
        indirect=declared.get("indirect") or {},
        job_facets=declared.get("job_facets") or {},
        run_facets=declared.get("run_facets") or {},
        terminal_state=declared.get("terminal_state") or "COMPLETE",
        direct=connector_of(declared["connection"]) == GENERIC,
    )


class _Awaited(NamedTuple):
    """The expected result of a run.

    Attributes:
        olds: The last state.
        declared: The inputs as declared.
        before: The job's entities before the run.
        plan: What the run does to existing column processes.
        run_id: The runId of the run.
        started: The start of the run, in milliseconds since the epoch.
    """

    olds: Props
    declared: Props
    before: JobLineage
    plan: ColumnPlan
    run_id: str
    started: int

    def read(self, client: AtlanClient) -> JobLineage:
        """Return the job's entities."""
        theirs = [str(each.guid) for each in self.plan.others]
        ours = [guid for each in self.before.columns if (guid := str(each.guid)) not in theirs]
        known = {"column_guids": ours, "left_guids": theirs}
        makers, taken = (self.olds, self.declared, known), self.plan.taken
        return read_lineage(client, self.declared["qualified_name"], *makers, before=self.before, taken=taken)


def _wait(client: AtlanClient, awaited: _Awaited, log: Log) -> JobLineage:
    began, logged = client.clock.monotonic(), 0.0
    most = awaited.declared.get("wait_seconds") or _WAIT_SECONDS
    for pause in _pauses():
        found = awaited.read(client)
        lacking = _lacking(found, awaited.declared, awaited.started)
        if not lacking:
            return found
        _refuse_another_name(found, awaited.declared)
        waited = client.clock.monotonic() - began
        if waited >= most:
            raise ResourceError(_not_processed(awaited, most, lacking))
        if waited - logged >= _LOG_EVERY:
            logged = waited
            log(f"waiting for Atlan to process the run: {waited:.0f} s so far")
        client.clock.sleep(min(pause, max(most - waited, _PAUSES[0])))
    raise AssertionError("the pauses never end")


def _refuse_another_name(found: JobLineage, declared: Props) -> None:
    """Refuse to wait if Atlan has named the Process differently than expected."""
    others = [name for name in found.processes_of_job() if name != declared["qualified_name"]]
    if others and not found.has_process:
        made = f"Atlan created Process {others[0]!r} from the events of job {declared['job_name']!r}"
        expected = f"not {declared['qualified_name']!r}"
        raise ResourceError(f"{made}, {expected}: remove the job, and declare a Process instead")


def _milliseconds(event_time: str) -> int:
    return int(datetime.fromisoformat(event_time).timestamp() * 1000)


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


def _lacking(found: JobLineage, declared: Props, started: int) -> list[str]:
    """Return what is still missing in Atlan. Column processes of earlier runs do not count."""
    if found.process is None:
        return ["the process does not exist yet"]
    shown = found.shown(declared)
    if "columns" in shown:
        mapped = shown["columns"].items()
        shown["columns"] = {target: sources for target, sources in mapped if target in declared["columns"]}
    unlike = [name for name in shown if not same(shown[name], declared[name])]
    return [difference(name, shown[name], declared[name]) for name in unlike] + _of_another_run(
        found, started
    )


def _of_another_run(found: JobLineage, started: int) -> list[str]:
    """Return a text if the job shows the start of an earlier run; empty if it shows none."""
    last = found.job.attributes.get(_STARTED.get(found.job.type_name, "")) if found.job else None
    if not isinstance(last, int) or not last or last == started:
        return []
    return [] if last > started else ["the job shows an earlier run"]


def _not_processed(awaited: _Awaited, seconds: float, lacking: list[str]) -> str:
    taken = f"Atlan accepted the events of job {awaited.declared['job_name']!r} (run {awaited.run_id})"
    what = f"{taken}, but has not processed them after {seconds:g} s ({'; '.join(lacking)})"
    return f"{what}: {'; '.join(_advice(lacking))}"


def _advice(lacking: list[str]) -> Iterator[str]:
    """Yield what to do, according to what is missing."""
    yield "run `pulumi up` again, or raise wait_seconds"
    if any(each.startswith(("inputs:", "outputs:")) for each in lacking):
        yield "unknown datasets require partial_assets on the connection"
    if any(each.startswith("columns:") for each in lacking):
        yield "check the columns' names: Atlan adds columns to partial assets only"
    yield "a run that started later determines the job's lineage"
