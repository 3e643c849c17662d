"""Many GUIDs as one short text, for a state that holds thousands: 23 bytes each rather than 80."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from uuid import UUID


def packed(guids: Iterable[str | None]) -> str:
    """GUIDs as one text; what is no UUID stays as it is, and None is empty.

    Example:
        >>> packed(["495b1516-aaaf-4390-8cfd-b11ade7a7799", None])
        'SVsVFqqvQ5CM_bEa3np3mQ,'
    """
    return ",".join(map(_short, guids))


def unpacked(text: str | None) -> list[str | None]:
    """What `packed` made a text of.

    Example:
        >>> unpacked("SVsVFqqvQ5CM_bEa3np3mQ,")
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
