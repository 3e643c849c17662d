"""SQLite storage of entities, edges, credentials, and events, with one writer at a time."""

from __future__ import annotations

from atlan_pulumi.local.store._audits import AuditEntry, AuditTable, NewAuditEntry
from atlan_pulumi.local.store._database import SqliteDatabase
from atlan_pulumi.local.store._edges import EdgeTable, StoredEdge
from atlan_pulumi.local.store._entities import EntityTable, StoredEntity, choose_by_type
from atlan_pulumi.local.store._store import (
    CredentialTable,
    Definition,
    EventTable,
    RunTable,
    Store,
    StoredEvent,
    TypedefTable,
)

__all__ = [
    "AuditEntry",
    "AuditTable",
    "CredentialTable",
    "Definition",
    "EdgeTable",
    "EntityTable",
    "EventTable",
    "NewAuditEntry",
    "RunTable",
    "SqliteDatabase",
    "Store",
    "StoredEdge",
    "StoredEntity",
    "StoredEvent",
    "TypedefTable",
    "choose_by_type",
]
