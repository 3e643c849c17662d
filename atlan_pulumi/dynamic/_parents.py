"""A resource's parents, as they stand in its URN."""

from __future__ import annotations

import pulumi
from pulumi.runtime.stack import Stack

_DYNAMIC = "pulumi-python:dynamic/"


def parent_below_stack(opts: pulumi.ResourceOptions | None) -> pulumi.Resource | None:
    """Return the parent; None where that is the stack itself."""
    parent = opts.parent if opts else None
    return None if isinstance(parent, Stack) else parent


async def qualified_type_of(resource: pulumi.Resource) -> str:
    """Return the type of a resource below those of its parents, as in its URN, once it is registered.

    Example:
        The URN `urn:pulumi:dev::shop::shop:Nightly$atlan:index:LineageMap::lineage` has
        `shop:Nightly$atlan:index:LineageMap`.
    """
    urn = await resource.urn.future()
    return str(urn).split("::")[2] if urn else resource.pulumi_resource_type


def short_types(types: str) -> str:
    """Return types without the prefix that every dynamic resource has."""
    return types.replace(_DYNAMIC, "")
