"""Reads many entities in few requests, several at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial

from pydantic import BaseModel

from atlan_pulumi.client._call import Call, segment
from atlan_pulumi.client._entity import Entity
from atlan_pulumi.client._search import Search
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client._urls import batches
from atlan_pulumi.client._writes import BULK
from atlan_pulumi.client.errors import NotFoundError
from atlan_pulumi.parallel import run_all

MOST_AT_ONCE = 100
ROOM = 60
"""Characters that an address may need for parameters such as `?deleteType=PURGE`."""
WHOLE = (("minExtInfo", "false"), ("ignoreRelationships", "false"))
BARE = (("minExtInfo", "true"), ("ignoreRelationships", "true"))
_SEVERAL = 2
NO_SUCH_GUID = "ATLAS-404-00-005"
NO_SUCH_NAME = "ATLAS-404-00-009"


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
