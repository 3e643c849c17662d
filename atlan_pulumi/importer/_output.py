"""Write the files of an import, and find the stack that it is for.

If the file has inputs and outputs, Pulumi adds the resource to the state without a request (CLI 3.254 or
newer; github.com/pulumi/pulumi, pull request 23984). Dynamic providers require this, because
`pulumi import TYPE NAME ID` cannot know the provider.
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
    component_chains,
    component_name,
    import_inputs,
)
from atlan_pulumi.importer._marks import mark_properties
from atlan_pulumi.importer._plan import ImportPlan, Resource
from atlan_pulumi.lifecycle import DEFAULTS
from atlan_pulumi.stack_origin import origin_of

_PROVIDER = "__provider"  # the property for the reference to a dynamic provider
_OWN_BACKEND = "organization/"  # Pulumi's organization name in self-managed backends
_SECONDS = 30.0
_QUIETLY = ("--non-interactive", "--color=never")


def import_file(plan: ImportPlan, stack: str | None = None) -> str:
    """Return the text of the import file.

    Args:
        plan: The import.
        stack: The stack that it is for, such as `shop/prod`. `pulumi destroy` does not delete entities with
            the mark of another stack before a `pulumi up` has taken them over.
    """
    chains = component_chains(plan.resources)
    resources = [_component(chain) for chain in chains]
    resources += [each for resource in plan.resources for each in _resources(resource, stack)]
    return json.dumps({"resources": resources}, indent=2) + "\n"


def _component(chain: Chain) -> dict[str, Any]:
    """Return the entry of a component. The outermost components have no parent."""
    entry = {"type": chain[-1], "name": _name_of(chain), "logicalName": component_name(chain)}
    return {**entry, "component": True, **_below(chain[:-1])}


def _below(chain: Chain) -> dict[str, str]:
    return {"parent": _name_of(chain)} if chain else {}


def _name_of(chain: Chain) -> str:
    """Return a name for a component that is unique in the file."""
    return f"component {'$'.join(chain)}"


def _resources(resource: Resource, stack: str | None) -> Iterator[dict[str, Any]]:
    """Yield the entry of the component that declares a resource, if any, and of the resource."""
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
    given = import_inputs(declared.kind, declared.inputs)
    defaults = _defaults(resource)
    inputs, outputs = (
        provider | defaults | {name: value for name, value in props.items() if name != "managed_by"} | mark
        for props, mark in zip((given, declared.outputs), mark_properties(resource, stack), strict=True)
    )
    return {"id": declared.qualified_name, "inputs": inputs, "outputs": outputs}


def _defaults(resource: Resource) -> dict[str, list[str]]:
    """Return the properties that default to the resource's name, which the program leaves out."""
    given = resource.declared.written or resource.inputs
    names = [name for name in ("process_id", "job_name") if given.get(name) == resource.name]
    return {DEFAULTS: names} if names else {}


def ensure_writable(paths: Iterable[Path], *, force: bool) -> None:
    """Check that files can be written, and create their folders.

    Args:
        paths: The files.
        force: Whether existing files may be overwritten.

    Raises:
        ImporterError: A file exists, cannot be written, or is used twice.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            _ensure_writable(path, force=force)
        except OSError as error:
            raise _unwritable(path, error) from None
        if path.resolve() in seen:
            raise ImporterError(f"{path} cannot be both the code and the import file: use two paths")
        seen.add(path.resolve())


def _ensure_writable(path: Path, *, force: bool) -> None:
    if path.is_dir():
        raise ImporterError(f"{path} is a folder: use the path of a file")
    if path.exists() and not force:
        raise ImporterError(f"{path} already exists: use another file, or --force to overwrite it")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK):
        raise ImporterError(f"{path} cannot be written: no permission in {path.parent}")


def write_files(texts: Mapping[Path, str]) -> None:
    """Write files as UTF-8, each atomically.

    Raises:
        ImporterError: A file cannot be written.
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
    """Return `<project>/<stack>`, or `<organization>/<project>/<stack>`.

    Args:
        given: The same, or only the name of the stack.
        folder: The folder with the project's Pulumi.yaml.

    Raises:
        ImporterError: The project is unknown.
    """
    if "/" in given:
        return given.removeprefix(_OWN_BACKEND)
    try:
        settings = yaml.safe_load((folder / "Pulumi.yaml").read_text("utf-8"))
        return f"{settings['name']}/{given}"
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError):
        raise ImporterError(
            f"unknown project of the stack {given!r}: set --stack PROJECT/{given}, "
            f"or use a folder with a Pulumi.yaml ({folder.resolve()} has no readable one)"
        ) from None


def origin_of_stack(stack: str | None, folder: Path) -> str | None:
    """Return the origin in the marks of a stack. None if it is unknown, or the marks have an ownership text.

    Args:
        stack: The stack with its project, such as `shop/prod`.
        folder: The project's folder.
    """
    name = (stack or "").rpartition("/")[2]
    if not stack or not (folder / "Pulumi.yaml").is_file() or not stack.endswith(stack_name(name, folder)):
        return None
    return origin_of(stack, name, folder.resolve(), os.environ)


def selected_stack(engine: Engine, folder: Path) -> str | None:
    """Return the selected stack in a project's folder, or None.

    Args:
        engine: The Pulumi engine.
        folder: The folder with the project's Pulumi.yaml.
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
