"""Entities of the metastore: write, delete, restore, read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from pydantic import BaseModel

from atlan_pulumi.client import _many
from atlan_pulumi.client._call import Call, segment
from atlan_pulumi.client._entity import Entity
from atlan_pulumi.client._gathering import Gathering
from atlan_pulumi.client._many import MOST_AT_ONCE, NO_SUCH_GUID, NO_SUCH_NAME, ROOM, WHOLE
from atlan_pulumi.client._mutation import DeleteType, MutationResult
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._urls import batches
from atlan_pulumi.client._writes import BULK
from atlan_pulumi.client.errors import NotFoundError
from atlan_pulumi.parallel import run_all

_ENTITY = "/api/meta/entity"
_RESTORE = f"{_ENTITY}/restore/bulk"
_LAGS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds to wait before each look for what was just written."""


class _One(BaseModel):
    entity: Entity


class Entities:
    """Writes, deletes, restores and reads entities."""

    def __init__(self, transport: Transport, gathering: Gathering) -> None:
        self._transport = transport
        self._gathering = gathering

    def upsert(self, entities: Sequence[Entity], *, fresh_connection: bool = False) -> MutationResult:
        """Make or change entities, all of them or none (`POST /api/meta/entity/bulk`).

        Attributes that are not sent stay; None clears one; `inputs` and `outputs` replace what was there.
        Tags and custom metadata of existing entities are left alone. Atlan recommends 20 to 50 at once; what
        other threads write while this waits for its turn goes with it, and the result may tell of that too.

        Args:
            entities: What to write; nothing is sent for none.
            fresh_connection: They lie in a connection made a moment ago, for which a 403 may pass.

        Raises:
            NotFoundError: A reference leads to nothing (`ATLAS-404-00-00A`); nothing was written.
            AtlanRequestError: There is no usable answer.
        """
        if not entities:
            return MutationResult()
        return self._gathering.upsert(entities, fresh_connection=fresh_connection)

    def delete(
        self,
        guids: Iterable[str],
        delete_type: DeleteType = "PURGE",
        *,
        done: Callable[[int], None] | None = None,
    ) -> MutationResult:
        """Archive (`SOFT`) or remove (`HARD`, `PURGE`) entities; those that are gone already are passed over.

        What hangs on them stays: column processes of a process, assets of a connection.

        Args:
            guids: Which; split into several requests, up to 100 in each, which are sent at once.
            delete_type: `PURGE` (also what is archived), `HARD` (only what is active) or `SOFT`.
            done: Told how many are gone, in the calling thread, after each request.

        Raises:
            AtlanRequestError: There is no usable answer; other requests of the split may have been done.
        """
        return self._mutate("DELETE", BULK, guids, ("deleteType", delete_type), done=done)

    def restore(self, guids: Iterable[str]) -> MutationResult:
        """Make archived entities active again.

        Raises:
            AtlanRequestError: There is no usable answer.
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

        def tell(_requests: int) -> None:
            if done:
                done(sum(finished))

        split = batches(guids, start=len(path) + ROOM, per_name="guid", most=MOST_AT_ONCE)
        return MutationResult.merged(run_all([partial(send, batch) for batch in split], done=tell))

    def get(self, guid: str, *, fresh_connection: bool = False) -> Entity | None:
        """The entity with its relationships, archived or not; None when there is none of that GUID.

        Args:
            guid: Which.
            fresh_connection: It is, or lies in, a connection made a moment ago, for which a 403 may pass.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        path = f"{_ENTITY}/guid/{segment(guid)}"
        return self._one(Call("GET", path, WHOLE, fresh_connection=fresh_connection), NO_SUCH_GUID)

    def get_by_qualified_name(self, type_name: str, qualified_name: str) -> Entity | None:
        """The entity with its relationships, archived or not; None when there is none of that very type.

        An entity of a subtype counts as none (see `get_namesake`): it is another one.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        found = self.get_namesake(type_name, qualified_name)
        return found if found and found.type_name == type_name else None

    def find_written(self, type_name: str, qualified_name: str) -> Entity | None:
        """As `get_by_qualified_name`, for what was just written: a read may lag some seconds behind.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        for wait in _LAGS:
            self._transport.clock.sleep(wait)
            if found := self.get_by_qualified_name(type_name, qualified_name):
                return found
        return None

    def get_namesake(self, type_name: str, qualified_name: str) -> Entity | None:
        """The entity that a write of that type and name would change; None when it would make one.

        It may be archived. Where there is none of the very type, Atlan takes one of a subtype: for `Process`
        it answers with, and writes to, a `ColumnProcess` of the same name.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        path = f"{_ENTITY}/uniqueAttribute/type/{segment(type_name)}"
        call = Call("GET", path, (("attr:qualifiedName", qualified_name), *WHOLE))
        return self._one(call, NO_SUCH_NAME)

    def _one(self, call: Call, absent: str) -> Entity | None:
        try:
            return self._transport.fetch(call, _One).entity
        except NotFoundError as error:
            if error.code != absent:
                raise
            return None

    def get_many_by_qualified_name(
        self, type_name: str, qualified_names: Iterable[str], *, relationships: bool = True
    ) -> dict[str, Entity]:
        """The entities of that very type which exist, by qualifiedName, up to 100 a request.

        Where an archived and an active one share a name, it is the active one.

        Args:
            type_name: The type.
            qualified_names: The names, each asked for once.
            relationships: Whether the entities come with their relationships, which may be many.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        return _many.named(self._transport, type_name, qualified_names, relationships=relationships)

    def get_many(self, guids: Iterable[str], *, relationships: bool = True) -> dict[str, Entity]:
        """The entities of these GUIDs that exist, archived or not, up to 100 a request.

        A GUID that Atlan does not know fails the request that asks for it. Where a batch holds several, the
        search index is asked which of the others exist: what was made a moment ago may then be missing.

        Args:
            guids: The GUIDs, each asked for once.
            relationships: Whether the entities come with their relationships, which may be many.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        return _many.identified(self._transport, guids, relationships=relationships)
