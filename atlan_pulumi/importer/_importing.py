"""Plan an import: find, read, declare, shape, and name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.errors import ImporterError
from atlan_pulumi.importer._assets import declare_asset, find_assets, in_order
from atlan_pulumi.importer._declare import ImportedResource, Unsupported, declare
from atlan_pulumi.importer._kinds import kinds, resource_kind
from atlan_pulumi.importer._marks import parents_in
from atlan_pulumi.importer._names import resource_names
from atlan_pulumi.importer._openlineage import EventConnections, declare_job, jobs_of
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.importer._selection import Progress, Selection, find_entities, read_entities, silent
from atlan_pulumi.importer._shape import Shape, apply_shape
from atlan_pulumi.lifecycle import Props
from atlan_pulumi.naming import asset_types, connection_of

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.resources.job_lineage import JobLineage

#: The relationship to child entities that are imported with an entity, by its typeName.
_BELOW = {"Process": "columnProcesses"}


def plan_import(
    client: AtlanClient,
    selection: Selection,
    progress: Progress = silent,
    shape: Shape | None = None,
) -> ImportPlan:
    """Find the entities of a selection, and the resources for them. Nothing is written.

    Args:
        client: The tenant.
        selection: What to import.
        progress: Called with the progress.
        shape: The kinds of resources to write. None for a `ColumnLineage` below each process.

    Raises:
        ImporterError: The selection matches nothing, or a selected entity does not exist.
        AtlanRequestError: Atlan cannot be reached or refuses a request.
    """
    shape = shape or Shape()
    edges = [kind for kind in kinds().values() if kind.is_edge]
    found = [
        *find_entities(client, selection, edges, progress),
        *find_assets(client, selection, progress),
    ]
    below = _BELOW if selection.columns else {}
    entities = read_entities(client, found, below, progress)
    if not entities:
        raise ImporterError("Atlan has no active process that matches the selection; nothing was written")
    connections = EventConnections(client)
    # Jobs require columns, because a run would remove columns that the resource does not know.
    with_jobs = shape.openlineage and selection.columns
    jobs = jobs_of(client, entities, connections) if with_jobs else {}
    results = _jobs(client, jobs)
    made = [job for name, job in jobs.items() if name in {one.qualified_name for one in results}]
    by_events = {part.guid for job in made for part in (job.process, *job.columns) if part}
    for done, entity in enumerate(entities, 1):
        if entity.guid not in by_events:
            results.append(_declare_entity(client, entity, connections if shape.openlineage else None))
        progress("Declaring", done, len(entities))
    singles = [one for one in results if isinstance(one, ImportedResource)]
    shaped = apply_shape(client, singles, entities, shape, with_columns=selection.columns)
    resources = name_resources(shaped, shape.stack)
    unsupported = sorted(one for one in results if isinstance(one, Unsupported))
    return ImportPlan(resources, unsupported, _titles(client, resources))


def _jobs(client: AtlanClient, jobs: dict[str, JobLineage]) -> list[ImportedResource | Unsupported]:
    """Return the jobs that resources can represent. The others are imported as processes."""
    names = {
        connection_of(edge.qualified_name)
        for job in jobs.values()
        for side in ("inputs", "outputs")
        for edge in (job.process.related(side) if job.process else ())
        if edge.qualified_name
    }
    there = client.entities.get_many_by_qualified_name("Connection", sorted(names)) if names else {}
    made = [declare_job(job, there) for job in jobs.values()]
    return [one for one in made if isinstance(one, ImportedResource)]


def _declare_entity(
    client: AtlanClient, entity: Entity, connections: EventConnections | None
) -> ImportedResource | Unsupported:
    if entity.type_name == "Connection" and connections is not None:
        settings = connections.settings(entity)
        if settings is not None:
            made = declare(client, resource_kind("OpenLineageConnection"), entity, (), settings)
            if isinstance(made, ImportedResource):
                made.outputs["credential_guid"] = entity.attributes["defaultCredentialGuid"]
                return made
    if asset_types.is_source_type(entity.type_name):
        return declare_asset(client, entity)
    kind = kinds().get(entity.type_name)
    if kind is None:
        reason = f"this package has no resource for a {entity.type_name}"
        return Unsupported(entity.type_name, entity.qualified_name, reason)
    below = _BELOW.get(entity.type_name)
    return declare(client, kind, entity, {below} if below else ())


def name_resources(declared: Sequence[ImportedResource], stack: str | None = None) -> list[Resource]:
    """Name and sort resources: connections, assets, maps, and each process with its columns."""
    ordered = sorted(declared, key=_sort_key)
    assets = [one for one in ordered if one.kind.is_asset]
    others = [one for one in ordered if not one.kind.is_asset]
    count = sum(one.kind.type_name == "Connection" for one in others)
    ordered = [*others[:count], *in_order(assets), *others[count:]]
    names = zip(resource_names(ordered), ordered, strict=True)
    return [Resource(name, one, parents_in(name, one, stack)) for name, one in names]


def _sort_key(one: ImportedResource) -> tuple[str, ...]:
    if one.kind.type_name == "Connection":
        return ("", one.qualified_name)
    if one.kind.name == "ProcessSet":
        return (connection_of(one.qualified_name), one.qualified_name, one.mark or "")
    process: Props = one.inputs.get("process", {})
    above = process.get("qualified_name") or one.qualified_name
    return (connection_of(above), above, *([one.qualified_name, one.mark or ""] if process else [""]))


def _titles(client: AtlanClient, resources: Iterable[Resource]) -> dict[str, str]:
    """Return the names of the connections of the resources and of their assets."""
    paths = {connection_of(path) for resource in resources for path in resource.declared.paths}
    known = client.entities.get_many_by_qualified_name("Connection", sorted(paths), relationships=False)
    return {path: entity.name for path, entity in known.items()}
