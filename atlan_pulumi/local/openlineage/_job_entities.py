"""Write the entities of a job from its latest run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.graph import BulkFlags, Payload, Session, delete_entities, upsert_entities
from atlan_pulumi.local.openlineage._assets import Assets, is_relational_namespace
from atlan_pulumi.local.openlineage._kinds import JobKind, job_kind
from atlan_pulumi.local.openlineage._run import Dataset, Identity, MergedRun, event_time, merge_events
from atlan_pulumi.local.store import Store, StoredEntity
from atlan_pulumi.naming.relationships import find_end

_CREATED_FROM_EVENTS = "madeFromEvents"  # in the extras of a column process: the next run may delete it
_WORKFLOW = "lastSyncWorkflowName"  # the workflow that wrote an asset last
_Links = dict[str, Any]
_CONNECTIONS_BY_NAME = "type_name = 'Connection' AND status = 'ACTIVE' AND name = ?"


@dataclass(frozen=True)
class JobWriter:
    """Writes the entities of a job in a connection."""

    session: Session
    connection: StoredEntity
    kind: JobKind
    partial: bool

    @property
    def qualified_name(self) -> str:
        """The qualifiedName of the job's entity."""
        return f"{self.connection.qualified_name}/{self.kind.path}"

    @property
    def process_name(self) -> str:
        """The qualifiedName of the Process of the job."""
        return f"{self.qualified_name}/process"

    def put(self, type_name: str, name: str, attributes: dict[str, Any], links: _Links) -> StoredEntity:
        """Create, update, or restore an entity."""
        own = {
            "qualifiedName": name,
            "connectorName": self.connection.attributes.get("connectorName"),
            "connectionQualifiedName": self.connection.qualified_name,
        }
        payload = Payload(type_name, "-1", "ACTIVE", {**attributes, **own}, links)
        guid = upsert_entities(self.session, [payload], BulkFlags())["-1"]
        found = self.session.get(guid)
        assert found is not None  # noqa: S101 - it was just written
        return found


def write_job(job: JobWriter, run: MergedRun) -> StoredEntity:
    """Create or update the entity of the job from its latest run, and create its parent."""
    kind, links, parent_attributes = job.kind, {}, {}
    if kind.parent is not None:
        type_name, path, attribute = kind.parent
        name = f"{job.connection.qualified_name}/{path}"
        links = {attribute: _reference(_write_parent(job, type_name, name, path))}
    if kind.type_name == "AirflowTask":
        parent_attributes = {
            "airflowDagName": kind.parent and kind.parent[1],
            "airflowDagQualifiedName": name,
        }
    attributes = {"name": kind.name, **parent_attributes, **kind.run_attributes(run)}
    return job.put(kind.type_name, job.qualified_name, attributes, links)


def _write_parent(job: JobWriter, type_name: str, name: str, path: str) -> StoredEntity:
    """Return the parent of the job, and create it if its own events are still missing."""
    found = job.session.find(type_name, name)
    if found is not None and found.status == "ACTIVE":
        return found
    return job.put(type_name, name, {"name": path}, {})


def write_lineage(job: JobWriter, run: MergedRun, job_entity: StoredEntity) -> str:
    """Create or update the Process and the column processes of a job, and return the outcome as one line."""
    assets = Assets(job.session, job.connection, partial=job.partial)
    found = {side: _resolve_assets(assets, getattr(run, side)) for side in ("inputs", "outputs")}
    if not found["inputs"] or not found["outputs"]:
        return "dropped: the inputs or outputs are unknown, and the connection does not allow partial assets"
    links = {side: [_reference(one) for one in found[side].values()] for side in found}
    kind = job.kind
    if kind.has_inputs_and_outputs:
        job.put(kind.type_name, job.qualified_name, {"name": kind.name}, links)
    sql = run.job_facets.get("sql", {}).get("query")
    reference = _reference(job_entity)
    job_link = {str(kind.link): [reference] if kind.links_many else reference}
    process = job.put("Process", job.process_name, {"name": kind.name, "sql": sql}, {**links, **job_link})
    mappings, dropped = _resolve_mappings(assets, run, found, strict=not kind.has_inputs_and_outputs)
    kept = {_write_column(job, process, *each).guid for each in mappings}
    _delete_stale_columns(job.session, process, kept)
    suffix = f"; dropped {dropped} unknown fields" if dropped else ""
    return f"processed: {len(kept)} column processes{suffix}"


