"""client.entities: write, delete, restore, and read entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from atlan_pulumi.client._bulk import BatchSize
from atlan_pulumi.client._calls import BULK_PATH, Call, quote_segment
from atlan_pulumi.client._coalescer import Coalescer
from atlan_pulumi.client._joinable_calls import DeleteByGuid, FindByGuid, FindByName
from atlan_pulumi.client._joinable_writes import PendingWrite, Upsert
from atlan_pulumi.client._models import DeleteType, Entity, MutationResult
from atlan_pulumi.client._reads import (
    NO_SUCH_GUID,
    WITH_RELATIONSHIPS,
    read_by_guids,
    read_by_names,
    read_one,
    split_guids,
)
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._workers import run_all

_ENTITY = "/api/meta/entity"
_RESTORE = f"{_ENTITY}/restore/bulk"
_LAGS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds to wait before each attempt to read an entity that was just written."""


class EntityClient:
    """Writes, deletes, restores, and reads entities."""

    def __init__(self, transport: Transport, size: BatchSize) -> None:
        self._transport = transport
        self._size = size
        self._calls = Coalescer(transport)

    def upsert(self, entities: Sequence[Entity], *, fresh_connection: bool = False) -> MutationResult:
        """Create or update entities, all of them or none (`POST /api/meta/entity/bulk`).

        Attributes that are not sent keep their values; None clears one; `inputs` and `outputs` replace the
        former ones. Tags and custom metadata of existing entities do not change. Atlan recommends 20 to 50
        entities per request. Writes of other threads that wait at the same time are sent in the same request,
        and the result may contain their entities, too.

        Args:
            entities: The entities; without any, nothing is sent.
            fresh_connection: Whether their connection was created a moment ago: a 403 is retried.

        Raises:
            NotFoundError: A reference cannot be resolved (`ATLAS-404-00-00A`); nothing was written.
            AtlanRequestError: Atlan gave no usable response.
        """
        if not entities:
            return MutationResult()
        return self._calls.send(Upsert(fresh_connection, self._size), PendingWrite(entities))

    def delete(
        self,
        guids: Iterable[str],
        delete_type: DeleteType = "PURGE",
        *,
        done: Callable[[int], None] | None = None,
    ) -> MutationResult:
        """Archive (`SOFT`) or remove (`HARD`, `PURGE`) entities. Entities that no longer exist are skipped.

        Dependent entities stay: column processes of a process, assets of a connection. Removals of single
        entities by other threads that wait at the same time are sent in the same request, and the result may
        contain their entities, too.

        Args:
            guids: The GUIDs, split into concurrent requests of up to 100.
            delete_type: `PURGE` (also archived entities), `HARD` (only active ones), or `SOFT`.
            done: Called in the calling thread after each request, with the number of entities deleted so far.

        Raises:
            AtlanRequestError: Atlan gave no usable response; other requests of the split may have succeeded.
        """
        some = list(guids)
        if len(some) == 1 and done is None:
            return self._calls.send(DeleteByGuid(delete_type), some[0])
        return self._mutate("DELETE", BULK_PATH, some, ("deleteType", delete_type), done=done)

    def restore(self, guids: Iterable[str]) -> MutationResult:
        """Restore archived entities.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return self._mutate("POST", _RESTORE, guids)

    def _mutate(
        self,
        method: str,
        path: str,
        guids: Iterable[str],
        *parameters: tuple[str, str],
        done: Callable[[int], None] | None = None,
    ) -> MutationResult:
        finished: list[int] = []

        def send(batch: Sequence[str]) -> MutationResult:
            call = Call(method, path, (*parameters, *(("guid", guid) for guid in batch)))
            result = self._transport.fetch(call, MutationResult)
            finished.append(len(batch))
            return result

        def report(_requests: int) -> None:
            if done:
                done(sum(finished))

        split = split_guids(guids, path)
        return MutationResult.merge(run_all([partial(send, batch) for batch in split], done=report))

    def get(self, guid: str, *, fresh_connection: bool = False) -> Entity | None:
        """Return an entity with its relationships, archived or not; None if the GUID does not exist.

        Look-ups of other threads that wait at the same time are sent in the same request.

        Args:
            guid: The GUID.
            fresh_connection: Whether it is, or is in, a connection created a moment ago: a 403 is retried.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        if not fresh_connection:
            return self._calls.send(FindByGuid(), guid)
        path = f"{_ENTITY}/guid/{quote_segment(guid)}"
        call = Call("GET", path, WITH_RELATIONSHIPS, fresh_connection=True)
        return read_one(self._transport, call, NO_SUCH_GUID)

    def get_by_qualified_name(self, type_name: str, qualified_name: str) -> Entity | None:
        """Return an entity with its relationships, archived or not; None if none of exactly this type exists.

        An entity of a subtype is another entity (see `get_namesake`).

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        found = self.get_namesake(type_name, qualified_name)
        return found if found and found.type_name == type_name else None

    def find_written(self, type_name: str, qualified_name: str) -> Entity | None:
        """Return an entity that was just written.

        As `get_by_qualified_name`, but read again for some seconds.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        for wait in _LAGS:
            self._transport.clock.sleep(wait)
            if found := self.get_by_qualified_name(type_name, qualified_name):
                return found
        return None

    def get_namesake(self, type_name: str, qualified_name: str) -> Entity | None:
        """Return the entity that a write of this type and name would update; None if it would create one.

        It may be archived. If no entity of exactly this type exists, Atlan uses one of a subtype: for
        `Process` it returns, and updates, a `ColumnProcess` of the same name. Look-ups of other threads that
        wait at the same time are sent in the same request.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return self._calls.send(FindByName(type_name), qualified_name)

    def get_many_by_qualified_name(
        self, type_name: str, qualified_names: Iterable[str], *, relationships: bool = True
    ) -> dict[str, Entity]:
        """Return the existing entities of exactly this type by qualifiedName, up to 100 per request.

        If an archived and an active entity have the same name, the active one is returned.

        Args:
            type_name: The type.
            qualified_names: The names; duplicates are read once.
            relationships: Whether to read relationships, which may be many.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return read_by_names(self._transport, type_name, qualified_names, relationships=relationships)

    def get_many(self, guids: Iterable[str], *, relationships: bool = True) -> dict[str, Entity]:
        """Return the existing entities by GUID, archived or not, up to 100 per request.

        A GUID that Atlan does not know fails its request. If a batch contains several, the search index shows
        which of the others exist: entities created a moment ago may then be missing.

        Args:
            guids: The GUIDs; duplicates are read once.
            relationships: Whether to read relationships, which may be many.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        return read_by_guids(self._transport, guids, relationships=relationships)
