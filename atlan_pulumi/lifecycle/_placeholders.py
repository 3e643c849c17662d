"""Placeholders: partial assets for inputs and outputs that Atlan does not have yet.

A placeholder has `isPartial` and the ownership mark of the resource that wrote it. A crawl makes it a full
asset, which keeps its GUID and its lineage: it sets `isPartial` to false, and writes its own id into the
attribute that contains the mark. From then on the asset belongs to the crawler.

The state lists the placeholders that a resource uses, also those that another resource wrote: the last
resource that uses one removes it. The list is an output under a hidden name, so that no preview and no
refresh shows it as a change. It contains GUIDs, since names may be secret.

Source of the attributes: pyatlan 11.6, `Batch(creation_handling=AssetCreationHandling.PARTIAL)`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.lifecycle._declared import EntityKey
from atlan_pulumi.lifecycle._lookups import is_live
from atlan_pulumi.lifecycle._ownership import mark_of
from atlan_pulumi.lifecycle._packed_guids import pack_guids, unpack_guids
from atlan_pulumi.naming import asset_types, connection_of, connector_of
from atlan_pulumi.ownership_mark import OWNERSHIP_ATTRIBUTE, kind_of, parse_mark
from atlan_pulumi.text import counted, enumerate_first

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

STALE_DAYS = 7
"""The days after which a placeholder is stale: by then, a crawl should have made it full."""
_DAY = 24 * 60 * 60
_STALE_LINE = re.compile(r" (?:is still a placeholder|are still placeholders) after [\d,]+ days?: ")
#: The hidden output with the placeholders that a resource uses.
PLACEHOLDERS = "__placeholders"

SIGNS_OF_OTHERS = (
    "lastSyncRun",
    "databaseQualifiedName",
    "schemaQualifiedName",
    "dataType",
    "sourceCreatedAt",
    "sourceURL",
    "description",
    "userDescription",
    "ownerUsers",
    "ownerGroups",
    "certificateStatus",
    "announcementType",
)
"""Attributes that crawlers, SDKs, and users set, and this package does not: nobody's work may be removed."""


class Placeholders(NamedTuple):
    """The placeholders that a resource uses.

    Attributes:
        guids: Their GUIDs.
        hidden: Whether their names must not be printed, since the inputs or outputs are secret.
        waited: Whether the resource has waited for missing assets, so that others may have written meanwhile.
    """

    guids: Collection[str] = ()
    hidden: bool = False
    waited: bool = False

    @classmethod
    def from_state(cls, props: Mapping[str, Any]) -> Placeholders:
        """Return the placeholders that a state lists."""
        listed = props.get(PLACEHOLDERS) or {}
        guids = unpack_guids(listed.get("guids"))
        return cls([guid for guid in guids if guid], bool(listed.get("hidden")))

    def to_state(self) -> dict[str, Any]:
        """Return the output that lists the placeholders; empty without any."""
        if not self.guids:
            return {}
        hidden = {"hidden": True} if self.hidden else {}
        return {PLACEHOLDERS: {"guids": pack_guids(sorted(self.guids)), **hidden}}


def is_placeholder(entity: Entity | None) -> bool:
    """Return whether an entity is a live placeholder of a stack that no crawl has made full."""
    return is_live(entity) and was_placeholder(entity)


def was_placeholder(entity: Entity | None) -> bool:
    """Return whether an entity, live or archived, is a placeholder of a stack."""
    if entity is None or entity.attributes.get("isPartial") is not True:
        return False
    return parse_mark(mark_of(entity)) is not None


def is_bare(entity: Entity) -> bool:
    """Return whether a placeholder has nothing that others have added."""
    return not any(entity.attributes.get(name) for name in SIGNS_OF_OTHERS)


def may_be_placeholder(key: EntityKey) -> bool:
    """Return whether an asset can be a placeholder: its type can be partial, and its name is not empty."""
    return asset_types.is_source_type(key.type_name) and not key.qualified_name.endswith("/")


def placeholder_of(key: EntityKey, mark: str | None, *, archived: bool = False) -> Entity:
    """Return a placeholder as it is sent. An archived one is restored."""
    from atlan_pulumi.client import Entity  # noqa: PLC0415 - programs that only declare need no HTTP client

    connection = connection_of(key.qualified_name)
    attributes = {
        "qualifiedName": key.qualified_name,
        "name": key.qualified_name.rpartition("/")[2],
        "connectionQualifiedName": connection,
        "connectorName": connector_of(connection),
        "isPartial": True,
    } | ({OWNERSHIP_ATTRIBUTE: mark} if mark else {})
    entity = Entity(type_name=key.type_name, attributes=attributes)
    return entity.model_copy(update={"status": "ACTIVE"}) if archived else entity


