"""Entities of the metastore: write, delete, restore, read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from pydantic import BaseModel

from atlan_pulumi.client._calls import BULK, Call, batches, segment
from atlan_pulumi.client._coalescer import RequestCoalescer
from atlan_pulumi.client._models import DeleteType, Entity, MutationResult
from atlan_pulumi.client._search import Search
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._workers import run_all
from atlan_pulumi.client.errors import NotFoundError

MOST_AT_ONCE = 100
ROOM = 60
"""Characters that an address may need for parameters such as `?deleteType=PURGE`."""
WHOLE = (("minExtInfo", "false"), ("ignoreRelationships", "false"))
BARE = (("minExtInfo", "true"), ("ignoreRelationships", "true"))
_SEVERAL = 2
NO_SUCH_GUID = "ATLAS-404-00-005"
NO_SUCH_NAME = "ATLAS-404-00-009"
_ENTITY = "/api/meta/entity"
_RESTORE = f"{_ENTITY}/restore/bulk"
_LAGS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds to wait before each look for what was just written."""


class _Many(BaseModel):
    entities: list[Entity] | None = None


def named(
    transport: Transport, type_name: str, names: Iterable[str], *, relationships: bool
) -> dict[str, Entity]:
    """The entities of that very type which exist, by qualifiedName; of namesakes the active one."""
    path = f"{BULK}/uniqueAttribute/type/{segment(type_name)}"
    longest = f"attr_{MOST_AT_ONCE - 1}:qualifiedName"
    split = batches(names, start=len(path) + ROOM, per_name=longest, most=MOST_AT_ONCE)
    read = partial(_of_names, transport, path, relationships)
    found: dict[str, Entity] = {}
    for entities in run_all([partial(read, batch) for batch in split]):
        for entity in entities:
            known = found.get(entity.qualified_name)
            if entity.type_name == type_name and (known is None or known.status != "ACTIVE"):
                found[entity.qualified_name] = entity
    return found


def _of_names(transport: Transport, path: str, relationships: bool, names: Sequence[str]) -> list[Entity]:
    numbered = [(f"attr_{index}:qualifiedName", name) for index, name in enumerate(names)]
    try:
        return _fetched(transport, Call("GET", path, (*numbered, *_options(relationships))))
    except NotFoundError as error:
        if error.code != NO_SUCH_NAME:  # said where none of the names is known
            raise
        return []


def identified(transport: Transport, guids: Iterable[str], *, relationships: bool) -> dict[str, Entity]:
    """The entities that exist, by GUID."""
    split = batches(guids, start=len(BULK) + ROOM, per_name="guid", most=MOST_AT_ONCE)
    read = partial(_of_guids, transport, relationships)
    found = run_all([partial(read, batch) for batch in split])
    return {entity.guid: entity for entities in found for entity in entities if entity.guid}


def _of_guids(transport: Transport, relationships: bool, guids: Sequence[str]) -> list[Entity]:
    """Those of a batch. One unknown GUID fails it: it is asked for anew without the one that is named.

    Where there are several, the search index tells which of the others exist: else a batch of which most are
    gone would take a request for each.
    """
    found: list[Entity] = []
    waiting, unknown = [guids], 0
    while waiting:
        batch = waiting.pop()
        query = (*(("guid", guid) for guid in batch), *_options(relationships))
        try:
            found += _fetched(transport, Call("GET", BULK, query))
        except NotFoundError as error:
            if error.code != NO_SUCH_GUID:
                raise
            rest = _without_unknown(batch, error.reason)
            unknown += len(batch) - sum(map(len, rest))
            waiting += rest
            if rest and unknown == _SEVERAL:
                waiting = _indexed(transport, waiting)
    return found


def _indexed(transport: Transport, waiting: list[Sequence[str]]) -> list[Sequence[str]]:
    known = Search(transport).by_guids(guid for batch in waiting for guid in batch)
    return [list(known)] if known else []


def _without_unknown(batch: Sequence[str], reason: str) -> list[Sequence[str]]:
    """What is left to ask for, without the GUID that an error names; where it names none, by halves."""
    said = set(re.findall(r"[\w-]+", reason))
    rest = [guid for guid in batch if guid not in said]
    if len(rest) == len(batch):
        half = len(batch) // 2
        return [batch[half:], batch[:half]] if half else []
    return [rest] if rest else []


def _options(relationships: bool) -> tuple[tuple[str, str], ...]:
    return WHOLE if relationships else BARE


def _fetched(transport: Transport, call: Call) -> list[Entity]:
    return transport.fetch(call, _Many).entities or []


class _One(BaseModel):
    entity: Entity


class Entities:
    """Writes, deletes, restores and reads entities."""

    def __init__(self, transport: Transport, gathering: RequestCoalescer) -> None:
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
        return named(self._transport, type_name, qualified_names, relationships=relationships)

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
        return identified(self._transport, guids, relationships=relationships)
