"""The entities behind the names, in few requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from atlan_pulumi.importer._find import Found
from atlan_pulumi.importer._progress import Progress

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_AT_ONCE = 400
"""Names between two reports of progress; the client splits them into requests."""


def read(
    client: AtlanClient, found: Sequence[Found], below: dict[str, str], progress: Progress
) -> list[Entity]:
    """The live entities of these names, and those that hang on them.

    Args:
        client: The tenant.
        found: Which.
        below: By typeName, the relationship that leads to what is imported together with it.
        progress: Is told how many were read.

    Raises:
        AtlanRequestError: There is no usable answer.
    """
    entities: list[Entity] = []
    asked: set[Found] = set()
    wanted = list(dict.fromkeys(found))
    while wanted:
        there = list(_read(client, wanted, len(asked), progress))
        entities += there
        asked.update(wanted)
        wanted = [child for child in _children(there, below) if child not in asked]
    return entities


def _read(client: AtlanClient, wanted: Sequence[Found], before: int, progress: Progress) -> Iterator[Entity]:
    by_type: defaultdict[str, list[str]] = defaultdict(list)
    for one in wanted:
        by_type[one.type_name].append(one.qualified_name)
    done, total = before, before + len(wanted)
    for type_name, names in by_type.items():
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            there = client.entities.get_many_by_qualified_name(type_name, part)
            yield from (entity for entity in there.values() if entity.status == "ACTIVE")
            done += len(part)
            progress("Reading", done, total)


def _children(entities: Iterable[Entity], below: dict[str, str]) -> list[Found]:
    edges = [
        edge
        for entity in entities
        if entity.type_name in below
        for edge in entity.related(below[entity.type_name], drop_archived=True)
    ]
    named = (Found(edge.type_name, edge.qualified_name) for edge in edges if edge.qualified_name)
    return list(dict.fromkeys(named))
