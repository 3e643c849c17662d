"""Removal of placeholders that no resource uses any more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._ownership import mark_of
from atlan_pulumi.lifecycle._placeholders import (
    Placeholders,
    changed,
    describe_placeholders,
    was_placeholder,
)
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE, parse_mark, same_resource

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100

Log = Callable[[str], None]


class Leaving(NamedTuple):
    """A resource that no longer uses some placeholders.

    Attributes:
        mark: Its ownership mark; None if marks are off.
        delete_type: How to delete a placeholder that nothing uses.
        needed: Placeholders that resources of the operation use, also those that are not written yet.
    """

    mark: str | None
    delete_type: Any = "PURGE"
    needed: Collection[EntityKey] = ()


def still_used(client: AtlanClient, guids: Collection[str], assets: Collection[EntityKey]) -> set[str]:
    """Return which placeholders of the state are among the assets of a resource, and still placeholders."""
    found = client.entities.get_many(guids, relationships=False) if guids else {}
    return {guid for guid, each in found.items() if was_placeholder(each) and _key(each) in assets}


def remove_unused(client: AtlanClient, former: Placeholders, leaving: Leaving, log: Log) -> None:
    """Remove the placeholders that no process uses any more.

    A full asset stays. A placeholder that another process uses stays, too; if it has this resource's mark, it
    gets that of the process. Each batch is read immediately before it is removed, since a crawl may make an
    asset full at any time.

    Args:
        client: The tenant.
        former: The placeholders that a resource no longer uses.
        leaving: The resource.
        log: Prints a line.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    guids = sorted(former.guids)
    for start in range(0, len(guids), _BATCH):
        found = client.entities.get_many(guids[start : start + _BATCH])
        partial = {guid: entity for guid, entity in found.items() if was_placeholder(entity)}
        users = {guid: list(_users(entity)) for guid, entity in partial.items()}
        needed = {guid for guid, entity in partial.items() if users[guid] or _key(entity) in leaving.needed}
        if unused := sorted(partial.keys() - needed):
            gone = describe_placeholders([partial[guid] for guid in unused], hidden=former.hidden)
            log(f"removes {gone} that no process uses any more")
            client.entities.delete(unused, leaving.delete_type)
        ours = [guid for guid in partial if same_resource(mark_of(partial[guid]), leaving.mark)]
        _hand_over(client, [(partial[guid], users[guid]) for guid in ours if users[guid]])


def _hand_over(client: AtlanClient, held: Sequence[tuple[Entity, Sequence[str]]]) -> None:
    """Give placeholders the mark of a process that uses them; none if no stack declares one.

    The process may remove a placeholder at the same time: it then stays removed.
    """
    found = client.entities.get_many([guid for _, users in held for guid in users], relationships=False)
    changes = []
    for entity, users in held:
        marks = [mark_of(found[guid]) for guid in users if guid in found]
        mark = next((each for each in marks if parse_mark(each)), None)
        changes.append(changed(entity, {OWNERSHIP_ATTRIBUTE: mark}))
    client.bulk.upsert(changes, small=True)


def _users(entity: Entity) -> Iterator[str]:
    """Yield the GUIDs of the live processes that have an asset as an input or output."""
    for name in entity.relationship_attributes:
        if name.startswith(("inputTo", "outputFrom")):
            yield from (each.guid for each in entity.related(name, drop_archived=True) if each.guid)


def _key(entity: Entity) -> EntityKey:
    return EntityKey(entity.type_name, entity.qualified_name)
