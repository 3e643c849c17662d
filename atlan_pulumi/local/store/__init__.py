"""Storage: entities, edges, credentials and events in SQLite, one writer at a time."""

from atlan_pulumi.local.store._audits import Audit, Audits, NewAudit
from atlan_pulumi.local.store._credentials import Credentials
from atlan_pulumi.local.store._database import Database
from atlan_pulumi.local.store._edges import Edge, Edges
from atlan_pulumi.local.store._entities import Entities, Entity, choose
from atlan_pulumi.local.store._events import Event, Events
from atlan_pulumi.local.store._runs import Runs
from atlan_pulumi.local.store._store import Store
from atlan_pulumi.local.store._typedefs import Definition, Typedefs

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
