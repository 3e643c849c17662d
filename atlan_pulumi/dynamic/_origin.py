"""The origin of a stack: what tells two stacks of one name apart in an ownership mark.

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

_CLOUD = "https://api.pulumi.com"
_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_SECRETS = ("encryptionsalt", "encryptedkey")


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
