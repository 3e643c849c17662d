"""Children of a bulk resource: how each one is declared, and which ones change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.lifecycle._asset_use import Props
from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._entity import EntityLifecycle

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity


class Child(NamedTuple):
    """One child of a bulk resource, as if it were a separate resource."""

    lifecycle: EntityLifecycle
    declared: Props
    """The inputs that a resource of that kind would have, with the `qualified_name`."""


Children = dict[EntityKey, Child]
"""The children by key. A child comes after those that it refers to."""


@dataclass(frozen=True)
class Change:
    """A change of a bulk resource.

    Attributes:
        had: The children in the state.
        wanted: The children as declared.
        known: The GUIDs in the state.
        changed: The children to write.
        removed: The children that are no longer declared.
        found: The entities in Atlan with the keys of `changed` and `removed`.
    """

    had: Children
    wanted: Children
    known: dict[EntityKey, str | None]
    changed: list[EntityKey]
    removed: list[EntityKey]
    found: dict[EntityKey, Entity]

    @property
    def every(self) -> Children:
        """Every child, as declared or, if it is no longer declared, as in the state."""
        return {**self.had, **self.wanted}

    @property
    def overwritten(self) -> list[Entity]:
        """The existing entities that will be written to."""
        return [self.found[key] for key in self.changed if key in self.found]

    def to_write(self, client: AtlanClient, key: EntityKey) -> Entity:
        """Return a child as the entity to send."""
        child, former = self.wanted[key], self.had.get(key)
        return child.lifecycle.to_write(
            client, child.declared, self.found.get(key), former=former.declared if former else None
        )


class Plan:
    """The children of a bulk resource before and after a change, each side expanded once for each mark.

    One call makes a plan and passes it on, since expanding thousands of children from the short form is slow.
    """

    def __init__(self, children: Callable[[Props], Children], olds: Props, news: Props) -> None:
        """Set up.

        Args:
            children: Returns the children that properties declare.
            olds: The state, or the inputs in it; empty before the first deployment.
            news: The inputs as declared.
        """
        self._children, self._olds, self._news = children, olds, news
        self._wanted: dict[str | None, Children] = {}

    @cached_property
    def had(self) -> Children:
        """The children in the state."""
        return self._children(self._olds) if self._olds else {}

    @property
    def keys(self) -> Collection[EntityKey]:
        """The keys of the declared children."""
        made = next(iter(self._wanted.values()), None)
        return (self.wanted(self._news.get("managed_by")) if made is None else made).keys()

    def wanted(self, mark: str | None) -> Children:
        """Return the declared children with an ownership mark, or without one."""
        if mark not in self._wanted:
            rest = {name: value for name, value in self._news.items() if name != "managed_by"}
            marked = rest if mark is None else {**rest, "managed_by": mark}
            self._wanted[mark] = self._children(marked)
        return self._wanted[mark]


def changed_children(
    had: Children, wanted: Children, drifted: Mapping[EntityKey, object] = {}
) -> list[EntityKey]:
    """Return the children that are new, are declared differently than before, or have drifted."""
    return [key for key, child in wanted.items() if key in drifted or _differs(had.get(key), child)]


def _differs(before: Child | None, child: Child) -> bool:
    """Return whether a child is new, or declared differently. Unchanged ones often share a declaration."""
    return before is None or (before.declared is not child.declared and before.declared != child.declared)
