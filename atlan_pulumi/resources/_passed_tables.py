"""The tables among the inputs and outputs that a program passes to a process with SQL, also by GUID."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pulumi

from atlan_pulumi.dynamic.program import AtlanResource, BatchQueue, Resolved
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import UNKNOWN, has_unknown
from atlan_pulumi.resources._sql_tables import client_of
from atlan_pulumi.resources.references import reference

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient
    from atlan_pulumi.derivation import CatalogTable


async def passed_tables(references: Any, resource: AtlanResource) -> list[CatalogTable] | None:
    """Return the tables in the inputs or outputs of a process; None if some are not known yet.

    Args:
        references: The inputs or outputs, as the author passed them. What is no reference is left out: the
            provider refuses it.
        resource: The resource whose tenant has the tables that are passed by GUID.

    Raises:
        AtlanError: A setting is not valid; or Atlan has no asset with a GUID, refused, or could not be
            reached.
    """
    given = await Resolved().value(references) if isinstance(references, pulumi.Output) else references
    if given is UNKNOWN:
        return None
    every = given if isinstance(given, (list, tuple)) else ()
    resolved = [await Resolved().value(reference(item)) for item in every]
    if any(map(has_unknown, resolved)):
        return None
    named = [each for each in resolved if isinstance(each, dict) and isinstance(each.get("type_name"), str)]
    tables = await asyncio.gather(*(_table(each, resource) for each in named))
    return None if UNKNOWN in tables else [each for each in tables if each is not None]


async def _table(named: Mapping[str, Any], resource: AtlanResource) -> Any:
    """Return a table; UNKNOWN if no tenant is known in which to look it up, None if it has no name."""
    from atlan_pulumi.derivation import CatalogTable  # noqa: PLC0415 - brings sqlglot

    name, guid = named.get("qualified_name"), named.get("guid")
    if isinstance(guid, str):
        client = await client_of(resource)
        if client is None:
            return UNKNOWN
        name = await _name_of(guid, client)
        if name is None:
            raise ResourceError(f"Atlan has no {named['type_name']} {guid!r}")
    return CatalogTable(named["type_name"], name) if isinstance(name, str) else None


# Keyed by event loop: with Pulumi's Automation API, one process runs several programs in turn.
_queues: WeakKeyDictionary[AbstractEventLoop, dict[AtlanClient, BatchQueue[str, str | None]]] = (
    WeakKeyDictionary()
)


async def _name_of(guid: str, client: AtlanClient) -> str | None:
    """Return the qualifiedName of an entity, looked up together with others; None if there is none."""
    of_this_run = _queues.setdefault(get_running_loop(), {})
    if client not in of_this_run:
        of_this_run[client] = BatchQueue(partial(_names_of, client))
    return await of_this_run[client].answer(guid)


def _names_of(client: AtlanClient, guids: Sequence[str]) -> list[str | None]:
    """Return the qualifiedNames of entities; those missing in the index are looked up one by one."""
    found = client.search.by_guids(guids, attributes=["qualifiedName"])
    every = [found.get(guid) or client.entities.get(guid) for guid in guids]
    return [each.qualified_name if each is not None else None for each in every]
