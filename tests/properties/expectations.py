"""The expected outcome of an `up`: what it must and may refuse, and what it must not change."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from properties.catalog import Key, RawEntity, active_entities, key_of, related_keys
from properties.engine_model import STACK, Engine, Stored
from properties.programs import Of, Program

from atlan_pulumi.naming._qualified_names import connection_of


def stack_in_mark(entity: RawEntity) -> str | None:
    """Return the stack in the mark of an entity."""
    mark = entity["attributes"].get("lastSyncWorkflowName") or ""
    return mark.removeprefix("pulumi:").partition("#")[0] if mark.startswith("pulumi:") else None


def expected_names(program: Program, engine: Engine, taken: Container[str] = ()) -> dict[str, str | None]:
    """Return the future qualifiedName of each resource. None if its connection has none yet.

    A new connection without a pinned name gets another one if its default name is taken.
    """
    names: dict[str, str | None] = {}
    for resource, declared in program.items():
        props = declared.props
        if declared.kind == "Connection":
            old = engine.state.get(resource)
            kept = old and old.inputs["connector"] == props["connector"]
            free: str | None = f"default/{props['connector']}/{props.get('epoch')}"
            unpinned = old.qualified_name if kept else None if free in taken else free
            names[resource] = props.get("qualified_name", unpinned)
            continue
        connection = props.get("connection", WITHOUT)
        if connection is WITHOUT:
            parent = names[props["process"].resource]
            base = parent and connection_of(parent)
        else:
            base = names[connection.resource] if isinstance(connection, Of) else connection
        names[resource] = f"{base}/{props['process_id']}" if base else None
    return names


WITHOUT = object()


def must_refuse(program: Program, engine: Engine, everything: Mapping[str, RawEntity]) -> list[str]:
    """Return the new resources whose names entities of other owners have: live ones, or those of a stack."""
    archived = {key_of(each): each for each in everything.values() if stack_in_mark(each) is not None}
    found = {**archived, **active_entities(everything)}
    taken = {name for (kind, name), each in found.items() if kind == "Connection" and _is_foreign(each)}
    names = expected_names(program, engine, taken)
    return [
        resource
        for resource, name in names.items()
        if name is not None
        and _is_new(engine.state.get(resource), name)
        and not program[resource].props.get("adopt")
        and _is_foreign(found.get((program[resource].kind, name)))
    ]


def _is_new(old: Stored | None, name: str) -> bool:
    return old is None or old.qualified_name != name


def _is_foreign(entity: RawEntity | None) -> bool:
    return entity is not None and stack_in_mark(entity) != STACK


def may_refuse(program: Program, engine: Engine, everything: Mapping[str, RawEntity]) -> list[str]:
    """Return other resources whose update or deletion may be refused."""
    found, names = active_entities(everything), expected_names(program, engine)
    changed_owner = [
        resource
        for resource, name in names.items()
        if (old := engine.state.get(resource))
        and old.qualified_name == name
        and (entity := found.get((old.kind, name)))
        and stack_in_mark(entity) != STACK
        and (stack_in_mark(entity) is not None or entity["guid"] != old.guid)
    ]
    changed_owner += [resource for resource, old in engine.state.items() if "own_mark" in old.inputs]
    blocking = [key[1] for key in blocking_dependents(engine, everything)]
    return changed_owner + blocking + columns_without_parent(program, engine, found)


def columns_without_parent(program: Program, engine: Engine, found: Mapping[Key, RawEntity]) -> list[str]:
    """Return the column processes whose process is in the state but not in Atlan: writes are refused."""
    names = expected_names(program, engine)
    parents = {resource: declared.props.get("process") for resource, declared in program.items()}
    return [
        resource
        for resource, parent in parents.items()
        if isinstance(parent, Of)
        and parent.resource in engine.state
        and ("Process", names[parent.resource]) not in found
    ]


def blocking_dependents(engine: Engine, everything: Mapping[str, RawEntity]) -> set[Key]:
    """Return the dependents of our entities that are not ours, or that others took over."""
    going = engine.guids() - owned_by_others(engine, everything)
    return {
        key_of(everything[other])
        for stored in (*engine.state.values(), *engine.pending_deletes)
        for other in _dependents(stored, everything)
        if other not in going
    }


def _dependents(stored: Stored, everything: Mapping[str, RawEntity]) -> Iterator[str]:
    for guid, entity in everything.items():
        if entity["status"] != "ACTIVE":
            continue
        connection = entity["attributes"].get("connectionQualifiedName")
        if stored.kind == "Connection" and connection == stored.qualified_name:
            yield guid
        if stored.kind == "Process" and ("Process", stored.qualified_name) in related_keys(entity, "process"):
            yield guid


def removable_with_force_destroy(engine: Engine, everything: Mapping[str, RawEntity]) -> set[str]:
    """Return the GUIDs of other dependents that `force_destroy` may delete."""
    return {
        guid
        for stored in (*engine.state.values(), *engine.pending_deletes)
        if stored.outputs.get("force_destroy")
        for guid in _dependents(stored, everything)
    }


def owned_by_others(engine: Engine, everything: Mapping[str, RawEntity]) -> set[str]:
    """Return the GUIDs in our state that belong to others and must not be deleted.

    They have the mark of another resource, or others recreated them before a refresh.
    """
    return {
        stored.guid
        for stored in (*engine.state.values(), *engine.pending_deletes)
        if (entity := everything.get(stored.guid))
        and _is_owned_by_another(entity, stored.outputs["own_mark"])
    }


def _is_owned_by_another(entity: RawEntity, own_mark: str) -> bool:
    if stack_in_mark(entity) is None:
        return own_mark == ""
    return bool(entity["attributes"]["lastSyncWorkflowName"] != own_mark)


def protected_from_update(program: Program, engine: Engine, everything: Mapping[str, RawEntity]) -> set[str]:
    """Return the GUIDs that an `up` must not change because the author has not seen the takeover.

    They have the mark of another owner, or others recreated the entity with the same name.
    """
    names, found = expected_names(program, engine), active_entities(everything)
    protected = owned_by_others(engine, everything)
    for resource, stored in engine.state.items():
        entity = found.get((stored.kind, stored.qualified_name))
        if entity is None or names.get(resource) != stored.qualified_name or stack_in_mark(entity) == STACK:
            continue
        seen = (stored.guid, stored.outputs.get("managed_by") or "")
        current = (entity["guid"], entity["attributes"].get("lastSyncWorkflowName") or "")
        known = seen == current and (
            stack_in_mark(entity) is None or stored.outputs["own_mark"] in ("", current[1])
        )
        if program[resource].props.get("adopt") or known:
            protected.discard(entity["guid"])
        elif seen[0] != current[0]:
            protected.add(entity["guid"])
    return protected - {
        stored.guid
        for resource, stored in engine.state.items()
        if names.get(resource) == stored.qualified_name
        and stored.guid in everything
        and stack_in_mark(everything[stored.guid]) == STACK
    }
