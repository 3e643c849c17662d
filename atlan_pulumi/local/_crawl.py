"""A simulated crawl: publish a catalog as Atlan's crawlers do.

A crawl creates or updates every asset of the catalog, also those that were archived, and archives what the
source no longer has. A partial asset becomes full: `isPartial` is false, and its GUID and lineage stay. Every
published asset gets the crawl's id in `lastSyncWorkflowName`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from atlan_pulumi.local.graph import Session, delete_entities
from atlan_pulumi.local.seed import ExpandedEntity, SeedCatalog, expand_seed, write_expanded
from atlan_pulumi.local.store import Store, StoredEntity
from atlan_pulumi.naming.asset_types import is_a
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE, parse_mark

_CRAWLER = "crawler"  # the user that publishes
_PUBLISHED = "SQL"  # the supertype of databases, schemas, tables, views, and columns


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a crawl changed, in numbers of assets.

    Attributes:
        created: new assets.
        promoted: partial assets that became full.
        restored: archived assets that the source has again.
        archived: assets that the source no longer has.
        published: all assets of the catalog, also those that existed.
    """

    created: int
    promoted: int
    restored: int
    archived: int
    published: int

    def to_json(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)


def publish_crawl(
    store: Store, catalog: SeedCatalog, crawl_id: str, now: int, *, archive_unpublished: bool = False
) -> CrawlResult:
    """Publish the connections of a catalog as a crawl of their sources.

    Args:
        store: the data, in a transaction.
        catalog: the content of the sources. Only the connections that it contains are crawled.
        crawl_id: the value of `lastSyncWorkflowName`.
        now: the time in milliseconds since the epoch.
        archive_unpublished: also archive assets that no crawl has published: partial assets, and assets with
            an ownership mark. Whether Atlan does this is unknown.

    Raises:
        LocalAtlanError: an asset is refused.
    """
    session = Session(store, _CRAWLER, now, resolve_created_names=True)
    expanded = expand_seed(catalog)[0]
    before = [session.find(one.type_name, one.qualified_name) for one in expanded]
    known = [entity for entity in before if entity is not None]
    written = [
        one
        for one, found in zip(expanded, before, strict=True)
        if found is None or one.type_name != "Connection"  # a crawl does not change its connection
    ]
    promoted = sum(bool(entity.attributes.get("isPartial")) for entity in known)
    restored = sum(not entity.active for entity in known)
    _upsert(session, written, crawl_id)
    gone = list(_gone(session, expanded, archive_unpublished=archive_unpublished))
    delete_entities(session, [entity.guid for entity in gone], "SOFT")
    created = len(expanded) - len(known)
    return CrawlResult(created, promoted, restored, len(gone), len(expanded))


def _upsert(session: Session, expanded: Iterable[ExpandedEntity], crawl_id: str) -> None:
    synced: dict[str, Any] = {
        OWNERSHIP_ATTRIBUTE: crawl_id,
        "lastSyncRun": crawl_id,
        "lastSyncRunAt": session.now,
        "isPartial": False,
    }
    write_expanded(session, [_published(one, synced) for one in expanded], "crawl")


def _published(one: ExpandedEntity, synced: Mapping[str, Any]) -> ExpandedEntity:
    more = {} if one.type_name == "Connection" else synced
    attributes = {**one.payload.attributes, **more}
    return replace(one, payload=replace(one.payload, status="ACTIVE", attributes=attributes))


def _gone(
    session: Session, expanded: Iterable[ExpandedEntity], *, archive_unpublished: bool
) -> Iterator[StoredEntity]:
    """Yield the assets of the crawled connections that the catalog does not have."""
    present = {(one.type_name, one.qualified_name) for one in expanded}
    for connection in sorted(name for type_name, name in present if type_name == "Connection"):
        below = session.store.entities.where(
            "status = 'ACTIVE' AND substr(qualified_name, 1, ?) = ?", (len(connection) + 1, f"{connection}/")
        )
        for entity in below:
            if (entity.type_name, entity.qualified_name) in present or not is_a(entity.type_name, _PUBLISHED):
                continue
            if archive_unpublished or _was_published(entity):
                yield entity


def _was_published(entity: StoredEntity) -> bool:
    """Return whether a crawl published the asset. The assets of a seed count as published."""
    mark = parse_mark(entity.attributes.get(OWNERSHIP_ATTRIBUTE))
    return mark is None and not entity.attributes.get("isPartial")
