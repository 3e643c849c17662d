"""Lookups in Atlan: in batches, and each entity once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.lifecycle import by_type, is_live
from atlan_pulumi.naming import connection_of
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE
from atlan_pulumi.preflight._declaration import PropertyReference
from atlan_pulumi.text import nearest

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_T = TypeVar("_T")
_BATCH = 100
_SEARCHED = 1000
"""The most names in one search."""
_INDEXED = ("qualifiedName", "isPartial")
"""The attributes that searches return."""
_MOST_NAMES = 1000
"""The most names among which the nearest one is searched."""


class EntityCache:
    """The entities that were looked up. Archived entities are included, with their status."""

    def __init__(self, client: AtlanClient) -> None:
        self.client = client
        self._headers: dict[Key, Entity | None] = {}
        self._whole: dict[Key, Entity | None] = {}
        self._guids: dict[str, Entity | None] = {}
        self._indexed: dict[str, list[Entity]] = {}
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
                thousand per request. Those that the index does not show as live and full are read, except
                columns that it does not show at all and whose table is missing.
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
        jobs += [partial(self._find_in_index, batch) for batch in _split(many, _SEARCHED)]
        jobs += self._by_name(new, self._headers, whole=False)
        jobs += self._by_name([key for key in whole if key not in self._whole], self._whole, whole=True)
        unknown = list(dict.fromkeys(guid for guid in guids if guid not in self._guids))
        jobs += [partial(self._find_guids, batch) for batch in _split(unknown)]
        run_all(jobs)
        self._read_unless_indexed(many)

    def _read_unless_indexed(self, searched: Iterable[Key]) -> None:
        """Read the searched assets that the index does not show as live and full; see `load`."""
        from atlan_pulumi.client import run_all  # noqa: PLC0415 - brings the HTTP client

        unseen = [key for key in searched if key not in self._headers]
        columns = dict.fromkeys(key for key in unseen if key.type_name == "Column" and not self._shows(key))
        run_all(self._by_name([key for key in unseen if key not in columns], self._headers, whole=False))
        existing = {key.qualified_name for key, entity in self._headers.items() if entity}
        missing = {key.qualified_name for key in self._headers} - existing
        self._headers |= dict.fromkeys(key for key in columns if _parent_of(key) in missing)
        rest = [key for key in columns if key not in self._headers]
        run_all(self._by_name(rest, self._headers, whole=False))

    def _shows(self, key: Key) -> bool:
        """Return whether the index shows an entity of a searched name."""
        return bool(self._indexed[key.qualified_name])

    def get(self, key: Key) -> Entity | None:
        """Return the entity with a key; None if there is none. It must have been looked up."""
        return self._whole.get(key) or self._headers.get(key)

    def get_with_relationships(self, key: Key) -> Entity | None:
        """Return the entity with a key and its relationships; None if it was not looked up with them."""
        return self._whole.get(key)

    def resolve(self, reference: PropertyReference) -> Entity | None:
        """Return the entity that a reference leads to; None if there is none. It must have been looked up."""
        return self.get(reference.key) if reference.key else self._guids.get(reference.guid or "")

    def types_of(self, qualified_names: Collection[str]) -> dict[str, list[str]]:
        """Return the types of the live entities with these qualifiedNames, according to the search index."""
        return {
            name: [each.type_name for each in found] for name, found in self._live(qualified_names).items()
        }

    def full_assets(self, qualified_names: Collection[str]) -> frozenset[str]:
        """Return which qualifiedNames live assets have that are not partial, according to the index."""
        live = self._live(qualified_names).items()
        return frozenset(name for name, found in live if not all(map(_is_partial, found)))

    def _live(self, qualified_names: Collection[str]) -> dict[str, list[Entity]]:
        """Return the live entities of any type with these qualifiedNames, which are searched once."""
        new = [name for name in dict.fromkeys(qualified_names) if name not in self._indexed]
        self._index(new, self.client.search.named(new, attributes=_INDEXED))
        return {name: [each for each in self._indexed[name] if is_live(each)] for name in qualified_names}

    def _index(self, names: Iterable[str], found: Iterable[Entity]) -> None:
        by_name: dict[str, list[Entity]] = {name: [] for name in names}
        for entity in found:
            by_name.setdefault(entity.qualified_name, []).append(entity)
        self._indexed |= by_name

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

    def _find_in_index(self, keys: Sequence[Key]) -> None:
        names = list(dict.fromkeys(key.qualified_name for key in keys))
        self._index(names, self.client.search.page_of_named(names, _INDEXED))
        for key in keys:
            for entity in self._indexed[key.qualified_name]:
                if entity.type_name == key.type_name and is_live(entity) and not _is_partial(entity):
                    self._headers[key] = entity

    def _find_guids(self, guids: Sequence[str]) -> None:
        """Look GUIDs up by search, a hundred per request; those missing in the index one by one."""
        attributes = ["qualifiedName", "isPartial", OWNERSHIP_ATTRIBUTE]
        found = self.client.search.by_guids(guids, attributes=attributes)
        for guid in guids:
            self._guids[guid] = found.get(guid) or self.client.entities.get(guid)


def _parent_of(key: Key) -> str:
    return key.qualified_name.rpartition("/")[0]


def _is_partial(entity: Entity) -> bool:
    return entity.attributes.get("isPartial") is True


def _by_number(keys: Iterable[Key]) -> tuple[list[Key], list[Key]]:
    """Return the keys of types with up to one batch, and those of the other types."""
    of_type = by_type(dict.fromkeys(keys)).values()
    few = [key for some in of_type if len(some) <= _BATCH for key in some]
    return few, [key for some in of_type if len(some) > _BATCH for key in some]


def _names_by_type(keys: Iterable[Key]) -> dict[str, list[str]]:
    found = by_type(dict.fromkeys(keys))
    return {type_name: [key.qualified_name for key in of_type] for type_name, of_type in found.items()}


def _split(items: Sequence[_T], size: int = _BATCH) -> list[Sequence[_T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
