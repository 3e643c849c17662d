"""Entries that a write adds to the activity log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from atlan_pulumi.local._json import encode
from atlan_pulumi.local.store import NewAuditEntry, StoredEntity

Values = Mapping[str, Any]
ExtrasEntries = Iterator[tuple[str, dict[str, Any]]]
"""Pairs of an action and its detail."""


class ActivityLog:
    """Collects entries. Each entity has at most one entry for its creation, change, or deletion."""

    def __init__(self) -> None:
        self._mutations: dict[str, tuple[StoredEntity, str, Values]] = {}
        self._relationships: dict[str, dict[str, Any]] = {}
        self._others: list[tuple[StoredEntity, str, Any]] = []

    def note(self, entity: StoredEntity, action: str, attributes: Values) -> None:
        """Record a created, changed, or deleted entity. Later changes are merged into earlier ones."""
        known = self._mutations.get(entity.guid)
        if known is None or action == "ENTITY_DELETE":
            self._mutations[entity.guid] = (entity, action, attributes)
        elif attributes and known[2] is not entity.attributes:
            self._mutations[entity.guid] = (entity, known[1], {**known[2], **attributes})

    def relate(self, entity: StoredEntity, relationships: Values) -> None:
        """Record changed relationships of an entity."""
        if relationships:
            self._relationships.setdefault(entity.guid, {}).update(relationships)

    def add(self, entity: StoredEntity, action: str, detail: Any) -> None:
        """Record a separate entry."""
        self._others.append((entity, action, detail))

    def entries(self, user: str, now: int) -> Iterator[NewAuditEntry]:
        """Return the collected entries, and clear them."""
        mutations, self._mutations = self._mutations, {}
        relationships, self._relationships = self._relationships, {}
        others, self._others = self._others, []
        for guid, (entity, action, attributes) in mutations.items():
            detail = {
                "typeName": entity.type_name,
                "attributes": attributes,
                "guid": guid,
                "status": entity.status,
                "relationshipAttributes": relationships.get(guid, {}),
            }
            yield _build_entry(entity, action, user, now, detail)
        for entity, action, detail in others:
            yield _build_entry(entity, action, user, now, detail)


def _build_entry(entity: StoredEntity, action: str, user: str, now: int, detail: Any) -> NewAuditEntry:
    name = entity.qualified_name
    return entity.guid, entity.type_name, name, action, user, now, encode(detail)


def extras_entries(name: str, old: Any, new: Any) -> ExtrasEntries:
    """Return the entries for changed extras, such as `labels`."""
    return _ENTRIES.get(name, lambda *_: iter(()))(old, new)


def _tag_entries(old: Any, new: Any) -> ExtrasEntries:
    before, after = ({tag.get("typeName"): tag for tag in tags or ()} for tags in (old, new))
    for name, tag in after.items():
        if before.get(name) != tag:
            yield "CLASSIFICATION_UPDATE" if name in before else "CLASSIFICATION_ADD", tag
    for name in before:
        if name not in after:
            yield "CLASSIFICATION_DELETE", {"typeName": name}


def _label_entries(old: Any, new: Any) -> ExtrasEntries:
    before, after = set(old or ()), set(new or ())
    for action, labels in (("LABEL_ADD", after - before), ("LABEL_DELETE", before - after)):
        if labels:
            yield action, {"labels": sorted(labels)}


def _metadata_entries(old: Any, new: Any) -> ExtrasEntries:
    before, after = old or {}, new or {}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield "BUSINESS_ATTRIBUTE_UPDATE", {"typeName": name, "attributes": after.get(name, {})}


_ENTRIES: dict[str, Callable[[Any, Any], ExtrasEntries]] = {
    "classifications": _tag_entries,
    "labels": _label_entries,
    "businessAttributes": _metadata_entries,
}
