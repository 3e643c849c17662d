"""What an `up` may and must refuse, foretold from what is in Atlan; and what of others it may take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from properties.catalog import Key, Wire, key_of, live, neighbours
from properties.engine_order import STACK, Engine, Stored
from properties.programs import Of, Program

from atlan_pulumi.naming._qualified_names import connection_of


def stack_in(entity: Wire) -> str | None:
    """The stack whose mark an entity carries."""
    mark = entity["attributes"].get("lastSyncWorkflowName") or ""
    return mark.removeprefix("pulumi:").partition("#")[0] if mark.startswith("pulumi:") else None


def names_to_be(program: Program, engine: Engine) -> dict[str, str | None]:
    """The qualifiedName that each resource will have; None for one in a connection that has none yet."""
    names: dict[str, str | None] = {}
    for resource, declared in program.items():
        props = declared.props
        if declared.kind == "Connection":
            old = engine.state.get(resource)
            kept = old and old.inputs["connector"] == props["connector"]
            unpinned = old.qualified_name if kept else f"default/{props['connector']}/{props.get('epoch')}"
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


def must_refuse(program: Program, engine: Engine, everything: Mapping[str, Wire]) -> list[str]:
    """The resources that meet a live entity of another owner where they are to be made."""
    found, names = live(everything), names_to_be(program, engine)
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


def _is_foreign(entity: Wire | None) -> bool:
    return entity is not None and stack_in(entity) != STACK


def may_refuse(program: Program, engine: Engine, everything: Mapping[str, Wire]) -> list[str]:
    """Further resources whose update or deletion may be refused."""
    found, names = live(everything), names_to_be(program, engine)
    changed_owner = [
        resource
        for resource, name in names.items()
        if (old := engine.state.get(resource))
        and old.qualified_name == name
        and (entity := found.get((old.kind, name)))
        and stack_in(entity) != STACK
        and (stack_in(entity) is not None or entity["guid"] != old.guid)
    ]
    changed_owner += [resource for resource, old in engine.state.items() if "own_mark" in old.inputs]
    burdened = [key[1] for key in burdens(engine, everything)]
    return changed_owner + burdened + severed(program, engine, found)


def severed(program: Program, engine: Engine, found: Mapping[Key, Wire]) -> list[str]:
    """The column processes whose parent is in the state and yet gone: Atlan takes no write of them."""
    names = names_to_be(program, engine)
    parents = {resource: declared.props.get("process") for resource, declared in program.items()}
    return [
        resource
        for resource, parent in parents.items()
        if isinstance(parent, Of)
        and parent.resource in engine.state
        and ("Process", names[parent.resource]) not in found
    ]


def burdens(engine: Engine, everything: Mapping[str, Wire]) -> set[Key]:
    """What hangs on something of ours and does not go with it: others', and what others took over."""
    going = engine.guids() - estranged(engine, everything)
    return {
        key_of(everything[other])
        for stored in (*engine.state.values(), *engine.doomed)
        for other in _hanging(stored, everything)
        if other not in going
    }


def _hanging(stored: Stored, everything: Mapping[str, Wire]) -> Iterator[str]:
    for guid, entity in everything.items():
        if entity["status"] != "ACTIVE":
            continue
        connection = entity["attributes"].get("connectionQualifiedName")
        if stored.kind == "Connection" and connection == stored.qualified_name:
            yield guid
        if stored.kind == "Process" and ("Process", stored.qualified_name) in neighbours(entity, "process"):
            yield guid


def forfeited(engine: Engine, everything: Mapping[str, Wire]) -> set[str]:
    """The GUIDs of others' that may go together with what `force_destroy` was set for."""
    return {
        guid
        for stored in (*engine.state.values(), *engine.doomed)
        if stored.outputs.get("force_destroy")
        for guid in _hanging(stored, everything)
    }


def estranged(engine: Engine, everything: Mapping[str, Wire]) -> set[str]:
    """The GUIDs in our state that are another's: no deletion may take them.

    They carry the mark of another resource, or others made them anew and a refresh has taken that in.
    """
    return {
        stored.guid
        for stored in (*engine.state.values(), *engine.doomed)
        if (entity := everything.get(stored.guid)) and _is_anothers(entity, stored.outputs["own_mark"])
    }


def _is_anothers(entity: Wire, own_mark: str) -> bool:
    if stack_in(entity) is None:
        return own_mark == ""
    return bool(entity["attributes"]["lastSyncWorkflowName"] != own_mark)


def taken_over(program: Program, engine: Engine, everything: Mapping[str, Wire]) -> set[str]:
    """What an `up` must leave alone, although the state tells of it: what the author has not seen yet.

    That is what carries another's mark, and what others made anew under the name.
    """
    names, found = names_to_be(program, engine), live(everything)
    apart = estranged(engine, everything)
    for resource, stored in engine.state.items():
        entity = found.get((stored.kind, stored.qualified_name))
        if entity is None or names.get(resource) != stored.qualified_name or stack_in(entity) == STACK:
            continue
        seen = (stored.guid, stored.outputs.get("managed_by") or "")
        current = (entity["guid"], entity["attributes"].get("lastSyncWorkflowName") or "")
        known = seen == current and (
            stack_in(entity) is None or stored.outputs["own_mark"] in ("", current[1])
        )
        if program[resource].props.get("adopt") or known:
            apart.discard(entity["guid"])
        elif seen[0] != current[0]:
            apart.add(entity["guid"])
    return apart - {
        stored.guid
        for resource, stored in engine.state.items()
        if names.get(resource) == stored.qualified_name
        and stored.guid in everything
        and stack_in(everything[stored.guid]) == STACK
    }
