"""Writes many entities in few requests, and tells of each one what became of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from atlan_pulumi.client._calls import Wire, is_placeholder, length, writing
from atlan_pulumi.client._models import Entity, MutationResult
from atlan_pulumi.client._retry import took_too_long
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
"""Most entities in a write; Atlan recommends 20 to 50 (docs.atlan.com, API limits)."""
MOST_BYTES: Final = 1_000_000
"""Most bytes of JSON in a write, unless one entity alone has more: gateways commonly refuse larger ones."""
SLOW: Final = 5.0
"""Seconds; where an answer takes longer, Atlan asks for smaller writes."""
_QUICK = SLOW / 2
_GROWTH = 1.25
_WIDTH = 10
_TOO_LARGE = 413
_OF_ALL = (AuthenticationError, PermissionDeniedError, RateLimitedError)
_MOST_AT_FAULT = 20
"""Of more nobody reads, and to find each of thousands would take longer than to write all of them."""


_Said = MutationResult | AtlanRequestError


class BatchSize:
    """Halved where a write was too large or slow, grown again step by step; threads may share it."""

    def __init__(self, most: int = MOST_ENTITIES) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._size = float(most)

    @property
    def entities(self) -> int:
        """How many entities the next write may have."""
        return int(self._size)

    def answered(self, count: int, seconds: float) -> None:
        """A write of so many entities was answered after so many seconds.

        It is small writes that tell nothing of large ones, so that only a full one makes them larger.
        """
        if seconds > SLOW:
            self.too_large(count)
        elif seconds <= _QUICK:
            with self._lock:
                if count >= int(self._size):
                    self._size = min(self._most, max(self._size * _GROWTH, self._size + 1))

    def too_large(self, count: int) -> None:
        """A write of so many was refused as too large, or took too long.

        Half of that many, not of what is held to be right now: several that left together and were all too
        large are one reason to halve, not several.
        """
        with self._lock:
            self._size = min(self._size, max(count / 2, 1.0))


def fitting(lengths: Iterable[int], most: int, most_bytes: int = MOST_BYTES) -> int:
    """How many of the first entities fit into one write; at least 1, however long that is.

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
    """What became of an entity."""

    guid: str | None
    """Its GUID, if it was written; also None where the answer does not tell it (`Entities.find_written`)."""
    error: AtlanRequestError | None
    """Why it was not written; None if it was."""


class _Item(NamedTuple):
    """An entity on its way."""

    place: int
    entity: Entity
    wire: Wire
    length: int


class Bulk:
    """Writes many entities; what it learns of the right size of a request it keeps for the next ones."""

    def __init__(self, transport: Transport, size: BatchSize) -> None:
        self._transport = transport
        self._size = size

    def upsert(
        self,
        entities: Sequence[Entity],
        *,
        fresh_connection: bool = False,
        done: Callable[[int], None] | None = None,
    ) -> list[Outcome]:
        """Make or change entities, each as if it were sent alone; see `Entities.upsert` for the attributes.

        They go out up to 50 and about a megabyte a request, in smaller ones where Atlan is slow or refuses
        them as too large, and ten requests at once. Where Atlan refuses a request because of one entity, it
        is halved until those that cannot be written are alone; all others are written. After twenty of them
        no more are looked for: a request that is refused then is the error of all that it held. An error that
        is not of one entity, such as a refused key or a network that is down, ends it: it is then the error
        of each entity that was not written.

        They must not refer to each other by placeholders such as `-1`: which of them go together is open, and
        each gets a placeholder of ours. For the same reason none may refer to another by qualifiedName that
        does not exist yet. Of two with the same type and qualifiedName the latter is written after the other.

        Args:
            entities: What to write; nothing is sent for none.
            fresh_connection: They lie in a connection made a moment ago, for which a 403 may pass.
            done: Told how many are done, written or not, in the calling thread, after each request.

        Returns:
            The outcomes, in the order of the entities. Errors of requests are never raised.
        """

        def send(batch: Sequence[_Item]) -> _Said:
            return self._send(batch, fresh_connection)

        with WorkerPool[Sequence[_Item], _Said](send) as crew:
            run = _Run(crew, self._size, done)
            return run.outcomes(entities)

    def _send(self, batch: Sequence[_Item], fresh_connection: bool) -> _Said:
        divisible = len(batch) > 1
        wires = [item.wire for item in batch]
        call = writing(wires, fresh_connection=fresh_connection, divisible=divisible)
        try:
            answer = self._transport.send(call)
            self._size.answered(len(batch), answer.seconds)
            return self._transport.shaped(call, answer, MutationResult)
        except AtlanRequestError as error:
            if _is_too_large(error):
                self._size.too_large(len(batch))
            return error


