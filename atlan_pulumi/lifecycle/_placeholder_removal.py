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
    is_bare,
    was_placeholder,
)
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE, parse_mark, stack_of
from atlan_pulumi.text import counted

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100
_NO_SUCH_GUID = "ATLAS-404-00-005"

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


def still_used(client: AtlanClient, guids: Collection[str], assets: Collection[EntityKey | str]) -> set[str]:
    """Return which placeholders of the state are among the assets of a resource, and still placeholders.

    Args:
        client: The tenant.
        guids: The placeholders of the state.
        assets: The assets, by key or by GUID.
    """
    found = client.entities.get_many(guids, relationships=False) if guids else {}
    partial = {guid: entity for guid, entity in found.items() if was_placeholder(entity)}
    return {guid for guid, entity in partial.items() if guid in assets or _key(entity) in assets}


def remove_unused(client: AtlanClient, former: Placeholders, leaving: Leaving, log: Log) -> None:
    """Remove the placeholders that no process uses any more.

    A full asset stays, and so does one to which others have added metadata. A placeholder that another
    process uses stays, too; if it has a mark of this stack, it gets that of the process. Each batch is read
    immediately before it is removed, since a crawl may make an asset full at any time.

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
        unused = sorted(partial.keys() - needed)
        if bare := [guid for guid in unused if is_bare(partial[guid])]:
            gone = describe_placeholders([partial[guid] for guid in bare], hidden=former.hidden)
            log(f"removes {gone} that no process uses any more")
            client.entities.delete(bare, leaving.delete_type)
        if kept := [partial[guid] for guid in unused if not is_bare(partial[guid])]:
            staying = describe_placeholders(kept, hidden=former.hidden)
            log(f"leaves {staying}, to which others have added metadata")
        held = [(entity, users[guid]) for guid, entity in partial.items() if users[guid] or entity in kept]
        _hand_over(client, [each for each in held if _is_of_stack(each[0], leaving.mark)], log)


def _is_of_stack(entity: Entity, mark: str | None) -> bool:
    """Return whether a placeholder has a mark of the same stack, perhaps under a former name."""
    return stack_of(mark_of(entity)) == stack_of(mark)


def _hand_over(client: AtlanClient, held: Sequence[tuple[Entity, Sequence[str]]], log: Log) -> None:
    """Give placeholders the mark of a process that uses them; none if no stack declares one.

    A placeholder with the mark of one of its users keeps it. The process may remove a placeholder at the same
    time: it then stays removed.
    """
    found = client.entities.get_many([guid for _, users in held for guid in users], relationships=False)
    changes = []
    for entity, users in held:
        marks = [mark_of(found[guid]) for guid in users if guid in found]
        marks = [mark for mark in marks if parse_mark(mark)]
        if mark_of(entity) not in marks:
            changes.append(changed(entity, {OWNERSHIP_ATTRIBUTE: marks[0] if marks else None}))
    errors = [outcome.error for outcome in client.bulk.upsert(changes, small=True)]
    if lost := [error for error in errors if error and error.code != _NO_SUCH_GUID]:
        log(f"the ownership mark of {counted(len(lost), 'placeholder')} could not be changed: {lost[0]}")


def _users(entity: Entity) -> Iterator[str]:
    """Yield the GUIDs of the live processes that have an asset as an input or output."""
    for name in entity.relationship_attributes:
        if name.startswith(("inputTo", "outputFrom")):
            yield from (each.guid for each in entity.related(name, drop_archived=True) if each.guid)


def _key(entity: Entity) -> EntityKey:
    return EntityKey(entity.type_name, entity.qualified_name)
