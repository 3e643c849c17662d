"""What a release takes out of the state, and which entities lose their ownership mark.

Pulumi's `retain_on_delete` and `pulumi state delete` leave an entity in Atlan with the ownership mark of the
stack, so that other stacks are refused. A release takes the resources out of the state and removes the marks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from atlan_pulumi.drift._orphans import current_stack, is_of_stack, marked_text, origins_of, own_guids
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

_BATCH = 50
_DYNAMIC = "pulumi-python:dynamic/"  # what marks leave out of the types in a URN
_COMPONENT = "atlan:index:"
_CONNECTION = "Connection"  # also the end of `OpenLineageConnection`
_ANY = "00000000"


@dataclass(frozen=True)
class Release:
    """What is released.

    Attributes:
        stack: The stack, as its marks name it.
        urns: The resources that leave the state, in its order.
        entities: The live entities that lose the stack's mark; they stay as they are otherwise.
        state: The state without these resources, as `pulumi stack import` takes it.
        connections: The connections among the resources, by the resource's name: each with its qualifiedName,
            which the program has to pin to manage it again.
    """

    stack: str
    urns: tuple[str, ...]
    entities: tuple[Entity, ...]
    state: dict[str, Any]
    connections: tuple[tuple[str, str], ...] = ()


def find_release(
    client: AtlanClient, pulumi: Pulumi, names: Collection[str] = (), *, marked: str | None = None
) -> Release:
    """Find what a release of resources would do. Nothing is changed.

    Args:
        client: The tenant.
        pulumi: The `pulumi` command on the stack.
        names: Names or URNs of resources, or of components whose children they are; none for the whole stack.
            A name or URN that the state no longer contains stands for the entities whose mark has it. A mark
            does not contain the names of components.
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
    _refuse_other_stacks([name for name in names if is_urn(name)], resources, pulumi)
    origins = origins_of(resources, pulumi)
    known = {guid for item in chosen for guid in own_guids(item.get("outputs") or {})}
    marked_ = _entities(client, stack, known, names)
    entities = [
        each
        for each in marked_
        if is_of_stack(each, stack, origins) and (each.guid in known or names or _has_origin(each, origins))
    ]
    found = {name for item in chosen for name in _names_of(item, resources)}
    found |= {name for each in entities for name in _named(each, stack, names)}
    if unknown := sorted(set(names) - found):
        elsewhere = {name for each in marked_ for name in _named(each, stack, names)}
        raise _nothing_has(unknown[0], stack, elsewhere=unknown[0] in elsewhere)
    urns = tuple(item["urn"] for item in chosen)
    if chosen:
        state["deployment"]["resources"] = [item for item in resources if item["urn"] not in urns]
    return Release(stack, urns, tuple(entities), state, _connections(chosen, entities))


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


def _refuse_other_stacks(urns: Sequence[str], resources: Sequence[dict[str, Any]], pulumi: Pulumi) -> None:
    """Refuse the URNs of other stacks: a mark may have a text of its own in place of the stack."""
    stated = {item["urn"] for item in resources}
    if lost := [urn for urn in urns if urn not in stated]:
        stack = current_stack(pulumi) or ""
        for urn in lost:
            if not f"/{stack}".endswith(f"/{stack_in(urn)}"):
                raise ResourceError(
                    f"{urn!r} is not of the stack {stack!r}; nothing was released: give --stack"
                )


def _entities(
    client: AtlanClient, stack: str, known: Collection[str], names: Collection[str]
) -> list[Entity]:
    """Return the live entities of the chosen resources, and those that only a mark with their name has.

    The index may lag behind, so that each entity is read, and those that the state contains are not searched.
    """
    begins = {"prefix": {OWNERSHIP_ATTRIBUTE: stack_prefix(stack)}}
    marked = client.search.live(begins, attributes=["qualifiedName", OWNERSHIP_ATTRIBUTE])
    listed = {str(each.guid) for each in marked if not names or any(_named(each, stack, names))}
    found = client.entities.get_many(sorted({*known, *listed}), relationships=False).values()
    return [each for each in found if each.status == "ACTIVE"]


def _named(entity: Entity, stack: str, names: Collection[str]) -> Iterator[str]:
    """Yield the names among these that an entity's mark fits."""
    mark = parse_mark(mark_of(entity))
    if mark is not None and mark.stack == stack:
        yield from (name for name in names if mark.name == name or _is_urn_of(name, mark))


def _is_urn_of(text: str, mark: Mark) -> bool:
    """Return whether a URN is that of the resource of a mark, or of our component of its name above it."""
    if not is_urn(text):
        return False
    types, name = text.split("::", 3)[2].replace(_DYNAMIC, ""), resource_name(text)
    if types.rpartition("$")[2].startswith(_COMPONENT):  # it names its only child after itself
        return mark.name == name and mark.types.rpartition("$")[0] == types
    return is_our_urn(text) and mark.is_of_resource(Mark(mark.stack, types, name, mark.origin or _ANY))


def _nothing_has(name: str, stack: str, *, elsewhere: bool) -> ResourceError:
    advice = (
        "a mark of another stack of this name has it, of another backend or an earlier one: release it "
        "there, or take it over with adopt=True"
        if elsewhere
        else "`pulumi stack --show-urns` lists the resources, `atlan-pulumi orphans` the rest. Only the "
        "state has the names of components: without it, name the resources below them"
    )
    return ResourceError(
        f"neither the state nor a mark of the stack {stack!r} in Atlan has {name!r}; nothing was released: "
        f"{advice}"
    )


def _has_origin(entity: Entity, origins: Collection[str]) -> bool:
    mark = parse_mark(mark_of(entity))
    return mark is not None and mark.origin in origins


def _unmarked(entity: Entity) -> Entity:
    named = {"qualifiedName": entity.qualified_name, "name": entity.name}
    return type(entity)(type_name=entity.type_name, attributes={**named, OWNERSHIP_ATTRIBUTE: None})
