"""GUIDs as one short text in the state: 23 characters each in place of 39."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from uuid import UUID


def pack_guids(guids: Iterable[str | None]) -> str:
    """Return GUIDs as one text. A GUID that is not a UUID stays as it is; None becomes empty.

    Example:
        >>> pack_guids(["495b1516-aaaf-4390-8cfd-b11ade7a7799", None])
        'SVsVFqqvQ5CM_bEa3np3mQ,'
    """
    return ",".join(map(_short, guids))


def unpack_guids(text: str | None) -> list[str | None]:
    """Return the GUIDs in a text of `pack_guids`.

    Example:
        >>> unpack_guids("SVsVFqqvQ5CM_bEa3np3mQ,")
        ['495b1516-aaaf-4390-8cfd-b11ade7a7799', None]
    """
    return [_long(each) for each in text.split(",")] if text is not None else []


def _short(guid: str | None) -> str:
    try:
        short = UUID(guid or "")
    except ValueError:
        return f"={guid}" if guid else ""
    return _encoded(short) if str(short) == guid else f"={guid}"


def _encoded(guid: UUID) -> str:
    return base64.urlsafe_b64encode(guid.bytes).decode().rstrip("=")


def _long(short: str) -> str | None:
    if not short or short.startswith("="):
        return short[1:] or None
    return str(UUID(bytes=base64.urlsafe_b64decode(f"{short}==")))
