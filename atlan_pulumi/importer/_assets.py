"""Assets that an import declares: those of stacks and, on request, others that no crawler manages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from atlan_pulumi.importer._declare import ImportedResource, Unsupported, declare, is_server_own, is_unset
from atlan_pulumi.importer._kinds import resource_kind
from atlan_pulumi.importer._selection import EntityName, Progress, Selection, any_of, lies_in
from atlan_pulumi.lifecycle import OWNERSHIP_ATTRIBUTE, Props, mark_of
from atlan_pulumi.naming import asset_types, connection_of
from atlan_pulumi.naming.asset_attributes import value_kinds
from atlan_pulumi.naming.relationships import container_attribute, contents_attributes, find_end
from atlan_pulumi.ownership_mark import PREFIX, kind_of
from atlan_pulumi.resources.asset_checks import attribute_problem, normalized
from atlan_pulumi.resources.asset_containers import container_attributes

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity, Reference

_SIDES = frozenset({"inputToProcesses", "outputFromProcesses"})
#: Attributes that usage statistics set.
_USAGE = frozenset({"queryCount", "queryUserCount", "queryUserMap", "isProfiled", "lastProfiledAt"})


def find_assets(client: AtlanClient, selection: Selection, progress: Progress) -> list[EntityName]:
    """Find the assets in the selected connections that can be declared; placeholders cannot.

    Args:
        client: The tenant.
        selection: The selection. It selects no assets if it selects what reads or writes an asset.
        progress: Called with the number of assets found.
    """
    narrowed = selection.assets or (selection.name_prefix and not selection.with_assets)
    if not selection.connections or narrowed:
        return []
    marked = {"prefix": {OWNERSHIP_ATTRIBUTE: {"value": PREFIX}}}
    unmarked = {"bool": {"must_not": [{"exists": {"field": OWNERSHIP_ATTRIBUTE}}]}}
    conditions = [
        any_of(lies_in(name) for name in selection.connections),
        any_of([marked, unmarked] if selection.with_assets else [marked]),
        {"bool": {"must_not": [{"term": {"isPartial": True}}]}},
        *selection.named(),
    ]
    found = []
    for entity in client.search.live(*conditions, attributes=["qualifiedName", OWNERSHIP_ATTRIBUTE]):
        if asset_types.is_source_type(entity.type_name) and _is_declared_or_free(entity):
            found.append(EntityName(entity.type_name, entity.qualified_name))
            progress("Searching", len(found), None)
    return found


def _is_declared_or_free(entity: Entity) -> bool:
    """Return whether an `Asset` has created an asset, or nobody. A job marks the entities that it creates."""
    return mark_of(entity) is None or kind_of(mark_of(entity)) == entity.type_name


def declare_asset(client: AtlanClient, entity: Entity) -> ImportedResource | Unsupported:
    """Return the resource for an asset.

    Args:
        client: The tenant.
        entity: The asset with its relationships.
    """
    parent = _container(entity)
    attributes = dict(_own_attributes(entity))
    place = _place(entity, parent) | {"attributes": normalized(entity.type_name, attributes) or None}
    shown = {*attributes, *container_attributes(), *contents_attributes(entity.type_name), *_SIDES}
    if parent is not None:
        shown.add(container_attribute(entity.type_name, parent.type_name) or "")
    return declare(client, resource_kind(entity.type_name), entity, shown, place)


def implied_place(inputs: Props) -> Collection[str]:
    """Return the properties of a declared asset that follow from its name and its parent."""
    above = (inputs.get("parent") or {}).get("qualified_name")
    implied = {"connection"} if above else set()
    expected = f"{above or inputs['connection']}/{inputs['name']}"
    return implied | ({"qualified_name"} if inputs["qualified_name"] == expected else set())


def _place(entity: Entity, parent: Reference | None) -> dict[str, Any]:
    name = entity.qualified_name
    above = parent.qualified_name if parent else connection_of(name)
    given: dict[str, Any] = {"qualified_name": None if name == f"{above}/{entity.name}" else name}
    if parent is None:
        return given | {"connection": above}
    return given | {"parent": {"type_name": parent.type_name, "qualified_name": above}}


def _container(entity: Entity) -> Reference | None:
    """Return the asset that contains an asset; of several, the one that its name begins with."""
    found = sorted(_containers(entity), key=lambda each: str(each.qualified_name))
    closest = (each for each in found if entity.qualified_name.startswith(f"{each.qualified_name}/"))
    return next(closest, found[0] if found else None)


def _containers(entity: Entity) -> Iterator[Reference]:
    for attribute in entity.relationship_attributes:
        for each in entity.related(attribute, drop_archived=True):
            if each.qualified_name and container_attribute(entity.type_name, each.type_name) == attribute:
                end = find_end(entity.type_name, attribute)
                is_below = entity.qualified_name.startswith(f"{each.qualified_name}/")
                # Each side of a relationship between single assets refers to the other.
                if is_below or (end is not None and end.other.many):
                    yield each


def _own_attributes(entity: Entity) -> Iterator[tuple[str, Any]]:
    """Yield the attributes that have a value and can be declared.

    Of those that every asset has, other tools set many: they count only if a stack has created the asset.
    """
    every, general = value_kinds(entity.type_name), value_kinds("Asset")
    for name in sorted(every):
        is_set_by_others = name in _USAGE or name.endswith(("UpdatedAt", "UpdatedBy"))
        if name in general:
            is_set_by_others = is_server_own(name) or mark_of(entity) is None
        value = entity.attributes.get(name)
        if is_unset(value) or is_set_by_others:
            continue
        if attribute_problem(entity.type_name, name, value) is None:
            yield name, value


def in_order(declared: Sequence[ImportedResource]) -> list[ImportedResource]:
    """Return declared assets with each one after the one that contains it."""
    left = {(one.kind.type_name, one.qualified_name): one for one in declared}
    ordered: list[ImportedResource] = []

    def add(one: ImportedResource) -> None:
        parent: Props = one.inputs.get("parent") or {}
        if above := left.pop((parent.get("type_name", ""), parent.get("qualified_name", "")), None):
            add(above)
        ordered.append(one)

    while left:
        add(left.pop(next(iter(left))))
    return ordered
