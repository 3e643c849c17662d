"""Import the results of OpenLineage events as `OpenLineageConnection`s and `OpenLineageJob`s."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atlan_pulumi.importer._declare import ImportedResource, problem_line, unmanaged
from atlan_pulumi.importer._kinds import resource_kind
from atlan_pulumi.lifecycle import Props, mark_of, merged, stack_of
from atlan_pulumi.naming import asset_path, connection_of, connector_of
from atlan_pulumi.openlineage import credential_for_events, dataset_name_problem, job_types
from atlan_pulumi.resources.job_lineage import JobLineage, job_name_of, process_name_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Reference

_COLUMN = "/column/"
_OF_EVENTS = frozenset(
    {"attribute sql", "attribute code", "relationship sparkJobs", "relationship flowOrchestratedBy"}
)
#: Schemes of dataset namespaces that differ from the connector's name (OpenLineage's naming).
_SCHEMES = {"athena": "awsathena", "gcs": "gs", "adls": "abfss", "glue": "awsglue", "mssql": "sqlserver"}
_OF_TYPE = {"S3Object": "s3", "GCSObject": "gs", "ADLSObject": "abfss", "KafkaTopic": "kafka"}
_OF_PATHS = frozenset({"s3", "gs", "abfss", "kafka", "file", "hdfs", "dbfs"})


class EventConnections:
    """Check whether connections accept events, once for each connection."""

    def __init__(self, client: AtlanClient) -> None:
        self._client = client
        self._credentials: dict[str, Mapping[str, Any] | None] = {}

    def credential(self, connection: Entity) -> Mapping[str, Any] | None:
        """Return the credential with which a connection accepts events, or None. Empty if unreadable."""
        name = connection.qualified_name
        if name not in self._credentials:
            self._credentials[name] = credential_for_events(self._client, connection)
        return self._credentials[name]

    def settings(self, connection: Entity) -> Props | None:
        """Return the additional inputs of an `OpenLineageConnection`, or None for another connection."""
        credential = self.credential(connection) or {}
        extra = credential.get("extra") or {}
        connector = connector_of(connection.qualified_name)
        path = f"/events/openlineage/{connector}/api/v1/lineage"
        is_enabled = credential.get("connector") == connector and extra.get("events.enabled")
        if not is_enabled or str(extra.get("events.urlPath") or "").rstrip("/") != path:
            return None
        partial = bool(extra.get("events.enable-partial-assets"))
        return {"partial_assets": partial, "default_credential_guid": None}


def jobs_of(
    client: AtlanClient, entities: Iterable[Entity], connections: EventConnections
) -> dict[str, JobLineage]:
    """Return the jobs whose Process is one of these entities, by its qualifiedName.

    Args:
        client: The tenant.
        entities: Processes with all their column processes.
        connections: The connections that accept events.
    """
    every = list(entities)
    processes = {each.qualified_name: each for each in every if _may_be_a_job(each)}
    live = _live_jobs(client, processes)
    places = sorted({connection_of(name) for name in live})
    there = client.entities.get_many_by_qualified_name("Connection", places) if places else {}
    open_ = {name for name, each in there.items() if connections.credential(each) is not None}
    columns = list(_columns(every, live))
    return {
        name: JobLineage(jobs, processes[name], [each for above, each in columns if above == name], [])
        for name, jobs in live.items()
        if connection_of(name) in open_
    }


def _live_jobs(client: AtlanClient, processes: Iterable[str]) -> dict[str, list[Entity]]:
    """Return the job entities of each Process, of any type that events create."""
    names: dict[str, list[str]] = defaultdict(list)
    for process in processes:
        for type_name in job_types(connector_of(process)):
            names[type_name].append(job_name_of(process))
    found: dict[str, list[Entity]] = defaultdict(list)
    for type_name, of_type in names.items():
        for name, job in client.entities.get_many_by_qualified_name(type_name, of_type).items():
            if job.status == "ACTIVE":
                found[process_name_of(name)].append(job)
    return found


def _may_be_a_job(entity: Entity) -> bool:
    name = entity.qualified_name
    return entity.type_name == "Process" and process_name_of(job_name_of(name)) == name


def _columns(
    entities: Iterable[Entity], jobs: Mapping[str, Sequence[Entity]]
) -> Iterator[tuple[str, Entity]]:
    """Yield the column processes that events created, with the name of their Process.

    They have the mark of the job, or none.
    """
    for each in entities:
        above, found, id_ = each.qualified_name.rpartition(_COLUMN)
        if each.type_name != "ColumnProcess" or not found or above not in jobs or "/" in id_:
            continue
        mark = mark_of(each)
        if stack_of(mark) is None or mark in map(mark_of, jobs[above]):
            yield above, each


def declare_job(job: JobLineage, connections: Mapping[str, Entity]) -> ImportedResource | str:
    """Return the resource for a job, or the reason why no resource can represent it.

    Atlan does not store the namespaces of datasets. The state has the connection instead, and the program a
    namespace derived from the connection. Both refer to the same dataset.

    Args:
        job: The entities of the job.
        connections: The connections of its datasets, by qualifiedName.
    """
    assert job.process is not None  # noqa: S101 - jobs are found by it
    process, kind = job.process, resource_kind("OpenLineageJob")
    connection = connection_of(process.qualified_name)
    job_name = job_name_of(process.qualified_name)[len(connection) + 1 :]
    mark = next(filter(None, map(mark_of, job.live)), None)
    sql = process.attributes.get("sql")
    base: Props = {
        "connection": connection,
        "job_name": job_name,
        "job_facets": {"sql": {"query": sql}} if sql else None,
        "managed_by": mark,
    }
    in_state = {side: job.side(side, []) for side in ("inputs", "outputs")}
    written = {side: list(_written(process.related(side), connection, connections)) for side in in_state}
    both = []
    for sides in (in_state, written):
        given = {**base, **sides}
        given["columns"] = job.mapping(given) or None
        both.append(
            kind.lifecycle.check({}, {name: each for name, each in given.items() if each is not None})
        )
    state, program = both
    if state.problems:
        return problem_line(state.problems[0])
    inputs = merged(state.inputs, {"managed_by": mark})
    made = {
        "guid": process.guid,
        "job_guid": job.job.guid if job.job else None,
        "column_guids": sorted(str(each.guid) for each in job.columns) or None,
    }
    left_out = [what for what in unmanaged(kind, process, "columnProcesses") if what not in _OF_EVENTS]
    wanted = None if program.problems else program.inputs
    name = process.qualified_name
    return ImportedResource(kind, name, inputs, merged(inputs, made), left_out, written=wanted)


def _written(edges: Sequence[Reference], own: str, connections: Mapping[str, Entity]) -> Iterator[Props]:
    """Yield the datasets of assets, as written in a program."""
    for edge in edges:
        name = edge.qualified_name or ""
        place, path = connection_of(name), asset_path(name)
        scheme = _OF_TYPE.get(edge.type_name) if place == own else _scheme(place)
        namespace = f"{scheme}://{_host(place, connections)}" if scheme else place
        dotted = path if scheme in _OF_PATHS else path.replace("/", ".")
        if dataset_name_problem(namespace, dotted):
            namespace = place
        yield {"namespace": namespace, "name": dotted}


def _scheme(connection: str) -> str:
    connector = connector_of(connection)
    return _SCHEMES.get(connector, connector)


def _host(connection: str, connections: Mapping[str, Entity]) -> str:
    """Return the host of a connection if Atlan knows it, or the name of the connection."""
    known = connections.get(connection)
    host = known.attributes.get("host") if known else None
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", known.name if known else "").strip("-.")
    return str(host or name or connection.rpartition("/")[2])
