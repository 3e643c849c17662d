"""client.bulk: write many entities in few requests, with one outcome for each."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from atlan_pulumi.client._calls import WireEntity, is_placeholder, json_bytes, upsert_call
from atlan_pulumi.client._models import Entity, MutationResult
from atlan_pulumi.client._retry import timed_out
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._workers import WorkerPool
from atlan_pulumi.client.errors import (
    AtlanRequestError,
    AuthenticationError,
    PermissionDeniedError,
    RateLimitedError,
    RejectedError,
)

MOST_ENTITIES: Final = 50
"""Most entities in a request; Atlan recommends 20 to 50 (docs.atlan.com, API limits)."""
FIRST_SMALL_ENTITIES: Final = 200
MOST_SMALL_ENTITIES: Final = 500
"""Small entities in the first request, and at most. Atlan refuses more than 10,000 (ATLAS-400-00-212)."""
MOST_BYTES: Final = 1_000_000
"""Most bytes of JSON in a request, unless one entity has more: gateways commonly refuse larger requests."""
SLOW: Final = 5.0
"""Seconds; for slower responses, Atlan recommends smaller requests."""
_QUICK = SLOW / 2
_GROWTH = 1.25
_MAX_REQUESTS = 10
_TOO_LARGE = 413
_CONCERNS_ALL = (AuthenticationError, PermissionDeniedError, RateLimitedError)
_MAX_REJECTED = 20
"""Rejected entities after which no request is split any further, since finding each would take too long."""


_BatchResult = MutationResult | AtlanRequestError


class BatchSize:
    """The size of requests.

    Halved after a large or slow one, then increased step by step. It is thread-safe.
    """

    def __init__(self, most: int = MOST_ENTITIES, first: int | None = None) -> None:
        """Set up.

        Args:
            most: Most entities in a request.
            first: Entities in the first request. Default: `most`.
        """
        self._lock = threading.Lock()
        self._most = most
        self._size = float(most if first is None else first)

    @property
    def entities(self) -> int:
        """How many entities the next request may contain."""
        return int(self._size)

    def record_success(self, count: int, seconds: float) -> None:
        """Record that a request with this many entities took this many seconds.

        Only a full request increases the size: a small one says nothing about larger ones.
        """
        if seconds > SLOW:
            self.record_too_large(count)
        elif seconds <= _QUICK:
            with self._lock:
                if count >= int(self._size):
                    self._size = min(self._most, max(self._size * _GROWTH, self._size + 1))

    def record_too_large(self, count: int) -> None:
        """Record that a request with this many entities was refused as too large, or took too long.

        The new size is half of that number, not half of the present size, so that concurrent requests that
        were all too large halve it once.
        """
        with self._lock:
            self._size = min(self._size, max(count / 2, 1.0))


def count_fitting(lengths: Iterable[int], most: int, most_bytes: int = MOST_BYTES) -> int:
    """Return how many of the first entities fit into one request; at least 1.

    Args:
        lengths: Bytes of JSON of each entity.
        most: Most entities.
        most_bytes: Most bytes.
    """
    count = total = 0
    for entity_length in lengths:
        total += entity_length + 1  # the comma
        if count and (count == most or total > most_bytes):
            break
        count += 1
    return max(count, 1)


class Outcome(NamedTuple):
    """The result of writing one entity."""

    guid: str | None
    """Its GUID; None if it was not written, or if the response lacks it (`EntityClient.find_written`)."""
    error: AtlanRequestError | None
    """Why it was not written; None if it was."""
    created: bool = False
    """Whether it is new. A repeated write whose first response was lost says that it is not."""


class _QueuedEntity(NamedTuple):
    """An entity that waits to be written."""

    position: int
    entity: Entity
    wire: WireEntity
    json_bytes: int


class BulkClient:
    """Writes many entities. The request size that works is kept for later writes."""

    def __init__(self, transport: Transport, size: BatchSize) -> None:
        self._transport = transport
        self._size = size
        self._size_of_small = BatchSize(MOST_SMALL_ENTITIES, FIRST_SMALL_ENTITIES)

    def upsert(
        self,
        entities: Sequence[Entity],
        *,
        fresh_connection: bool = False,
        small: bool = False,
        done: Callable[[int], None] | None = None,
    ) -> list[Outcome]:
        """Create or update entities, each as if sent alone; attributes are as in `EntityClient.upsert`.

        A request contains up to 50 entities and about a megabyte, or less if Atlan is slow or refuses it as
        too large; ten requests run at once. A request that Atlan rejects because of one entity is split in
        half until the rejected entities are alone; all others are written. After twenty rejected entities,
        requests are no longer split: the error then applies to all entities of the request. An error that
        concerns all entities, such as a refused key or a network failure, ends the write: it is the error of
        each unwritten entity.

        Entities must not refer to each other by placeholders such as `-1`, or by a qualifiedName that does
        not exist yet: they may be sent in different requests, with other placeholders. Of two entities with
        the same type and qualifiedName, the second is written after the first.

        Args:
            entities: The entities; without any, nothing is sent.
            fresh_connection: Whether their connection was created a moment ago: a 403 is retried.
            small: Whether each has few attributes and no relationships. A request then contains up to 500,
                as far as Atlan is quick.
            done: Called in the calling thread after each request, with the number of finished entities,
                written or not.

        Returns:
            The outcomes, in the order of the entities. Request errors are never raised.
        """
        size = self._size_of_small if small else self._size

        def send(batch: Sequence[_QueuedEntity]) -> _BatchResult:
            return self._send(batch, size, fresh_connection)

        with WorkerPool[Sequence[_QueuedEntity], _BatchResult](send) as pool:
            run = _BulkWrite(pool, size, done)
            return run.outcomes(entities)

    def _send(self, batch: Sequence[_QueuedEntity], size: BatchSize, fresh_connection: bool) -> _BatchResult:
        divisible = len(batch) > 1
        wires = [queued.wire for queued in batch]
        call = upsert_call(wires, fresh_connection=fresh_connection, divisible=divisible)
        try:
            response = self._transport.send(call)
            size.record_success(len(batch), response.seconds)
            return self._transport.validate(call, response, MutationResult)
        except AtlanRequestError as error:
            if _is_too_large(error):
                size.record_too_large(len(batch))
            return error


class _BulkWrite:
    """One call of `upsert`, led by the calling thread."""

    def __init__(
        self,
        pool: WorkerPool[Sequence[_QueuedEntity], _BatchResult],
        size: BatchSize,
        done: Callable[[int], None] | None,
    ) -> None:
        self._pool = pool
        self._size = size
        self._report = done
        self._queue: deque[Sequence[_QueuedEntity]] = deque()
        self._outcomes: dict[int, Outcome] = {}
        self._fatal_error: AtlanRequestError | None = None
        self._rejected = 0

    def outcomes(self, entities: Sequence[Entity]) -> list[Outcome]:
        for each in _rounds(entities):
            if self._fatal_error is None:
                self._queue.append(each)
                self._write_queue()
        unsent = Outcome(None, self._fatal_error)
        return [self._outcomes.get(index, unsent) for index in range(len(entities))]

    def _write_queue(self) -> None:
        while self._queue or self._pool.pending:
            while self._queue and self._pool.pending < _MAX_REQUESTS:
                self._pool.submit(self._next_batch())
            batch, result = self._pool.next_result()
            self._record(batch, result)
            if self._report:
                self._report(len(self._outcomes))

    def _next_batch(self) -> Sequence[_QueuedEntity]:
        """Return the next batch. Halves come first, and are never joined again."""
        entities_left = self._queue.popleft()
        count = count_fitting((queued.json_bytes for queued in entities_left), self._size.entities)
        if count < len(entities_left):
            self._queue.appendleft(entities_left[count:])
        return entities_left[:count]

    def _record(self, batch: Sequence[_QueuedEntity], result: _BatchResult) -> None:
        if isinstance(result, MutationResult):
            self._outcomes |= _outcomes_of(batch, result)
        elif len(batch) > 1 and self._should_split(result):
            if self._fatal_error is None:
                self._queue.extendleft((batch[len(batch) // 2 :], batch[: len(batch) // 2]))
        else:
            self._outcomes |= {queued.position: Outcome(None, result) for queued in batch}
            if _concerns_one_entity(result):
                self._rejected += len(batch)
            else:
                self._fatal_error = self._fatal_error or result
                self._queue.clear()

    def _should_split(self, error: AtlanRequestError) -> bool:
        return _is_too_large(error) or (_concerns_one_entity(error) and self._rejected < _MAX_REJECTED)


def _rounds(entities: Sequence[Entity]) -> list[list[_QueuedEntity]]:
    """Return the entities in rounds: concurrent writes of one new name could create it twice."""
    rounds: list[list[_QueuedEntity]] = []
    seen: dict[tuple[str, str], int] = {}
    for index, entity in enumerate(entities):
        key = (entity.type_name, entity.qualified_name)
        seen[key] = entries = seen.get(key, -1) + 1
        if entries == len(rounds):
            rounds.append([])
        guid = f"-{index + 1}" if is_placeholder(entity.guid) else entity.guid
        wire = {**entity.to_wire(), "guid": guid}
        rounds[entries].append(_QueuedEntity(index, entity, wire, json_bytes(wire)))
    return rounds


def _outcomes_of(batch: Sequence[_QueuedEntity], result: MutationResult) -> dict[int, Outcome]:
    created = {entity.guid for entity in result.created}
    guids = {queued.position: _guid(queued, result) for queued in batch}
    return {position: Outcome(guid, None, guid in created) for position, guid in guids.items()}


def _guid(queued: _QueuedEntity, result: MutationResult) -> str | None:
    sent = queued.wire["guid"]
    found = result.guid_sent_as(sent, queued.entity.type_name, queued.entity.qualified_name)
    return found if is_placeholder(sent) else found or sent


def _concerns_one_entity(error: AtlanRequestError) -> bool:
    """Return whether an entity of the request caused the error, and not the key, the network, or the server.

    Atlan then writes nothing of the request, and reports the first such entity only.
    """
    return isinstance(error, RejectedError) and not isinstance(error, _CONCERNS_ALL)


def _is_too_large(error: AtlanRequestError) -> bool:
    return error.status == _TOO_LARGE or timed_out(type(error), error.status)
