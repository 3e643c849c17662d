"""Which attributes a search or a lineage request shows."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local.schema import End, find_end
from atlan_pulumi.local.store import Entity, Store
from atlan_pulumi.local.views import Relations, header, object_id


class Projection:
    """Shows entities as headers with the attributes that a request asked for.

    Args:
        store: the data.
        attributes: names of attributes, relationships among them.
        relation_attributes: names of attributes to show on related entities.
    """

    def __init__(self, store: Store, attributes: Any = None, relation_attributes: Any = None) -> None:
        self._store = store
        self._attributes = [str(name) for name in attributes or ()]
        self._relation_attributes = [str(name) for name in relation_attributes or ()]

    def header(self, entity: Entity) -> dict[str, Any]:
        """One entity."""
        ends = {name: end for name in self._attributes if (end := find_end(entity.type_name, name))}
        plain = {name: _value(entity, name) for name in self._attributes if name not in ends}
        shown = {name: value for name, value in plain.items() if value is not None}
        return header(entity, {**shown, **(self._related(entity, ends) if ends else {})})

    def _related(self, entity: Entity, ends: dict[str, End]) -> dict[str, Any]:
        relations = Relations(self._store, entity)
        found = {name: [one.entity for one in relations.at(end) if one.live] for name, end in ends.items()}
        return {
            name: [self._reference(one) for one in others] if ends[name].many else self._first(others)
            for name, others in found.items()
        }

    def _first(self, others: list[Entity]) -> dict[str, Any] | None:
        return self._reference(others[-1]) if others else None

    def _reference(self, other: Entity) -> dict[str, Any]:
        values = {name: _value(other, name) for name in self._relation_attributes}
        shown = {name: value for name, value in values.items() if value is not None}
        return {**object_id(other), "attributes": shown}


def _value(entity: Entity, name: str) -> Any:
    if name == "__hasLineage":
        return entity.has_lineage
    if name in entity.attributes or "." not in name:
        return entity.attributes.get(name)
    metadata, _, attribute = name.partition(".")
    return (entity.extras.get("businessAttributes") or {}).get(metadata, {}).get(attribute)
