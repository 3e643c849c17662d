"""find_orphans: entities with the stack's ownership mark that its state does not know.

A run that was killed may have made what its state does not tell of. The next deployment takes up what the
program still declares; what is no longer declared would stay for ever. Nothing is changed here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlan_pulumi.engine import OURS, Engine, Pulumi, require_engine
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle import (
    GUIDS,
    OWNERSHIP_ATTRIBUTE,
    last_written,
    mark_of,
    parse_mark,
    resource_of,
    stack_of,
    stack_prefix,
    unpacked,
)
from atlan_pulumi.settings import OFF, resolve_setting
from atlan_pulumi.stack_origin import origin_of, program_folder

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_SETTING = "ownershipMark"
_NO_ORGANIZATION = "organization/"  # Pulumi's word where the backend has none
_GUIDS = ("guid", "job_guid")


def configured_text(pulumi: Pulumi) -> str:
    """Return the text that the stack's next deployment would put into its marks.

    Raises:
        ConfigurationError: No stack is selected.
        DriftError: Pulumi failed.
    """
    config = pulumi.read_json("config", "--json")
    given = resolve_setting(_SETTING, config.get(f"atlan:{_SETTING}", {}).get("value"), os.environ)
    if given and given.lower() not in {"true", *OFF}:
        return given
    name = current_stack(pulumi)
    if not name:
        raise ConfigurationError("no stack is selected: give --stack, or --mark with the text of its marks")
    return name


def current_stack(pulumi: Pulumi) -> str | None:
    """Return the stack with its project, such as `shop/prod`; None where none is selected.

    Raises:
        DriftError: Pulumi failed.
    """
    current = pulumi.read_json("about", "--json").get("currentStack") or {}
    name = current.get("fullyQualifiedName")
    return str(name).removeprefix(_NO_ORGANIZATION) if name else None


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
        elsewhere: How many entities another stack of this name made: in another backend, or before this one.
    """

    stack: str
    entities: tuple[Orphan, ...]
    interrupted: bool
    elsewhere: int = 0


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
    pulumi = Pulumi(engine or require_engine(), Path(folder), stack)
    deployment = json.loads(pulumi.export()).get("deployment") or {}
    resources = deployment.get("resources") or []
    named = marked or marked_text(resources, pulumi)
    known, origins = set(_known(resources)), origins_of(resources, pulumi)
    lost = [entity for entity in _marked(client, named) if entity.guid not in known]
    ours = [entity for entity in lost if is_of_stack(entity, named, origins)]
    entities = sorted(map(_orphan, ours), key=lambda each: (each.type_name, each.qualified_name))
    elsewhere = sum(stack_of(mark_of(entity)) == named for entity in lost) - len(ours)
    return Orphans(named, tuple(entities), bool(deployment.get("pending_operations")), elsewhere)


def marked_text(resources: list[dict[str, Any]], pulumi: Pulumi) -> str:
    """Return the stack as the marks in its state name it; else as its next deployment would.

    Raises:
        ConfigurationError: Nothing tells how the stack's marks name it.
        DriftError: Pulumi failed.
    """
    names = (stack_of(_own_mark(resource)) for resource in resources)
    return next(filter(None, names), None) or configured_text(pulumi)


def _own_mark(resource: dict[str, Any]) -> object:
    """Return the mark that a resource wrote last: after a refresh `managed_by` may be another stack's."""
    outputs = resource.get("outputs") or {}
    return outputs.get("own_mark", outputs.get("managed_by"))


def origins_of(resources: list[dict[str, Any]], pulumi: Pulumi) -> frozenset[str]:
    """Return the origins in the marks of a state; where it has none, that of the stack's next deployment.

    Raises:
        DriftError: Pulumi failed.
    """
    marks = (parse_mark(_own_mark(resource)) for resource in resources)
    found = frozenset(mark.origin for mark in marks if mark and mark.origin)
    return found or _next_origins(pulumi)


def _next_origins(pulumi: Pulumi) -> frozenset[str]:
    """Return the origin of the stack's next deployment, for a program of its own and for an inline one."""
    stack = current_stack(pulumi)
    if stack is None:
        return frozenset()
    name, folder = stack.rpartition("/")[2], pulumi.folder.resolve()
    return frozenset(origin_of(stack, name, each, os.environ) for each in (folder, program_folder(folder)))


def is_of_stack(entity: Entity, stack: str, origins: frozenset[str]) -> bool:
    """Return whether an entity has the mark of a stack, rather than of one with that name elsewhere.

    Args:
        entity: The entity.
        stack: The stack, as its marks name it.
        origins: Its origins. A mark of an earlier version has none, and fits each stack of its name.
    """
    found = parse_mark(mark_of(entity))
    return found is not None and found.stack == stack and (not found.origin or found.origin in origins)


def _known(resources: list[dict[str, Any]]) -> Iterator[str]:
    for resource in resources:
        if resource["type"].startswith(OURS):
            yield from own_guids(resource.get("outputs") or {})


def own_guids(outputs: dict[str, Any]) -> Iterator[str]:
    """Yield the GUIDs of a resource's entities. The `guid` of a bulk resource is that of its container.

    Args:
        outputs: The outputs in the state.
    """
    if GUIDS in outputs:
        yield from (guid for guid in unpacked(outputs[GUIDS]) if guid)
        return
    yield from (outputs[name] for name in _GUIDS if outputs.get(name))
    yield from outputs.get("column_guids") or ()


def _marked(client: AtlanClient, stack: str) -> Iterator[Entity]:
    """The live entities that bear a mark of the stack; the index may lag, so each is looked at itself."""
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: stack_prefix(stack)}}
    listed = [str(each.guid) for each in client.search.live(begins, attributes=["qualifiedName"])]
    for entity in client.entities.get_many(listed, relationships=False).values():
        if entity.status == "ACTIVE":
            yield entity


def _orphan(entity: Entity) -> Orphan:
    resource = resource_of(mark_of(entity)) or ""
    written = last_written(entity).removeprefix("last written by ")
    return Orphan(entity.type_name, entity.qualified_name, str(entity.guid), resource, written)
