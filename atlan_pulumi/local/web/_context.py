"""State and helpers that all request handlers share."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from starlette.requests import Request

from atlan_pulumi.local._crawl import CrawlResult, publish_crawl
from atlan_pulumi.local._errors import AtlasError, MalformedRequestError, bad_request
from atlan_pulumi.local._json import decode
from atlan_pulumi.local._scripted_workflows import Workflows
from atlan_pulumi.local._settings import LocalSettings
from atlan_pulumi.local.graph import Session
from atlan_pulumi.local.openlineage import process_event
from atlan_pulumi.local.seed import SeedCatalog, create_seed_entities, load_seed
from atlan_pulumi.local.store import Store, StoredEvent
from atlan_pulumi.local.web._counters import Limiter, Stats
from atlan_pulumi.local.web._faults import Faults
from atlan_pulumi.local.web._identities import Directory

T = TypeVar("T")

_logger = logging.getLogger("atlan_pulumi.local")
_MAX_INT = 2**31 - 1


class Backlog:
    """Counts unprocessed OpenLineage events, so that a test can wait for the last one."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def add(self) -> None:
        """Count a received event."""
        with self._changed:
            self._count += 1

    def remove(self, count: int) -> None:
        """Count processed events."""
        with self._changed:
            self._count = max(0, self._count - count)
            self._changed.notify_all()

    def clear(self) -> None:
        """Reset the count."""
        with self._changed:
            self._count = 0
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until all events are processed. Return False after the timeout, in seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._count == 0, seconds)


class Context:
    """The data, the single thread that uses it, the identities, the faults, and the counters.

    Raises:
        LocalAtlanError: the database cannot be opened, or the seed is invalid.
    """

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self.catalog = None if settings.seed is None else load_seed(settings.seed)
        self.directory = Directory(settings.users)
        self.stats = Stats()
        self.faults = Faults()
        self.workflows = Workflows()
        self.backlog = Backlog()
        self.limiter = Limiter(settings.rate_limit, settings.rate_block_seconds)
        if self.catalog is not None:
            self.directory.add(self.catalog.users, self.catalog.groups)
        self._store = Store(settings.db)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="local-atlan-store")
        try:
            self.apply_seed()
            self._process_events(self.now())  # unprocessed events of an earlier server on this file
        except BaseException:
            self.close()
            raise

    def apply_seed(self) -> None:
        """Create the entities of the seed that do not exist yet, and its workflows."""
        if self.catalog is not None:
            self.workflows.add(self.catalog.workflows)
            with self._store.transaction():
                create_seed_entities(self._store, self.catalog)

    def now(self) -> int:
        """Return the time in milliseconds since the epoch."""
        return int(time.time() * 1000)

    async def read(self, operation: Callable[[Store], T]) -> T:
        """Run a read operation."""
        return await self._run(operation, self._store)

    async def write(self, operation: Callable[[Store], T]) -> T:
        """Run an operation in a transaction."""
        return await self._run(self._run_in_transaction, operation)

    def crawl(
        self, catalog: SeedCatalog, crawl_id: str | None = None, *, archive_unpublished: bool = False
    ) -> Future[CrawlResult]:
        """Publish a catalog in one transaction (see `publish_crawl`), in the thread that uses the data."""
        return self._worker.submit(
            self._crawl, catalog, crawl_id or f"local-crawl-{uuid.uuid4()}", archive_unpublished
        )

    def _crawl(self, catalog: SeedCatalog, crawl_id: str, archive_unpublished: bool) -> CrawlResult:
        with self._store.transaction():
            return publish_crawl(
                self._store, catalog, crawl_id, self.now(), archive_unpublished=archive_unpublished
            )

    async def reset(self, *, seed: bool) -> None:
        """Delete all data, counters, and faults. Apply the seed again if `seed` is set."""
        self.workflows.clear()
        await self._run(self._clear, seed)
        self.stats.clear()
        self.faults.clear()
        self.limiter.clear()
        self.backlog.clear()

    def process_event_later(self) -> None:
        """Process the received event after `event_delay_ms`."""
        loop = asyncio.get_running_loop()
        delay = (self.settings.event_delay_ms + 1) / 1000  # times are in whole milliseconds
        loop.call_later(delay, self._worker.submit, self._process_due_events)

    def _process_due_events(self) -> None:
        self._process_events(self.now() - int(self.settings.event_delay_ms))

    def _process_events(self, received_until: int) -> None:
        """Process events in separate transactions. A failed event does not block the others."""
        events = self._store.events.unprocessed(received_until)
        for event in events:
            outcome = self._process_event(event)
            with self._store.transaction():
                self._store.events.set_outcome(event, outcome)
        self.backlog.remove(len(events))

    def _process_event(self, event: StoredEvent) -> str:
        """Process an event, and return the outcome as one line."""
        try:
            with self._store.transaction():
                session = Session(self._store, event.received_by, self.now())
                outcome = process_event(session, event.connector, event.body)
        except AtlasError as error:
            return f"dropped: {error.message}"
        except Exception:
            _logger.exception("OpenLineage event %s could not be processed", event.id)
            return "dropped: internal server error; see the log"
        self.stats.wrote(session.written_count)
        return outcome

    def close(self) -> None:
        """Stop the thread, and close the database."""
        self._worker.shutdown()
        self._store.close()

    async def _run(self, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    def _run_in_transaction(self, operation: Callable[[Store], T]) -> T:
        with self._store.transaction():
            return operation(self._store)

    def _clear(self, seed: bool) -> None:
        self._store.clear()
        if seed:
            self.apply_seed()


def context_of(request: Request) -> Context:
    """Return the context of a request."""
    context: Context = request.app.state.context
    return context


def user_of(request: Request) -> str:
    """Return the user of a request."""
    return str(request.scope["user"])


async def write_session(request: Request, operation: Callable[[Session], T]) -> T:
    """Run an operation of the requesting user in a transaction, and count the written entities."""
    context = context_of(request)

    def write(store: Store) -> tuple[T, int]:
        session = Session(store, user_of(request), context.now())
        return operation(session), session.written_count

    result, written = await context.write(write)
    context.stats.wrote(written)
    return result


async def json_body(request: Request) -> Any:
    """Return the JSON body of a request.

    Raises:
        MalformedRequestError: the body is missing or not JSON.
    """
    try:
        return decode(await request.body())
    except ValueError:
        raise MalformedRequestError("the body is not JSON") from None


def flag(request: Request, name: str, *, default: bool = False) -> bool:
    """Return a boolean query parameter."""
    value = request.query_params.get(name)
    return default if value is None else value.lower() == "true"


def unique_names(request: Request) -> list[str]:
    """Return the values of the parameters `attr:qualifiedName` and `attr_N:qualifiedName`, in order.

    Raises:
        AtlasError: the request has no such parameter.
    """
    pairs = request.query_params.multi_items()
    names = [value for key, value in pairs if key.startswith("attr") and key.endswith(":qualifiedName")]
    if not names:
        raise bad_request("Missing query parameter attr:qualifiedName")
    return names


def page_parameters(request: Request, limit: int) -> tuple[int, int]:
    """Return the parameters `offset` and `limit`. Invalid values are ignored."""

    def number(name: str, default: int) -> int:
        text = request.query_params.get(name, "")
        return min(int(text), _MAX_INT) if text.isdecimal() else default

    return number("offset", 0), number("limit", limit)
