"""What a release takes out of the state, and which entities lose their ownership mark.

Pulumi's `retain_on_delete` and `pulumi state delete` leave an entity in Atlan with the ownership mark of the
stack, so that other stacks are refused. A release takes the resources out of the state and removes the marks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlan_pulumi.drift._orphans import is_of_stack, marked_text, origins_in, own_guids
from atlan_pulumi.engine import OURS, Pulumi
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    ATTRIBUTE as OWNERSHIP_ATTRIBUTE,
)
from atlan_pulumi.lifecycle import (
    mark_of,
    parse_mark,
    stack_prefix,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_BATCH = 50


@dataclass(frozen=True)
class Release:
    """What is released.

    Attributes:
        stack: The stack, as its marks name it.
        urns: The resources that leave the state, in its order.
        entities: The live entities that lose the stack's mark; they stay as they are otherwise.
        state: The state without these resources, as `pulumi stack import` takes it.
    """

    stack: str
    urns: tuple[str, ...]
    entities: tuple[Entity, ...]
    state: dict[str, Any]


def find_release(
    client: AtlanClient, pulumi: Pulumi, names: Collection[str] = (), *, marked: str | None = None
) -> Release:
    """Find what a release of resources would do. Nothing is changed.

    Args:
        client: The tenant.
        pulumi: The `pulumi` command on the stack.
        names: Names or URNs of resources, or of components whose children they are; none for the whole stack.
            A name that the state no longer contains stands for the entities whose mark has it.
        marked: The stack as its marks name it, where it has its own `atlan:ownershipMark`.

    Raises:
        ResourceError: Nothing has such a name, or a resource that stays depends on one that is released.
        DriftError: Pulumi failed.
        RequestError: Atlan refused, or could not be reached.
    """
    state = json.loads(pulumi.export())
    resources = (state.get("deployment") or {}).get("resources") or []
    stack = marked or marked_text(resources, pulumi)
    chosen = list(_chosen(resources, names))
    _refuse_dependents(resources, {item["urn"] for item in chosen})
    origins, known = (
        origins_in(resources),
        {guid for item in chosen for guid in own_guids(item.get("outputs") or {})},
    )
    entities = [
        each
        for each in _entities(client, stack, known, names)
        if is_of_stack(each, stack, origins) and (each.guid in known or names or _has_origin(each, origins))
    ]
    found = {name for item in chosen for name in _names_of(item, resources)}
    found |= {mark.name for each in entities if (mark := parse_mark(mark_of(each)))}
    if unknown := sorted(set(names) - found):
        raise ResourceError(
            f"neither the state nor a mark of the stack {stack!r} in Atlan has {unknown[0]!r}; nothing was "
            "released: `pulumi stack --show-urns` lists the resources, `atlan-pulumi orphans` the rest"
        )
    urns = tuple(item["urn"] for item in chosen)
    if chosen:
        state["deployment"]["resources"] = [item for item in resources if item["urn"] not in urns]
    return Release(stack, urns, tuple(entities), state)


def release(client: AtlanClient, pulumi: Pulumi, found: Release) -> None:
    """Remove the marks, then take the resources out of the state; a run that is interrupted can be repeated.

    Raises:
        DriftError: Pulumi failed; the resources are still in the state.
        RequestError: Atlan refused, or could not be reached.
    """
    entities = [_unmarked(entity) for entity in found.entities]
    for start in range(0, len(entities), _BATCH):
        client.entities.upsert(entities[start : start + _BATCH])
    if found.urns:
        pulumi.replace_state(json.dumps(found.state))


def _chosen(resources: Sequence[dict[str, Any]], names: Collection[str]) -> Iterator[dict[str, Any]]:
    for item in resources:
        if item["type"].startswith(OURS) and (not names or set(names) & set(_names_of(item, resources))):
            yield item


def _names_of(item: dict[str, Any], resources: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Return what a resource may be called: its name and URN, and those of the components above it."""
    by_urn = {each["urn"]: each for each in resources}
    each: dict[str, Any] | None = item
    while each is not None and each["type"] != "pulumi:pulumi:Stack":
        yield from (each["urn"].split("::", 3)[3], each["urn"])
        each = by_urn.get(each.get("parent", ""))


def _refuse_dependents(resources: Sequence[dict[str, Any]], urns: set[str]) -> None:
    for item in resources:
        needed = {item.get("parent"), item.get("deletedWith"), *item.get("dependencies", ())} & urns
        if needed and item["urn"] not in urns:
            name, other = (urn.split("::", 3)[3] for urn in (item["urn"], str(min(map(str, needed)))))
            raise ResourceError(
                f"{name!r} depends on {other!r}, which cannot be released alone; nothing was released: "
                f"release {name!r} as well"
            )


def _entities(
    client: AtlanClient, stack: str, known: Collection[str], names: Collection[str]
) -> list[Entity]:
    """Return the live entities of the chosen resources, and those that only a mark with their name has.

    The index may lag behind, so that each entity is read, and those that the state contains are not searched.
    """
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: stack_prefix(stack)}}
    marked = client.search.live(begins, attributes=["qualifiedName", OWNERSHIP_ATTRIBUTE])
    listed = {str(each.guid) for each in marked if not names or _has_name(each, names)}
    found = client.entities.get_many(sorted({*known, *listed}), relationships=False).values()
    return [each for each in found if each.status == "ACTIVE"]


def _has_name(entity: Entity, names: Collection[str]) -> bool:
    mark = parse_mark(mark_of(entity))
    return mark is not None and mark.name in names


def _has_origin(entity: Entity, origins: Collection[str]) -> bool:
    mark = parse_mark(mark_of(entity))
    return mark is not None and mark.origin in origins


def _unmarked(entity: Entity) -> Entity:
    named = {"qualifiedName": entity.qualified_name, "name": entity.name}
    return type(entity)(type_name=entity.type_name, attributes={**named, OWNERSHIP_ATTRIBUTE: None})
