"""Children of a resource that is many entities: what is declared of each, what changes, their GUIDs."""

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
    """One entity of many, as if it were a resource of its own."""

    lifecycle: EntityLifecycle
    declared: Props
    """The inputs that a resource of that kind would have, with the `qualified_name`."""


Children = dict[EntityKey, Child]
"""By name; those that others refer to come first."""


@dataclass(frozen=True)
class Change:
    """What is to be done to the parts of a resource.

    Attributes:
        had: The parts as the state has them.
        wanted: The parts as they are declared.
        known: The GUIDs that the state knows.
        changed: The parts that are to be written.
        removed: The parts that are declared no longer.
        found: What is in Atlan under the names of those two.
    """

    had: Children
    wanted: Children
    known: dict[EntityKey, str | None]
    changed: list[EntityKey]
    removed: list[EntityKey]
    found: dict[EntityKey, Entity]

    @property
    def every(self) -> Children:
        """The parts, as they are declared or were."""
        return {**self.had, **self.wanted}

    @property
    def overwritten(self) -> list[Entity]:
        """What is in Atlan of that which is to be written."""
        return [self.found[key] for key in self.changed if key in self.found]

    def to_write(self, client: AtlanClient, key: EntityKey) -> Entity:
        """A part as it is sent."""
        part, former = self.wanted[key], self.had.get(key)
        return part.lifecycle.to_write(
            client, part.declared, self.found.get(key), former=former.declared if former else None
        )


class Plan:
    """The children of a resource before and after a change; each side is planned once, when first needed.

    One call makes a plan and passes it along: thousands of children are expanded of a short form.
    """

    def __init__(self, parts: Callable[[Props], Children], olds: Props, news: Props) -> None:
        """Set up.

        Args:
            parts: Returns the children that properties declare.
            olds: The state, or the inputs in it; empty before the first deployment.
            news: The inputs as declared.
        """
        self._parts, self._olds, self._news = parts, olds, news

    @cached_property
    def had(self) -> Children:
        """The children as the state has them."""
        return self._parts(self._olds) if self._olds else {}

    @cached_property
    def _wanted(self) -> tuple[Children, str | None]:
        return self._parts(self._news), self._news.get("managed_by")

    @property
    def keys(self) -> Collection[EntityKey]:
        """The children as they are declared, by name."""
        return self._wanted[0].keys()

    def wanted(self, mark: str | None) -> Children:
        """Return the children as they are declared, with a mark of ownership, or without one."""
        parts, own = self._wanted
        if mark == own:
            return parts
        return {key: Child(part.lifecycle, _marked(part.declared, mark)) for key, part in parts.items()}


def _marked(declared: Props, mark: str | None) -> Props:
    rest = {name: value for name, value in declared.items() if name != "managed_by"}
    return rest if mark is None else {**rest, "managed_by": mark}


def by_type(keys: Iterable[EntityKey]) -> dict[str, list[EntityKey]]:
    """The keys by their type, in the order in which the types come first."""
    sorted_out: dict[str, list[EntityKey]] = defaultdict(list)
    for key in keys:
        sorted_out[key.type_name].append(key)
    return sorted_out


def look_up(
    client: AtlanClient, keys: Iterable[EntityKey], *, relationships: bool = False
) -> dict[EntityKey, Entity]:
    """What has these types and names, archived or not, up to 100 a request.

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
    """Whether it is there, and not archived."""
    return entity is not None and entity.status == "ACTIVE"


def changed_children(
    had: Children, wanted: Children, drifted: Mapping[EntityKey, object] = {}
) -> list[EntityKey]:
    """The parts that are new, declared otherwise than before, or not in Atlan as they were declared."""
    return [key for key, part in wanted.items() if key in drifted or _declared(had, key) != part.declared]


def _declared(parts: Children, key: EntityKey) -> Props | None:
    part = parts.get(key)
    return part.declared if part else None


def packed(guids: Iterable[str | None]) -> str:
    """GUIDs as one text; what is no UUID stays as it is, and None is empty.

    Example:
        >>> packed(["495b1516-aaaf-4390-8cfd-b11ade7a7799", None])
        'SVsVFqqvQ5CM_bEa3np3mQ,'
    """
    return ",".join(map(_short, guids))


def unpacked(text: str | None) -> list[str | None]:
    """What `packed` made a text of.

    Example:
        >>> unpacked("SVsVFqqvQ5CM_bEa3np3mQ,")
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
