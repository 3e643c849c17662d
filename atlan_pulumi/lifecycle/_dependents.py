"""Dependents of an entity: whether they may be removed together with it, and the notes that name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from atlan_pulumi import ownership_mark
from atlan_pulumi.lifecycle import _observe, _ownership
from atlan_pulumi.lifecycle._asset_use import Props
from atlan_pulumi.lifecycle._declared import DeclaredResources, EntityKey
from atlan_pulumi.lifecycle._observe import OwnedNote

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

#: The types of dependents that a program may declare.
_LINEAGE = ("Process", "ColumnProcess")


def entity_key(entity: Entity) -> EntityKey:
    """Return the key of an entity."""
    return EntityKey(entity.type_name, entity.qualified_name)


def owned_note(entity: Entity, text: str) -> OwnedNote:
    """Return a note on an entity, with the stack that owns it."""
    return OwnedNote(ownership_mark.stack_of(_ownership.mark_of(entity)), text)


def removal_conflict(
    type_name: str, props: Props, dependents: Sequence[Entity], declared: DeclaredResources
) -> str | None:
    """Return why an entity and its dependents must stay; None if they may be removed.

    Dependents are removed only with `force_destroy`, and never if another resource of the program declares
    them.

    Args:
        type_name: The entity's type.
        props: The properties of its resource.
        dependents: The live entities that depend on it.
        declared: The entities that the program declares.
    """
    own = props.get("own_mark") or props.get("managed_by")
    elsewhere = declared.elsewhere(own, map(entity_key, dependents))
    names = [f"{key} ({ownership_mark.resource_of(mark)!r})" for key, mark in elsewhere.items()]
    if names:
        return _observe.declared_dependents_text(type_name, props["qualified_name"], names)
    if dependents and not props.get("force_destroy"):
        return _observe.dependents_text(type_name, props["qualified_name"], dependents)
    return None


def belongs_to_others(entity: Entity, olds: Props, news: Props) -> bool:
    """Return whether a dependent belongs to another stack or writer, according to the ownership marks.

    Lineage without a mark may belong to this program if its parent has no mark either.
    """
    if _ownership.is_ours(entity, news) or _ownership.is_ours(entity, olds):
        return False
    marked = olds.get("managed_by") is not None and news.get("managed_by") is not None
    return marked or _ownership.has_stack(entity) or entity.type_name not in _LINEAGE


def replacement_conflict(type_name: str, olds: Props, dependents: Sequence[Entity]) -> str | None:
    """Return why an entity must not be replaced; None if it may be.

    The engine removes the former entity with the properties in the state, so `force_destroy` must be set
    there.

    Args:
        type_name: The entity's type.
        olds: The properties in the state.
        dependents: The live entities of others that depend on it.
    """
    if not dependents or olds.get("force_destroy"):
        return None
    return _observe.replacement_conflict_text(type_name, olds["qualified_name"], dependents)


def notes_on_forced(dependents: Sequence[Entity], removed: Entity) -> list[str]:
    """Return the notes that name the dependents that are removed with an entity, grouped by owner."""
    return _observe.notes_by_owner(
        owned_note(each, _ownership.forced_removal_note(each, removed)) for each in dependents
    )
