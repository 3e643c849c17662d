"""find_release, apply_release: remove resources from the state, and their ownership marks in Atlan.

Pulumi's `retain_on_delete` and `pulumi state delete` leave the stack's ownership mark on the entity, so that
other stacks are refused. A release removes resources from the state and their marks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlan_pulumi.drift._orphans import current_stack, is_of_stack, origins_of, own_guids, stack_in_marks
from atlan_pulumi.engine import OURS, Pulumi, is_our_urn, is_urn, resource_name
from atlan_pulumi.engine import stack_of as stack_in
from atlan_pulumi.errors import ResourceError
from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    Mark,
    mark_of,
    parse_mark,
    stack_prefix,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
from atlan_pulumi.ownership_mark import DYNAMIC

_BATCH = 50
_COMPONENT = "atlan:index:"
_CONNECTION = "Connection"  # also the end of `OpenLineageConnection`
_ANY = "00000000"


@dataclass(frozen=True)
class Release:
    """The resources and entities of a release.

    Attributes:
        stack: The stack, as its marks name it.
        urns: The resources to remove from the state, in its order.
        entities: The active entities whose mark is removed; nothing else of them changes.
        state: The state without these resources, for `pulumi stack import`.
        connections: The connections among the resources: the resource's name, and the qualifiedName that a
            program must set to manage the connection again.
    """

    stack: str
    urns: tuple[str, ...]
    entities: tuple[Entity, ...]
    state: dict[str, Any]
    connections: tuple[tuple[str, str], ...] = ()


def find_release(
    client: AtlanClient, pulumi: Pulumi, names: Collection[str] = (), *, marked: str | None = None
) -> Release:
    """Find what a release would remove. Nothing is changed.

    Args:
        client: The tenant.
        pulumi: The `pulumi` command on the stack.
        names: Names or URNs of resources or of their components; empty for the whole stack. A name or URN
            that is no longer in the state selects the entities whose mark contains it. Marks do not contain
            the names of components.
        marked: The stack as its marks name it, if it has its own `atlan:ownershipMark`.

    Raises:
        ResourceError: A name matches nothing, or a resource that stays depends on a released one.
        DriftError: Pulumi failed.
        RequestError: Atlan refused the request, or could not be reached.
    """
    state = json.loads(pulumi.export())
    resources = (state.get("deployment") or {}).get("resources") or []
    stack = marked or stack_in_marks(resources, pulumi)
    chosen = list(_chosen(resources, names))
    _refuse_dependents(resources, {item["urn"] for item in chosen})
    _refuse_other_stacks([name for name in names if is_urn(name)], resources, pulumi)
    origins = origins_of(resources, pulumi)
    known = {guid for item in chosen for guid in own_guids(item.get("outputs") or {})}
    others = [item for item in resources if item["type"].startswith(OURS) and item not in chosen]
    kept = {guid for item in others for guid in own_guids(item.get("outputs") or {})}  # shared placeholders
    candidates = _entities(client, stack, known - kept, names)
    entities = [
        each
        for each in candidates
        if each.guid not in kept
        and is_of_stack(each, stack, origins)
        and (each.guid in known or names or _has_origin(each, origins))
    ]
    found = {name for item in chosen for name in _names_of(item, resources)}
    found |= {name for each in entities for name in _named(each, stack, names)}
    if unknown := sorted(set(names) - found):
        elsewhere = {name for each in candidates for name in _named(each, stack, names)}
        raise _no_match(unknown[0], stack, elsewhere=unknown[0] in elsewhere)
    urns = tuple(item["urn"] for item in chosen)
    if chosen:
        state["deployment"]["resources"] = [item for item in resources if item["urn"] not in urns]
    return Release(stack, urns, tuple(entities), state, _connections(chosen, entities))


def apply_release(client: AtlanClient, pulumi: Pulumi, found: Release) -> None:
    """Remove the marks, then the resources from the state. An interrupted release can be repeated.

    Raises:
        DriftError: Pulumi failed; the resources are still in the state.
        RequestError: Atlan refused the request, or could not be reached.
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


