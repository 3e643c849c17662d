"""The settings that hold for a resource: its explicit provider's, or the stack's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

Option = Callable[[str], Any]
"""Gives the value of a key such as `atlan:baseUrl`, or None."""


async def option_of(provider: pulumi.ProviderResource | None) -> Option | None:
    """The settings under an explicit provider, or without one; None while they are not known."""
    given = getattr(provider, "atlan_options", None)
    if given is None:
        config = pulumi.Config("atlan")
        return lambda key: config.get(key.partition(":")[2])
    every = pulumi.Output.all(**given)
    return dict(await every.future() or {}).get if await every.is_known() else None
