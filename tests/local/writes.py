"""Writes to a store without a server."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local.graph import BulkFlags, Payload, Session, parse_entity, upsert_entities
from atlan_pulumi.local.store import Store


def process(name: str, inputs: str, outputs: str, guid: str = "-1") -> Payload:
    """Return the payload of a Process. Inputs and outputs are names of tables, one letter each."""
    lists = {"inputs": [_table(one) for one in inputs], "outputs": [_table(one) for one in outputs]}
    return parse_entity(
        {"typeName": "Process", "guid": guid, "attributes": {"name": name, "qualifiedName": name, **lists}}
    )


def save(store: Store, *payloads: Payload, user: str = "me", now: int = 5) -> tuple[Session, dict[str, str]]:
    """Upsert payloads in a transaction, and return the session and the GUIDs by placeholder."""
    with store.transaction():
        session = Session(store, user, now)
        assignments = upsert_entities(session, payloads, BulkFlags())
    return session, assignments


def _table(name: str) -> dict[str, Any]:
    return {"typeName": "Table", "uniqueAttributes": {"qualifiedName": f"t/{name}"}}
