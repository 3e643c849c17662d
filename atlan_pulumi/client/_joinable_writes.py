"""Writes that can share a request: which ones, what is sent, and the result of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atlan_pulumi.client._bulk import MOST_BYTES, BatchSize
from atlan_pulumi.client._calls import WireEntity, is_placeholder, json_bytes, upsert_call
from atlan_pulumi.client._models import Entity, MutationResult
from atlan_pulumi.client._transport import Transport


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
    """Writes that share a request."""

    def __init__(self, writes: Iterable[PendingWrite] = ()) -> None:
        self.writes = list(writes)

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


@dataclass(frozen=True)
class Upsert:
    """Writes entities, those of each caller all or none."""

    fresh_connection: bool
    size: BatchSize

    def accepts(self, items: Sequence[PendingWrite], item: PendingWrite) -> bool:
        """Return whether a write may join others."""
        return WriteGroup(items).accepts(item, self.size.entities)

    def send_one(self, transport: Transport, item: PendingWrite, *, waited: bool) -> MutationResult:
        """Send one write."""
        return self._send(transport, WriteGroup([item]), waited=waited)

    def send_all(self, transport: Transport, items: Sequence[PendingWrite]) -> list[MutationResult]:
        """Send all writes."""
        group = WriteGroup(items)
        whole = self._send(transport, group, waited=True)
        return [group.result_of(write, whole) for write in items]

    def _send(self, transport: Transport, group: WriteGroup, *, waited: bool) -> MutationResult:
        call = upsert_call(group.wires, fresh_connection=self.fresh_connection, coalesced=group.is_shared)
        response = transport.send(call, waited=waited)
        if waited:  # else it repeats a part of a shared request, which says nothing about larger ones
            self.size.record_success(group.entities, response.seconds)
        return transport.validate(call, response, MutationResult)
