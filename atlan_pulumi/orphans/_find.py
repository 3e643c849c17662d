"""A search by mark, held against a state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlan_pulumi.drift import OURS, Pulumi
from atlan_pulumi.engine import Engine, require_engine
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import (
    GUIDS,
    OWNERSHIP_ATTRIBUTE,
    last_written,
    mark,
    mark_of,
    resource_of,
    stack_of,
    unpacked,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_GUIDS = ("guid", "job_guid")


@dataclass(frozen=True)
class Orphan:
    """One entity.

    Attributes:
        type_name: Atlan's typeName.
        qualified_name: The qualifiedName.
        guid: The GUID.
        resource: The name of the resource that made it, as its mark tells.
        written: Who wrote it last and when.
    """

    type_name: str
    qualified_name: str
    guid: str
    resource: str
    written: str


@dataclass(frozen=True)
class Orphans:
    """What was found.

    Attributes:
        stack: The stack, as its marks name it.
        entities: What bears its mark, and is not in its state.
        interrupted: Whether the state still tells of a deployment that was cut off: then the next one may
            take up some of them.
    """

    stack: str
    entities: tuple[Orphan, ...]
    interrupted: bool


def find_orphans(
    client: AtlanClient,
    folder: str | Path = ".",
    *,
    stack: str | None = None,
    marked: str | None = None,
    engine: Engine | None = None,
) -> Orphans:
    """Find what a stack made and its state does not know. Nothing is changed.

    Args:
        client: The tenant.
        folder: The Pulumi project's folder.
        stack: The stack's name; None for the selected one.
        marked: The stack as its marks name it, where it has its own `atlan:ownershipMark`.
        engine: The engine to use; None for the one that is found.

    Raises:
        ConfigurationError: Nothing tells how the stack's marks name it.
        DriftError: Pulumi failed.
        EngineError: There is no engine.
        RequestError: Atlan refused, or could not be reached.
    """
    state = json.loads(Pulumi(engine or require_engine(), Path(folder), stack).export())
    deployment = state.get("deployment") or {}
    resources = deployment.get("resources") or []
    named = marked or _named(resources)
    known = set(_known(resources))
    found = (entity for entity in _marked(client, named) if entity.guid not in known)
    entities = sorted(map(_orphan, found), key=lambda each: (each.type_name, each.qualified_name))
    return Orphans(named, tuple(entities), bool(deployment.get("pending_operations")))


def _named(resources: list[dict[str, Any]]) -> str:
    """The stack as the marks in its state name it; else as its URNs do."""
    for resource in resources:
        if name := stack_of((resource.get("outputs") or {}).get("managed_by")):
            return name
    for resource in resources:
        stack, project = resource["urn"].split("::")[:2]
        return f"{project}/{stack.rpartition(':')[2]}"
    raise ConfigurationError("the state is empty, so that it does not tell the stack's mark: give --mark")


def _known(resources: list[dict[str, Any]]) -> Iterator[str]:
    for resource in resources:
        if resource["type"].startswith(OURS):
            outputs = resource.get("outputs") or {}
            yield from (outputs[name] for name in _GUIDS if outputs.get(name))
            yield from (guid for guid in unpacked(outputs.get(GUIDS)) if guid)


def _marked(client: AtlanClient, stack: str) -> Iterator[Entity]:
    """The live entities that bear a mark of the stack; the index may lag, so each is looked at itself."""
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: mark(stack, "")}}
    listed = [str(each.guid) for each in client.search.live(begins, attributes=["qualifiedName"])]
    for entity in client.entities.get_many(listed, relationships=False).values():
        if entity.status == "ACTIVE" and stack_of(mark_of(entity)) == stack:
            yield entity


def _orphan(entity: Entity) -> Orphan:
    resource = resource_of(mark_of(entity)) or ""
    written = last_written(entity).removeprefix("last written by ")
    return Orphan(entity.type_name, entity.qualified_name, str(entity.guid), resource, written)
