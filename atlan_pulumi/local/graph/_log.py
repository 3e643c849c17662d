"""What a write adds to the activity log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from atlan_pulumi.local.store import Entity, NewAudit

Values = Mapping[str, Any]
Entries = Iterator[tuple[str, dict[str, Any]]]
"""Actions and their details."""


class Log:
    """Collects entries, each entity's creation, change or deletion once."""

    def __init__(self) -> None:
        self._mutations: dict[str, tuple[Entity, str, Values]] = {}
        self._relationships: dict[str, dict[str, Any]] = {}
        self._others: list[tuple[Entity, str, Any]] = []

    def note(self, entity: Entity, action: str, attributes: Values) -> None:
        """Note that an entity is created, changed or deleted; later changes add to earlier ones."""
        known = self._mutations.get(entity.guid)
        if known is None or action == "ENTITY_DELETE":
            self._mutations[entity.guid] = (entity, action, attributes)
        elif attributes and known[2] is not entity.attributes:
            self._mutations[entity.guid] = (entity, known[1], {**known[2], **attributes})

    def relate(self, entity: Entity, relationships: Values) -> None:
        """Note changed relationships of an entity."""
        if relationships:
            self._relationships.setdefault(entity.guid, {}).update(relationships)

    def add(self, entity: Entity, action: str, detail: Any) -> None:
        """Note an entry of its own."""
        self._others.append((entity, action, detail))

    def entries(self, user: str, now: int) -> Iterator[NewAudit]:
        """Return what was noted, and forget it."""
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
            yield _entry(entity, action, user, now, detail)
        for entity, action, detail in others:
            yield _entry(entity, action, user, now, detail)


def _entry(entity: Entity, action: str, user: str, now: int, detail: Any) -> NewAudit:
    name = entity.qualified_name
    return entity.guid, entity.type_name, name, action, user, now, json.dumps(detail)


def extras_entries(name: str, old: Any, new: Any) -> Entries:
    """Return the entries for one kind of extras, such as `labels`, that changed."""
    return _ENTRIES.get(name, lambda *_: iter(()))(old, new)


def _tags(old: Any, new: Any) -> Entries:
    before, after = ({tag.get("typeName"): tag for tag in tags or ()} for tags in (old, new))
    for name, tag in after.items():
        if before.get(name) != tag:
            yield "CLASSIFICATION_UPDATE" if name in before else "CLASSIFICATION_ADD", tag
    for name in before:
        if name not in after:
            yield "CLASSIFICATION_DELETE", {"typeName": name}


def _labels(old: Any, new: Any) -> Entries:
    before, after = set(old or ()), set(new or ())
    for action, labels in (("LABEL_ADD", after - before), ("LABEL_DELETE", before - after)):
        if labels:
            yield action, {"labels": sorted(labels)}


def _metadata(old: Any, new: Any) -> Entries:
    before, after = old or {}, new or {}
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield "BUSINESS_ATTRIBUTE_UPDATE", {"typeName": name, "attributes": after.get(name, {})}


_ENTRIES: dict[str, Callable[[Any, Any], Entries]] = {
    "classifications": _tags,
    "labels": _labels,
    "businessAttributes": _metadata,
}
