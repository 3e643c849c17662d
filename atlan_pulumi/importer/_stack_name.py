"""The stack that an import is for, as its marks name it."""

from __future__ import annotations

from pathlib import Path

import yaml

from atlan_pulumi.importer._errors import ImporterError

_OWN_BACKEND = "organization/"  # what Pulumi calls the organization where there is none


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
