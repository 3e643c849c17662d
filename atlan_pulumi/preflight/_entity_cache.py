"""Lookups in Atlan: in batches, and each entity once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import by_type
from atlan_pulumi.naming import connection_of
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE
from atlan_pulumi.preflight._declaration import PropertyReference
from atlan_pulumi.text import nearest

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100
_SEARCHED = 1000
"""The most names in one search."""
_MOST_NAMES = 1000
"""The most names among which the nearest one is searched."""


class EntityCache:
    """The entities that were looked up. Archived entities are included, with their status."""

    def __init__(self, client: AtlanClient) -> None:
        self.client = client
        self._headers: dict[Key, Entity | None] = {}
        self._whole: dict[Key, Entity | None] = {}
        self._guids: dict[str, Entity | None] = {}
        self._siblings: dict[tuple[str, str], list[str]] = {}

    def load(
        self,
        names: Iterable[Key] = (),
        *,
        assets: Iterable[Key] = (),
        guids: Iterable[str] = (),
        whole: Iterable[Key] = (),
        also: Iterable[Callable[[], None]] = (),
    ) -> None:
        """Look up what is not in the cache yet.

        Args:
            names: Keys to look up without relationships.
            assets: As `names`, for assets of others. More than a hundred of a type are searched first, a
                thousand per request; those that the index does not show as live and full are read.
            guids: GUIDs to look up.
            whole: Keys to look up with relationships.
            also: Further requests to make at the same time.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        from atlan_pulumi.client import run_all  # noqa: PLC0415 - brings the HTTP client

        few, many = _by_number(key for key in assets if key not in self._headers)
        new = [*(key for key in names if key not in self._headers), *few]
        jobs: list[Callable[[], None]] = [*also]
        jobs += [partial(self._find_in_index, *each) for each in many]
        jobs += self._by_name(new, self._headers, whole=False)
        jobs += self._by_name([key for key in whole if key not in self._whole], self._whole, whole=True)
        unknown = list(dict.fromkeys(guid for guid in guids if guid not in self._guids))
        jobs += [partial(self._find_guids, batch) for batch in _split(unknown)]
        run_all(jobs)
        searched = (Key(kind, name) for kind, some in many for name in some)
        run_all(
            self._by_name([key for key in searched if key not in self._headers], self._headers, whole=False)
        )

    def get(self, key: Key) -> Entity | None:
        """Return the entity with a key; None if there is none. It must have been looked up."""
        return self._whole.get(key) or self._headers.get(key)

    def get_with_relationships(self, key: Key) -> Entity | None:
        """Return the entity with a key and its relationships; None if it was not looked up with them."""
        return self._whole.get(key)

    def resolve(self, reference: PropertyReference) -> Entity | None:
        """Return the entity that a reference leads to; None if there is none. It must have been looked up."""
        return self.get(reference.key) if reference.key else self._guids.get(reference.guid or "")

    def types_of(self, qualified_names: Sequence[str]) -> dict[str, list[str]]:
        """Return the types of the live entities with these qualifiedNames, according to the search index."""
        found = defaultdict(list)
        for entity in self._search(qualified_names, "qualifiedName"):
            found[entity.qualified_name].append(entity.type_name)
        return found

    def full_assets(self, qualified_names: Collection[str]) -> frozenset[str]:
        """Return which qualifiedNames live assets have that are not partial, according to the index."""
        found = self._search(qualified_names, "qualifiedName", "isPartial")
        full = [each for each in found if each.attributes.get("isPartial") is not True]
        return frozenset(each.qualified_name for each in full)

    def _search(self, qualified_names: Iterable[str], *attributes: str) -> Iterator[Entity]:
        live = {"term": {"__state": "ACTIVE"}}
        return self.client.search.named(qualified_names, live, attributes=attributes)

    def suggestions(self, key: Key) -> list[str]:
        """Return existing names close to a missing one: siblings, otherwise others in its connection."""
        for above in (_parent_of(key), connection_of(key.qualified_name)):
            if close := nearest(key.qualified_name, self._below(above, key.type_name)):
                return close
        return []

    def siblings(self, key: Key) -> list[str]:
        """Return the existing names of the same type below the same parent, sorted."""
        return sorted(self._below(_parent_of(key), key.type_name))

    def _below(self, above: str, type_name: str) -> list[str]:
        """Return the names of a type below another name. Most missing names share their siblings."""
        if (above, type_name) not in self._siblings:
            below = {"prefix": {"qualifiedName": f"{above}/"}}
            kind = {"term": {"__typeName.keyword": type_name}}
            found = self.client.search.live(kind, below, attributes=["qualifiedName"])
            names = [entity.qualified_name for entity in islice(found, _MOST_NAMES)]
            self._siblings[above, type_name] = names
        return self._siblings[above, type_name]

    def _by_name(
        self, keys: list[Key], into: dict[Key, Entity | None], *, whole: bool
    ) -> list[Callable[[], None]]:
        return [
            partial(self._find_names, type_name, batch, into, whole=whole)
            for type_name, names in _names_by_type(keys).items()
            for batch in _split(names)
        ]

    def _find_names(
        self, type_name: str, names: Sequence[str], into: dict[Key, Entity | None], *, whole: bool
    ) -> None:
        found = self.client.entities.get_many_by_qualified_name(type_name, names, relationships=whole)
        into |= {Key(type_name, name): found.get(name) for name in names}

    def _find_in_index(self, type_name: str, names: Sequence[str]) -> None:
        for entity in self.client.search.live_named(type_name, names, ["qualifiedName", "isPartial"]):
            if entity.attributes.get("isPartial") is not True:
                self._headers[Key(type_name, entity.qualified_name)] = entity

    def _find_guids(self, guids: Sequence[str]) -> None:
        """Look GUIDs up by search, a hundred per request; those missing in the index one by one."""
        attributes = ["qualifiedName", "isPartial", OWNERSHIP_ATTRIBUTE]
        found = self.client.search.by_guids(guids, attributes=attributes)
        for guid in guids:
            self._guids[guid] = found.get(guid) or self.client.entities.get(guid)


def _parent_of(key: Key) -> str:
    return key.qualified_name.rpartition("/")[0]


def _by_number(keys: Iterable[Key]) -> tuple[list[Key], list[tuple[str, Sequence[str]]]]:
    """Return the keys of types with up to one batch, and batches of the names of the other types."""
    names = _names_by_type(keys)
    few = [Key(kind, name) for kind, some in names.items() if len(some) <= _BATCH for name in some]
    large = {kind: some for kind, some in names.items() if len(some) > _BATCH}
    return few, [(kind, batch) for kind, some in large.items() for batch in _split(some, _SEARCHED)]


def _names_by_type(keys: Iterable[Key]) -> dict[str, list[str]]:
    found = by_type(dict.fromkeys(keys))
    return {type_name: [key.qualified_name for key in of_type] for type_name, of_type in found.items()}


def _split(items: Sequence[str], size: int = _BATCH) -> list[Sequence[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
