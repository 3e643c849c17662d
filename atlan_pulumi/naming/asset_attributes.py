"""The attributes of Atlan's asset types, with the kind of value that each has.

Source: the public models in Atlan's own SDK (pyatlan 11.6.0).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from atlan_pulumi.naming.asset_types import supertypes

_KINDS: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("attributes.json").read_text("utf-8")
)


@cache
def value_kinds(type_name: str) -> dict[str, str]:
    """Return the kind of value of each attribute of a type, also of those of its supertypes.

    The kinds are `text`, `texts` (a set), `integer` (also a time, in milliseconds since 1970), `number`,
    `boolean`, and `other` (a structure). Relationships are not attributes.

    Example:
        >>> value_kinds("Column")["maxLength"]
        'integer'
    """
    found: dict[str, str] = {}
    for name in ("Referenceable", *sorted(supertypes(type_name)), type_name):
        for kind, attributes in _KINDS.get(name, {}).items():
            found |= dict.fromkeys(attributes, kind)
    return found
