"""Warn about new assets in a connection that a crawler publishes to: the crawler owns what it finds there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, mark_of
from atlan_pulumi.naming import asset_types
from atlan_pulumi.ownership_mark import PREFIX
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._report import Findings
from atlan_pulumi.text import counted


def warn_about_crawlers(found: Mapping[Declaration, Findings], cache: EntityCache) -> None:
    """Add one warning for each connection, to the first of the new assets in it."""
    new: dict[str, list[Declaration]] = defaultdict(list)
    for declaration in found:
        connection = declaration.inputs.get("connection")
        is_asset = asset_types.is_source_type(declaration.lifecycle.type_name)
        if is_asset and isinstance(connection, str) and declaration.key and not cache.get(declaration.key):
            new[connection].append(declaration)
    for connection, declarations in new.items():
        if warning := _warning(connection, len(declarations), cache):
            found[declarations[0]].warnings.append(warning)


def _warning(connection: str, count: int, cache: EntityCache) -> str | None:
    conditions = [
        {"term": {"__state": "ACTIVE"}},
        {"term": {"connectionQualifiedName": connection}},
        {"exists": {"field": OWNERSHIP_ATTRIBUTE}},
    ]
    query = {"bool": {"filter": conditions, "must_not": [{"prefix": {OWNERSHIP_ATTRIBUTE: PREFIX}}]}}
    attributes = ["qualifiedName", OWNERSHIP_ATTRIBUTE]
    crawled = next(cache.client.search.pages({"query": query}, attributes=attributes, page_size=1), None)
    if crawled is None:
        return None
    return (
        f"connection: the crawler {mark_of(crawled)!r} publishes assets to {connection!r}, such as "
        f"{crawled.type_name} {crawled.qualified_name!r}, and owns what it finds there: declare only what it "
        f"does not see ({counted(count, 'asset')} in this program)"
    )
