"""Settings from the stack's configuration or the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Values that switch a setting off.
OFF = frozenset({"0", "false", "no", "off"})


def variable(name: str) -> str:
    """Return the environment variable of a setting.

    Example:
        >>> variable("requestsPerMinute")
        'ATLAN_REQUESTS_PER_MINUTE'
    """
    return "ATLAN_" + re.sub(r"(?=[A-Z])", "_", name).upper()


def resolve_setting(name: str, given: object, environ: Mapping[str, str]) -> str:
    """Return the text of a setting, without surrounding whitespace; empty if it is not set.

    Args:
        name: The setting's name, such as `requestsPerMinute`.
        given: The value in the configuration; None if it is not set there.
        environ: The environment.
    """
    return str(environ.get(variable(name)) or "" if given is None else given).strip()
