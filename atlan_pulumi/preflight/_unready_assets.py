"""Inputs and outputs that Atlan does not have, has archived, or has as placeholders: what will happen."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from atlan_pulumi.lifecycle import (
    WAIT_SECONDS,
    is_live,
    is_placeholder,
    is_stale,
    may_be_placeholder,
    still_placeholders,
)
from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.naming import connection_of
from atlan_pulumi.preflight._declaration import Declaration, PropertyReference
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.text import counted, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

SIDES = frozenset({"inputs", "outputs"})
"""The properties whose assets may be missing."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Situation(NamedTuple):
    """What several unready assets have in common.

    Attributes:
        handling: `partial` or `wait`.
        wait_seconds: The longest wait, in seconds.
        archived: Whether the assets exist, but are archived.
    """

    handling: str
    wait_seconds: float
    archived: bool


class UnreadyAssets:
    """Takes over missing inputs and outputs for which the author has set `missing_assets`."""

    def __init__(self, cache: EntityCache, handling: str = "error") -> None:
        """Set up.

        Args:
            cache: The lookups.
            handling: `error`, `partial`, or `wait`, for resources that do not say.
        """
        self._cache = cache
        self._handling = handling
        self._named: set[Key] = set()
        self._stale: dict[Key, Entity] = {}
        self._named_as_stale: set[Key] = set()

    def add_existing(
        self, reference: PropertyReference, declaration: Declaration, asset: Entity, findings: Findings
    ) -> None:
        """Note that a resource uses a placeholder: the last one that does removes it."""
        if reference.name in SIDES and is_placeholder(asset):
            key = Key(asset.type_name, asset.qualified_name)
            findings.placeholders.append(key)
            if not declaration.secret & SIDES and is_stale(asset, self._cache.client.clock.time()):
                self._stale.setdefault(key, asset)

    def add_published(
        self, reference: PropertyReference, declaration: Declaration, findings: Findings
    ) -> None:
        """Note an asset that a crawl of the program publishes first. Without the crawl, it is missing."""
        handled = self.handling_of(declaration) != "error" and reference.name in SIDES
        if reference.key is not None and handled:
            findings.placeholders.append(reference.key)

    def take_over(
        self,
        missing: dict[Declaration, list[PropertyReference]],
        found: Mapping[Declaration, Findings],
    ) -> None:
        """Remove from `missing` what will be a placeholder, restored, or waited for, and say so.

        Args:
            missing: The references to missing or archived assets.
            found: The findings, which are extended.
        """
        wanted = {each: self._wanted(each, references) for each, references in missing.items()}
        keys_of_all = [key for keys in wanted.values() for key in keys]
        new = frozenset[Key]().union(*(each.created_before for each in missing))
        placed = frozenset(possible_placeholders(keys_of_all, self._cache, new))
        certain: dict[Key, list[Declaration]] = defaultdict(list)
        for declaration, keys in wanted.items():
            before = declaration.created_before
            taken = [key for key in keys if key in placed and has_connection(key, self._cache, before)]
            self._note(declaration, taken, missing[declaration], found[declaration])
            missing[declaration] = [each for each in missing[declaration] if each.key not in taken]
            if not declaration.secret & SIDES and not declaration.uncertain:
                for key in taken:
                    certain[key].append(declaration)
        for findings in list(found.values())[:1]:  # the lines are about the whole program
            unnamed = {key: users for key, users in certain.items() if key not in self._named}
            findings.remarks += [*self._lines(unnamed), *self._stale_lines()]
            self._named.update(unnamed)

    def _stale_lines(self) -> list[str]:
        """Return a line on the placeholders that are older than they should be; each is named once."""
        new = {key: asset for key, asset in self._stale.items() if key not in self._named_as_stale}
        self._named_as_stale.update(new)
        names = enumerate_first(sorted(map(str, new)))
        return [still_placeholders(names, [*new.values()], self._cache.client.clock.time())] if new else []

    def handling_of(self, declaration: Declaration) -> str:
        """Return what a resource does about missing assets."""
        return declaration.inputs.get("missing_assets") or self._handling

    def _wanted(self, declaration: Declaration, references: Iterable[PropertyReference]) -> list[Key]:
        """Return the assets for which placeholders may be written, or which are waited for."""
        handling = self.handling_of(declaration)
        if handling == "error":
            return []
        named = [each.key for each in references if each.key and each.name in SIDES]
        return [key for key in named if declaration.expects(key, handling)]

    def _note(
        self,
        declaration: Declaration,
        taken: Sequence[Key],
        references: Iterable[PropertyReference],
        findings: Findings,
    ) -> None:
        """Add what the provider needs to know, and the lines about a resource that may be transformed."""
        findings.placeholders += taken
        for reference in references:
            if reference.key in taken and self._cache.resolve(reference) is None:
                findings.missing[reference.name] = findings.missing.get(reference.name, 0) + 1
        if taken and declaration.uncertain and not declaration.secret & SIDES:
            findings.notes += self._lines({key: [declaration] for key in taken})

    def _lines(self, users: Mapping[Key, Sequence[Declaration]]) -> list[str]:
        """Return a line for each situation."""
        situations: dict[Situation, list[Key]] = defaultdict(list)
        for key, declarations in users.items():
            handling = self.handling_of(declarations[0])
            seconds = declarations[0].inputs.get("wait_seconds") or WAIT_SECONDS
            situations[Situation(handling, seconds, self._cache.get(key) is not None)].append(key)
        return [
            unready_line(situation, keys, [each.resource_name for key in keys for each in users[key]])
            + spelling_hint(keys, self._cache)
            for situation, keys in situations.items()
        ]


