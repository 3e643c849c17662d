"""The parts of an ownership mark that Pulumi knows: the types of a resource, and the stack's origin."""

from __future__ import annotations

import os
from pathlib import Path

import pulumi
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from atlan_pulumi.stack_origin import origin_of

_DYNAMIC = "pulumi-python:dynamic/"


def this_stack() -> str:
    """Return `project/stack`, below the organization where the backend has any."""
    organization = pulumi.get_organization()
    parts = [organization] if organization and organization != "organization" else []
    return "/".join([*parts, pulumi.get_project(), pulumi.get_stack()])


def stack_origin() -> str:
    """Return the origin of the stack that this program runs for: 8 hexadecimal digits."""
    return origin_of(this_stack(), pulumi.get_stack(), Path.cwd(), os.environ)


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


def urn_of(resource: pulumi.Resource) -> str:
    """Return the URN that a resource has or will have, without waiting for the engine."""
    parents = _parents()
    types: list[str] = []
    each: pulumi.Resource | None = resource
    while each is not None and not isinstance(each, Stack):
        types.append(each.pulumi_resource_type)
        each = parents.get(each)
    stack, project = pulumi.get_stack(), pulumi.get_project()
    return f"urn:pulumi:{stack}::{project}::{'$'.join(reversed(types))}::{resource.pulumi_resource_name}"


def _parents() -> dict[pulumi.Resource, pulumi.Resource | None]:
    """Return the parent of each resource of the program: Pulumi keeps the children alone."""
    root: pulumi.Resource | None = get_root_resource()
    found: dict[pulumi.Resource, pulumi.Resource | None] = {}
    new: list[pulumi.Resource] = [root] if root else []
    while new:
        parent = new.pop()
        children = tuple(getattr(parent, "_childResources", ()))
        found.update(dict.fromkeys(children, parent))
        new += children
    return found


def short_types(types: str) -> str:
    """Return types without the prefix that every dynamic resource has."""
    return types.replace(_DYNAMIC, "")
