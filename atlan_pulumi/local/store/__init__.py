"""Storage: entities, edges, credentials and events in SQLite, one writer at a time."""

from __future__ import annotations

from atlan_pulumi.local.store._audits import Audit, Audits, NewAudit
from atlan_pulumi.local.store._database import Database
from atlan_pulumi.local.store._entities import Edge, Edges, Entities, Entity, choose
from atlan_pulumi.local.store._store import Credentials, Definition, Event, Events, Runs, Store, Typedefs

__all__ = [
    "Audit",
    "Audits",
    "Credentials",
    "Database",
    "Definition",
    "Edge",
    "Edges",
    "Entities",
    "Entity",
    "Event",
    "Events",
    "NewAudit",
    "Runs",
    "Store",
    "Typedefs",
    "choose",
]
