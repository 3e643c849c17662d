"""Which entities an update or a deletion of many removes, and which it leaves to others.

Four kinds are told apart: parts that are no longer declared; leftovers, which have the resource's own mark
while neither the state nor the program contains them; dependents of others, which go with `force_destroy`
alone; and entities that another resource or stack has by now, which stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import _mark, _observe, _ownership
from atlan_pulumi.lifecycle._children import Change, is_live
from atlan_pulumi.lifecycle._declared import DeclaredResources, EntityKey
from atlan_pulumi.lifecycle._dependents import (
    key_of,
    of_others,
    owned_note,
    removal_conflict,
    replacement_conflict,
)
from atlan_pulumi.lifecycle._observe import OwnedNote
from atlan_pulumi.lifecycle._resource import Props

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity


class Removals(NamedTuple):
    """What is to be removed, and what is not."""

    entities: list[Entity]
    named: list[OwnedNote]
    """Notes on those that are no parts: which entity goes, and who wrote it last."""
    stays: dict[EntityKey, str]
    """Why entities stay that have the name or the mark of what is removed."""


@dataclass(frozen=True)
class Removal:
    """The removal that belongs to one update.

    Attributes:
        change: What is done to the parts.
        olds: The state.
        news: The inputs as declared; of a deletion, the state.
        declared: What the program declares.
        written: The GUIDs of what this process has written.
        replaces: Whether the whole resource is replaced: what the stack has below it may follow.
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

    def former_parts(self) -> Removals:
        """Return what becomes of the parts that are no longer declared."""
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

    def with_others(self, former: Removals, near: Iterable[Entity]) -> Removals:
        """Return what is removed in all.

        Args:
            former: What becomes of the parts that are no longer declared.
            near: Live entities beside them, with their relationships.

        Raises:
            ResourceError: Others depend on what is removed, and `force_destroy` is not set.
        """
        others = list(near)
        left = self._leftovers({key_of(each): each for each in others})
        removed = [*former.entities, *left.entities]
        guids = {each.guid for each in removed}
        dependents = [each for each in others if each.guid not in guids and _parents(each) & guids]
        if self.replaces:
            dependents = [each for each in dependents if of_others(each, self.olds, self.news)]
        self._refuse(dependents, removed)
        notes = [owned_note(each, _ownership.goes_with(each, _parent(each, removed))) for each in dependents]
        return Removals([*removed, *dependents], [*left.named, *notes], {**left.stays, **former.stays})

    def _leftovers(self, near: Mapping[EntityKey, Entity]) -> Removals:
        """Return what becomes of entities with the resource's mark that no state and no part contains."""
        marked = {key: each for key, each in near.items() if _ownership.mark_of(each) in self.marks}
        elsewhere = self.declared.elsewhere(self.news.get("managed_by"), marked)
        going = [each for key, each in marked.items() if key not in elsewhere and self._may_go(each)]
        stays = {key: str(_declared_by(marked[key], mark)) for key, mark in elsewhere.items()}
        return Removals(going, [owned_note(each, _ownership.leftover(each)) for each in going], stays)

    def _may_go(self, entity: Entity) -> bool:
        """Return whether a leftover can be nobody else's; a mark of earlier versions may be shared."""
        return entity.guid not in self.written and _mark.is_precise(_ownership.mark_of(entity))

    def _refuse(self, dependents: Sequence[Entity], removed: Sequence[Entity]) -> None:
        """Refuse to remove dependents without `force_destroy`, and those that the program itself declares."""
        below: dict[EntityKey, list[Entity]] = {}
        for each in dependents:
            below.setdefault(key_of(_parent(each, removed)), []).append(each)
        objections = [self._objection(*parent) for parent in below.items()]
        if told := list(filter(None, objections)):
            more = f" (and {len(told) - 1} more like it)" if len(told) > 1 else ""
            raise ResourceError(f"{told[0]}{more}")

    def _objection(self, parent: EntityKey, dependents: Sequence[Entity]) -> str | None:
        """Return why one of the entities must stay together with its dependents."""
        named = {"qualified_name": parent.qualified_name}
        if self.replaces:
            return replacement_conflict(parent.type_name, {**self.olds, **named}, dependents)
        props = {**self.news, **named, "own_mark": self.news.get("managed_by")}
        return removal_conflict(parent.type_name, props, dependents, self.declared)

    def _reason_to_stay(self, key: EntityKey, entity: Entity) -> str | None:
        """Return why an entity with the name of a former part stays; None where it may be removed."""
        if entity.guid in self.written:
            return f"{_observe.named(entity)} was left in Atlan: it was just written anew"
        known, mark = entity.guid == self.change.known.get(key), _ownership.mark_of(entity)
        if mark in self.marks and (known or _mark.is_precise(mark)):
            return None  # also what an interrupted run of this resource has recreated
        return _ownership.ownership_conflict_on_delete(
            entity, self.olds if known else {"own_mark": _ownership.NOT_OURS}
        )


def own_marks(olds: Props, news: Props) -> frozenset[str]:
    """Return the marks of a resource, which may be about to get another one; none without marks."""
    mark = news.get("managed_by")
    marks = (olds.get("own_mark"), olds.get("managed_by"), mark)
    return frozenset(each for each in marks if each and _mark.same_owner(each, mark))


def _declared_by(entity: Entity, mark: str | None) -> str | None:
    """Return the reason to keep an entity that another resource of the program declares."""
    name = _mark.resource_of(mark)
    return f"{_observe.named(entity)} stays in Atlan: {name!r} declares it now" if name else None


def _parents(entity: Entity) -> set[str | None]:
    return {parent.guid for parent in entity.related("process")}


def _parent(entity: Entity, removed: Iterable[Entity]) -> Entity:
    return next(each for each in removed if each.guid in _parents(entity))
