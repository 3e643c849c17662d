"""The settings that hold for a resource: its explicit provider's, or the stack's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

Option = Callable[[str], Any]
"""Gives the value of a key such as `atlan:baseUrl`, or None."""


_TOKEN = "pulumi-python:dynamic:Resource"  # noqa: S105 - Pulumi's word for the name of a type


def on_its_shard(resource_name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
    """The options with that process of an explicit provider which works on the resource.

    Args:
        resource_name: The resource's name in the stack.
        opts: The options as given; the provider may be the parent's.
    """
    given = opts.provider if opts else None
    if given is None and opts is not None and opts.parent is not None:
        given = opts.parent.get_provider(_TOKEN)
    shard_of = getattr(given, "shard_of", None)
    if shard_of is None:
        return opts
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(provider=shard_of(resource_name)))


async def option_of(provider: pulumi.ProviderResource | None) -> Option | None:
    """The settings under an explicit provider, or without one; None while they are not known."""
    given = getattr(provider, "atlan_options", None)
    if given is None:
        config = pulumi.Config("atlan")
        return lambda key: config.get(key.partition(":")[2])
    every = pulumi.Output.all(**given)
    return dict(await every.future() or {}).get if await every.is_known() else None
