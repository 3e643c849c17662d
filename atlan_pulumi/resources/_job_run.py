"""A run of a declared job: its events are sent, and Atlan is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from atlan_pulumi.errors import RequestError, ResourceError
from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    Props,
    Tell,
    connector_of,
    mark_of,
    merged,
    same,
)
from atlan_pulumi.resources._job_lineage import JobLineage, difference, job_name_of, read_lineage

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.openlineage._events import JobRun

_WAIT_SECONDS = 180.0
_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 5.0)
"""Seconds between looks; the last one again and again."""
_TOLD_EVERY = 10.0
_PRODUCER = "pulumi:atlan-pulumi"
_SERVER_ERRORS = 500


def send_run(client: AtlanClient, declared: Props, found: JobLineage, tell: Tell) -> Props:
    """Send the events of a run, and wait until Atlan shows what they tell; answers the outputs.

    Args:
        client: The tenant.
        declared: The inputs of the job.
        found: What is there of it before.
        tell: Hears how long it takes.

    Raises:
        ResourceError: There is no such connection, or Atlan has not worked the run in in time.
        RequestError: Atlan refused, or could not be reached.
    """
    connection = client.entities.get_by_qualified_name("Connection", declared["connection"])
    if connection is None or connection.status != "ACTIVE":
        raise ResourceError(f"there is no connection {declared['connection']!r} that could take events")
    events = _run_of(connection.name, declared).events()
    job_guid = mark_job(client, declared, found.job)
    _send(client, declared, events, job_guid if found.job is None else None)
    there = _wait(client, declared, found, events[0], tell)
    stale = _stale(there, declared)
    client.entities.delete(stale)
    process = mark_process(client, declared, there)
    made = {
        "guid": process.guid,
        "job_guid": job_guid or (there.job.guid if there.job else None),
        "column_guids": sorted(str(each.guid) for each in there.columns if each.guid not in stale) or None,
        "run_id": events[0]["run"]["runId"],
    }
    return merged(declared, {**made, "own_mark": declared.get("managed_by")})


def _send(client: AtlanClient, declared: Props, events: list[Props], new_job: str | None) -> None:
    """Send the events; where Atlan takes none of them, a SparkJob that was made for them goes again."""
    connector, (first, *others) = connector_of(declared["connection"]), events
    try:
        client.events.emit(connector, first)
    except RequestError as error:
        status = getattr(error, "status", None)  # none where it is not known whether it was taken
        if new_job and status is not None and status < _SERVER_ERRORS:
            client.entities.delete([new_job])
        raise
    for event in others:
        client.events.emit(connector, event)


def mark_process(client: AtlanClient, declared: Props, found: JobLineage) -> Entity:
    """Mark the Process that Atlan made, and bring it back where it was archived."""
    process = found.process
    assert process is not None  # noqa: S101 - it was waited for
    if mark_of(process) != declared.get("managed_by") or process.status != "ACTIVE":
        attributes: dict[str, Any] = {"qualifiedName": process.qualified_name, "name": process.name}
        attributes[OWNERSHIP_ATTRIBUTE] = declared.get("managed_by")
        client.entities.upsert([_entity("Process", attributes, process)])
    return process


def mark_job(client: AtlanClient, declared: Props, job: Entity | None) -> str | None:
    """Make the SparkJob, or mark it, before the first event: a run that is cut off now leaves a trace.

    Returns:
        Its GUID, as far as it is known.
    """
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
    result = client.entities.upsert([_entity("SparkJob", attributes, job)], fresh_connection=True)
    return result.guid_of("SparkJob", name) or (job.guid if job else None)


def _entity(type_name: str, attributes: dict[str, Any], current: Entity | None) -> Entity:
    from atlan_pulumi.client import Entity  # noqa: PLC0415 - programs that only declare need no HTTP client

    entity = Entity(type_name=type_name, attributes=attributes)
    archived = current is not None and current.status != "ACTIVE"
    return entity.model_copy(update={"status": "ACTIVE"}) if archived else entity


def _run_of(namespace: str, declared: Props) -> JobRun:
    try:
        from atlan_pulumi.openlineage._events import JobRun  # noqa: PLC0415 - from an extra
    except ImportError as error:
        what = f"an OpenLineageJob needs {error.name}, which is not installed"
        raise ResourceError(f"{what}: pip install 'atlan-pulumi[openlineage]'") from None
    return JobRun(
        namespace=namespace,
        name=declared["job_name"],
        producer=declared.get("producer") or declared.get("managed_by") or _PRODUCER,
        inputs=declared["inputs"],
        outputs=declared["outputs"],
        columns=declared.get("columns") or {},
        job_facets=declared.get("job_facets") or {},
        run_facets=declared.get("run_facets") or {},
        terminal_state=declared.get("terminal_state") or "COMPLETE",
    )


def _wait(client: AtlanClient, declared: Props, before: JobLineage, start: Props, tell: Tell) -> JobLineage:
    began, told = client.clock.monotonic(), 0.0
    most = declared.get("wait_seconds") or _WAIT_SECONDS
    known = [str(each.guid) for each in before.columns]
    started = _milliseconds(start["eventTime"])
    for pause in _pauses():
        found = read_lineage(client, declared["qualified_name"], known, before=before)
        lacking = _lacking(found, declared, started)
        if not lacking:
            return found
        waited = client.clock.monotonic() - began
        if waited >= most:
            raise ResourceError(_not_worked_in(declared, start["run"]["runId"], most, lacking))
        if waited - told >= _TOLD_EVERY:
            told = waited
            tell(f"waiting for Atlan to work the run in: {waited:.0f} s so far")
        client.clock.sleep(min(pause, max(most - waited, _PAUSES[0])))
    raise AssertionError("the pauses never end")


def _milliseconds(event_time: str) -> int:
    return int(datetime.fromisoformat(event_time).timestamp() * 1000)


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]


def _lacking(found: JobLineage, declared: Props, started: int) -> list[str]:
    """What is not there yet of what was declared; column processes of earlier runs do not matter."""
    if found.process is None:
        return ["there is no process yet"]
    shown = found.shown(declared)
    if "columns" in shown:
        mapped = shown["columns"].items()
        shown["columns"] = {target: sources for target, sources in mapped if target in declared["columns"]}
    unlike = [name for name in shown if not same(shown[name], declared[name])]
    return [difference(name, shown[name], declared[name]) for name in unlike] + _of_another_run(
        found, started
    )


def _of_another_run(found: JobLineage, started: int) -> list[str]:
    """Where Atlan tells when the job's last run started: whether that is ours."""
    last = found.job.attributes.get("sparkRunStartTime") if found.job else None
    if not isinstance(last, int) or not last or last == started:
        return []
    return [] if last > started else ["the job shows an earlier run"]


def _stale(found: JobLineage, declared: Props) -> list[str]:
    """The column processes of earlier runs that lead to columns which are not declared any more."""
    wanted = (declared.get("columns") or {}).keys()
    targets = {
        str(each.guid): JobLineage(found.job, found.process, [each], []).mapping(declared).keys()
        for each in found.columns
    }
    return [guid for guid, columns in targets.items() if not columns & wanted]


def _not_worked_in(declared: Props, run_id: str, seconds: float, lacking: list[str]) -> str:
    taken = f"Atlan took the events of job {declared['job_name']!r} (run {run_id})"
    return (
        f"{taken}, but has not worked them in after {seconds:g} s ({'; '.join(lacking)}): run `pulumi up` "
        "again, or raise wait_seconds; unknown datasets need partial_assets on the connection, and a run "
        "that started later decides the job's lineage"
    )
