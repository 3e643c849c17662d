"""The entities that the payloads of a write mention, so that a session can load them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from atlan_pulumi.local.graph._identity import is_assigned
from atlan_pulumi.local.graph._payload import Payload
from atlan_pulumi.local.graph._session import Session


def preload_mentioned(session: Session, payloads: Iterable[Payload]) -> None:
    """Load the existing entities of payloads, and the targets of their references.

    Invalid payloads and references are left to what applies them.
    """
    guids: set[str] = set()
    names: set[str | None] = set()
    for payload in payloads:
        guids.add(payload.guid)
        names.add(payload.qualified_name)
        for reference in _references(payload):
            guids.add(str(reference.get("guid") or ""))
            names.add(_name_in(reference))
    session.preload(
        guids=filter(is_assigned, guids),
        qualified_names=[name for name in names if name is not None and _is_storable(name)],
    )


def _references(payload: Payload) -> Iterator[dict[str, Any]]:
    for values in (payload.attributes, payload.relationships, payload.append, payload.remove):
        for value in values.values():
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, dict):
                    yield one


def _name_in(reference: dict[str, Any]) -> str | None:
    unique = reference.get("uniqueAttributes")
    name = unique.get("qualifiedName") if isinstance(unique, dict) else None
    return None if name is None else str(name)


def _is_storable(name: str) -> bool:
    """Check whether SQLite accepts a name. A surrogate without its pair is an error where it is used."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
