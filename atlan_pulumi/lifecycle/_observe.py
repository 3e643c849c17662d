"""The observed state of an entity, in the form in which it was declared, and the notes of a refresh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.lifecycle._values import as_set
from atlan_pulumi.naming import asset_types

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

_MOST_NAMES = 10
DEPEND_ON_IT = "still depend on it"
"""The words that every refusal to remove an entity with dependents contains."""
#: Values that mean "unset". Atlan may show any of them, whichever was written.
_UNSET: tuple[Any, ...] = (None, "", {})


def observe_attribute(entity: Entity, wire_name: str, declared: Any) -> Any:
    """Return the value of a plain attribute. A value that means "unset" is None, or as declared."""
    value = entity.attributes.get(wire_name)
    if isinstance(declared, list):
        return as_set(list(value or ()))
    return declared if value in _UNSET and declared in _UNSET else value


def observe_references(entity: Entity, wire_name: str, declared: Any) -> Any:
    """Return the live edges of a relationship. A declared edge keeps its declared form."""
    edges = entity.related(wire_name)
    if not isinstance(declared, list):
        found = _match(edges, [declared])
        return found[0] if found else None
    return as_set(_match(edges, declared))


def _match(edges: Sequence[Any], declared: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    by_guid = {item["guid"]: item for item in declared if item.get("guid")}
    by_name = {item["qualified_name"]: item for item in declared if item.get("qualified_name")}
    found: list[dict[str, Any]] = []
    for edge in edges:
        forms = [form for form in (by_guid.get(edge.guid), by_name.get(edge.qualified_name)) if form]
        found.extend(forms or [_form(edge)])
    return found


def _form(edge: Any) -> dict[str, Any]:
    if edge.qualified_name:
        return {"type_name": edge.type_name, "qualified_name": edge.qualified_name}
    return {"type_name": edge.type_name, "guid": edge.guid}


def describe_entity(entity: Entity) -> str:
    """Return the words for an entity in messages, such as `Process 'default/…/load'`."""
    return f"{entity.type_name} {entity.qualified_name!r}"


def last_written(entity: Entity) -> str:
    """Return who last wrote an entity and when, as far as Atlan shows it."""
    who = entity.updated_by or entity.created_by or "someone"
    stamp = entity.update_time or entity.create_time
    if not stamp:
        return f"last written by {who}"
    when = datetime.fromtimestamp(stamp / 1000, timezone.utc)
    return f"last written by {who} at {when:%Y-%m-%d %H:%M} UTC"


def just_written_note(entity: Entity) -> str:
    """Return the note that an entity stays, since this process has written it for another resource."""
    return f"{describe_entity(entity)} was left in Atlan: this deployment has just written it"


def drift_note(entity: Entity, names: Sequence[str], below: Sequence[Entity] = ()) -> str:
    """Return the note that an entity differs from the state.

    Args:
        entity: The entity.
        names: The properties that differ; empty if the entity was recreated.
        below: Further entities whose last writer counts.
    """
    what = f"was changed in Atlan: {', '.join(names)}" if names else "was recreated in Atlan"
    return f"{describe_entity(entity)} {what}; {last_written(max([entity, *below], key=_written))}"


def first_notes(notes: Sequence[str]) -> list[str]:
    """Return the first notes, and the number of further ones."""
    more = len(notes) - _MOST_NAMES
    return [*notes[:_MOST_NAMES], f"… and {more:,} more"] if more > 1 else list(notes)


class OwnedNote(NamedTuple):
    """A note on an entity, with the stack that owns the entity, if any."""

    owner: str | None
    text: str


def notes_by_owner(notes: Iterable[OwnedNote]) -> list[str]:
    """Return the first notes on the entities of each owner, and the number of further ones."""
    groups: dict[str | None, list[str]] = {}
    for note in notes:
        groups.setdefault(note.owner, []).append(note.text)
    return [line for texts in groups.values() for line in first_notes(texts)]


def _written(entity: Entity) -> int:
    return entity.update_time or entity.create_time or 0


def absence_note(type_name: str, qualified_name: str, entity: Entity | None) -> str:
    """Return the note that an entity is missing or archived.

    Args:
        type_name: Its type.
        qualified_name: Its qualifiedName.
        entity: The archived entity; None if there is none.
    """
    if entity is None:
        return f"{type_name} {qualified_name!r} is no longer in Atlan"
    return f"{type_name} {qualified_name!r} was archived in Atlan; {last_written(entity)}"


def another_name(type_name: str) -> str:
    """Return the words for what to change if the name of an entity is taken."""
    return "another name" if asset_types.is_source_type(type_name) else "another id"


def type_conflict(type_name: str, entity: Entity) -> str:
    """Return the refusal to write to an entity of a subtype, which Atlan would overwrite."""
    return (
        f"{describe_entity(entity)} has the name of this {type_name}, and "
        f"Atlan would overwrite it ({last_written(entity)}); nothing was written: choose "
        f"{another_name(type_name)}, or remove the {entity.type_name} first"
    )


def declared_dependents_text(type_name: str, qualified_name: str, others: Sequence[str]) -> str:
    """Return the refusal to remove an entity whose dependents other resources of the program declare."""
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return (
        f"{type_name} {qualified_name!r} was not deleted, since {', '.join(others[:_MOST_NAMES])}{more} "
        f"{DEPEND_ON_IT}, and this program declares them in the resources in brackets: remove those of the "
        f"program too, or keep this {type_name}"
    )


def replacement_conflict_text(type_name: str, qualified_name: str, others: Sequence[Entity]) -> str:
    """Return the refusal to replace an entity that could not be removed afterwards."""
    names = ", ".join(f"{describe_entity(other)} ({last_written(other)})" for other in others[:_MOST_NAMES])
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return (
        f"{type_name} {qualified_name!r} cannot be replaced, since {names}{more} {DEPEND_ON_IT}: remove them "
        "first, or set force_destroy=True and deploy that before this change"
    )


def dependents_text(type_name: str, qualified_name: str, others: Sequence[Entity]) -> str:
    """Return the refusal to remove an entity that others depend on."""
    names = ", ".join(describe_entity(other) for other in others[:_MOST_NAMES])
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return (
        f"{type_name} {qualified_name!r} was not deleted, since {names}{more} {DEPEND_ON_IT}: "
        "remove them first, or set force_destroy=True to remove them with it"
    )