def _resolve_assets(assets: Assets, datasets: Mapping[Identity, Dataset]) -> dict[Identity, StoredEntity]:
    found = {identity: assets.find_or_create(dataset) for identity, dataset in datasets.items()}
    return {identity: asset for identity, asset in found.items() if asset is not None}


def _resolve_mappings(
    assets: Assets, run: MergedRun, found: Mapping[str, Mapping[Identity, StoredEntity]], *, strict: bool
) -> tuple[list[tuple[str, StoredEntity, list[StoredEntity]]], int]:
    """Return the id, target column, and source columns of each mapping, and the number of unknown fields.

    Generic OpenLineage is strict: only direct transformations between columns of relational systems count.
    """
    fields = [
        (identity, column, [each for each in sources if not strict or _counts_as_lineage(each)])
        for identity, dataset in run.outputs.items()
        if identity in found["outputs"]
        for column, sources in _mapped_fields(dataset)
    ]
    occurrences = Counter(column for _, column, _ in fields)
    mappings, dropped = [], 0
    for identity, column, sources in fields:
        target = assets.find_or_create_column(found["outputs"][identity], column)
        known = [_source_column(assets, found["inputs"], each) for each in sources]
        unique = list({one.guid: one for one in known if one is not None}.values())
        dropped += len(known) - sum(one is not None for one in known) + (target is None)
        if target is not None and unique:
            mappings.append(
                (column if occurrences[column] == 1 else f"{identity[1]}.{column}", target, unique)
            )
    return mappings, dropped


def _mapped_fields(dataset: Dataset) -> Iterator[tuple[str, list[Any]]]:
    fields = dataset.facets.get("columnLineage", {}).get("fields")
    for column, mapping in (fields if isinstance(fields, Mapping) else {}).items():
        sources = mapping.get("inputFields") if isinstance(mapping, Mapping) else None
        yield str(column), sources if isinstance(sources, list) else []


def _counts_as_lineage(field: Any) -> bool:
    """Check whether generic OpenLineage creates column lineage from an input field."""
    if not isinstance(field, Mapping) or not is_relational_namespace(str(field.get("namespace") or "")):
        return False
    steps = field.get("transformations")
    kinds = (
        [each.get("type") for each in steps if isinstance(each, Mapping)] if isinstance(steps, list) else []
    )
    return not kinds or "DIRECT" in kinds


def _source_column(
    assets: Assets, inputs: Mapping[Identity, StoredEntity], field: Any
) -> StoredEntity | None:
    if not isinstance(field, Mapping):
        return None
    asset = inputs.get((str(field.get("namespace") or ""), str(field.get("name") or "")))
    return assets.find_or_create_column(asset, str(field.get("field") or "")) if asset else None


def _write_column(
    job: JobWriter, process: StoredEntity, id_: str, target: StoredEntity, sources: Iterable[StoredEntity]
) -> StoredEntity:
    links: _Links = {
        "inputs": [_reference(one) for one in sources],
        "outputs": [_reference(target)],
        "process": _reference(process),
    }
    name = f"{process.qualified_name}/column/{id_}"
    created = job.put("ColumnProcess", name, {"name": target.name}, links)
    if not created.extras.get(_CREATED_FROM_EVENTS):
        created.extras[_CREATED_FROM_EVENTS] = True
        job.session.change(created)
        job.session.flush()
    return created


