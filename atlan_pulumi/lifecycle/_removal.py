"""Which entities a bulk resource removes in an update or a deletion, and which it leaves.

There are four groups: children that are no longer declared; leftovers, which have the resource's mark but are
neither in the state nor in the program; dependents of other writers, which are removed only with
`force_destroy`; and entities that another resource or stack owns by now, which stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi import ownership_mark
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import _observe, _ownership
from atlan_pulumi.lifecycle._asset_use import Props
from atlan_pulumi.lifecycle._children import Change
from atlan_pulumi.lifecycle._declared import DeclaredResources, EntityKey
from atlan_pulumi.lifecycle._dependents import (
    belongs_to_others,
    entity_key,
    owned_note,
    removal_conflict,
    replacement_conflict,
)
from atlan_pulumi.lifecycle._lookups import is_live
from atlan_pulumi.lifecycle._observe import OwnedNote

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity


class Removals(NamedTuple):
    """The entities to remove, and the reasons why others stay."""

    entities: list[Entity]
    named: list[OwnedNote]
    """Notes on removed entities that are not children, with their last writers."""
    stays: dict[EntityKey, str]
    """The reasons why entities with the key or mark of a removed one stay."""


@dataclass(frozen=True)
class Removal:
    """The removal that belongs to one update.

    Attributes:
        change: The change of the children.
        olds: The state.
        news: The inputs as declared; for a deletion, the state.
        declared: The entities that the program declares.
        written: The GUIDs that this process has written.
        replaces: Whether the whole resource is replaced. Dependents of this stack may then follow it.
    """

    change: Change
    olds: Props
    news: Props
    declared: DeclaredResources
    written: set[str]
    replaces: bool = False

    @property
    def marks(self) -> frozenset[str]:
        """The marks of this resource."""
        return own_marks(self.olds, self.news)

    def former_children(self) -> Removals:
        """Return which of the children that are no longer declared are removed."""
        found = {key: self.change.found[key] for key in self.change.removed if key in self.change.found}
        elsewhere = self.declared.elsewhere(self.news.get("managed_by"), found)
        going, stays = [], {}
        for key, entity in found.items():
            reason = _declared_by(entity, elsewhere.get(key)) or self._reason_to_stay(key, entity)
            if reason is None:
                going.append(entity)
            elif is_live(entity):
                stays[key] = reason
        return Removals(going, [], stays)

    def with_related(self, former: Removals, related: Iterable[Entity]) -> Removals:
        """Return everything that is removed.

        Args:
            former: The result of `former_children`.
            related: Live entities related to the children, with their relationships.

        Raises:
            ResourceError: Others depend on a removed entity, and `force_destroy` is not set.
        """
        others = list(related)
        left = self._leftovers({entity_key(each): each for each in others})
        removed = [*former.entities, *left.entities]
        guids = {each.guid for each in removed}
        dependents = [each for each in others if each.guid not in guids and _parents(each) & guids]
        if self.replaces:
            dependents = [each for each in dependents if belongs_to_others(each, self.olds, self.news)]
        self._refuse(dependents, removed)
        notes = [
            owned_note(each, _ownership.forced_removal_note(each, _parent(each, removed)))
            for each in dependents
        ]
        return Removals([*removed, *dependents], [*left.named, *notes], {**left.stays, **former.stays})

    def _leftovers(self, related: Mapping[EntityKey, Entity]) -> Removals:
        """Return which related entities with the resource's mark are removed."""
        marked = {key: each for key, each in related.items() if _ownership.mark_of(each) in self.marks}
        elsewhere = self.declared.elsewhere(self.news.get("managed_by"), marked)
        going = [each for key, each in marked.items() if key not in elsewhere and self._may_go(each)]
        stays = {key: str(_declared_by(marked[key], mark)) for key, mark in elsewhere.items()}
        return Removals(going, [owned_note(each, _ownership.leftover_note(each)) for each in going], stays)

    def _may_go(self, entity: Entity) -> bool:
        """Return whether a leftover belongs to this resource alone. Earlier versions' marks may be shared."""
        return entity.guid not in self.written and ownership_mark.is_precise(_ownership.mark_of(entity))

    def _refuse(self, dependents: Sequence[Entity], removed: Sequence[Entity]) -> None:
        """Refuse to remove dependents without `force_destroy`, or dependents that the program declares."""
        below: dict[EntityKey, list[Entity]] = {}
        for each in dependents:
            below.setdefault(entity_key(_parent(each, removed)), []).append(each)
        objections = [self._objection(*parent) for parent in below.items()]
        if refused := list(filter(None, objections)):
            more = f" (and {len(refused) - 1} more like it)" if len(refused) > 1 else ""
            raise ResourceError(f"{refused[0]}{more}")

    def _objection(self, parent: EntityKey, dependents: Sequence[Entity]) -> str | None:
        """Return why an entity and its dependents must stay."""
        named = {"qualified_name": parent.qualified_name}
        if self.replaces:
            return replacement_conflict(parent.type_name, {**self.olds, **named}, dependents)
        props = {**self.news, **named, "own_mark": self.news.get("managed_by")}
        return removal_conflict(parent.type_name, props, dependents, self.declared)

    def _reason_to_stay(self, key: EntityKey, entity: Entity) -> str | None:
        """Return why an entity with the key of a former child stays; None if it may be removed."""
        if entity.guid in self.written:
            return _observe.just_written_note(entity)
        known, mark = entity.guid == self.change.known.get(key), _ownership.mark_of(entity)
        if mark in self.marks and (known or ownership_mark.is_precise(mark)):
            return None  # also what an interrupted run of this resource has recreated
        return _ownership.ownership_conflict_on_delete(
            entity, self.olds if known else {"own_mark": _ownership.NOT_OURS}
        )


def own_marks(olds: Props, news: Props) -> frozenset[str]:
    """Return the old and new marks of a resource; empty if marks are off."""
    mark = news.get("managed_by")
    marks = (olds.get("own_mark"), olds.get("managed_by"), mark)
    return frozenset(each for each in marks if each and ownership_mark.same_owner(each, mark))


def _declared_by(entity: Entity, mark: str | None) -> str | None:
    """Return why an entity stays that another resource of the program declares."""
    name = ownership_mark.resource_of(mark)
    return f"{_observe.describe_entity(entity)} stays in Atlan: {name!r} declares it now" if name else None


def _parents(entity: Entity) -> set[str | None]:
    return {parent.guid for parent in entity.related("process")}


def _parent(entity: Entity, removed: Iterable[Entity]) -> Entity:
    return next(each for each in removed if each.guid in _parents(entity))
