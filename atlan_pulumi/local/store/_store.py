"""All tables behind one door."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from atlan_pulumi.local.store._credentials import Credentials
from atlan_pulumi.local.store._database import Database
from atlan_pulumi.local.store._edges import Edges
from atlan_pulumi.local.store._entities import Entities
from atlan_pulumi.local.store._events import Events
from atlan_pulumi.local.store._runs import Runs


class Store:
    """The local Atlan's data.

    Args:
        path: the SQLite file; None keeps the data in memory.

    Raises:
        LocalAtlanError: the file cannot be opened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._database = Database(path)
        self.entities = Entities(self._database)
        self.edges = Edges(self._database)
        self.credentials = Credentials(self._database)
        self.events = Events(self._database)
        self.runs = Runs(self._database)

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is written together, or not at all."""
        return self._database.transaction()

    def clear(self) -> None:
        """Remove all data."""
        with self.transaction():
            self._database.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
