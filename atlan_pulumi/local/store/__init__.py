"""Storage: entities, edges, credentials and events in SQLite, one writer at a time."""

from atlan_pulumi.local.store._credentials import Credentials
from atlan_pulumi.local.store._database import Database
from atlan_pulumi.local.store._edges import Edge, Edges
from atlan_pulumi.local.store._entities import Entities, Entity
from atlan_pulumi.local.store._events import Event, Events
from atlan_pulumi.local.store._runs import Runs
from atlan_pulumi.local.store._store import Store

__all__ = [
    "Credentials",
    "Database",
    "Edge",
    "Edges",
    "Entities",
    "Entity",
    "Event",
    "Events",
    "Runs",
    "Store",
]
