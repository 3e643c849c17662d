"""Working an event in: the job is written again from its latest run that is finished."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.openlineage._kinds import Kind, kind_of
from atlan_pulumi.local.openlineage._lineage import JobOf, write_job, write_lineage
from atlan_pulumi.local.openlineage._run import Run, fold, moment
from atlan_pulumi.local.store import Entity, Store

_NAMED = "type_name = 'Connection' AND status = 'ACTIVE' AND name = ?"


def work_in(session: Session, connector: str, body: Any) -> str:
    """Let a body of one or several events show in the catalog.

    Args:
        session: the write in progress.
        connector: whose path it came by, such as `spark`.
        body: what was sent.

    Returns:
        What came of it, in a line: Atlan itself says nothing of what it drops.
    """
    events = body if isinstance(body, list) else [body]
    return "; ".join(dict.fromkeys(_one(session, connector, event) for event in events)) or "no event in it"


def _one(session: Session, connector: str, event: Any) -> str:
    job, run = _part(event, "job"), _part(event, "run")
    if not job.get("name") or not run.get("runId"):
        return "dropped: not a run event, which names a job and a run"
    namespace, name = str(job.get("namespace") or ""), str(job["name"])
    found = _connection(session.store, connector, namespace)
    if found is None:
        return f"dropped: no {connector} connection of the name {namespace!r} takes events"
    connection, credential = found
    told = (connection.guid, name, str(run["runId"]))
    session.store.runs.add(told, json.dumps(event, sort_keys=True), moment(event.get("eventTime")))
    runs = _runs(session.store, connection, name)
    kind = kind_of(connector, name, next((each.parent for each in runs if each.parent), None))
    if kind is None:
        return f"dropped: it is not known what Atlan makes of the events of the connector {connector!r}"
    job_of = JobOf(session, connection, kind, partial=_partial(credential))
    if session.find("Process", job_of.process_name) is None:
        session.store.runs.forget_others(told)  # lineage that was removed does not come back by itself
        runs = _runs(session.store, connection, name)
    return _show(job_of, kind, runs)


def _runs(store: Store, connection: Entity, name: str) -> list[Run]:
    """The runs of a job, the latest first."""
    return [fold(map(json.loads, events)) for events in store.runs.latest_first(connection.guid, name)]


def _show(job: JobOf, kind: Kind, runs: list[Run]) -> str:
    job_entity = write_job(job, runs[0])
    if kind.link is None:
        return f"kept: an {kind.type_name} has no lineage of its own; its tasks have"
    finished = next((run for run in runs if run.finished and run.has_both_sides), None)
    if finished is None:
        open_ = "a START and an end" if not runs[0].finished else "inputs and outputs"
        return f"kept: no lineage until the run has {open_}"
    return write_lineage(job, finished, job_entity)


def _part(event: Any, name: str) -> Mapping[str, Any]:
    part = event.get(name) if isinstance(event, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _connection(store: Store, connector: str, name: str) -> tuple[Entity, Mapping[str, Any]] | None:
    """The connection of that name and connector which takes events, with its credential."""
    for one in store.entities.where(_NAMED, (name,), "ORDER BY create_time"):
        credential = store.credentials.get(str(one.attributes.get("defaultCredentialGuid") or ""))
        if credential is not None and credential.get("connector") == connector:
            return one, credential
    return None


def _partial(credential: Mapping[str, Any]) -> bool:
    return bool((credential.get("extra") or {}).get("events.enable-partial-assets", False))
