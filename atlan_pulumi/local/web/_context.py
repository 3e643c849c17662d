"""What the request handlers share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from atlan_pulumi.local._settings import LocalSettings
from atlan_pulumi.local.seed import plant, read
from atlan_pulumi.local.store import Store
from atlan_pulumi.local.web._faults import Faults
from atlan_pulumi.local.web._identities import Directory
from atlan_pulumi.local.web._limiter import Limiter
from atlan_pulumi.local.web._stats import Stats

T = TypeVar("T")


class Context:
    """The data, the one thread that touches it, and the counters.

    Raises:
        LocalAtlanError: the database cannot be opened, or the seed cannot be read.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self.catalogue = None if settings.seed is None else read(settings.seed)
        self.directory = Directory(settings.users)
        self.stats = Stats()
        self.faults = Faults()
        self.limiter = Limiter(settings.rate_limit, settings.rate_block_seconds)
        if self.catalogue is not None:
            self.directory.add(self.catalogue.users, self.catalogue.groups)
        self._store = Store(settings.db)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="local-atlan-store")
        try:
            self.sow()
        except BaseException:
            self.close()
            raise

    def sow(self) -> None:
        """Plant the seed, where its entities are not there yet."""
        if self.catalogue is not None:
            with self._store.transaction():
                plant(self._store, self.catalogue)

    def now(self) -> int:
        """The time in milliseconds since the epoch."""
        return int(time.time() * 1000)

    async def read(self, operation: Callable[[Store], T]) -> T:
        """Run an operation that only reads."""
        return await self._run(operation, self._store)

    async def write(self, operation: Callable[[Store], T]) -> T:
        """Run an operation in a transaction of its own."""
        return await self._run(self._transacted, operation)

    async def reset(self, *, seed: bool) -> None:
        """Forget everything that happened; plant the seed anew if wanted."""
        await self._run(self._clear, seed)
        self.stats.clear()
        self.faults.clear()
        self.limiter.clear()

    def close(self) -> None:
        """Stop the thread and close the file."""
        self._worker.shutdown()
        self._store.close()

    async def _run(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    def _transacted(self, operation: Callable[[Store], T]) -> T:
        with self._store.transaction():
            return operation(self._store)

    def _clear(self, seed: bool) -> None:
        self._store.clear()
        if seed:
            self.sow()
