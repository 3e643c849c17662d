"""A GUID that a preview knows.

The engine shows a dynamic resource's inputs as the outputs of a previewed update, so that what Atlan gave it
would be unknown there, and everything that depends on it would seem to change. The program has looked it up
before: an entity that exists keeps its GUID in an update.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pulumi


def known_guid(guid: pulumi.Output[str], look_up: Callable[[], Awaitable[str | None]]) -> pulumi.Output[str]:
    """The GUID as the engine has it; where a preview does not know it, as Atlan has it.

    Args:
        guid: The GUID as the engine has it.
        look_up: Gives the GUID as Atlan has it; None where there is none.
    """
    if not pulumi.runtime.is_dry_run():
        return guid
    found = asyncio.ensure_future(_find(guid, look_up))

    async def is_known() -> bool:
        return await found is not None

    # What is not found is told to be unknown, and its value is never read.
    value: asyncio.Future[Any] = found
    return pulumi.Output(guid.resources(), value, is_known(), guid.is_secret())


async def _find(guid: pulumi.Output[str], look_up: Callable[[], Awaitable[str | None]]) -> str | None:
    return await guid.future() if await guid.is_known() else await look_up()
