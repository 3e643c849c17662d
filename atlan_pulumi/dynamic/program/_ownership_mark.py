"""The parts of an ownership mark that come from Pulumi: stack, origin, and types of a resource."""

from __future__ import annotations

import inspect
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from weakref import WeakKeyDictionary, WeakSet

import pulumi
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from atlan_pulumi.dynamic._engine_processes import EnginePlace, engines_served
from atlan_pulumi.dynamic.program._awaited_inputs import known_now
from atlan_pulumi.ownership_mark import DYNAMIC
from atlan_pulumi.stack_origin import origin_of, project_name

_INLINE = ("automation", "_server.py")
"""The end of the path of the file in Pulumi's SDK that runs inline programs."""
_WORKSPACE = "automation-"
"""The prefix of the temporary folders in which the SDK runs the engine for inline programs."""
_ORIGINS: WeakKeyDictionary[pulumi.Resource, str] = WeakKeyDictionary()
"""The origin of each run of this process, by the run's stack resource."""
_ABOVE: WeakSet[pulumi.Resource] = WeakSet()
"""Parents of this package's resources."""


def this_stack() -> str:
    """Return `project/stack`, or `organization/project/stack` on a backend with organizations."""
    organization = pulumi.get_organization()
    parts = [organization] if organization and organization != "organization" else []
    return "/".join([*parts, pulumi.get_project(), pulumi.get_stack()])


def stack_origin() -> str:
    """Return the origin of the stack that this program runs for: 8 hexadecimal digits."""
    root: pulumi.Resource | None = get_root_resource()
    if root is None:
        return _origin_of_run()
    if root not in _ORIGINS:
        _ORIGINS[root] = _origin_of_run()
    return _ORIGINS[root]


def _origin_of_run() -> str:
    """Return the origin of the engine's place, found from outside for an inline program."""
    stack, name = this_stack(), pulumi.get_stack()
    places = engines_served(name)
    if not places and not _is_inline():
        return origin_of(stack, name, Path.cwd(), os.environ)
    ours = [each for each in places if each is None or project_name(each.folder) == pulumi.get_project()]
    origins = {_origin_at(each, stack, name) if each else "" for each in ours}
    only = origins.pop() if len(origins) == 1 else ""
    return only or secrets.token_hex(4)  # unknown: different from that of any backend


def _origin_at(place: EnginePlace, stack: str, name: str) -> str:
    """Return the origin of an engine's place, without the salt of a workspace made for one run."""
    temporary = place.folder.name.startswith(_WORKSPACE) and place.folder.parent.samefile(
        tempfile.gettempdir()
    )
    return origin_of(stack, name, place.folder, place.environ, with_secrets=not temporary)


def _is_inline() -> bool:
    """Return whether Pulumi's Automation API runs the program as a function of this process."""
    frame = inspect.currentframe()
    while frame is not None:
        if Path(frame.f_code.co_filename).parts[-2:] == _INLINE:
            return True
        frame = frame.f_back
    return False


def parent_below_stack(opts: pulumi.ResourceOptions | None) -> pulumi.Resource | None:
    """Return the parent; None if it is the stack."""
    parent = opts.parent if opts else None
    if parent is None or isinstance(parent, Stack):
        return None
    _ABOVE.add(parent)
    return parent


async def qualified_type_of(resource: pulumi.Resource) -> str:
    """Wait until a resource is registered, and return its type with those of its parents, as in its URN.

    Example:
        The URN `urn:pulumi:dev::shop::shop:Nightly$atlan:index:LineageMap::lineage` has
        `shop:Nightly$atlan:index:LineageMap`.
    """
    urn = await resource.urn.future()
    return str(urn).split("::")[2] if urn else resource.pulumi_resource_type


def urn_of(resource: pulumi.Resource) -> str:
    """Return the URN of a resource without waiting for the engine."""
    return urns_of([resource])[0]


def urns_of(resources: Iterable[pulumi.Resource]) -> list[str]:
    """Return the URNs of resources without waiting for the engine; the program is searched once."""
    parents = _parents()
    prefix = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}"
    return [f"{prefix}::{_types_of(each, parents)}::{each.pulumi_resource_name}" for each in resources]


def _types_of(resource: pulumi.Resource, parents: Mapping[pulumi.Resource, pulumi.Resource]) -> str:
    """Return the type of a resource below those of its parents, which the URN of a registered one has."""
    urn = known_now(vars(resource).get("urn"))
    if isinstance(urn, str):
        return urn.split("::")[2]
    parent = parents.get(resource)
    own = resource.pulumi_resource_type
    return own if parent is None or isinstance(parent, Stack) else f"{_types_of(parent, parents)}${own}"


def _parents() -> dict[pulumi.Resource, pulumi.Resource]:
    """Return the parents of the program's resources, as far as they can be found.

    Pulumi stores children with a parent that is given as an option, and no parents. The types above a
    registered component are in its URN.
    """
    root: pulumi.Resource | None = get_root_resource()
    found: dict[pulumi.Resource, pulumi.Resource] = {}
    new: list[pulumi.Resource] = [*([root] if root else []), *_ABOVE]
    while new:
        parent = new.pop()
        children = [each for each in getattr(parent, "_childResources", ()) if each not in found]
        found.update(dict.fromkeys(children, parent))
        new += children
    return found


def short_types(types: str) -> str:
    """Return types without the prefix of dynamic resources."""
    return types.replace(DYNAMIC, "")
