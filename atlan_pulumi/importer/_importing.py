"""From a selection to a plan: find, read, declare, name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from atlan_pulumi.importer._declare import Declared, Inexpressible, declare
from atlan_pulumi.importer._errors import ImporterError
from atlan_pulumi.importer._find import find
from atlan_pulumi.importer._kinds import kinds
from atlan_pulumi.importer._names import resource_names
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.importer._progress import Progress, silent
from atlan_pulumi.importer._read import read
from atlan_pulumi.importer._selection import Selection
from atlan_pulumi.lifecycle import Props, connection_of, references_in

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

#: What hangs on an entity and is imported together with it, by typeName of the upper one.
_BELOW = {"Process": "columnProcesses"}


def plan_import(client: AtlanClient, selection: Selection, progress: Progress = silent) -> ImportPlan:
    """Find what a selection asks for, and what it would be in a stack; nothing is written anywhere.

    Args:
        client: The tenant.
        selection: What to import.
        progress: Is told how far it is.

    Raises:
        ImporterError: Nothing is there, or something that was named is not.
        AtlanRequestError: There is no usable answer.
    """
    edges = [kind for kind in kinds().values() if kind.is_edge]
    found = find(client, selection, edges, progress)
    entities = read(client, found, _BELOW if selection.columns else {}, progress)
    if not entities:
        raise ImporterError("Atlan has no live process that was asked for; nothing was written")
    judged = []
    for entity in entities:
        judged.append(_judge(client, entity))
        progress("Declaring", len(judged), len(entities))
    resources = _named([one for one in judged if isinstance(one, Declared)])
    inexpressible = sorted(one for one in judged if isinstance(one, Inexpressible))
    return ImportPlan(resources, inexpressible, _titles(client, resources))


def _judge(client: AtlanClient, entity: Entity) -> Declared | Inexpressible:
    kind = kinds().get(entity.type_name)
    if kind is None:
        reason = f"this package has no resource for a {entity.type_name}"
        return Inexpressible(entity.type_name, entity.qualified_name, reason)
    return declare(client, kind, entity, _BELOW.get(entity.type_name))


def _named(declared: list[Declared]) -> list[Resource]:
    """In order: connections, then each process with its column processes behind it."""
    ordered = sorted(declared, key=_place)
    return [Resource(name, one) for name, one in zip(resource_names(ordered), ordered, strict=True)]


def _place(one: Declared) -> tuple[str, ...]:
    if not one.kind.is_edge:
        return ("", one.qualified_name)
    process: Props = one.inputs.get("process", {})
    above = process.get("qualified_name") or one.qualified_name
    return (connection_of(above), above, "" if not process else one.qualified_name)


def _titles(client: AtlanClient, resources: Iterable[Resource]) -> dict[str, str]:
    """What the connections are called that the resources or their assets lie in."""
    paths = {path for resource in resources for path in _connections(resource)}
    known = client.entities.get_many_by_qualified_name("Connection", sorted(paths), relationships=False)
    return {path: entity.name for path, entity in known.items()}


def _connections(resource: Resource) -> Iterable[str]:
    yield connection_of(resource.qualified_name)
    for name in resource.declared.kind.lifecycle.model.references & resource.inputs.keys():
        for reference in references_in(resource.inputs[name]):
            if reference.get("qualified_name"):
                yield connection_of(reference["qualified_name"])
