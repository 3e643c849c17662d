"""The request that writes entities."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from atlan_pulumi.client._call import Call

BULK = "/api/meta/entity/bulk"
_MERGE_NOTHING = (
    ("replaceTags", "false"),
    ("appendTags", "false"),
    ("replaceBusinessAttributes", "false"),
    ("overwriteBusinessAttributes", "false"),
)

Wire = dict[str, Any]
"""An entity as it is sent."""


def writing(
    entities: Sequence[Wire],
    *,
    fresh_connection: bool = False,
    divisible: bool = False,
    joined: bool = False,
) -> Call:
    """The call that writes entities.

    Args:
        entities: The entities.
        fresh_connection: See `Call`.
        divisible: See `Call`.
        joined: See `Call`.
    """
    return Call(
        "POST",
        BULK,
        _MERGE_NOTHING,
        {"entities": entities},
        fresh_connection=fresh_connection,
        divisible=divisible,
        joined=joined,
    )


def length(entity: Mapping[str, Any]) -> int:
    """The bytes of an entity in a request."""
    return len(json.dumps(entity, ensure_ascii=False, separators=(",", ":")).encode())


def is_placeholder(guid: str | None) -> bool:
    """Whether a client made this GUID up, for one request, or left it out."""
    return not guid or guid.startswith("-")