def _delete_stale_columns(session: Session, process: StoredEntity, keep: set[str]) -> None:
    """Delete the column lineage of earlier runs, except for column processes that other writers own."""
    end = find_end("Process", "columnProcesses")
    edges = session.store.edges.at(process.guid, end.relationship.name, first=True) if end else []
    stale = [session.get(edge.end2) for edge in edges if edge.end2 not in keep]
    own_workflows = (None, process.attributes.get(_WORKFLOW))
    created = [one for one in stale if one is not None and one.extras.get(_CREATED_FROM_EVENTS)]
    delete_entities(
        session, [one.guid for one in created if one.attributes.get(_WORKFLOW) in own_workflows], "PURGE"
    )


def _reference(entity: StoredEntity) -> dict[str, Any]:
    return {"typeName": entity.type_name, "guid": entity.guid}


def process_event(session: Session, connector: str, body: Any) -> str:
    """Apply a request body with one or more events to the catalog.

    Args:
        session: the write.
        connector: the connector in the path of the request, such as `spark`.
        body: the body of the request.

    Returns:
        The outcome as one line. Atlan itself does not report dropped events.
    """
    events = body if isinstance(body, list) else [body]
    return (
        "; ".join(dict.fromkeys(_process_one(session, connector, event) for event in events))
        or "dropped: no event in the body"
    )


def _process_one(session: Session, connector: str, event: Any) -> str:
    job, run = _object_at(event, "job"), _object_at(event, "run")
    if not job.get("name") or not run.get("runId"):
        return "dropped: not a run event; a run event has a job and a run"
    namespace, name = str(job.get("namespace") or ""), str(job["name"])
    found = _find_connection(session.store, connector, namespace)
    if found is None:
        return f"dropped: no {connector} connection with the name {namespace!r} receives events"
    connection, credential = found
    run_key = (connection.guid, name, str(run["runId"]))
    session.store.runs.add(run_key, json.dumps(event, sort_keys=True), event_time(event.get("eventTime")))
    runs = _load_runs(session.store, connection, name)
    kind = job_kind(connector, name, next((each.parent for each in runs if each.parent), None))
    if kind is None:
        return f"dropped: no public source says what Atlan creates from events of the connector {connector!r}"
    writer = JobWriter(session, connection, kind, partial=_allows_partial_assets(credential))
    if session.find("Process", writer.process_name) is None:
        session.store.runs.delete_other_runs(run_key)  # earlier runs must not restore deleted lineage
        runs = _load_runs(session.store, connection, name)
    return _write_run(writer, kind, runs, str(run["runId"]))


def _load_runs(store: Store, connection: StoredEntity, name: str) -> list[MergedRun]:
    """Return the runs of a job, latest first."""
    return [
        merge_events(map(json.loads, events)) for events in store.runs.latest_first(connection.guid, name)
    ]


def _write_run(job: JobWriter, kind: JobKind, runs: list[MergedRun], run_id: str) -> str:
    """Write the job, and the lineage of its latest finished run if the event completes that run."""
    job_entity = write_job(job, runs[0])
    if kind.link is None:
        return f"stored: lineage belongs to the tasks of an {kind.type_name}"
    finished = next((run for run in runs if run.finished and run.has_both_sides), None)
    if finished is None:
        missing = "a START and an end event" if not runs[0].finished else "inputs and outputs"
        return f"stored: no lineage until the run has {missing}"
    if finished.id != run_id:  # its lineage is written already, and others may have changed it since
        return "stored: the lineage is that of another run"
    return write_lineage(job, finished, job_entity)


def _object_at(event: Any, name: str) -> Mapping[str, Any]:
    part = event.get(name) if isinstance(event, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _find_connection(
    store: Store, connector: str, name: str
) -> tuple[StoredEntity, Mapping[str, Any]] | None:
    """Return the connection with this name and connector that receives events, and its credential."""
    for one in store.entities.where(_CONNECTIONS_BY_NAME, (name,), "ORDER BY create_time"):
        credential = store.credentials.get(str(one.attributes.get("defaultCredentialGuid") or ""))
        if credential is not None and credential.get("connector") == connector:
            return one, credential
    return None


def _allows_partial_assets(credential: Mapping[str, Any]) -> bool:
    return bool((credential.get("extra") or {}).get("events.enable-partial-assets", False))
