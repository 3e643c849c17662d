"""The stack that an import is for, as its marks name it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from atlan_pulumi.engine import Engine
from atlan_pulumi.importer._errors import ImporterError

_OWN_BACKEND = "organization/"  # what Pulumi calls the organization where there is none
_SECONDS = 30.0
_QUIETLY = ("--non-interactive", "--color=never")


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
