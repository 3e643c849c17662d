"""What is in Atlan, looked up in batches, each thing once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from atlan_pulumi.lifecycle import EntityKey as Key
from atlan_pulumi.naming import connection_of
from atlan_pulumi.preflight._declaration import Place
from atlan_pulumi.text import nearest

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100
_MOST_NAMES = 1000
"""From so many names at most is the nearest one chosen."""


class Catalog:
    """What is in Atlan, as far as it was looked up; archived entities are there, with their status."""

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
        guids: Iterable[str] = (),
        whole: Iterable[Key] = (),
        also: Iterable[Callable[[], None]] = (),
    ) -> None:
        """Look up what is not known yet.

        Args:
            names: What is looked up by name, without its relationships.
            guids: What is looked up by GUID.
            whole: What is looked up by name, with its relationships.
            also: Other requests to make at the same time.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        from atlan_pulumi.client import run_all  # noqa: PLC0415 - brings the HTTP client

        jobs: list[Callable[[], None]] = [*also]
        jobs += self._by_name([key for key in names if key not in self._headers], self._headers, whole=False)
        jobs += self._by_name([key for key in whole if key not in self._whole], self._whole, whole=True)
        unknown = list(dict.fromkeys(guid for guid in guids if guid not in self._guids))
        jobs += [partial(self._find_guids, batch) for batch in _split(unknown)]
        run_all(jobs)

    def named(self, key: Key) -> Entity | None:
        """What has that very type and name; it was looked up before."""
        return self._whole.get(key) or self._headers.get(key)

    def whole(self, key: Key) -> Entity | None:
        """What has that very type and name, with its relationships; it was looked up before."""
        return self._whole.get(key)

    def at(self, place: Place) -> Entity | None:
        """What a reference leads to; it was looked up before."""
        return self.named(place.key) if place.key else self._guids.get(place.guid or "")

    def types_of(self, qualified_names: Sequence[str]) -> dict[str, list[str]]:
        """The types of the live entities that have these qualifiedNames, as far as the index knows them."""
        found = defaultdict(list)
        for batch in _split(list(dict.fromkeys(qualified_names))):
            named = {"terms": {"qualifiedName": batch}}
            for entity in self.client.search.live(named, attributes=["qualifiedName"]):
                found[entity.qualified_name].append(entity.type_name)
        return found

    def near(self, key: Key) -> list[str]:
        """The names that a missing one may stand for: its siblings, else any in its connection."""
        for above in (key.qualified_name.rpartition("/")[0], connection_of(key.qualified_name)):
            if close := nearest(key.qualified_name, self._below(above, key.type_name)):
                return close
        return []

    def _below(self, above: str, type_name: str) -> list[str]:
        """The names of that type below another name; of many missing ones most have the same siblings."""
        if (above, type_name) not in self._siblings:
            place = {"prefix": {"qualifiedName": f"{above}/"}}
            kind = {"term": {"__typeName.keyword": type_name}}
            found = self.client.search.live(kind, place, attributes=["qualifiedName"])
            names = [entity.qualified_name for entity in islice(found, _MOST_NAMES)]
            self._siblings[above, type_name] = names
        return self._siblings[above, type_name]

    def _by_name(
        self, keys: list[Key], into: dict[Key, Entity | None], *, whole: bool
    ) -> list[Callable[[], None]]:
        names = defaultdict(list)
        for key in dict.fromkeys(keys):
            names[key.type_name].append(key.qualified_name)
        return [
            partial(self._find_names, type_name, batch, into, whole=whole)
            for type_name, of_type in names.items()
            for batch in _split(of_type)
        ]

    def _find_names(
        self, type_name: str, names: Sequence[str], into: dict[Key, Entity | None], *, whole: bool
    ) -> None:
        found = self.client.entities.get_many_by_qualified_name(type_name, names, relationships=whole)
        into |= {Key(type_name, name): found.get(name) for name in names}

    def _find_guids(self, guids: Sequence[str]) -> None:
        """By search, a hundred at once; what is too new for the index one by one."""
        found = self.client.search.by_guids(guids, attributes=["qualifiedName"])
        for guid in guids:
            self._guids[guid] = found.get(guid) or self.client.entities.get(guid)


def _split(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
