"""A job's entities, written from its latest run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local._schema import find_end
from atlan_pulumi.local.graph import BulkFlags, Payload, Session, delete, upsert
from atlan_pulumi.local.openlineage._assets import Assets, is_relational
from atlan_pulumi.local.openlineage._kinds import Kind, kind_of
from atlan_pulumi.local.openlineage._run import Dataset, Identity, Run, fold, moment
from atlan_pulumi.local.store import Entity, Store

_MADE = "madeFromEvents"  # among the extras of a column process: the next run may remove it
_WORKFLOW = "lastSyncWorkflowName"  # which workflow wrote an asset last
_Links = dict[str, Any]
_NAMED = "type_name = 'Connection' AND status = 'ACTIVE' AND name = ?"


@dataclass(frozen=True)
class JobOf:
    """A job of a connection, in a write."""

    session: Session
    connection: Entity
    kind: Kind
    partial: bool

    @property
    def qualified_name(self) -> str:
        """The qualifiedName of the job's entity."""
        return f"{self.connection.qualified_name}/{self.kind.path}"

    @property
    def process_name(self) -> str:
        """The qualifiedName of its Process."""
        return f"{self.qualified_name}/process"

    def put(self, type_name: str, name: str, attributes: dict[str, Any], links: _Links) -> Entity:
        """Make or change an entity; it is live then."""
        own = {
            "qualifiedName": name,
            "connectorName": self.connection.attributes.get("connectorName"),
            "connectionQualifiedName": self.connection.qualified_name,
        }
        payload = Payload(type_name, "-1", "ACTIVE", {**attributes, **own}, links)
        guid = upsert(self.session, [payload], BulkFlags())["-1"]
        found = self.session.get(guid)
        assert found is not None  # noqa: S101 - it was just written
        return found


def write_job(job: JobOf, run: Run) -> Entity:
    """Make or change the job's entity after its latest run, and make what is above it."""
    kind, links, above = job.kind, {}, {}
    if kind.parent is not None:
        type_name, path, attribute = kind.parent
        name = f"{job.connection.qualified_name}/{path}"
        links = {attribute: _reference(_above(job, type_name, name, path))}
    if kind.type_name == "AirflowTask":
        above = {"airflowDagName": kind.parent and kind.parent[1], "airflowDagQualifiedName": name}
    facts = {"name": kind.name, **above, **kind.facts(run)}
    return job.put(kind.type_name, job.qualified_name, facts, links)


def _above(job: JobOf, type_name: str, name: str, path: str) -> Entity:
    """What is above a job: its own events may come later."""
    found = job.session.find(type_name, name)
    if found is not None and found.status == "ACTIVE":
        return found
    return job.put(type_name, name, {"name": path}, {})


def write_lineage(job: JobOf, run: Run, job_entity: Entity) -> str:
    """Make or change the Process of a job and its column processes; what came of it, in a line."""
    assets = Assets(job.session, job.connection, partial=job.partial)
    found = {side: _assets(assets, getattr(run, side)) for side in ("inputs", "outputs")}
    if not found["inputs"] or not found["outputs"]:
        return "dropped: Atlan knows none of the inputs or outputs, and makes no partial assets here"
    links = {side: [_reference(one) for one in found[side].values()] for side in found}
    kind = job.kind
    if kind.has_sides:
        job.put(kind.type_name, job.qualified_name, {"name": kind.name}, links)
    sql = run.job_facets.get("sql", {}).get("query")
    reference = _reference(job_entity)
    runs_it = {str(kind.link): [reference] if kind.links_many else reference}
    process = job.put("Process", job.process_name, {"name": kind.name, "sql": sql}, {**links, **runs_it})
    mappings, dropped = _mappings(assets, run, found, strict=not kind.has_sides)
    kept = {_write_column(job, process, *each).guid for each in mappings}
    _remove_others(job.session, process, kept)
    lost = f"; dropped {dropped} fields that are in none of the inputs" if dropped else ""
    return f"worked in: {len(kept)} column processes{lost}"


