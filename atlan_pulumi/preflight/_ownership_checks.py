"""Ownership checks: each entity has one owner; what an adoption changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle import (
    OWNERSHIP_ATTRIBUTE,
    InputProblem,
    another_name,
    has_unknown,
    managed_properties,
    mark_of,
    ownership_conflict_on_create,
    ownership_conflict_on_update,
    same,
    type_conflict,
)
from atlan_pulumi.lifecycle import (
    EntityKey as Key,
)
from atlan_pulumi.naming import asset_types
from atlan_pulumi.preflight._change_of import change_of
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.preflight._entity_cache import EntityCache
from atlan_pulumi.preflight._report import Findings

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity
    from atlan_pulumi.lifecycle import ResourceLifecycle

_HEADER = {"type_name", "guid", "status", "created_by", "updated_by", "create_time", "update_time"}


def adoption_changes(declaration: Declaration, entity: Entity, client: AtlanClient) -> list[str]:
    """Return each property that the adoption changes, such as `name: 'Theirs' -> 'Load orders'`.

    The ownership mark always changes, and is left out. Secret values are not shown.
    """
    lifecycle, declared = declaration.lifecycle, declaration.inputs
    changes = []
    for name in managed_properties(lifecycle.model, declared):
        wanted = declared[name]
        if name == "managed_by" or has_unknown(wanted):
            continue
        seen = lifecycle.observe(client, entity, name, wanted)
        if not same(seen, wanted):
            changes.append(name if name in declaration.secret else f"{name}: {change_of(seen, wanted)}")
    return changes


def declared_twice(
    declarations: list[Declaration], declared: Mapping[Key, Declaration]
) -> Iterator[tuple[Declaration, InputProblem]]:
    """Yield a problem for each resource whose entity another resource of the program declares too.

    Args:
        declarations: The resources to check, in the order of the program.
        declared: The first resource that declared each key.
    """
    for declaration in declarations:
        first = {key: declared[key] for key in declaration.creates if declared[key] is not declaration}
        if first:
            names = {key: each.resource_name for key, each in first.items()}
            own = declaration.inputs.get("qualified_name")
            yield declaration, declared_by(declaration.lifecycle, own, names)


def declared_by(
    lifecycle: ResourceLifecycle, qualified_name: object, first: Mapping[Key, str]
) -> InputProblem:
    """Return the problem of a resource whose entities another resource of the program declares too.

    Args:
        lifecycle: The resource's lifecycle.
        qualified_name: Its qualifiedName.
        first: Those entities, with the name of the resource that declared each first.
    """
    own = Key(lifecycle.type_name, str(qualified_name))
    taken = sorted(first, key=lambda key: (key != own, key))
    more = f" (and {len(taken) - 1} more like it)" if len(taken) > 1 else ""
    reason = (
        f"{taken[0]} is declared by {first[taken[0]]!r} already; the later would overwrite the earlier{more}"
    )
    # If the resource has its own entity, the others come from its columns.
    name = getattr(lifecycle, "problem_property", None) or ("columns" if taken[0] != own else None)
    advice = "declare it in one of the two" if name else f"choose {another_name(lifecycle.type_name)}"
    return InputProblem(name or lifecycle.identity[-1], f"{reason}: {advice}")


def repeated_names(
    declarations: list[Declaration], first: dict[tuple[str, ...], Declaration]
) -> Iterator[tuple[Declaration, InputProblem]]:
    """Yield a problem for each resource that repeats a unique value, such as a connection's name.

    Args:
        declarations: The resources to check, in the order of the program.
        first: The first resource with each value, which is extended.
    """
    for declaration in declarations:
        unique = declaration.lifecycle.also_unique(declaration.inputs)
        if unique is not None and first.setdefault(unique, declaration) is not declaration:
            other = first[unique].resource_name
            reason = f"{unique[-1]!r} is the name of {other!r} already: events of one would reach the other"
            yield declaration, InputProblem("name", f"{reason}; choose another name")


def look_up_subtypes(new: Sequence[Key], cache: EntityCache) -> None:
    """Look up the entities that Atlan would take for missing ones: those of subtypes with the same name.

    Of processes, these are the subtypes that this package creates. Of assets, the search index shows which
    subtype there is.

    Args:
        new: The keys of entities that do not exist.
        cache: The look-ups, which are extended.
    """
    subtypes = {key: asset_types.subtypes(key.type_name) for key in new}
    keys = [
        Key(type_name, key.qualified_name)
        for key, known in subtypes.items()
        for type_name in ("Process", "ColumnProcess")
        if type_name in known
    ]
    assets: dict[str, frozenset[str]] = {}
    for key, known in subtypes.items():
        if known and asset_types.is_source_type(key.type_name):
            assets[key.qualified_name] = assets.get(key.qualified_name, frozenset()) | known
    named = cache.client.search.named(assets, attributes=["qualifiedName"])
    keys += [
        Key(each.type_name, each.qualified_name)
        for each in named
        if each.type_name in assets[each.qualified_name]
    ]
    cache.load(keys)


def check_existing(declaration: Declaration, cache: EntityCache, findings: Findings) -> None:
    """Add what an existing entity of the same name means for a new resource."""
    key, marked_key = declaration.key, declaration.marked_key
    if key is None or marked_key is None:
        return
    existing = cache.get(key)
    if existing is None:
        _check_subtypes(key, declaration, cache, findings)
    named = [cache.get(each) for each in dict.fromkeys((key, marked_key))]
    found = [entity for entity in named if entity is not None]
    live = [entity for entity in found if entity.status == "ACTIVE"]
    findings.existing = _header(found[0]) if found else {}
    objections = [ownership_conflict_on_create(entity, declaration.inputs) for entity in found]
    if objections and all(objections):
        findings.problems_if_new.append(_on_name(declaration, str(objections[0])))
    elif existing in live and declaration.adopts:
        findings.adoption = _adoption(declaration, cache.get_with_relationships(key) or live[0], cache)
    lost = [
        ownership_conflict_on_update(entity, {"guid": entity.guid}, declaration.inputs) for entity in found
    ]
    if lost and all(lost):
        findings.problems_if_changed[str(mark_of(found[0]))] = _on_name(declaration, str(lost[0]))


def _check_subtypes(key: Key, declaration: Declaration, cache: EntityCache, findings: Findings) -> None:
    for type_name in sorted(asset_types.subtypes(key.type_name)):
        if other := cache.get(Key(type_name, key.qualified_name)):
            reason = type_conflict(key.type_name, other)
            findings.problems_if_new.append(_on_name(declaration, reason))


def _on_name(declaration: Declaration, reason: str) -> InputProblem:
    return InputProblem(declaration.lifecycle.identity[-1], reason)


def _header(entity: Entity) -> dict[str, Any]:
    """Return an entity's name, owner, and last writer, as the REST API returns them."""
    names = {"qualifiedName", OWNERSHIP_ATTRIBUTE}
    attributes = {name: value for name, value in entity.attributes.items() if name in names and value}
    shown = entity.model_dump(by_alias=True, exclude_none=True, include=_HEADER)
    return {**shown, "attributes": attributes}


def _adoption(declaration: Declaration, existing: Entity, cache: EntityCache) -> str:
    changes = adoption_changes(declaration, existing, cache.client)
    changes += declaration.lifecycle.adoption_side_effects(existing, declaration.inputs)
    return f"this changes {'; '.join(changes)}" if changes else "nothing in it changes"