def _connections(chosen: Sequence[dict[str, Any]], entities: Sequence[Entity]) -> tuple[tuple[str, str], ...]:
    """Return the names of the resources that are connections, each with the qualifiedName."""
    found = {
        str(each.qualified_name): mark.name
        for each in entities
        if each.type_name == _CONNECTION and (mark := parse_mark(mark_of(each))) is not None
    }
    found |= {
        str(item["id"]): item["urn"].split("::", 3)[3]
        for item in chosen
        if item["type"].endswith(_CONNECTION) and item.get("id")
    }
    return tuple(sorted((name, qualified_name) for qualified_name, name in found.items()))


def _names_of(item: dict[str, Any], resources: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the names that select a resource: its name and URN, and those of its parent components."""
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
                f"release {name!r}, too"
            )


def _refuse_other_stacks(urns: Sequence[str], resources: Sequence[dict[str, Any]], pulumi: Pulumi) -> None:
    """Refuse URNs of other stacks: the text in a mark may not be the stack's name."""
    known_urns = {item["urn"] for item in resources}
    if lost := [urn for urn in urns if urn not in known_urns]:
        stack = current_stack(pulumi) or ""
        for urn in lost:
            if not f"/{stack}".endswith(f"/{stack_in(urn)}"):
                raise ResourceError(
                    f"{urn!r} is not in the stack {stack!r}; nothing was released: set --stack"
                )


def _entities(
    client: AtlanClient, stack: str, known: Collection[str], names: Collection[str]
) -> list[Entity]:
    """Return the active entities of the chosen resources, and those whose mark has one of the names.

    The index may lag behind. Therefore each entity is read, and entities in the state are not searched.
    """
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: stack_prefix(stack)}}
    marked = client.search.live(begins, attributes=["qualifiedName", OWNERSHIP_ATTRIBUTE])
    listed = {str(each.guid) for each in marked if not names or any(_named(each, stack, names))}
    found = client.entities.get_many(sorted({*known, *listed}), relationships=False).values()
    return [each for each in found if each.status == "ACTIVE"]


def _named(entity: Entity, stack: str, names: Collection[str]) -> Iterator[str]:
    """Yield the names that match an entity's mark."""
    mark = parse_mark(mark_of(entity))
    if mark is not None and mark.stack == stack:
        yield from (name for name in names if mark.name == name or _is_urn_of(name, mark))


def _is_urn_of(text: str, mark: Mark) -> bool:
    """Return whether a URN is that of a mark's resource, or of its component from this package."""
    if not is_urn(text):
        return False
    types, name = text.split("::", 3)[2].replace(DYNAMIC, ""), resource_name(text)
    if types.rpartition("$")[2].startswith(_COMPONENT):  # its only child has the same name
        return mark.name == name and mark.types.rpartition("$")[0] == types
    return is_our_urn(text) and mark.is_of_resource(Mark(mark.stack, types, name, mark.origin or _ANY))


def _no_match(name: str, stack: str, *, elsewhere: bool) -> ResourceError:
    advice = (
        "it has the mark of another stack with this name (in another backend, or an earlier stack): release "
        "it there, or take it over with adopt=True"
        if elsewhere
        else "`pulumi stack --show-urns` lists the resources, `atlan-pulumi orphans` the others. Only the "
        "state contains the names of components: without it, name their resources"
    )
    return ResourceError(
        f"neither the state nor a mark of the stack {stack!r} in Atlan contains {name!r}; nothing was "
        f"released: {advice}"
    )


def _has_origin(entity: Entity, origins: Collection[str]) -> bool:
    mark = parse_mark(mark_of(entity))
    return mark is not None and mark.origin in origins


def _unmarked(entity: Entity) -> Entity:
    named = {"qualifiedName": entity.qualified_name, "name": entity.name}
    return type(entity)(type_name=entity.type_name, attributes={**named, OWNERSHIP_ATTRIBUTE: None})
