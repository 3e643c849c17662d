"""Look-ups of tables and their columns in Atlan, in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atlan_pulumi.derivation._tables import CatalogTable
from atlan_pulumi.naming import TYPES_WITH_COLUMNS

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 100
_PAGE = 1_000
_IS_TABLE = {"terms": {"__typeName.keyword": sorted({*TYPES_WITH_COLUMNS, "SnowflakeStream"})}}
_MOST_CANDIDATES = 5


class Catalog:
    """The tables that were looked up. Without a client, there are none."""

    def __init__(self, client: AtlanClient | None) -> None:
        """Set up.

        Args:
            client: The client; None to look nothing up.
        """
        self._client = client
        self._tables: dict[str, CatalogTable] = {}
        self._looked_up: set[str] = set()

    def load(self, names: Iterable[str], any_case: Collection[str]) -> None:
        """Look up the tables that are not known yet, with their columns.

        Args:
            names: The qualifiedNames of tables.
            any_case: Those among them whose case does not matter to their source.

        Raises:
            RequestError: Atlan refused, or could not be reached.
        """
        new = [name for name in dict.fromkeys(names) if name not in self._looked_up]
        self._looked_up.update(new)
        if self._client is None or not new:
            return
        found = _by_name(self._client.search.named(new, _live(_IS_TABLE), attributes=["isPartial"]))
        missing = [name for name in new if name not in found and name in any_case]
        for name, entity in _in_any_case(self._client, missing):
            found[name] = entity
        columns = _columns(self._client, [each.qualified_name for each in found.values() if _is_full(each)])
        for name, entity in found.items():
            known = columns.get(entity.qualified_name)
            self._tables[name] = CatalogTable(entity.type_name, entity.qualified_name, known)

    def table(self, qualified_name: str) -> CatalogTable | None:
        """Return a table that was looked up; None if Atlan does not have it."""
        return self._tables.get(qualified_name)

    def candidates(self, connection: str, name: str) -> list[str]:
        """Return the paths of some tables in a connection that have a name, whatever its case, sorted."""
        if self._client is None:
            return []
        named = {"term": {"name.keyword": {"value": name, "case_insensitive": True}}}
        below = {"prefix": {"qualifiedName": f"{connection}/"}}
        dsl = {"query": _live(_IS_TABLE, named, below)}
        found = self._client.search.pages(dsl, attributes=["qualifiedName"], page_size=_MOST_CANDIDATES)
        names = [entity.qualified_name for _, entity in zip(range(_MOST_CANDIDATES), found, strict=False)]
        return sorted(each.removeprefix(f"{connection}/") for each in names)


def _live(*conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, *conditions]}}


def _is_full(entity: Entity) -> bool:
    """Return whether a crawler has seen the table. A placeholder may lack columns."""
    return entity.attributes.get("isPartial") is not True


def _by_name(entities: Iterable[Entity]) -> dict[str, Entity]:
    """Return entities by qualifiedName. Of several types with one name, a full asset comes first."""
    found: dict[str, Entity] = {}
    for entity in sorted(entities, key=lambda each: (not _is_full(each), each.type_name)):
        found.setdefault(entity.qualified_name, entity)
    return found


def _in_any_case(client: AtlanClient, names: Sequence[str]) -> Iterator[tuple[str, Entity]]:
    """Yield each name with the only table that has it in another case."""
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        terms = [{"term": {"qualifiedName": {"value": name, "case_insensitive": True}}} for name in batch]
        some = {"bool": {"should": terms, "minimum_should_match": 1}}
        found = defaultdict(list)
        dsl = {"query": _live(_IS_TABLE, some)}
        for entity in client.search.pages(dsl, attributes=["isPartial"], page_size=_PAGE):
            found[entity.qualified_name.casefold()].append(entity)
        for name in batch:
            if len(same := _by_name(found[name.casefold()])) == 1:
                yield name, next(iter(same.values()))


def _columns(client: AtlanClient, tables: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns of each table in their order; nothing for a table where the order is not known."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for table, name, column in client.search.columns_of(tables, ["order"]):
        found[table][name] = column.attributes.get("order")
    return {
        table: tuple(sorted(orders, key=lambda name: orders[name]))
        for table, orders in found.items()
        if all(isinstance(each, int) for each in orders.values())
    }
