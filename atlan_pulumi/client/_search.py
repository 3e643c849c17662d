"""client.search: Atlan's index search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import BaseModel

from atlan_pulumi.client._calls import Call
from atlan_pulumi.client._models import Entity
from atlan_pulumi.client._transport import Transport
from atlan_pulumi.client.errors import InvalidAnswerError

_PATH = "/api/meta/search/indexsearch"
_MOST_GUIDS = 100
_MOST_NAMES = 1000
_TABLES_PER_SEARCH = 100
_COLUMNS_PER_PAGE = 1000
_TABLE_OF = ("tableQualifiedName", "viewQualifiedName")
_LIVE_COLUMN = [{"term": {"__state": "ACTIVE"}}, {"term": {"__typeName.keyword": "Column"}}]
_NESTED = {"exists": {"field": "parentColumnQualifiedName"}}


class _SearchPage(BaseModel):
    entities: list[Entity] | None = None


class SearchClient:
    """Finds entities through the index, which lags behind writes by a few seconds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def pages(
        self,
        dsl: Mapping[str, Any],
        *,
        attributes: Sequence[str] = (),
        relation_attributes: Sequence[str] = (),
        page_size: int = 300,
    ) -> Iterator[Entity]:
        """Yield all entities that a query finds, ordered by GUID; pages are fetched as they are needed.

        Each entity is yielded at most once, and those that exist all the time are all yielded, whatever
        others create or remove meanwhile.

        Args:
            dsl: A query in Elasticsearch's search DSL. Sorting and paging are set by this method.
            attributes: Attributes to return for the entities.
            relation_attributes: Attributes to return for the entities that they refer to.
            page_size: Entities per request; at most 10,000, Elasticsearch's `index.max_result_window`.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        query, last = dict(dsl.get("query") or {"match_all": {}}), ""
        narrowed = query
        while page := self._page(
            {**dsl, "query": narrowed, "from": 0, "size": page_size}, attributes, relation_attributes
        ):
            yield from page
            last = _last_guid(last, page)
            # Not by offset: what others create or remove meanwhile would shift the pages.
            narrowed = {"bool": {"filter": [query, {"range": {"__guid": {"gt": last}}}]}}

    def live(self, *conditions: Mapping[str, Any], attributes: Sequence[str] = ()) -> Iterator[Entity]:
        """Yield all active entities that match all conditions; see `pages`.

        Args:
            *conditions: Queries in Elasticsearch's search DSL.
            attributes: Attributes to return for the entities.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        query = {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, *conditions]}}
        return self.pages({"query": query}, attributes=attributes)

    def named(
        self, names: Iterable[str], *conditions: Mapping[str, Any], attributes: Sequence[str] = ()
    ) -> Iterator[Entity]:
        """Yield the entities with these qualifiedNames, of any type, archived or not.

        A search contains up to 1,000 names.

        Args:
            names: The qualifiedNames; duplicates are searched once.
            *conditions: Further queries in Elasticsearch's search DSL.
            attributes: Attributes to return for the entities.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        wanted = iter(dict.fromkeys(names))
        while batch := list(islice(wanted, _MOST_NAMES)):
            query = {"bool": {"filter": [{"terms": {"qualifiedName": batch}}, *conditions]}}
            yield from self.pages({"query": query}, attributes=attributes)

    def page_of_named(self, names: Sequence[str], attributes: Sequence[str] = ()) -> list[Entity]:
        """Return the entities with these qualifiedNames, of any type, archived or not, in one request.

        Of more than twice as many entities as names, it returns some.

        Args:
            names: Up to 1,000 qualifiedNames.
            attributes: Attributes to return for the entities.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        query = {"bool": {"filter": [{"terms": {"qualifiedName": list(names)}}]}}
        return self._page({"query": query, "from": 0, "size": 2 * len(names)}, attributes, ())

    def columns_of(
        self, tables: Sequence[str], attributes: Sequence[str] = ()
    ) -> Iterator[tuple[str, str, Entity]]:
        """Yield each live column of tables and views: its table, its name, and the entity.

        Nested columns are left out. A search contains up to 100 tables.

        Args:
            tables: The qualifiedNames of the tables.
            attributes: Further attributes to return for the columns.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        for start in range(0, len(tables), _TABLES_PER_SEARCH):
            batch = tables[start : start + _TABLES_PER_SEARCH]
            in_tables = [{"terms": {name: list(batch)}} for name in _TABLE_OF]
            conditions = [*_LIVE_COLUMN, {"bool": {"should": in_tables, "minimum_should_match": 1}}]
            query = {"bool": {"filter": conditions, "must_not": [_NESTED]}}
            wanted = ["qualifiedName", *_TABLE_OF, *attributes]
            for column in self.pages({"query": query}, attributes=wanted, page_size=_COLUMNS_PER_PAGE):
                for table in {column.attributes.get(name) for name in _TABLE_OF} & set(batch):
                    if column.qualified_name.startswith(f"{table}/"):
                        yield str(table), column.qualified_name[len(str(table)) + 1 :], column

    def by_guids(self, guids: Iterable[str], attributes: Sequence[str] = ()) -> dict[str, Entity]:
        """Return the entities with these GUIDs that the index knows, archived or not, up to 100 per request.

        Raises:
            AtlanRequestError: Atlan gave no usable response.
        """
        found: dict[str, Entity] = {}
        wanted = iter(dict.fromkeys(guids))
        while batch := list(islice(wanted, _MOST_GUIDS)):
            dsl = {"query": {"terms": {"__guid": batch}}, "from": 0, "size": len(batch)}
            found |= {entity.guid: entity for entity in self._page(dsl, attributes, ()) if entity.guid}
        return found

    def _page(
        self, dsl: Mapping[str, Any], attributes: Sequence[str], relation_attributes: Sequence[str]
    ) -> list[Entity]:
        body = {
            "dsl": {**dsl, "sort": [{"__guid": {"order": "asc"}}], "track_total_hits": True},
            "attributes": list(attributes),
            "relationAttributes": list(relation_attributes),
            "requestMetadata": {"saveSearchLog": False, "utmTags": ["project_atlan_pulumi"]},
        }
        return self._transport.fetch(Call("POST", _PATH, body=body), _SearchPage).entities or []


def _last_guid(last: str, page: Sequence[Entity]) -> str:
    """Return the last GUID of a page.

    It must come after that of the page before, or the search would not end.
    """
    newest = page[-1].guid or ""
    if newest <= last:
        raise InvalidAnswerError(f"POST {_PATH}: the pages of the response are not in the requested order")
    return newest
