"""Entities that the program declares in resources which the engine checks later.

A column process may move to a resource that depends on its former one. When the engine updates the former
one, the provider has not yet seen the other, and would delete the entity. The program knows all of its
resources before the first registration ends, so it sends them along. Nothing is awaited here: a later
resource may depend on this one.
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
"""Turns of the event loop after which every value that needs no engine is resolved."""


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
    """The resources of one program, indexed by the qualifiedNames of their entities."""

    def __init__(self) -> None:
        self._unnamed: list[Member] = []
        self._at: dict[str, list[Member]] = defaultdict(list)
        self._below: dict[str, list[Member]] = defaultdict(list)

    def add(self, member: Member) -> None:
        """Add a resource; its qualifiedName may be unknown yet."""
        self._unnamed.append(member)

    def near(self, place: str) -> Iterator[Member]:
        """Yield the resources whose entities may lie below a qualifiedName."""
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
    """Yield the prefixes of a qualifiedName, such as its connection."""
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


# Keyed by event loop: with Pulumi's Automation API, one process runs several programs in turn.
_programs: WeakKeyDictionary[asyncio.AbstractEventLoop, Program] = WeakKeyDictionary()


def add_to_program(member: Member) -> None:
    """Add a resource to the running program."""
    _programs.setdefault(asyncio.get_event_loop(), Program()).add(member)


async def declared_later(member: Member) -> dict[str, list[tuple[str, str]]]:
    """Return entities of later resources that an update of this one might delete.

    Args:
        member: The resource.

    Returns:
        Pairs of type and qualifiedName, by the ownership mark of the later resource.
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
    """Return whether the same provider process may check `other` after `member`, which depends on `after`."""
    same = getattr(other.resource, "_provider", None) is getattr(member.resource, "_provider", None)
    return same and not is_settled(other.resource.urn) and other.may_be_after(after)
