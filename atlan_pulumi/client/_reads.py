"""Reads of entities by name and by GUID: in batches, which are split where Atlan refuses a whole batch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from pydantic import BaseModel

from atlan_pulumi.client._calls import BULK_PATH, Call, batch_names, quote_segment
from atlan_pulumi.client._models import Entity
from atlan_pulumi.client._search import SearchClient
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._workers import run_all
from atlan_pulumi.client.errors import NotFoundError

_MAX_BATCH = 100
_RESERVED_LENGTH = 60
"""Characters of the URL that are reserved for parameters such as `?deleteType=PURGE`."""
WITH_RELATIONSHIPS = (("minExtInfo", "false"), ("ignoreRelationships", "false"))
WITHOUT_RELATIONSHIPS = (("minExtInfo", "true"), ("ignoreRelationships", "true"))
_SEVERAL = 2
NO_SUCH_GUID = "ATLAS-404-00-005"
NO_SUCH_NAME = "ATLAS-404-00-009"


class _Many(BaseModel):
    entities: list[Entity] | None = None


class _One(BaseModel):
    entity: Entity


def read_by_names(
    transport: Transport, type_name: str, names: Iterable[str], *, relationships: bool
) -> dict[str, Entity]:
    """Read entities of exactly this type by qualifiedName; of two with the same name, the active one."""
    read = partial(read_batch, transport, type_name, relationships=relationships)
    found: dict[str, Entity] = {}
    for entities in run_all([partial(read, batch) for batch in split_names(type_name, names)]):
        for entity in entities:
            known = found.get(entity.qualified_name)
            if entity.type_name == type_name and (known is None or known.status != "ACTIVE"):
                found[entity.qualified_name] = entity
    return found


def split_names(type_name: str, names: Iterable[str]) -> Iterator[Sequence[str]]:
    """Yield qualifiedNames in batches that fit into a request of `read_batch`."""
    longest = f"attr_{_MAX_BATCH - 1}:qualifiedName"
    start = len(_path_of_names(type_name)) + _RESERVED_LENGTH
    return batch_names(names, start=start, per_name=longest, most=_MAX_BATCH)


def read_batch(
    transport: Transport,
    type_name: str,
    names: Sequence[str],
    *,
    relationships: bool,
    coalesced: bool = False,
) -> list[Entity]:
    """Read entities of a type and of its subtypes by qualifiedName; without those that do not exist.

    Args:
        transport: Sends the request.
        type_name: The type. For a name that no entity of exactly this type has, Atlan uses a subtype.
        names: The qualifiedNames, as many as fit into a request.
        relationships: Whether to read relationships.
        coalesced: Whether it joins look-ups of several callers, whose turn has come; see `Call`.
    """
    query = [(f"attr_{index}:qualifiedName", name) for index, name in enumerate(names)]
    call = Call("GET", _path_of_names(type_name), (*query, *_options(relationships)), coalesced=coalesced)
    try:
        return read_many(transport, call, waited=coalesced)
    except NotFoundError as error:
        if error.code != NO_SUCH_NAME:  # the error if no name is known
            raise
        return []


def _path_of_names(type_name: str) -> str:
    return f"{BULK_PATH}/uniqueAttribute/type/{quote_segment(type_name)}"


def read_by_guids(transport: Transport, guids: Iterable[str], *, relationships: bool) -> dict[str, Entity]:
    """Read entities by GUID."""
    read = partial(_of_guids, transport, relationships)
    found = run_all([partial(read, batch) for batch in split_guids(guids)])
    return {entity.guid: entity for entities in found for entity in entities if entity.guid}


def split_guids(guids: Iterable[str], path: str = BULK_PATH) -> Iterator[Sequence[str]]:
    """Yield GUIDs in batches that fit into a request."""
    return batch_names(guids, start=len(path) + _RESERVED_LENGTH, per_name="guid", most=_MAX_BATCH)


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
            found += read_many(transport, Call("GET", BULK_PATH, query))
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


def read_many(transport: Transport, call: Call, *, waited: bool = False) -> list[Entity]:
    """Return the entities of a response, without attributes that are not set: most of them are not."""
    entities = transport.fetch(call, _Many, waited=waited).entities or []
    for entity in entities:
        entity.attributes = {name: value for name, value in entity.attributes.items() if value is not None}
    return entities


def read_one(transport: Transport, call: Call, absent: str, *, waited: bool = False) -> Entity | None:
    """Read the entity of a call; None if there is none.

    Args:
        transport: Sends the request.
        call: A call whose response has one entity.
        absent: The error code that says that there is none.
        waited: Whether the caller has called `wait_for_turn`.
    """
    try:
        return transport.fetch(call, _One, waited=waited).entity
    except NotFoundError as error:
        if error.code != absent:
            raise
        return None
