"""All tables behind one door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atlan_pulumi.local.store._audits import Audits
from atlan_pulumi.local.store._credentials import Credentials
from atlan_pulumi.local.store._database import Database
from atlan_pulumi.local.store._edges import Edges
from atlan_pulumi.local.store._entities import Entities
from atlan_pulumi.local.store._events import Events
from atlan_pulumi.local.store._runs import Runs
from atlan_pulumi.local.store._typedefs import Typedefs


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
        self.typedefs = Typedefs(self._database)
        self.audits = Audits(self._database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written together, or not at all."""
        try:
            with self._database.transaction():
                yield
                self.edges.flush()
        finally:
            self.edges.discard()

    def clear(self) -> None:
        """Remove all data."""
        self.edges.discard()
        with self.transaction():
            self._database.clear()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
