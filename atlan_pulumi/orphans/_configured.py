"""The stack as its marks name it, from the project and its configuration: after a destroy no state tells."""

from __future__ import annotations

import os

from atlan_pulumi.drift import Pulumi
from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.settings import OFF, stated

_SETTING = "ownershipMark"
_NO_ORGANIZATION = "organization/"  # Pulumi's word where the backend has none


def configured_text(pulumi: Pulumi) -> str:
    """Return the text that the stack's next deployment would put into its marks.

    Raises:
        ConfigurationError: No stack is selected.
        DriftError: Pulumi failed.
    """
    config = pulumi.read_json("config", "--json")
    given = stated(_SETTING, config.get(f"atlan:{_SETTING}", {}).get("value"), os.environ)
    if given and given.lower() not in {"true", *OFF}:
        return given
    current = pulumi.read_json("about", "--json").get("currentStack") or {}
    name = current.get("fullyQualifiedName")
    if not name:
        raise ConfigurationError("no stack is selected: give --stack, or --mark with the text of its marks")
    return str(name).removeprefix(_NO_ORGANIZATION)
