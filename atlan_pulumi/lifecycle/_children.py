"""Children of a bulk resource: how each one is declared, which ones change, and their GUIDs."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeGuard
from uuid import UUID

from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._entity import EntityLifecycle
from atlan_pulumi.lifecycle._resource import Props

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
    """The children of a bulk resource before and after a change, each side expanded once.

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

    @cached_property
    def had(self) -> Children:
        """The children in the state."""
        return self._children(self._olds) if self._olds else {}

    @cached_property
    def _wanted(self) -> tuple[Children, str | None]:
        return self._children(self._news), self._news.get("managed_by")

    @property
    def keys(self) -> Collection[EntityKey]:
        """The keys of the declared children."""
        return self._wanted[0].keys()

    def wanted(self, mark: str | None) -> Children:
        """Return the declared children with an ownership mark, or without one."""
        children, own = self._wanted
        if mark == own:
            return children
        return {key: Child(child.lifecycle, _marked(child.declared, mark)) for key, child in children.items()}


def _marked(declared: Props, mark: str | None) -> Props:
    rest = {name: value for name, value in declared.items() if name != "managed_by"}
    return rest if mark is None else {**rest, "managed_by": mark}


def by_type(keys: Iterable[EntityKey]) -> dict[str, list[EntityKey]]:
    """Return the keys by type, with the types in the order of their first key."""
    sorted_out: dict[str, list[EntityKey]] = defaultdict(list)
    for key in keys:
        sorted_out[key.type_name].append(key)
    return sorted_out


def look_up_entities(
    client: AtlanClient, keys: Iterable[EntityKey], *, relationships: bool = False
) -> dict[EntityKey, Entity]:
    """Return the entities with these keys, live or archived, with up to 100 per request.

    Raises:
        RequestError: Atlan refused, or could not be reached.
    """
    from atlan_pulumi.client import run_all  # noqa: PLC0415 - brings the HTTP client

    def read(type_name: str, of_type: list[EntityKey]) -> dict[EntityKey, Entity]:
        names = [key.qualified_name for key in of_type]
        there = client.entities.get_many_by_qualified_name(type_name, names, relationships=relationships)
        return {EntityKey(type_name, name): entity for name, entity in there.items()}

    jobs = [partial(read, *each) for each in by_type(keys).items()]
    return {key: entity for found in run_all(jobs) for key, entity in found.items()}


def is_live(entity: Entity | None) -> TypeGuard[Entity]:
    """Return whether an entity exists and is not archived."""
    return entity is not None and entity.status == "ACTIVE"


def changed_children(
    had: Children, wanted: Children, drifted: Mapping[EntityKey, object] = {}
) -> list[EntityKey]:
    """Return the children that are new, are declared differently than before, or have drifted."""
    return [key for key, child in wanted.items() if key in drifted or _declared(had, key) != child.declared]


def _declared(children: Children, key: EntityKey) -> Props | None:
    child = children.get(key)
    return child.declared if child else None


def pack_guids(guids: Iterable[str | None]) -> str:
    """Return GUIDs as one text. A GUID that is not a UUID stays as it is; None becomes empty.

    Example:
        >>> pack_guids(["495b1516-aaaf-4390-8cfd-b11ade7a7799", None])
        'SVsVFqqvQ5CM_bEa3np3mQ,'
    """
    return ",".join(map(_short, guids))


def unpack_guids(text: str | None) -> list[str | None]:
    """Return the GUIDs in a text of `pack_guids`.

    Example:
        >>> unpack_guids("SVsVFqqvQ5CM_bEa3np3mQ,")
        ['495b1516-aaaf-4390-8cfd-b11ade7a7799', None]
    """
    return [_long(each) for each in text.split(",")] if text is not None else []


def _short(guid: str | None) -> str:
    try:
        short = UUID(guid or "")
    except ValueError:
        return f"={guid}" if guid else ""
    return _encoded(short) if str(short) == guid else f"={guid}"


def _encoded(guid: UUID) -> str:
    return base64.urlsafe_b64encode(guid.bytes).decode().rstrip("=")


def _long(short: str) -> str | None:
    if not short or short.startswith("="):
        return short[1:] or None
    return str(UUID(bytes=base64.urlsafe_b64decode(f"{short}==")))
