"""WriteCoalescer: concurrent writes of several threads, sent as one request."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence

from atlan_pulumi.client._bulk import MOST_BYTES, BatchSize
from atlan_pulumi.client._calls import WireEntity, is_placeholder, json_bytes, upsert_call
from atlan_pulumi.client._models import Entity, MutationResult
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AtlanRequestError, AuthenticationError, RateLimitedError

_CONCERNS_ALL = (AuthenticationError, RateLimitedError)


class PendingWrite:
    """The entities of one caller.

    Attributes:
        wires: The entities, in Atlan's format.
        bytes: Their size.
        keys: Their names and GUIDs, which no other write in the request may contain. Types are not included,
            since Atlan may use an entity of a subtype with that name.
        is_joinable: Whether it may share a request. Entities that refer to each other by placeholders keep
            them, and two callers may use the same ones.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.wires = [entity.to_wire() for entity in entities]
        self.bytes = sum(json_bytes(wire) + 1 for wire in self.wires)
        guids = [entity.guid for entity in entities if entity.guid]
        known = {guid for guid in guids if not is_placeholder(guid)}
        self.keys = {entity.qualified_name for entity in entities} | known
        self.is_joinable = len(entities) == 1 or len(known) == len(guids)

    def renumber(self, start: int) -> list[WireEntity]:
        """Return the entities, with placeholders that count from `start`."""
        return [
            {**wire, "guid": f"-{number}"} if is_placeholder(wire.get("guid")) else wire
            for number, wire in enumerate(self.wires, start)
        ]

    def result(self, whole: MutationResult, start: int) -> MutationResult:
        """Return the result of a request, with the placeholders of this write."""
        assigned = whole.guid_assignments
        own = {
            wire["guid"]: assigned[f"-{number}"]
            for number, wire in enumerate(self.wires, start)
            if "guid" in wire and f"-{number}" in assigned
        }
        return whole.model_copy(update={"guid_assignments": own})


class WriteGroup:
    """Writes that share a request, and its result."""

    def __init__(self) -> None:
        self.writes: list[PendingWrite] = []
        self.ended = threading.Event()
        self.result: MutationResult | None = None
        self.error: AtlanRequestError | None = None

    @property
    def entities(self) -> int:
        """The number of entities."""
        return sum(len(write.wires) for write in self.writes)

    def accepts(self, write: PendingWrite, most: int) -> bool:
        """Return whether a write may join the group, which may contain `most` entities."""
        return (
            all(each.is_joinable and each.keys.isdisjoint(write.keys) for each in self.writes)
            and write.is_joinable
            and self.entities + len(write.wires) <= most
            and sum(each.bytes for each in self.writes) + write.bytes <= MOST_BYTES
        )

    @property
    def is_shared(self) -> bool:
        """Whether it contains writes of several callers."""
        return len(self.writes) > 1

    @property
    def wires(self) -> list[WireEntity]:
        """The entities to send. A single write keeps its placeholders."""
        if not self.is_shared:
            return self.writes[0].wires
        return [wire for write in self.writes for wire in write.renumber(self._first_number(write))]

    def result_of(self, write: PendingWrite, whole: MutationResult) -> MutationResult:
        """Return the result for one write."""
        return write.result(whole, self._first_number(write)) if self.is_shared else whole

    def _first_number(self, write: PendingWrite) -> int:
        before = self.writes[: self.writes.index(write)]
        return 1 + sum(len(each.wires) for each in before)


class WriteCoalescer:
    """Writes entities. Calls that wait for their turn at the same time share a request.

    A call that need not wait leaves at once, alone. If a shared request fails, each caller sends its own
    entities and gets its own result. Only a refused key or a rate limit is an error for all of them.
    """

    def __init__(self, transport: Transport, size: BatchSize) -> None:
        self._transport = transport
        self._size = size
        self._lock = threading.Lock()
        self._waiting: dict[bool, WriteGroup] = {}

    def upsert(self, entities: Sequence[Entity], *, fresh_connection: bool) -> MutationResult:
        """Write entities, all of them or none.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        write = PendingWrite(entities)
        group, leads = self._join(write, fresh_connection)
        if leads:
            self._send(group, fresh_connection)
        group.ended.wait()
        if group.result is not None:
            return group.result_of(write, group.result)
        if group.error is not None and (not group.is_shared or isinstance(group.error, _CONCERNS_ALL)):
            raise copy.copy(group.error)  # a traceback belongs to one thread
        return self._transport.fetch(
            upsert_call(write.wires, fresh_connection=fresh_connection), MutationResult
        )

    def _join(self, write: PendingWrite, fresh_connection: bool) -> tuple[WriteGroup, bool]:
        """Return the group that the write is in, and whether it is the first one, which sends the group."""
        with self._lock:
            group = self._waiting.get(fresh_connection)
            leads = group is None or not group.accepts(write, self._size.entities)
            if group is None or leads:
                group = self._waiting[fresh_connection] = WriteGroup()
            group.writes.append(write)
            return group, leads

    def _send(self, group: WriteGroup, fresh_connection: bool) -> None:
        """Send the group. If this thread is interrupted, the others send their own entities."""
        try:
            self._transport.wait_for_turn()
            self._close(group, fresh_connection)
            call = upsert_call(group.wires, fresh_connection=fresh_connection, coalesced=group.is_shared)
            response = self._transport.send(call, waited=True)
            self._size.record_success(group.entities, response.seconds)
            group.result = self._transport.validate(call, response, MutationResult)
        except AtlanRequestError as error:
            group.error = error
        finally:
            self._close(group, fresh_connection)
            group.ended.set()

    def _close(self, group: WriteGroup, fresh_connection: bool) -> None:
        """Close the group when its turn has come: no other write can join it."""
        with self._lock:
            if self._waiting.get(fresh_connection) is group:
                del self._waiting[fresh_connection]
