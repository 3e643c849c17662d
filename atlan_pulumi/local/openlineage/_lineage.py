"""A job's entities: `SparkJob <connection>/<job>`, its Process below that, and a ColumnProcess a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from atlan_pulumi.local.graph import BulkFlags, Payload, Session, delete, upsert
from atlan_pulumi.local.openlineage._assets import Assets
from atlan_pulumi.local.openlineage._run import Dataset, Identity, Run
from atlan_pulumi.local.schema import find_end
from atlan_pulumi.local.store import Entity

_MADE = "madeFromEvents"  # among the extras of a column process: the next run may remove it
_Links = dict[str, Any]


@dataclass(frozen=True)
class JobOf:
    """A job of a connection, in a write."""

    session: Session
    connection: Entity
    name: str
    partial: bool

    @property
    def qualified_name(self) -> str:
        """The qualifiedName of its SparkJob."""
        return f"{self.connection.qualified_name}/{self.name}"

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
    """Make or change the SparkJob after its latest run."""
    engine = run.run_facets.get("processing_engine", {})
    application = run.run_facets.get("spark_applicationDetails", {})
    told = {
        "name": job.name,
        "sparkAppName": application.get("appName"),
        "sparkMaster": application.get("master"),
        "sparkRunVersion": engine.get("version"),
        "sparkRunOpenLineageVersion": engine.get("openlineageAdapterVersion"),
        "sparkRunStartTime": run.started,
        "sparkRunEndTime": run.ended,
        "sparkRunOpenLineageState": run.state,
    }
    return job.put("SparkJob", job.qualified_name, told, {})


def write_lineage(job: JobOf, run: Run, job_entity: Entity) -> str:
    """Make or change the Process of a job and its column processes; what came of it, in a line."""
    assets = Assets(job.session, job.connection, partial=job.partial)
    found = {side: _assets(assets, getattr(run, side)) for side in ("inputs", "outputs")}
    if not found["inputs"] or not found["outputs"]:
        return "dropped: Atlan knows none of the inputs or outputs, and makes no partial assets here"
    links = {side: [_reference(one) for one in found[side].values()] for side in found}
    job.put("SparkJob", job.qualified_name, {"name": job.name}, links)
    sql = run.job_facets.get("sql", {}).get("query")
    runs_it = {"sparkJobs": [_reference(job_entity)]}
    process = job.put("Process", job.process_name, {"name": job.name, "sql": sql}, {**links, **runs_it})
    mappings, dropped = _mappings(assets, run, found)
    kept = {_write_column(job, process, *each).guid for each in mappings}
    _remove_others(job.session, process, kept)
    lost = f"; dropped {dropped} fields that are in none of the inputs" if dropped else ""
    return f"worked in: {len(kept)} column processes{lost}"


def _assets(assets: Assets, datasets: Mapping[Identity, Dataset]) -> dict[Identity, Entity]:
    found = {identity: assets.of(dataset) for identity, dataset in datasets.items()}
    return {identity: asset for identity, asset in found.items() if asset is not None}


def _mappings(
    assets: Assets, run: Run, found: Mapping[str, Mapping[Identity, Entity]]
) -> tuple[list[tuple[str, Entity, list[Entity]]], int]:
    """The id, the column and its sources of each mapping; and how many fields lead nowhere."""
    told = [
        (identity, column, sources)
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
    """A later run replaces the column lineage of the earlier one; what others hung on it stays."""
    end = find_end("Process", "columnProcesses")
    edges = session.store.edges.at(process.guid, end.relationship.name, first=True) if end else []
    stale = [edge.end2 for edge in edges if edge.end2 not in keep]
    ours = [guid for guid in stale if (one := session.get(guid)) is not None and one.extras.get(_MADE)]
    delete(session, ours, "PURGE")


def _reference(entity: Entity) -> dict[str, Any]:
    return {"typeName": entity.type_name, "guid": entity.guid}
