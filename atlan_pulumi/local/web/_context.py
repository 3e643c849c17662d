"""What the request handlers share."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request

from atlan_pulumi.local._errors import AtlasError, MalformedRequestError, bad_request
from atlan_pulumi.local._settings import LocalSettings
from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.openlineage import work_in
from atlan_pulumi.local.seed import plant, read
from atlan_pulumi.local.store import Event, Store
from atlan_pulumi.local.web._counters import Limiter, Stats
from atlan_pulumi.local.web._faults import Faults
from atlan_pulumi.local.web._identities import Directory

T = TypeVar("T")

_logger = logging.getLogger("atlan_pulumi.local")
_MOST = 2**31 - 1


class Backlog:
    """Counts them, so that a test can wait for the last one."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def add(self) -> None:
        """One more came in."""
        with self._changed:
            self._count += 1

    def remove(self, count: int) -> None:
        """So many were worked in."""
        with self._changed:
            self._count = max(0, self._count - count)
            self._changed.notify_all()

    def clear(self) -> None:
        """They were forgotten."""
        with self._changed:
            self._count = 0
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until there is none; False when there still are some after so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


class Context:
    """The data, the one thread that touches it, and the counters.

    Raises:
        LocalAtlanError: the database cannot be opened, or the seed cannot be read.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self.catalog = None if settings.seed is None else read(settings.seed)
        self.directory = Directory(settings.users)
        self.stats = Stats()
        self.faults = Faults()
        self.backlog = Backlog()
        self.limiter = Limiter(settings.rate_limit, settings.rate_block_seconds)
        if self.catalog is not None:
            self.directory.add(self.catalog.users, self.catalog.groups)
        self._store = Store(settings.db)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="local-atlan-store")
        try:
            self.sow()
            self._work_events_in(self.now())  # those for which an earlier server on this file had no time
        except BaseException:
            self.close()
            raise

    def sow(self) -> None:
        """Plant the seed, where its entities are not there yet."""
        if self.catalog is not None:
            with self._store.transaction():
                plant(self._store, self.catalog)

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
        self.backlog.clear()

    def work_events_in_later(self) -> None:
        """Work in the event that just came in, when the time for it has come."""
        loop = asyncio.get_running_loop()
        a_bit_later = (self.settings.event_delay_ms + 1) / 1000  # than the time that the event was noted with
        loop.call_later(a_bit_later, self._worker.submit, self._work_due_events_in)

    def _work_due_events_in(self) -> None:
        self._work_events_in(self.now() - int(self.settings.event_delay_ms))

    def _work_events_in(self, received_until: int) -> None:
        """Each in a transaction of its own; one that cannot be worked in does not hold up the others."""
        waiting = self._store.events.waiting(received_until)
        for event in waiting:
            outcome = self._outcome(event)
            with self._store.transaction():
                self._store.events.done(event, outcome)
        self.backlog.remove(len(waiting))

    def _outcome(self, event: Event) -> str:
        """Work an event in; what came of it, in a line."""
        try:
            with self._store.transaction():
                session = Session(self._store, event.received_by, self.now())
                outcome = work_in(session, event.connector, event.body)
        except AtlasError as error:
            return f"dropped: {error.message}"
        except Exception:
            _logger.exception("OpenLineage event %s could not be worked in", event.id)
            return "dropped: internal error of this server; see its log"
        self.stats.wrote(session.written)
        return outcome

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


def context_of(request: Request) -> Context:
    """What the app's handlers share."""
    context: Context = request.app.state.context
    return context


def user_of(request: Request) -> str:
    """Who asks."""
    return str(request.scope["user"])


async def json_body(request: Request) -> Any:
    """The request's JSON body.

    Raises:
        MalformedRequestError: there is none, or it is not JSON.
    """
    try:
        return json.loads(await request.body())
    except ValueError:
        raise MalformedRequestError("the body is not JSON") from None


def flag(request: Request, name: str, *, default: bool = False) -> bool:
    """A true-or-false query parameter."""
    value = request.query_params.get(name)
    return default if value is None else value.lower() == "true"


def unique_names(request: Request) -> list[str]:
    """The qualifiedNames of `attr:qualifiedName` and `attr_N:qualifiedName` parameters, in order.

    Raises:
        AtlasError: there are none.
    """
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    names = [value for key, value in pairs if key.startswith("attr") and key.endswith(":qualifiedName")]
    if not names:
        raise bad_request("Missing query parameter attr:qualifiedName")
    return names


def page_of(request: Request, limit: int) -> tuple[int, int]:
    """`offset` and `limit`; unusable ones count as absent."""

    def number(name: str, default: int) -> int:
        text = request.query_params.get(name, "")
        return min(int(text), _MOST) if text.isdecimal() else default

    return number("offset", 0), number("limit", limit)
