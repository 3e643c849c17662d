"""The parts of an ownership mark that Pulumi knows: the types of a resource, and the stack's origin.

Pulumi gives a stack no identity of its own: two developers with a backend each may both have `shop/dev`, and
a name that `pulumi stack rename` left free may be given again. The origin is made of what does differ: the
backend, and the key or salt that `pulumi stack init` writes into the stack's configuration. It decides only
about entities that the state does not contain, so that a stack which moves to another backend keeps its own.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pulumi
import yaml
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

_CLOUD = "https://api.pulumi.com"
_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_SECRETS = ("encryptionsalt", "encryptedkey")
_DYNAMIC = "pulumi-python:dynamic/"


def this_stack() -> str:
    """Return `project/stack`, below the organization where the backend has any."""
    organization = pulumi.get_organization()
    parts = [organization] if organization and organization != "organization" else []
    return "/".join([*parts, pulumi.get_project(), pulumi.get_stack()])


def stack_origin() -> str:
    """Return the origin of the stack that this program runs for: 8 hexadecimal digits."""
    return origin_of(this_stack(), pulumi.get_stack(), Path.cwd(), os.environ)


def origin_of(stack: str, stack_name: str, folder: Path, environ: Mapping[str, str]) -> str:
    """Return the origin of a stack.

    Args:
        stack: The stack with its project, such as `shop/prod`.
        stack_name: Its name, such as `prod`.
        folder: The program's folder.
        environ: The environment that `pulumi` runs in.
    """
    kept = (environ.get("PULUMI_BACKEND_URL"), environ.get("PULUMI_HOME"), environ.get("HOME"))
    return _origin_of(stack, stack_name, folder, kept)


@functools.cache
def _origin_of(stack: str, stack_name: str, folder: Path, environ: tuple[str | None, ...]) -> str:
    url, pulumi_home, home = environ
    project = next(_project_files(folder), None)
    homes = Path(pulumi_home) if pulumi_home else Path(home or "~") / ".pulumi"
    backend = url or _backend_of_project(project) or _backend_of_login(homes) or _CLOUD
    parts = [stack, *_backend(backend, folder, home), *_secrets(project, stack_name)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _project_files(folder: Path) -> Iterator[Path]:
    for each in (folder, *folder.parents):
        yield from (each / name for name in _PROJECT_FILES if (each / name).is_file())


def _backend_of_project(project: Path | None) -> str | None:
    backend = _settings(project).get("backend")
    url = backend.get("url") if isinstance(backend, dict) else None
    return url if isinstance(url, str) else None


def _backend_of_login(pulumi_home: Path) -> str | None:
    try:
        current = json.loads(_text(pulumi_home / "credentials.json") or "{}").get("current")
    except (ValueError, AttributeError):
        return None
    return current if isinstance(current, str) else None


def _backend(url: str, folder: Path, home: str | None) -> list[str]:
    """Return what tells a backend from others, without a password in its URL.

    A folder of one name may be on each machine: there the time when the backend was set up counts, too.
    """
    parts = urlsplit(url)
    if parts.scheme != "file":
        return [parts.scheme, parts.hostname or "", str(parts.port or ""), parts.path.rstrip("/")]
    named = f"{parts.netloc}{parts.path}"
    path = Path(named.replace("~", home or "~", 1) if named.startswith("~") else folder / named)
    return [str(path), _set_up_at(path)]


def _set_up_at(path: Path) -> str:
    try:
        return str((path / ".pulumi" / "meta.yaml").stat().st_mtime_ns)
    except OSError:
        return ""


def _secrets(project: Path | None, stack_name: str) -> list[str]:
    if project is None:
        return []
    configured = _settings(project).get("stackConfigDir")
    folder = project.parent / configured if isinstance(configured, str) else project.parent
    text = _text(folder / f"Pulumi.{stack_name.replace('/', '-')}.yaml")
    return [line for line in text.splitlines() if line.partition(":")[0] in _SECRETS]


def _settings(project: Path | None) -> dict[str, Any]:
    """Return the content of a project file; nothing where it is no mapping."""
    try:
        found = yaml.safe_load(_text(project))
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, ValueError):
        return ""


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
