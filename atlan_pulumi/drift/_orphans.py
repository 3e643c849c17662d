"""find_orphans: entities with the stack's ownership mark that are not in its state.

A killed run may have created entities that its state does not contain. The next deployment manages those that
the program still declares; the others would stay forever. Nothing is changed here.
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
    Placeholders,
    last_written,
    mark_of,
    parse_mark,
    resource_of,
    stack_of,
    stack_prefix,
    unpack_guids,
)
from atlan_pulumi.settings import OFF, resolve_setting
from atlan_pulumi.stack_origin import origin_of, program_folder

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_SETTING = "ownershipMark"
_NO_ORGANIZATION = "organization/"  # Pulumi's placeholder if the backend has no organizations
_GUIDS = ("guid", "job_guid")


def configured_stack(pulumi: Pulumi) -> str:
    """Return the stack text that the next deployment would write into its marks.

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
        raise ConfigurationError("no stack is selected: set --stack, or --mark with the text of its marks")
    return name


def current_stack(pulumi: Pulumi) -> str | None:
    """Return the stack with its project, such as `shop/prod`; None if none is selected.

    Raises:
        DriftError: Pulumi failed.
    """
    current = pulumi.read_json("about", "--json").get("currentStack") or {}
    name = current.get("fullyQualifiedName")
    return str(name).removeprefix(_NO_ORGANIZATION) if name else None


@dataclass(frozen=True)
class Orphan:
    """An entity with the stack's mark that is not in its state.

    Attributes:
        type_name: Atlan's typeName.
        qualified_name: The qualifiedName.
        guid: The GUID.
        resource: The name of the resource that created it, from its mark.
        written: Who wrote it last, and when.
    """

    type_name: str
    qualified_name: str
    guid: str
    resource: str
    written: str


@dataclass(frozen=True)
class Orphans:
    """The orphans of a stack.

    Attributes:
        stack: The stack, as its marks name it.
        entities: The entities with its mark that are not in its state.
        interrupted: Whether the state contains an interrupted deployment: the next one may manage some of
            them.
        elsewhere: Number of entities of another stack with this name: in another backend, or an earlier
            stack.
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
    """Find entities that a stack created and its state does not contain. Nothing is changed.

    Args:
        client: The tenant.
        folder: The Pulumi project's folder.
        stack: The stack's name; None for the selected one.
        marked: The stack as its marks name it, if it has its own `atlan:ownershipMark`.
        engine: The engine; None for the installed one.

    Raises:
        ConfigurationError: The name of the stack in its marks is unknown.
        DriftError: Pulumi failed.
        EngineError: No engine was found.
        RequestError: Atlan refused the request, or could not be reached.
    """
    pulumi = Pulumi(engine or require_engine(), Path(folder), stack)
    deployment = json.loads(pulumi.export()).get("deployment") or {}
    resources = deployment.get("resources") or []
    named = marked or stack_in_marks(resources, pulumi)
    known, origins = set(_known(resources)), origins_of(resources, pulumi)
    lost = [entity for entity in _marked(client, named) if entity.guid not in known]
    own = [entity for entity in lost if is_of_stack(entity, named, origins)]
    entities = sorted(map(_orphan, own), key=lambda each: (each.type_name, each.qualified_name))
    elsewhere = sum(stack_of(mark_of(entity)) == named for entity in lost) - len(own)
    return Orphans(named, tuple(entities), bool(deployment.get("pending_operations")), elsewhere)


def stack_in_marks(resources: list[dict[str, Any]], pulumi: Pulumi) -> str:
    """Return the stack as the marks in its state name it, else as its next deployment would.

    Raises:
        ConfigurationError: The name of the stack in its marks is unknown.
        DriftError: Pulumi failed.
    """
    names = (stack_of(_own_mark(resource)) for resource in resources)
    return next(filter(None, names), None) or configured_stack(pulumi)


def _own_mark(resource: dict[str, Any]) -> object:
    """Return the mark that a resource wrote last.

    After a refresh, `managed_by` may be another stack's mark.
    """
    outputs = resource.get("outputs") or {}
    return outputs.get("own_mark", outputs.get("managed_by"))


def origins_of(resources: list[dict[str, Any]], pulumi: Pulumi) -> frozenset[str]:
    """Return the origins in the marks of a state; without any, the origin of the next deployment.

    Raises:
        DriftError: Pulumi failed.
    """
    marks = (parse_mark(_own_mark(resource)) for resource in resources)
    found = frozenset(mark.origin for mark in marks if mark and mark.origin)
    return found or _next_origins(pulumi)


def _next_origins(pulumi: Pulumi) -> frozenset[str]:
    """Return the origins of the next deployment, for a program in a file and for an inline program."""
    stack = current_stack(pulumi)
    if stack is None:
        return frozenset()
    name, folder = stack.rpartition("/")[2], pulumi.folder.resolve()
    return frozenset(origin_of(stack, name, each, os.environ) for each in (folder, program_folder(folder)))


def is_of_stack(entity: Entity, stack: str, origins: frozenset[str]) -> bool:
    """Return whether an entity has the mark of this stack, and not of another stack with the same name.

    Args:
        entity: The entity.
        stack: The stack, as its marks name it.
        origins: Its origins. A mark of an earlier version has none, and matches each stack with its name.
    """
    found = parse_mark(mark_of(entity))
    return found is not None and found.stack == stack and (not found.origin or found.origin in origins)


def _known(resources: list[dict[str, Any]]) -> Iterator[str]:
    for resource in resources:
        if resource["type"].startswith(OURS):
            yield from own_guids(resource.get("outputs") or {})


def own_guids(outputs: dict[str, Any]) -> Iterator[str]:
    """Yield the GUIDs of a resource's entities, and of the placeholders that it uses.

    The `guid` of a bulk resource belongs to its container.

    Args:
        outputs: The outputs in the state.
    """
    yield from Placeholders.from_state(outputs).guids
    if GUIDS in outputs:
        yield from (guid for guid in unpack_guids(outputs[GUIDS]) if guid)
        return
    yield from (outputs[name] for name in _GUIDS if outputs.get(name))
    yield from outputs.get("column_guids") or ()


def _marked(client: AtlanClient, stack: str) -> Iterator[Entity]:
    """Yield the active entities with a mark of the stack.

    Each one is read, since the index may lag behind.
    """
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: stack_prefix(stack)}}
    listed = [str(each.guid) for each in client.search.live(begins, attributes=["qualifiedName"])]
    for entity in client.entities.get_many(listed, relationships=False).values():
        if entity.status == "ACTIVE":
            yield entity


def _orphan(entity: Entity) -> Orphan:
    resource = resource_of(mark_of(entity)) or ""
    written = last_written(entity).removeprefix("last written by ")
    return Orphan(entity.type_name, entity.qualified_name, str(entity.guid), resource, written)
