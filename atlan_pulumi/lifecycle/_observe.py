"""What an entity in Atlan shows, told in the terms of what was declared: the ground of every refresh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.lifecycle._values import as_set

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

_MOST_NAMES = 10
HANG_ON_IT = "still hang on it"
"""What the refusal to remove an entity with dependents says of them."""
#: How "unset" reads: Atlan may show any of these, whichever of them was written.
_UNSET: tuple[Any, ...] = (None, "", {})


def attribute(entity: Entity, wire_name: str, declared: Any) -> Any:
    """The value of a plain attribute; what the server shows for "unset" is `None` (or what was declared)."""
    value = entity.attributes.get(wire_name)
    if isinstance(declared, list):
        return as_set(list(value or ()))
    return declared if value in _UNSET and declared in _UNSET else value


def references(entity: Entity, wire_name: str, declared: Any) -> Any:
    """The live edges of a relationship; an edge that was declared keeps the form it was declared in."""
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


def named(entity: Entity) -> str:
    """What a message calls an entity, such as `Process 'default/…/load'`."""
    return f"{entity.type_name} {entity.qualified_name!r}"


def last_written(entity: Entity) -> str:
    """Who wrote the entity last and when, as far as Atlan tells."""
    who = entity.updated_by or entity.created_by or "someone"
    stamp = entity.update_time or entity.create_time
    if not stamp:
        return f"last written by {who}"
    when = datetime.fromtimestamp(stamp / 1000, timezone.utc)
    return f"last written by {who} at {when:%Y-%m-%d %H:%M} UTC"


def note_of_drift(entity: Entity, names: Sequence[str], below: Sequence[Entity] = ()) -> str:
    """The note that an entity, or what lies `below` it, does not show what the state says."""
    what = f"was changed in Atlan: {', '.join(names)}" if names else "was made anew in Atlan"
    return f"{named(entity)} {what}; {last_written(max([entity, *below], key=_written))}"


def shortened(notes: Sequence[str]) -> list[str]:
    """Return the first notes, and how many more there are."""
    more = len(notes) - _MOST_NAMES
    return [*notes[:_MOST_NAMES], f"… and {more:,} more"] if more > 1 else list(notes)


class OwnedNote(NamedTuple):
    """A note on an entity, and the stack that the entity belongs to, if any."""

    owner: str | None
    text: str


def notes_by_owner(notes: Iterable[OwnedNote]) -> list[str]:
    """Return the first notes on the entities of each owner, and how many more there are of each."""
    groups: dict[str | None, list[str]] = {}
    for note in notes:
        groups.setdefault(note.owner, []).append(note.text)
    return [line for texts in groups.values() for line in shortened(texts)]


def _written(entity: Entity) -> int:
    return entity.update_time or entity.create_time or 0


def note_of_absence(type_name: str, qualified_name: str, entity: Entity | None) -> str:
    """The note that an entity is not there; `entity` is what is left of it."""
    if entity is None:
        return f"{type_name} {qualified_name!r} is not in Atlan any more"
    return f"{type_name} {qualified_name!r} was archived in Atlan; {last_written(entity)}"


def type_conflict(type_name: str, entity: Entity) -> str:
    """The refusal to write to an entity of a subtype, which Atlan takes for the one that is meant."""
    return (
        f"{named(entity)} has the name that this {type_name} is to have, and "
        f"Atlan would overwrite it ({last_written(entity)}); nothing was written: choose another process_id, "
        f"or remove the {entity.type_name} first"
    )


def declared_below(type_name: str, qualified_name: str, others: Sequence[str]) -> str:
    """The refusal to remove an entity, and with it what other resources of the program declare."""
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return (
        f"{type_name} {qualified_name!r} was not deleted, since {', '.join(others[:_MOST_NAMES])}{more} "
        f"{HANG_ON_IT}, and this program declares them in the resources in brackets: take those out of the "
        f"program as well, or keep this {type_name}"
    )


def hanging_on_former(type_name: str, qualified_name: str, others: Sequence[Entity]) -> str:
    """The refusal to replace an entity that could not be removed afterwards."""
    names = ", ".join(f"{named(other)} ({last_written(other)})" for other in others[:_MOST_NAMES])
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return (
        f"{type_name} {qualified_name!r} cannot be replaced, since {names}{more} {HANG_ON_IT}: remove them "
        "first, or set force_destroy=True and deploy that before this change"
    )


def dependents_text(type_name: str, qualified_name: str, others: Sequence[Entity]) -> str:
    """The refusal to orphan what hangs on an entity."""
    names = ", ".join(named(other) for other in others[:_MOST_NAMES])
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    return (
        f"{type_name} {qualified_name!r} was not deleted, since {names}{more} {HANG_ON_IT}: "
        "remove them first, or set force_destroy=True to remove them with it"
    )
