"""How a setting is given: by the stack's configuration, else by the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What switches a setting off.
OFF = frozenset({"0", "false", "no", "off"})


def variable(name: str) -> str:
    """The environment's variable for a setting.

    Example:
        >>> variable("requestsPerMinute")
        'ATLAN_REQUESTS_PER_MINUTE'
    """
    return "ATLAN_" + re.sub(r"(?=[A-Z])", "_", name).upper()


def resolve_setting(name: str, given: object, environ: Mapping[str, str]) -> str:
    """The text of a setting, without blanks around it; empty where it is not given.

    Args:
        name: The setting's name, such as `requestsPerMinute`.
        given: What the configuration says; None for nothing.
        environ: The environment.
    """
    return str(environ.get(variable(name)) or "" if given is None else given).strip()
