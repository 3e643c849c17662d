"""What the page shows: assets, and the graph around one of them."""

from __future__ import annotations

from typing import Any

from atlan_pulumi.local.lineage import Direction, Hop, walk
from atlan_pulumi.local.schema import find_end, is_a
from atlan_pulumi.local.store import Edge, Entity, Store
from atlan_pulumi.local.views import Relations

_SHOWN = (
    "sql",
    "code",
    "description",
    "userDescription",
    "ownerUsers",
    "ownerGroups",
    "certificateStatus",
    "certificateStatusMessage",
    "dataType",
    "sourceURL",
    "connectorName",
    "connectionQualifiedName",
    "adminUsers",
    "adminGroups",
    "category",
)
_PARENTS = ("table", "view", "materialisedView", "calculationView", "process")
_WAYS: dict[str, tuple[Direction, ...]] = {"INPUT": ("INPUT",), "OUTPUT": ("OUTPUT",)}


def assets(store: Store, type_name: str, text: str, offset: int, limit: int) -> dict[str, Any]:
    """A page of the assets, by type and qualifiedName.

    Args:
        store: the data.
        type_name: only this type; all without it.
        text: only those whose name or qualifiedName contains it, whatever its case.
        offset: how many to skip.
        limit: how many to show.
    """
    named, values = "1", []
    if text:
        named = "(instr(lower(name), lower(?)) OR instr(lower(qualified_name), lower(?)))"
        values = [text, text]
    wanted = f"{named} AND type_name = ?" if type_name else named
    parameters = [*values, type_name] if type_name else values
    order = f"ORDER BY type_name, qualified_name LIMIT {limit} OFFSET {offset}"
    return {
        "counts": dict(sorted(store.entities.group("", "type_name", named, values))),
        "total": store.entities.count(wanted, parameters),
        "assets": [_asset(entity) for entity in store.entities.where(wanted, parameters, order)],
    }


def _asset(entity: Entity) -> dict[str, Any]:
    return {
        "guid": entity.guid,
        "typeName": entity.type_name,
        "qualifiedName": entity.qualified_name,
        "name": entity.name,
        "status": entity.status,
        "connectionQualifiedName": entity.attributes.get("connectionQualifiedName"),
        "updatedBy": entity.updated_by,
        "updateTime": entity.update_time,
    }


def graph(store: Store, guid: str, depth: int, direction: str, *, columns: bool) -> dict[str, Any] | None:
    """The lineage around an asset; None when there is no such asset.

    Args:
        store: the data.
        guid: the asset.
        depth: how many assets deep.
        direction: INPUT, OUTPUT or BOTH.
        columns: the lineage of the asset's columns in place of its own.
    """
    base = store.entities.get(guid)
    if base is None:
        return None
    starts = _columns(store, base) if columns else [base]
    hops = [hop for start in starts for hop in _around(store, start, depth, direction)]
    entities = {one.guid: one for one in starts} | {hop.entity.guid: hop.entity for hop in hops}
    ways = dict.fromkeys((hop.source, hop.target) for hop in hops)
    return {
        "base": guid,
        "nodes": [_node(store, entity) for entity in entities.values()],
        "edges": [{"from": source, "to": target} for source, target in ways],
    }


def _around(store: Store, start: Entity, depth: int, direction: str) -> list[Hop]:
    def live(entity: Entity, _edge: Edge) -> bool:
        return entity.active and start.active

    ways = _WAYS.get(direction, ("INPUT", "OUTPUT"))
    return [hop for way in ways for hop in walk(store, start, way, depth, live)]


def _columns(store: Store, base: Entity) -> list[Entity]:
    """The columns of a table, the column processes of a process; the asset itself if it has neither."""
    relations = Relations(store, base)
    for attribute in ("columns", "columnProcesses"):
        end = find_end(base.type_name, attribute)
        if end is not None and not is_a(base.type_name, "ColumnProcess"):
            return [related.entity for related in relations.at(end) if related.live]
    return [base]


def _node(store: Store, entity: Entity) -> dict[str, Any]:
    return {
        "guid": entity.guid,
        "typeName": entity.type_name,
        "qualifiedName": entity.qualified_name,
        "name": entity.name,
        "status": entity.status,
        "isProcess": is_a(entity.type_name, "Process"),
        "isPartial": bool(entity.attributes.get("isPartial")),
        "parent": _parent(store, entity),
        "attributes": {name: entity.attributes[name] for name in _SHOWN if name in entity.attributes},
        "updatedBy": entity.updated_by,
        "updateTime": entity.update_time,
    }


def _parent(store: Store, entity: Entity) -> str | None:
    if not is_a(entity.type_name, "Column") and not is_a(entity.type_name, "ColumnProcess"):
        return None
    relations = Relations(store, entity)
    ends = (end for name in _PARENTS if (end := find_end(entity.type_name, name)))
    return next((one.entity.guid for end in ends for one in relations.at(end) if one.live), None)
