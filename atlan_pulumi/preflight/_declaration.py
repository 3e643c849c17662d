"""A resource as its program declares it, in plain data."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.lifecycle import (
    EntityKey as Key,
)
from atlan_pulumi.lifecycle import (
    ManyLifecycle,
    Props,
    ResourceLifecycle,
    has_unknown,
    references_in,
)

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Declaration", "Key", "Place"]


class Place(NamedTuple):
    """A reference, and the name of the property in which it stands."""

    name: str
    reference: dict[str, Any]

    @property
    def key(self) -> Key | None:
        """What it names; None where that is a GUID."""
        name = self.reference.get("qualified_name")
        return Key(self.reference["type_name"], name) if name else None

    @property
    def guid(self) -> str | None:
        """The GUID; None where it names a qualifiedName."""
        return self.reference.get("guid")

    def __str__(self) -> str:
        return str(self.key) if self.key else f"{self.reference['type_name']} {self.guid!r}"


@dataclass(frozen=True, eq=False)
class Declaration:
    """A resource as its program declares it.

    Attributes:
        resource_name: The resource's name in the stack.
        lifecycle: What happens to its entity.
        inputs: The inputs, validated and normalised, with the `qualified_name`; what a preview does not know
            is `UNKNOWN`.
        made_before: What this program makes before it, since it depends on that.
        secret: The properties whose values must not be shown.
        waits_for_others: Whether it also depends on resources that are none of this package's, and that may
            make the assets that it refers to.
    """

    resource_name: str
    lifecycle: ResourceLifecycle
    inputs: Props
    made_before: frozenset[Key] = frozenset()
    secret: frozenset[str] = frozenset()
    waits_for_others: bool = False

    @property
    def key(self) -> Key | None:
        """The entity's name; None while it is not known, and for a resource that is many entities."""
        name = self.inputs.get("qualified_name")
        if isinstance(self.lifecycle, ManyLifecycle):
            return None
        return Key(self.lifecycle.type_name, name) if isinstance(name, str) else None

    @functools.cached_property
    def makes(self) -> frozenset[Key]:
        """The names of all entities that the resource is, as far as they are known."""
        if isinstance(self.lifecycle, ManyLifecycle):
            return frozenset(self.lifecycle.children(self.inputs))
        return frozenset([self.key, *self.lifecycle.also_makes(self.inputs)] if self.key else [])

    @property
    def bearer(self) -> Key | None:
        """The entity that bears the mark of ownership first; mostly the resource's own."""
        return Key(*self.lifecycle.marked_entity(self.key.qualified_name)) if self.key else None

    @property
    def adopts(self) -> bool:
        """Whether it takes over what others made."""
        return self.inputs.get("adopt") is True

    def places(self) -> Iterator[Place]:
        """Every reference that is known, its connection among them."""
        connection = self.inputs.get("connection")
        if isinstance(connection, str):
            yield Place("connection", {"type_name": "Connection", "qualified_name": connection})
        for name in sorted(self.lifecycle.model.references):
            yield from self.side(name)

    def side(self, name: str) -> list[Place]:
        """The references in one property that are known; none where it holds no references."""
        if name not in self.lifecycle.model.references:
            return []
        return [Place(name, item) for item in references_in(self.inputs.get(name))]

    def knows(self, *names: str) -> bool:
        """Whether the values of these properties are known as a whole."""
        return not any(has_unknown(self.inputs.get(name)) for name in names)