def changed(entity: Entity, attributes: Mapping[str, Any]) -> Entity:
    """Return an existing entity as it is sent to change some attributes.

    It contains the GUID: Atlan refuses the write if the entity was purged, and does not create another one.
    """
    named = {"qualifiedName": entity.qualified_name, "name": entity.name}
    return type(entity)(type_name=entity.type_name, guid=entity.guid, attributes={**named, **attributes})


def observe_placeholders(client: AtlanClient, props: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the output with the placeholders that are still partial, and notes on the others."""
    listed = Placeholders.from_state(props)
    if not listed.guids:
        return {}, []
    found = client.entities.get_many(listed.guids, relationships=False)
    still = [guid for guid, entity in found.items() if was_placeholder(entity)]
    full = [each for each in found.values() if is_live(each) and each.attributes.get("isPartial") is not True]
    archived = [found[guid] for guid in still if not is_live(found[guid])]
    purged = len(listed.guids) - len(found)
    notes = []
    now = client.clock.time()
    stale = [each for guid in still if is_live(each := found[guid]) and is_stale(each, now)]
    if stale:
        names = counted(len(stale), "asset") if listed.hidden else _names(stale, hidden=False)
        notes.append(still_placeholders(names, stale, now))
    crawled = [each for each in full if not is_declared_asset(each)]
    declared = [each for each in full if is_declared_asset(each)]
    if crawled:
        are, them = _number(crawled)
        notes.append(f"{_names(crawled, hidden=listed.hidden)} {are} now: the crawler owns {them}")
    if declared:
        are, them = _number(declared)
        notes.append(f"{_names(declared, hidden=listed.hidden)} {are} now: a program declares {them}")
    if archived:
        notes.append(f"archived in Atlan: {_names(archived, 'the placeholder for ', hidden=listed.hidden)}")
    if purged:
        notes.append(f"no longer in Atlan: {counted(purged, 'placeholder')}")
    return Placeholders(still, listed.hidden).to_state(), notes


def is_stale(entity: Entity, now: float) -> bool:
    """Return whether a placeholder is older than it should be.

    Args:
        entity: The placeholder.
        now: The time, in seconds since the epoch.
    """
    return days_since_creation(entity, now) >= STALE_DAYS


def days_since_creation(entity: Entity, now: float) -> int:
    """Return the full days since an entity was created; 0 if that is unknown."""
    return int((now - (entity.create_time or now * 1000) / 1000) // _DAY)


def still_placeholders(names: str, stale: Sequence[Entity], now: float) -> str:
    """Return the line on placeholders that no crawl has made full for days.

    Args:
        names: What to call them.
        stale: The placeholders.
        now: The time, in seconds since the epoch.
    """
    return stale_line(names, len(stale), max(days_since_creation(each, now) for each in stale))


def stale_line(names: str, count: int, days: int) -> str:
    """Return the line on a number of placeholders that no crawl has made full for some days."""
    what, them = ("is still a placeholder", "it") if count == 1 else ("are still placeholders", "them")
    of = "name" if count == 1 else "names"
    return f"{names} {what} after {counted(days, 'day')}: correct the {of}, or let the crawler include {them}"


def is_about_stale_placeholders(line: str) -> bool:
    """Return whether a line is one of `stale_line`."""
    return bool(_STALE_LINE.search(line))


def is_declared_asset(entity: Entity) -> bool:
    """Return whether an asset has the mark of an `Asset`, and not that of the crawler or a process."""
    return kind_of(mark_of(entity)) == entity.type_name


def _number(full: Sequence[Entity]) -> tuple[str, str]:
    return ("is a full asset", "it") if len(full) == 1 else ("are full assets", "them")


def left_note(props: Mapping[str, Any]) -> list[str]:
    """Return the note on the placeholders of a resource that a refresh removes from the state."""
    if not (guids := Placeholders.from_state(props).guids):
        return []
    stay = "1 placeholder stays" if len(guids) == 1 else f"{len(guids):,} placeholders stay"
    return [f"{stay} in Atlan: the next `pulumi up` uses them, or `atlan-pulumi orphans` lists them"]


def describe_placeholders(entities: Sequence[Entity], *, hidden: bool) -> str:
    """Return a count of placeholders, with their names unless they are secret."""
    count = counted(len(entities), "placeholder")
    return count if hidden else f"{count} ({_names(entities, hidden=False)})"


def _names(entities: Sequence[Entity], before: str = "", *, hidden: bool) -> str:
    if hidden:
        return counted(len(entities), "placeholder")
    return before + enumerate_first(sorted(f"{each.type_name} {each.qualified_name!r}" for each in entities))
