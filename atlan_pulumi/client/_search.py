"""Atlan's index search."""

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
_WINDOW = 10_000
"""How deep a search may page: Elasticsearch's `index.max_result_window`."""


class _Found(BaseModel):
    entities: list[Entity] | None = None


class Search:
    """Finds entities through the index, which follows a write by a few seconds."""

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
        """Every entity that a query finds, in the order of their GUIDs, page by page as they are taken.

        Args:
            dsl: Elasticsearch's search DSL: `query`, and what else restricts it. Order and paging are ours.
            attributes: Attributes that the entities shall have.
            relation_attributes: Attributes that the entities they refer to shall have.
            page_size: Entities a request.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        query, offset, last = dict(dsl.get("query") or {"match_all": {}}), 0, ""
        narrowed = query
        while True:
            size = min(page_size, _WINDOW - offset)
            paged = {**dsl, "query": narrowed, "from": offset, "size": size}
            page = self._page(paged, attributes, relation_attributes)
            if not page:
                return
            yield from page
            last = _advanced(last, page)
            offset += len(page)
            if offset >= _WINDOW:  # go on behind the last one
                narrowed, offset = {"bool": {"filter": [query, {"range": {"__guid": {"gt": last}}}]}}, 0

    def live(self, *conditions: Mapping[str, Any], attributes: Sequence[str] = ()) -> Iterator[Entity]:
        """Every active entity that meets all conditions, page by page as they are taken; see `pages`.

        Args:
            *conditions: Queries of Elasticsearch's search DSL.
            attributes: Attributes that the entities shall have.

        Raises:
            AtlanRequestError: There is no usable answer.
        """
        query = {"bool": {"filter": [{"term": {"__state": "ACTIVE"}}, *conditions]}}
        return self.pages({"query": query}, attributes=attributes)

    def by_guids(self, guids: Iterable[str], attributes: Sequence[str] = ()) -> dict[str, Entity]:
        """The entities of these GUIDs which the index knows, archived or not, up to 100 a request.

        Raises:
            AtlanRequestError: There is no usable answer.
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
        return self._transport.fetch(Call("POST", _PATH, body=body), _Found).entities or []


def _advanced(last: str, page: Sequence[Entity]) -> str:
    """The last GUID of a page, which must be behind that of the page before, or there would be no end."""
    newest = page[-1].guid or ""
    if newest <= last:
        raise InvalidAnswerError(f"POST {_PATH}: the pages of the answer do not go on in the order asked for")
    return newest