class _Run:
    """One call of `upsert`, led by the thread that called."""

    def __init__(
        self, crew: WorkerPool[Sequence[_Item], _Said], size: BatchSize, done: Callable[[int], None] | None
    ) -> None:
        self._crew = crew
        self._size = size
        self._tell = done
        self._pieces: deque[Sequence[_Item]] = deque()
        self._settled: dict[int, Outcome] = {}
        self._end: AtlanRequestError | None = None
        self._at_fault = 0

    def outcomes(self, entities: Sequence[Entity]) -> list[Outcome]:
        for turn in _turns(entities):
            if self._end is None:
                self._pieces.append(turn)
                self._write_pieces()
        unsent = Outcome(None, self._end)
        return [self._settled.get(index, unsent) for index in range(len(entities))]

    def _write_pieces(self) -> None:
        while self._pieces or self._crew.busy:
            while self._pieces and self._crew.busy < _WIDTH:
                self._crew.give(self._cut())
            batch, said = self._crew.take()
            self._settle(batch, said)
            if self._tell:
                self._tell(len(self._settled))

    def _cut(self) -> Sequence[_Item]:
        """The next batch. What was halved goes first, in pieces that are never joined again."""
        piece = self._pieces.popleft()
        count = fitting((item.length for item in piece), self._size.entities)
        if count < len(piece):
            self._pieces.appendleft(piece[count:])
        return piece[:count]

    def _settle(self, batch: Sequence[_Item], said: _Said) -> None:
        if isinstance(said, MutationResult):
            self._settled |= {item.place: Outcome(_guid(item, said), None) for item in batch}
        elif len(batch) > 1 and self._is_to_be_halved(said):
            if self._end is None:
                self._pieces.extendleft((batch[len(batch) // 2 :], batch[: len(batch) // 2]))
        else:
            self._settled |= {item.place: Outcome(None, said) for item in batch}
            if _of_one_entity(said):
                self._at_fault += len(batch)
            else:
                self._end = self._end or said
                self._pieces.clear()

    def _is_to_be_halved(self, error: AtlanRequestError) -> bool:
        return _is_too_large(error) or (_of_one_entity(error) and self._at_fault < _MOST_AT_FAULT)


def _turns(entities: Sequence[Entity]) -> list[list[_Item]]:
    """The entities, in turns that wait for each other: two writers of one new name could make it twice."""
    turns: list[list[_Item]] = []
    seen: dict[tuple[str, str], int] = {}
    for index, entity in enumerate(entities):
        key = (entity.type_name, entity.qualified_name)
        seen[key] = turn = seen.get(key, -1) + 1
        if turn == len(turns):
            turns.append([])
        guid = f"-{index + 1}" if is_placeholder(entity.guid) else entity.guid
        wire = {**entity.to_wire(), "guid": guid}
        turns[turn].append(_Item(index, entity, wire, length(wire)))
    return turns


def _guid(item: _Item, result: MutationResult) -> str | None:
    sent = item.wire["guid"]
    found = result.guid_sent_as(sent, item.entity.type_name, item.entity.qualified_name)
    return found if is_placeholder(sent) else found or sent


def _of_one_entity(error: AtlanRequestError) -> bool:
    """Whether an entity of the request is at fault, and not the key, the network or the server.

    Atlan writes nothing of such a request, and says of one entity only what is wrong with it.
    """
    return isinstance(error, RejectedError) and not isinstance(error, _OF_ALL)


def _is_too_large(error: AtlanRequestError) -> bool:
    return error.status == _TOO_LARGE or took_too_long(type(error), error.status)
