"""The files of an import: `pulumi import` JSON, the stack's name, writing.

With inputs and outputs, Pulumi takes a resource into its state as told, without a request
(CLI 3.254 or newer; github.com/pulumi/pulumi, pull request 23984). For resources of dynamic providers this
is the only way: `pulumi import TYPE NAME ID` cannot know the provider.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from atlan_pulumi.engine import Engine
from atlan_pulumi.errors import ImporterError
from atlan_pulumi.files import write_whole
from atlan_pulumi.importer._lineage_maps import (
    Chain,
    as_an_author_gives_them,
    component_chains,
    component_name,
)
from atlan_pulumi.importer._marks import marked
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.lifecycle import DEFAULTS
from atlan_pulumi.stack_origin import origin_of

_PROVIDER = "__provider"  # where the state keeps the reference to a dynamic provider
_OWN_BACKEND = "organization/"  # what Pulumi calls the organization where there is none
_SECONDS = 30.0
_QUIETLY = ("--non-interactive", "--color=never")


def import_file(plan: ImportPlan, stack: str | None = None) -> str:
    """The text of the file.

    Args:
        plan: The import.
        stack: The stack that it is for, such as `shop/prod`. What carries the mark of another one is safe
            from `pulumi destroy` until an `up` has made it this stack's.
    """
    chains = component_chains(plan.resources)
    resources = [_component(chain) for chain in chains]
    resources += [each for resource in plan.resources for each in _resources(resource, stack)]
    return json.dumps({"resources": resources}, indent=2) + "\n"


def _component(chain: Chain) -> dict[str, Any]:
    """A component above resources; those that have no parent here are the outermost."""
    entry = {"type": chain[-1], "name": _name_of(chain), "logicalName": component_name(chain)}
    return {**entry, "component": True, **_below(chain[:-1])}


def _below(chain: Chain) -> dict[str, str]:
    return {"parent": _name_of(chain)} if chain else {}


def _name_of(chain: Chain) -> str:
    """The name of a component in the file; names in the stack may be others' as well."""
    return f"component {'$'.join(chain)}"


def _resources(resource: Resource, stack: str | None) -> Iterator[dict[str, Any]]:
    """A resource, behind the component that declares it."""
    declared, below = resource.declared, _below(resource.parents)
    if not declared.component:
        yield {"type": declared.kind.token, "name": resource.name, **below, **_state(resource, stack)}
        return
    component, named = f"{resource.kind} {resource.name}", {"logicalName": resource.name}
    yield {"type": f"atlan:index:{resource.kind}", "name": component, **named, "component": True, **below}
    child = {"type": declared.kind.token, "name": f"{declared.kind.name} {resource.name}", **named}
    yield {**child, "parent": component, **_state(resource, stack)}


def _state(resource: Resource, stack: str | None) -> dict[str, Any]:
    declared = resource.declared
    provider = {_PROVIDER: declared.kind.provider}
    given = as_an_author_gives_them(declared.kind, declared.inputs)
    defaults = _defaults(resource)
    inputs, outputs = (
        provider | defaults | {name: value for name, value in props.items() if name != "managed_by"} | mark
        for props, mark in zip((given, declared.outputs), marked(resource, stack), strict=True)
    )
    return {"id": declared.qualified_name, "inputs": inputs, "outputs": outputs}


def _defaults(resource: Resource) -> dict[str, list[str]]:
    """Which properties have the resource's name as a default, so that the program does not give them."""
    given = resource.declared.written or resource.inputs
    names = [name for name in ("process_id", "job_name") if given.get(name) == resource.name]
    return {DEFAULTS: names} if names else {}


def ensure_writable(paths: Iterable[Path], *, force: bool) -> None:
    """Find out before any work is done whether files can be written, and make their folders.

    Args:
        paths: The files.
        force: Whether they may exist.

    Raises:
        ImporterError: One exists and may not, or cannot be written, or two are the same.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            _ensure_writable(path, force=force)
        except OSError as error:
            raise _unwritable(path, error) from None
        if path.resolve() in seen:
            raise ImporterError(f"{path} cannot hold both the code and the import file: name another one")
        seen.add(path.resolve())


def _ensure_writable(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise ImporterError(f"{path} is a folder: name a file")
    if path.exists() and not force:
        raise ImporterError(f"{path} exists already: name another file, or give --force to overwrite it")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK):
        raise ImporterError(f"{path} cannot be written: no permission in {path.parent}")


def write_files(texts: Mapping[Path, str]) -> None:
    """Write files as UTF-8, each in one step: it is there as a whole or as it was.

    Raises:
        ImporterError: One cannot be written.
    """
    for path, text in texts.items():
        _write(path, text)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> ImporterError:
    return ImporterError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}")


def stack_name(given: str, folder: Path) -> str:
    """`<project>/<stack>`, or `<organization>/<project>/<stack>`.

    Args:
        given: That, or the stack's name alone.
        folder: Where the project's Pulumi.yaml lies, which knows the project.

    Raises:
        ImporterError: The project is not known.
    """
    if "/" in given:
        return given.removeprefix(_OWN_BACKEND)
    try:
        settings = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))
        return f"{settings['name']}/{given}"
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError):
        raise ImporterError(
            f"the project of the stack {given!r} is not known: give --stack PROJECT/{given}, "
            f"or a folder with a Pulumi.yaml ({folder.resolve()} has none that can be read)"
        ) from None


def origin_of_stack(stack: str | None, folder: Path) -> str | None:
    """Return the origin in the marks of a stack; None where that is not known, or its marks have a text.

    Args:
        stack: The stack with its project, such as `shop/prod`.
        folder: The project's folder.
    """
    name = (stack or "").rpartition("/")[2]
    if not stack or not (folder / "Pulumi.yaml").is_file() or not stack.endswith(stack_name(name, folder)):
        return None
    return origin_of(stack, name, folder.resolve(), os.environ)


def selected_stack(engine: Engine, folder: Path) -> str | None:
    """The stack that is selected in a project's folder; None where there is no project, or none is selected.

    Args:
        engine: The engine, which knows it.
        folder: Where the project's Pulumi.yaml lies.
    """
    if not (folder / "Pulumi.yaml").is_file():
        return None
    try:
        done = subprocess.run(  # noqa: S603 - the engine itself
            [engine.executable, "stack", "--show-name", "--fully-qualify-stack-names", *_QUIETLY],
            cwd=folder,
            env=engine.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    name = done.stdout.strip()
    return name if done.returncode == 0 and name and "\n" not in name else None
