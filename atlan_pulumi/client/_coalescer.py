"""Gathers writes that wait for their turn at the same time into one request."""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence

from atlan_pulumi.client._bulk import MOST_BYTES, BatchSize
from atlan_pulumi.client._calls import Wire, is_placeholder, length, writing
from atlan_pulumi.client._models import Entity, MutationResult
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import AtlanRequestError, AuthenticationError, RateLimitedError

_OF_ALL = (AuthenticationError, RateLimitedError)


class Part:
    """What one caller writes.

    Attributes:
        wires: Its entities, as they are sent.
        bytes: How long they are.
        names: What it writes, by name and by GUID: no other part of the request may write the same. The type
            is not among them, since Atlan may take an entity of a subtype for one of that name.
        joins: Whether it may go with others: entities that refer to each other by placeholders have to keep
            these, and those of two callers may be the same.
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.wires = [entity.to_wire() for entity in entities]
        self.bytes = sum(length(wire) + 1 for wire in self.wires)
        guids = [entity.guid for entity in entities if entity.guid]
        known = {guid for guid in guids if not is_placeholder(guid)}
        self.names = {entity.qualified_name for entity in entities} | known
        self.joins = len(entities) == 1 or len(known) == len(guids)

    def numbered(self, start: int) -> list[Wire]:
        """The entities, with placeholders that count on from there in place of their own."""
        return [
            {**wire, "guid": f"-{number}"} if is_placeholder(wire.get("guid")) else wire
            for number, wire in enumerate(self.wires, start)
        ]

    def result(self, whole: MutationResult, start: int) -> MutationResult:
        """What a request did, with the placeholders of this part."""
        assigned = whole.guid_assignments
        own = {
            wire["guid"]: assigned[f"-{number}"]
            for number, wire in enumerate(self.wires, start)
            if "guid" in wire and f"-{number}" in assigned
        }
        return whole.model_copy(update={"guid_assignments": own})


class Group:
    """Parts that leave together, and what came of it."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = threading.Event()
        self.result: MutationResult | None = None
        self.error: AtlanRequestError | None = None

    @property
    def entities(self) -> int:
        """How many entities it has."""
        return sum(len(part.wires) for part in self.parts)

    def admits(self, part: Part, most: int) -> bool:
        """Whether the part may go with these, where so many entities may go together."""
        return (
            all(each.joins and each.names.isdisjoint(part.names) for each in self.parts)
            and part.joins
            and self.entities + len(part.wires) <= most
            and sum(each.bytes for each in self.parts) + part.bytes <= MOST_BYTES
        )

    @property
    def joined(self) -> bool:
        """Whether it is of several callers."""
        return len(self.parts) > 1

    @property
    def wires(self) -> list[Wire]:
        """What is sent. A part that is alone stays as it is."""
        if not self.joined:
            return self.parts[0].wires
        return [wire for part in self.parts for wire in part.numbered(self._start(part))]

    def result_of(self, part: Part, whole: MutationResult) -> MutationResult:
        """What the request did, as one of the parts would have been told."""
        return part.result(whole, self._start(part)) if self.joined else whole

    def _start(self, part: Part) -> int:
        before = self.parts[: self.parts.index(part)]
        return 1 + sum(len(each.wires) for each in before)


class RequestCoalescer:
    """Writes entities; calls that several threads make while one waits for its turn leave with that one.

    Nobody waits for company: a call that need not wait leaves at once, alone. And nobody suffers for company:
    where the request fails, each sends what is its own, and is told of that. Only a key that is not accepted,
    or a tenant that takes nothing for a while, is the same for all.
    """

    def __init__(self, transport: Transport, size: BatchSize) -> None:
        self._transport = transport
        self._size = size
        self._lock = threading.Lock()
        self._open: dict[bool, Group] = {}

    def upsert(self, entities: Sequence[Entity], *, fresh_connection: bool) -> MutationResult:
        """Write entities, all of them or none.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        part = Part(entities)
        group, leads = self._joined(part, fresh_connection)
        if leads:
            self._lead(group, fresh_connection)
        group.ended.wait()
        if group.result is not None:
            return group.result_of(part, group.result)
        if group.error is not None and (not group.joined or isinstance(group.error, _OF_ALL)):
            raise copy.copy(group.error)  # a trace is of one thread
        return self._transport.fetch(writing(part.wires, fresh_connection=fresh_connection), MutationResult)

    def _joined(self, part: Part, fresh_connection: bool) -> tuple[Group, bool]:
        """The group that the part is in, and whether it is the first of it, which sends it."""
        with self._lock:
            group = self._open.get(fresh_connection)
            leads = group is None or not group.admits(part, self._size.entities)
            if group is None or leads:
                group = self._open[fresh_connection] = Group()
            group.parts.append(part)
            return group, leads

    def _lead(self, group: Group, fresh_connection: bool) -> None:
        """Send the group. If this thread is interrupted, the others send what is theirs."""
        try:
            self._transport.await_turn()
            self._seal(group, fresh_connection)
            call = writing(group.wires, fresh_connection=fresh_connection, joined=group.joined)
            answer = self._transport.send(call, waited=True)
            self._size.answered(group.entities, answer.seconds)
            group.result = self._transport.shaped(call, answer, MutationResult)
        except AtlanRequestError as error:
            group.error = error
        finally:
            self._seal(group, fresh_connection)
            group.ended.set()

    def _seal(self, group: Group, fresh_connection: bool) -> None:
        """Its turn has come: nobody joins any more."""
        with self._lock:
            if self._open.get(fresh_connection) is group:
                del self._open[fresh_connection]
