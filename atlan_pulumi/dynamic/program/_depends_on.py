"""Resolve `depends_on` as Pulumi does: a component stands for everything below it."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import isawaitable
from typing import Any

import pulumi


async def depended_on(given: Any) -> set[pulumi.Resource]:
    """Return the resources in the option `depends_on`, in any form that Pulumi accepts."""
    if isinstance(given, pulumi.Resource):
        return {given}
    if isinstance(given, pulumi.Output):
        return await given.resources() | await depended_on(await given.future())
    if isawaitable(given):
        return await depended_on(await given)
    if isinstance(given, (list, tuple, set, frozenset)):
        return set().union(*[await depended_on(each) for each in given])
    return set()


async def registered(given: Any) -> None:
    """Wait until the resources in the option `depends_on` are registered: in a deployment, created."""
    for resource in everything_in(await depended_on(given)):
        await resource.urn.future()


def everything_in(resources: Iterable[pulumi.Resource]) -> set[pulumi.Resource]:
    """Replace each local component by its children, recursively.

    As in Pulumi, children of custom resources and of remote components do not count: a remote component
    waits for its children itself.
    """
    found: set[pulumi.Resource] = set()
    components: set[pulumi.Resource] = set()
    new = set(resources)
    while new:
        each = new.pop()
        if not _is_local_component(each):
            found.add(each)
        elif each not in components:
            components.add(each)
            new.update(each._childResources)  # noqa: SLF001 - Pulumi has no public access
    return found


def _is_local_component(resource: pulumi.Resource) -> bool:
    return isinstance(resource, pulumi.ComponentResource) and not getattr(resource, "_remote", False)