def unready_line(situation: Situation, keys: Collection[Key], users: Iterable[str]) -> str:
    """Return what will happen to missing or archived assets, which resources of the program use."""
    handling, seconds, archived = situation
    one = len(keys) == 1
    head = f"{_counts(keys)} {'is' if one else 'are'}"
    it = "it" if one else "them"
    names = enumerate_first([key.qualified_name for key in keys])
    if archived:
        who = enumerate_first([repr(name) for name in dict.fromkeys(users)])
        then = f"waits up to {seconds:g} seconds for {it}" if handling == "wait" else f"restores {it}"
        return f"{head} archived in Atlan ({names}): writing the inputs or outputs of {who} {then}"
    head += " not in Atlan yet"
    if handling == "wait":
        return f"{head}: the deployment waits up to {seconds:g} seconds for {it} ({names})"
    will = "a placeholder will be created" if one else "placeholders will be created"
    full = "it a full asset" if one else "them full assets"
    return f"{head}: {will} ({names}); a crawl makes {full}"


def spelling_hint(keys: Iterable[Key], cache: EntityCache) -> str:
    """Return advice about missing columns of tables that are crawled already; empty without any."""
    columns = [key.qualified_name for key in keys if key.type_name == "Column" and cache.get(key) is None]
    full = cache.full_assets({name.rpartition("/")[0] for name in columns}) if columns else frozenset()
    if not (doubtful := [name for name in columns if name.rpartition("/")[0] in full]):
        return ""
    return f"; check the spelling of {enumerate_first(doubtful)}, since the table is crawled already"


def possible_placeholders(keys: Iterable[Key], cache: EntityCache, new: Container[Key]) -> list[Key]:
    """Return the missing assets that may become placeholders.

    Their connection exists, or the program creates it first. No live asset of another type has the name:
    Atlan would write to it, or it is what the author meant.

    Args:
        keys: The missing assets.
        cache: The lookups.
        new: The entities that the program creates first, such as connections.
    """
    named = [key for key in dict.fromkeys(keys) if may_be_placeholder(key)]
    cache.load({connection_key(key) for key in named})
    placed = [key for key in named if has_connection(key, cache, new)]
    taken = cache.types_of([key.qualified_name for key in placed])
    return [key for key in placed if set(taken.get(key.qualified_name, ())) <= {key.type_name}]


def has_connection(key: Key, cache: EntityCache, new: Container[Key]) -> bool:
    """Return whether the connection of an asset exists before a resource that refers to the asset.

    Args:
        key: The asset. Its connection must have been looked up.
        cache: The lookups.
        new: The entities that the program creates before the resource.
    """
    connection = connection_key(key)
    return connection in new or is_live(cache.get(connection))


def connection_key(key: Key) -> Key:
    """Return the key of the connection that contains an asset; that of a connection itself."""
    return Key("Connection", connection_of(key.qualified_name))


def _counts(keys: Collection[Key]) -> str:
    counts = Counter(_WORDS.sub(" ", key.type_name).lower() for key in keys)
    return enumerate_first([counted(count, noun) for noun, count in counts.items()], len(counts))
