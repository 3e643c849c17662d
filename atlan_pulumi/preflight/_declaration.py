"""A resource as its program declares it, as plain data."""

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

__all__ = ["Declaration", "Key", "PropertyReference"]


class PropertyReference(NamedTuple):
    """A reference to an asset, with the name of the property that contains it."""

    name: str
    target: dict[str, Any]

    @property
    def key(self) -> Key | None:
        """The key of the asset; None if the reference contains a GUID."""
        name = self.target.get("qualified_name")
        return Key(self.target["type_name"], name) if name else None

    @property
    def guid(self) -> str | None:
        """The GUID of the asset; None if the reference contains a qualifiedName."""
        return self.target.get("guid")

    def __str__(self) -> str:
        return str(self.key) if self.key else f"{self.target['type_name']} {self.guid!r}"


@dataclass(frozen=True, eq=False)
class Declaration:
    """A resource as its program declares it.

    Attributes:
        resource_name: The resource's name in the stack.
        lifecycle: The lifecycle of its kind.
        inputs: The validated, normalized inputs with the `qualified_name`; unknown values are `UNKNOWN`.
        created_before: The entities that this program creates first, since the resource depends on them.
        published: Assets of others that resources of the program bring about first, such as a crawl.
        secret: The properties whose values must not be printed.
        waits_for_others: Whether the resource depends on resources of other packages, which may create the
            assets that it refers to.
        brought_about: The assets that resources of other packages bring about, since the references are made
            of their outputs.
        names_every_maker: Whether no other input depends on resources of other packages. Another missing
            asset is then a mistake.
        uncertain: Whether the resource may be registered with other inputs, by a transform or
            `ignore_changes`.
    """

    resource_name: str
    lifecycle: ResourceLifecycle
    inputs: Props
    created_before: frozenset[Key] = frozenset()
    secret: frozenset[str] = frozenset()
    waits_for_others: bool = False
    brought_about: frozenset[Key] = frozenset()
    names_every_maker: bool = False
    uncertain: bool = False
    published: frozenset[Key] = frozenset()

    @property
    def key(self) -> Key | None:
        """The entity's key; None while it is unknown, and for a resource that is many entities or none."""
        name = self.inputs.get("qualified_name")
        if isinstance(self.lifecycle, ManyLifecycle) or not self.lifecycle.is_entity:
            return None
        return Key(self.lifecycle.type_name, name) if isinstance(name, str) else None

    @functools.cached_property
    def creates(self) -> frozenset[Key]:
        """The keys of all entities that the resource creates, as far as they are known."""
        if isinstance(self.lifecycle, ManyLifecycle):
            return frozenset(self.lifecycle.entities(self.inputs))
        return frozenset([self.key, *self.lifecycle.also_creates(self.inputs)] if self.key else [])

    @property
    def marked_key(self) -> Key | None:
        """The key of the entity that gets the ownership mark first, usually the resource's own."""
        return Key(*self.lifecycle.marked_entity(self.key.qualified_name)) if self.key else None

    @property
    def adopts(self) -> bool:
        """Whether the resource adopts existing entities."""
        return self.inputs.get("adopt") is True

    def references(self) -> Iterator[PropertyReference]:
        """Yield every known reference, including the connection."""
        connection = self.inputs.get("connection")
        if isinstance(connection, str):
            yield PropertyReference("connection", {"type_name": "Connection", "qualified_name": connection})
        for name in sorted(self.lifecycle.model.references):
            yield from self.references_of(name)

    def references_of(self, name: str) -> list[PropertyReference]:
        """Return the known references in one property."""
        if name not in self.lifecycle.model.references:
            return []
        return [PropertyReference(name, item) for item in references_in(self.inputs.get(name))]

    def expects(self, key: Key, handling: str = "error") -> bool:
        """Return whether an asset may be missing, since the name is not a mistake in its own program.

        Beside an asset that another resource brings about, a placeholder for a name that is only written down
        would hide a mistake.
        """
        strict = bool(self.brought_about) and (self.names_every_maker or handling == "partial")
        return not strict or key in self.brought_about

    def knows(self, *names: str) -> bool:
        """Return whether the values of these properties are fully known."""
        return not any(has_unknown(self.inputs.get(name)) for name in names)
