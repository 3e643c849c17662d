"""The calls about one entity that can share a request: look-ups by name and by GUID, and removals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atlan_pulumi.client._calls import BULK_PATH, Call, quote_segment
from atlan_pulumi.client._models import DeleteType, Entity, MutationResult
from atlan_pulumi.client._reads import (
    NO_SUCH_GUID,
    NO_SUCH_NAME,
    WITH_RELATIONSHIPS,
    read_batch,
    read_many,
    read_one,
    split_guids,
    split_names,
)
from atlan_pulumi.client._transport import Transport

_ENTITY = "/api/meta/entity"


@dataclass(frozen=True)
class FindByName:
    """Looks up an entity of a type, or of its subtypes, by qualifiedName, with its relationships."""

    type_name: str

    def accepts(self, items: Sequence[str], item: str) -> bool:
        """Return whether another name fits into the request."""
        return item not in items and len(list(split_names(self.type_name, [*items, item]))) == 1

    def send_one(self, transport: Transport, item: str, *, waited: bool) -> Entity | None:
        """Look one name up."""
        path = f"{_ENTITY}/uniqueAttribute/type/{quote_segment(self.type_name)}"
        call = Call("GET", path, (("attr:qualifiedName", item), *WITH_RELATIONSHIPS))
        return read_one(transport, call, NO_SUCH_NAME, waited=waited)

    def send_all(self, transport: Transport, items: Sequence[str]) -> list[Entity | None]:
        """Look all names up."""
        entities = read_batch(transport, self.type_name, items, relationships=True, coalesced=True)
        found = {entity.qualified_name: entity for entity in entities}
        return [found.get(name) for name in items]


@dataclass(frozen=True)
class FindByGuid:
    """Looks up an entity by GUID, with its relationships. One unknown GUID fails a shared request."""

    def accepts(self, items: Sequence[str], item: str) -> bool:
        """Return whether another GUID fits into the request."""
        return _accepts_guid(items, item)

    def send_one(self, transport: Transport, item: str, *, waited: bool) -> Entity | None:
        """Look one GUID up."""
        call = Call("GET", f"{_ENTITY}/guid/{quote_segment(item)}", WITH_RELATIONSHIPS)
        return read_one(transport, call, NO_SUCH_GUID, waited=waited)

    def send_all(self, transport: Transport, items: Sequence[str]) -> list[Entity | None]:
        """Look all GUIDs up."""
        query = (*(("guid", guid) for guid in items), *WITH_RELATIONSHIPS)
        entities = read_many(transport, Call("GET", BULK_PATH, query, coalesced=True), waited=True)
        found = {entity.guid: entity for entity in entities}
        return [found.get(guid) for guid in items]


@dataclass(frozen=True)
class DeleteByGuid:
    """Archives or removes an entity. The result of a shared request contains the others, too."""

    delete_type: DeleteType

    def accepts(self, items: Sequence[str], item: str) -> bool:
        """Return whether another GUID fits into the request."""
        return _accepts_guid(items, item)

    def send_one(self, transport: Transport, item: str, *, waited: bool) -> MutationResult:
        """Delete one."""
        return transport.fetch(self._call([item]), MutationResult, waited=waited)

    def send_all(self, transport: Transport, items: Sequence[str]) -> list[MutationResult]:
        """Delete all."""
        result = transport.fetch(self._call(items, coalesced=True), MutationResult, waited=True)
        return [result] * len(items)

    def _call(self, guids: Sequence[str], *, coalesced: bool = False) -> Call:
        query = (("deleteType", self.delete_type), *(("guid", guid) for guid in guids))
        return Call("DELETE", BULK_PATH, query, coalesced=coalesced)


def _accepts_guid(guids: Sequence[str], guid: str) -> bool:
    return guid not in guids and len(list(split_guids([*guids, guid]))) == 1
