"""A GUID that a preview knows.

The engine shows a dynamic resource's inputs as the outputs of a previewed update, so that what Atlan gave it
would be unknown there, and everything that depends on it would seem to change. The program looks it up
instead, when it is used: an entity that exists keeps its GUID in an update.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi

from atlan_pulumi.errors import AtlanError

Options = dict[str, Any]


def known_guid(
    guid: pulumi.Output[str],
    type_name: str,
    qualified_name: pulumi.Output[str],
    options: Options | None,
) -> pulumi.Output[str]:
    """The GUID as the engine has it; where a preview does not know it, as Atlan has it.

    Args:
        guid: The GUID as the engine has it.
        type_name: The entity's typeName.
        qualified_name: The entity's qualifiedName.
        options: What an explicit provider is configured with; None for the stack's configuration.
    """
    if not pulumi.runtime.is_dry_run():
        return guid
    found = asyncio.ensure_future(_find(guid, type_name, qualified_name, options))

    async def is_known() -> bool:
        return await found is not None

    # What is not found is told to be unknown, and its value is never read.
    value: asyncio.Future[Any] = found
    return pulumi.Output(guid.resources(), value, is_known(), guid.is_secret())


async def _find(
    guid: pulumi.Output[str],
    type_name: str,
    qualified_name: pulumi.Output[str],
    options: Options | None,
) -> str | None:
    if await guid.is_known():
        return await guid.future()
    name = await qualified_name.future()
    given = await _option(options)
    if name is None or given is None:
        return None
    return await asyncio.get_running_loop().run_in_executor(None, _look_up, given, type_name, name)


async def _option(options: Options | None) -> Callable[[str], Any] | None:
    """Gives the value of a key such as `atlan:baseUrl`; None while a value is not known."""
    if options is None:
        config = pulumi.Config("atlan")
        return lambda key: config.get(key.partition(":")[2])
    every = pulumi.Output.all(**options)
    resolved = await every.future() if await every.is_known() else None
    return resolved.get if resolved else None


def _look_up(option: Callable[[str], Any], type_name: str, qualified_name: str) -> str | None:
    from atlan_pulumi.dynamic._tenant import Tenant  # noqa: PLC0415 - brings the HTTP client

    try:
        client = Tenant(option).lookups()
        found = client().entities.get_by_qualified_name(type_name, qualified_name) if client else None
    except AtlanError:  # the provider meets the same trouble, and tells it on the resource
        return None
    return found.guid if found and found.status == "ACTIVE" else None
