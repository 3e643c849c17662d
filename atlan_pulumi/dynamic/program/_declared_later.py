"""What the program declares that the engine gets later than a resource which may remove it.

A part may move to a resource that waits for its former one. When the former one is updated, the provider has
not checked the other yet. The program knows it: all of it is there before anything is registered. Nothing is
awaited here, since what comes later may depend on the resource itself.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol
from weakref import WeakKeyDictionary

import pulumi

from atlan_pulumi.dynamic.program._awaited_inputs import is_settled
from atlan_pulumi.lifecycle import EntityKey as Key

_TURNS = 30
"""So many turns of the event loop settle what needs no engine."""


class Member(Protocol):
    """A resource of the program: see `PlannedResource`."""

    @property
    def resource(self) -> pulumi.Resource: ...

    def key_now(self) -> Key | None: ...

    def removes_below(self) -> str | None: ...

    def entities_now(self) -> frozenset[Key]: ...

    def mark_now(self) -> str | None: ...

    def after(self) -> set[pulumi.Resource]: ...

    def may_be_after(self, before: set[pulumi.Resource]) -> bool: ...


class Program:
    """The resources of one program, by where their entities lie."""

    def __init__(self) -> None:
        self._unnamed: list[Member] = []
        self._at: dict[str, list[Member]] = defaultdict(list)
        self._below: dict[str, list[Member]] = defaultdict(list)

    def add(self, member: Member) -> None:
        """Add a resource, whose name may not be known yet."""
        self._unnamed.append(member)

    def near(self, place: str) -> Iterator[Member]:
        """Yield the resources whose entities may lie below a place."""
        self._sort()
        yield from self._below.get(place, ())
        for above in (place, *_above(place)):
            yield from self._at.get(above, ())

    def _sort(self) -> None:
        unnamed, self._unnamed = self._unnamed, []
        for member in unnamed:
            key = member.key_now()
            if key is None:
                self._unnamed.append(member)
                continue
            self._at[key.qualified_name].append(member)
            for above in _above(key.qualified_name):
                self._below[above].append(member)


def _above(name: str) -> Iterator[str]:
    """Yield the places that a name lies below, such as its connection."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


# By event loop, since a process may run several programs, one after the other (Pulumi's Automation API).
_programs: WeakKeyDictionary[asyncio.AbstractEventLoop, Program] = WeakKeyDictionary()


def add_to_program(member: Member) -> None:
    """Add a resource to the program that is running."""
    _programs.setdefault(asyncio.get_event_loop(), Program()).add(member)


async def declared_later(member: Member) -> dict[str, list[tuple[str, str]]]:
    """Return what others declare that come later, and that an update of this resource may remove.

    Args:
        member: The resource.

    Returns:
        Type and qualifiedName of these entities, by the mark of their resource.
    """
    if (place := member.removes_below()) is None:
        return {}
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    found: dict[str, list[tuple[str, str]]] = {}
    after = member.after()
    for other in _programs[asyncio.get_event_loop()].near(place):
        if other is not member and _is_later(other, member, after) and (mark := other.mark_now()):
            below = [key for key in other.entities_now() if key.qualified_name.startswith(f"{place}/")]
            if below:
                found[mark] = [(key.type_name, key.qualified_name) for key in sorted(below)]
    return found


def _is_later(other: Member, member: Member, after: set[pulumi.Resource]) -> bool:
    """Return whether a resource may be checked later than one that waits for these, by the same process."""
    same = getattr(other.resource, "_provider", None) is getattr(member.resource, "_provider", None)
    return same and not is_settled(other.resource.urn) and other.may_be_after(after)
