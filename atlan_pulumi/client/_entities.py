"""client.entities: write, delete, restore, and read entities."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from pydantic import BaseModel

from atlan_pulumi.client._calls import BULK_PATH, Call, batch_names, quote_segment
from atlan_pulumi.client._coalescer import RequestCoalescer
from atlan_pulumi.client._models import DeleteType, Entity, MutationResult
from atlan_pulumi.client._search import SearchClient
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._workers import run_all
from atlan_pulumi.client.errors import NotFoundError

MAX_BATCH = 100
RESERVED_LENGTH = 60
"""Characters of the URL that are reserved for parameters such as `?deleteType=PURGE`."""
WITH_RELATIONSHIPS = (("minExtInfo", "false"), ("ignoreRelationships", "false"))
WITHOUT_RELATIONSHIPS = (("minExtInfo", "true"), ("ignoreRelationships", "true"))
_SEVERAL = 2
NO_SUCH_GUID = "ATLAS-404-00-005"
NO_SUCH_NAME = "ATLAS-404-00-009"
_ENTITY = "/api/meta/entity"
_RESTORE = f"{_ENTITY}/restore/bulk"
_LAGS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds to wait before each attempt to read an entity that was just written."""


class _Many(BaseModel):
    entities: list[Entity] | None = None


def read_by_names(
    transport: Transport, type_name: str, names: Iterable[str], *, relationships: bool
) -> dict[str, Entity]:
    """Read entities of exactly this type by qualifiedName; of two with the same name, the active one."""
    path = f"{BULK_PATH}/uniqueAttribute/type/{quote_segment(type_name)}"
    longest = f"attr_{MAX_BATCH - 1}:qualifiedName"
    split = batch_names(names, start=len(path) + RESERVED_LENGTH, per_name=longest, most=MAX_BATCH)
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
        if error.code != NO_SUCH_NAME:  # the error if no name is known
            raise
        return []


def read_by_guids(transport: Transport, guids: Iterable[str], *, relationships: bool) -> dict[str, Entity]:
    """Read entities by GUID."""
    split = batch_names(guids, start=len(BULK_PATH) + RESERVED_LENGTH, per_name="guid", most=MAX_BATCH)
    read = partial(_of_guids, transport, relationships)
    found = run_all([partial(read, batch) for batch in split])
    return {entity.guid: entity for entities in found for entity in entities if entity.guid}


def _of_guids(transport: Transport, relationships: bool, guids: Sequence[str]) -> list[Entity]:
    """Read a batch. One unknown GUID fails it, so that the batch is read again without the GUID in the error.

    If several are unknown, the search index shows which of the others exist. Otherwise a batch with many
    removed entities would take a request for each of them.
    """
    found: list[Entity] = []
    pending, unknown = [guids], 0
    while pending:
        batch = pending.pop()
        query = (*(("guid", guid) for guid in batch), *_options(relationships))
        try:
            found += _fetched(transport, Call("GET", BULK_PATH, query))
        except NotFoundError as error:
            if error.code != NO_SUCH_GUID:
                raise
            rest = _without_unknown(batch, error.reason)
            unknown += len(batch) - sum(map(len, rest))
            pending += rest
            if rest and unknown == _SEVERAL:
                pending = _indexed(transport, pending)
    return found


def _indexed(transport: Transport, pending: list[Sequence[str]]) -> list[Sequence[str]]:
    known = SearchClient(transport).by_guids(guid for batch in pending for guid in batch)
    return [list(known)] if known else []


def _without_unknown(batch: Sequence[str], reason: str) -> list[Sequence[str]]:
    """Return what is left to read, without the GUID that an error names; in halves if it names none."""
    said = set(re.findall(r"[\w-]+", reason))
    rest = [guid for guid in batch if guid not in said]
    if len(rest) == len(batch):
        half = len(batch) // 2
        return [batch[half:], batch[:half]] if half else []
    return [rest] if rest else []


def _options(relationships: bool) -> tuple[tuple[str, str], ...]:
    return WITH_RELATIONSHIPS if relationships else WITHOUT_RELATIONSHIPS


def _fetched(transport: Transport, call: Call) -> list[Entity]:
    """Return the entities of a response, without attributes that are not set: most of them are not."""
    entities = transport.fetch(call, _Many).entities or []
    for entity in entities:
        entity.attributes = {name: value for name, value in entity.attributes.items() if value is not None}
    return entities


class _One(BaseModel):
    entity: Entity


class EntityClient:
    """Writes, deletes, restores, and reads entities."""

    def __init__(self, transport: Transport, coalescer: RequestCoalescer) -> None:
        self._transport = transport
        self._coalescer = coalescer

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
        return self._coalescer.upsert(entities, fresh_connection=fresh_connection)

    def delete(
        self,
        guids: Iterable[str],
        delete_type: DeleteType = "PURGE",
        *,
        done: Callable[[int], None] | None = None,
    ) -> MutationResult:
        """Archive (`SOFT`) or remove (`HARD`, `PURGE`) entities. Entities that no longer exist are skipped.

        Dependent entities stay: column processes of a process, assets of a connection.

        Args:
            guids: The GUIDs, split into concurrent requests of up to 100.
            delete_type: `PURGE` (also archived entities), `HARD` (only active ones), or `SOFT`.
            done: Called in the calling thread after each request, with the number of entities deleted so far.

        Raises:
            AtlanRequestError: Atlan gave no usable response; other requests of the split may have succeeded.
        """
        return self._mutate("DELETE", BULK_PATH, guids, ("deleteType", delete_type), done=done)

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

        split = batch_names(guids, start=len(path) + RESERVED_LENGTH, per_name="guid", most=MAX_BATCH)
        return MutationResult.merge(run_all([partial(send, batch) for batch in split], done=report))

    def get(self, guid: str, *, fresh_connection: bool = False) -> Entity | None:
        """Return an entity with its relationships, archived or not; None if the GUID does not exist.

        Args:
            guid: The GUID.
            fresh_connection: Whether it is, or is in, a connection created a moment ago: a 403 is retried.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        path = f"{_ENTITY}/guid/{quote_segment(guid)}"
        return self._one(
            Call("GET", path, WITH_RELATIONSHIPS, fresh_connection=fresh_connection), NO_SUCH_GUID
        )

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
        `Process` it returns, and updates, a `ColumnProcess` of the same name.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        path = f"{_ENTITY}/uniqueAttribute/type/{quote_segment(type_name)}"
        call = Call("GET", path, (("attr:qualifiedName", qualified_name), *WITH_RELATIONSHIPS))
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