def _assets(assets: Assets, datasets: Mapping[Identity, Dataset]) -> dict[Identity, Entity]:
    found = {identity: assets.of(dataset) for identity, dataset in datasets.items()}
    return {identity: asset for identity, asset in found.items() if asset is not None}


def _mappings(
    assets: Assets, run: Run, found: Mapping[str, Mapping[Identity, Entity]], *, strict: bool
) -> tuple[list[tuple[str, Entity, list[Entity]]], int]:
    """The id, the column and its sources of each mapping; and how many fields lead nowhere.

    Generic OpenLineage is strict: it takes direct transformations only, and columns of relational systems.
    """
    told = [
        (identity, column, [each for each in sources if not strict or _counts(each)])
        for identity, dataset in run.outputs.items()
        if identity in found["outputs"]
        for column, sources in _fields(dataset)
    ]
    often = Counter(column for _, column, _ in told)
    mappings, dropped = [], 0
    for identity, column, sources in told:
        target = assets.column(found["outputs"][identity], column)
        known = [_source(assets, found["inputs"], each) for each in sources]
        live = list({one.guid: one for one in known if one is not None}.values())
        dropped += len(known) - sum(one is not None for one in known) + (target is None)
        if target is not None and live:
            mappings.append((column if often[column] == 1 else f"{identity[1]}.{column}", target, live))
    return mappings, dropped


def _fields(dataset: Dataset) -> Iterator[tuple[str, list[Any]]]:
    fields = dataset.facets.get("columnLineage", {}).get("fields")
    for column, told in (fields if isinstance(fields, Mapping) else {}).items():
        sources = told.get("inputFields") if isinstance(told, Mapping) else None
        yield str(column), sources if isinstance(sources, list) else []


def _counts(told: Any) -> bool:
    """Whether generic OpenLineage makes column lineage of an input field."""
    if not isinstance(told, Mapping) or not is_relational(str(told.get("namespace") or "")):
        return False
    steps = told.get("transformations")
    kinds = (
        [each.get("type") for each in steps if isinstance(each, Mapping)] if isinstance(steps, list) else []
    )
    return not kinds or "DIRECT" in kinds


def _source(assets: Assets, inputs: Mapping[Identity, Entity], told: Any) -> Entity | None:
    if not isinstance(told, Mapping):
        return None
    asset = inputs.get((str(told.get("namespace") or ""), str(told.get("name") or "")))
    return assets.column(asset, str(told.get("field") or "")) if asset else None


def _write_column(job: JobOf, process: Entity, id_: str, target: Entity, sources: Iterable[Entity]) -> Entity:
    links: _Links = {
        "inputs": [_reference(one) for one in sources],
        "outputs": [_reference(target)],
        "process": _reference(process),
    }
    name = f"{process.qualified_name}/column/{id_}"
    made = job.put("ColumnProcess", name, {"name": target.name}, links)
    if not made.extras.get(_MADE):
        made.extras[_MADE] = True
        job.session.change(made)
        job.session.settle()
    return made


def _remove_others(session: Session, process: Entity, keep: set[str]) -> None:
    """A later run replaces the column lineage of the earlier one; what others made or took over stays."""
    end = find_end("Process", "columnProcesses")
    edges = session.store.edges.at(process.guid, end.relationship.name, first=True) if end else []
    stale = [session.get(edge.end2) for edge in edges if edge.end2 not in keep]
    whose = (None, process.attributes.get(_WORKFLOW))
    made = [one for one in stale if one is not None and one.extras.get(_MADE)]
    delete(session, [one.guid for one in made if one.attributes.get(_WORKFLOW) in whose], "PURGE")


def _reference(entity: Entity) -> dict[str, Any]:
    return {"typeName": entity.type_name, "guid": entity.guid}


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
