"""Entities of the metastore: write, delete, restore, read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import BaseModel

from atlan_pulumi.client._call import Call, segment
from atlan_pulumi.client._entity import Entity
from atlan_pulumi.client._mutation import DeleteType, MutationResult
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._urls import batches
from atlan_pulumi.client.errors import NotFoundError

_ENTITY = "/api/meta/entity"
_BULK = f"{_ENTITY}/bulk"
_RESTORE = f"{_ENTITY}/restore/bulk"
_MOST_AT_ONCE = 100
_ROOM = 60  # characters for "?deleteType=PURGE" and the like

_WHOLE = (("minExtInfo", "false"), ("ignoreRelationships", "false"))
_BARE = (("minExtInfo", "true"), ("ignoreRelationships", "true"))
_MERGE_NOTHING = (
    ("replaceTags", "false"),
    ("appendTags", "false"),
    ("replaceBusinessAttributes", "false"),
    ("overwriteBusinessAttributes", "false"),
)
_LAGS = (0.0, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds to wait before each look for what was just written."""
_NO_SUCH_GUID = "ATLAS-404-00-005"
_NO_SUCH_NAME = "ATLAS-404-00-009"


class _One(BaseModel):
    entity: Entity


class _Many(BaseModel):
    entities: list[Entity] | None = None


class Entities:
    """Writes, deletes, restores and reads entities."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def upsert(self, entities: Sequence[Entity], *, fresh_connection: bool = False) -> MutationResult:
        """Make or change entities, all of them or none (`POST /api/meta/entity/bulk`).

        Attributes that are not sent stay; None clears one; `inputs` and `outputs` replace what was there.
        Tags and custom metadata of existing entities are left alone. Atlan recommends 20 to 50 at once.

        Args:
            entities: What to write; nothing is sent for none.
            fresh_connection: They lie in a connection made a moment ago, for which a 403 may pass.

        Raises:
            NotFoundError: A reference leads to nothing (`ATLAS-404-00-00A`); nothing was written.
            AtlanRequestError: There is no usable answer.
        """
        if not entities:
            return MutationResult()
        body = {"entities": [entity.to_wire() for entity in entities]}
        call = Call("POST", _BULK, _MERGE_NOTHING, body, fresh_connection=fresh_connection)
        return self._transport.fetch(call, MutationResult)

    def delete(self, guids: Iterable[str], delete_type: DeleteType = "PURGE") -> MutationResult:
        """Archive (`SOFT`) or remove (`HARD`, `PURGE`) entities; those that are gone already are passed over.

        What hangs on them stays: column processes of a process, assets of a connection.

        Args:
            guids: Which; split into several requests, so that each address stays short.
            delete_type: `PURGE` (also what is archived), `HARD` (only what is active) or `SOFT`.

        Raises:
            AtlanRequestError: There is no usable answer; earlier requests of the split may have been done.
        """
        return self._mutate("DELETE", _BULK, guids, ("deleteType", delete_type))

    def restore(self, guids: Iterable[str]) -> MutationResult:
        """Make archived entities active again.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        return self._mutate("POST", _RESTORE, guids)

    def _mutate(
        self, method: str, path: str, guids: Iterable[str], *parameters: tuple[str, str]
    ) -> MutationResult:
        split = batches(guids, start=len(path) + _ROOM, per_name="guid", most=_MOST_AT_ONCE)
        calls = (Call(method, path, (*parameters, *(("guid", guid) for guid in batch))) for batch in split)
        return MutationResult.merged(self._transport.fetch(call, MutationResult) for call in calls)

    def get(self, guid: str, *, fresh_connection: bool = False) -> Entity | None:
        """The entity with its relationships, archived or not; None when there is none of that GUID.

        Args:
            guid: Which.
            fresh_connection: It is, or lies in, a connection made a moment ago, for which a 403 may pass.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        path = f"{_ENTITY}/guid/{segment(guid)}"
        return self._one(Call("GET", path, _WHOLE, fresh_connection=fresh_connection), _NO_SUCH_GUID)

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
        call = Call("GET", path, (("attr:qualifiedName", qualified_name), *_WHOLE))
        return self._one(call, _NO_SUCH_NAME)

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
        path = f"{_BULK}/uniqueAttribute/type/{segment(type_name)}"
        split = batches(
            qualified_names,
            start=len(path) + _ROOM,
            per_name=f"attr_{_MOST_AT_ONCE - 1}:qualifiedName",
            most=_MOST_AT_ONCE,
        )
        found: dict[str, Entity] = {}
        for batch in split:
            numbered = [(f"attr_{index}:qualifiedName", name) for index, name in enumerate(batch)]
            for entity in self._many(Call("GET", path, (*numbered, *(_WHOLE if relationships else _BARE)))):
                known = found.get(entity.qualified_name)
                if entity.type_name == type_name and (known is None or known.status != "ACTIVE"):
                    found[entity.qualified_name] = entity
        return found

    def _many(self, call: Call) -> list[Entity]:
        try:
            return self._transport.fetch(call, _Many).entities or []
        except NotFoundError as error:
            if error.code != _NO_SUCH_NAME:  # said where none of the names is known
                raise
            return []
