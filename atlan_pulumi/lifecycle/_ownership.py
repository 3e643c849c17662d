"""Ownership: what may be done to an entity, by the mark that it carries.

The mark is stored in `lastSyncWorkflowName`, where Atlan keeps which workflow synchronized an asset last
(docs.atlan.com, asset attributes).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle._mark import resource_of, same_owner, same_resource, stack_of
from atlan_pulumi.lifecycle._observe import last_written, named

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

#: Atlan's attribute that holds the mark.
OWNERSHIP_ATTRIBUTE = "lastSyncWorkflowName"
#: The output that holds the mark which the resource wrote last.
OWN_MARK = "own_mark"
#: Where a state keeps the own mark if a refresh found another owner; Pulumi shows no property that begins so.
HIDDEN_MARK = "__own_mark"
#: Replaces the own mark in the state of an entity that others recreated, until the next deployment.
NOT_OURS = ""


def mark_of(entity: Entity) -> str | None:
    """Return what the entity carries: a stack's mark, the name of a crawler's workflow, or nothing."""
    return entity.attributes.get(OWNERSHIP_ATTRIBUTE) or None


def is_ours(entity: Entity, declared: Mapping[str, Any]) -> bool:
    """Return whether the stack that declares the resource made the entity, or has taken it over."""
    return same_owner(declared.get("managed_by"), mark_of(entity))


def has_stack(entity: Entity) -> bool:
    """Return whether an entity has the mark of any stack."""
    return stack_of(mark_of(entity)) is not None


def is_recreated(entity: Entity, props: Mapping[str, Any]) -> bool:
    """Return whether others removed the entity in the state, and created another one of its name."""
    other = entity.guid != props.get("guid", entity.guid)
    return other and not same_owner(props.get("own_mark"), mark_of(entity))


def change_of_owner(entity: Entity, props: Mapping[str, Any]) -> str:
    """Return in words that an entity has another owner than the state says; empty where it has not.

    Args:
        entity: The entity.
        props: The outputs in the state.
    """
    stack = stack_of(mark_of(entity))
    if stack is not None:
        known = same_owner(props.get("own_mark"), mark_of(entity))
        return "" if known else f"it belongs to the stack {stack!r} now"
    if not is_recreated(entity, props):
        return ""
    return "others removed it and created it again, so that the next `pulumi up` takes it over"


def ownership_conflict_on_create(entity: Entity, declared: Mapping[str, Any]) -> str | None:
    """Return why an entity of the name must not be written to; None where it may be.

    An entity with the mark of this stack was made by a run that was interrupted: see `takeover`. An archived
    one of another stack is refused as well: that stack would restore it.
    """
    if declared.get("adopt") or is_ours(entity, declared):
        return None
    stack = stack_of(mark_of(entity))
    if stack is None and entity.status != "ACTIVE":
        return None
    if stack is not None:
        return (
            f"{named(entity)} belongs to {_stack(entity, declared)} ({last_written(entity)}); nothing was "
            "written: remove it there first, or set adopt=True to take it over, or choose another id"
        )
    return (
        f"{named(entity)} exists in Atlan already ({last_written(entity)}); "
        "nothing was written: set adopt=True to take it over, or choose another id"
    )


def _stack(entity: Entity, declared: Mapping[str, Any]) -> str:
    """Return the stack of another's entity in words; it may have the very name of this one."""
    theirs, ours = stack_of(mark_of(entity)), stack_of(declared.get("managed_by"))
    if theirs != ours:
        return f"the stack {theirs!r}"
    return f"another stack named {theirs!r}, of another backend or an earlier one"


def takeover(entity: Entity, declared: Mapping[str, Any]) -> str:
    """Return the note that names an existing entity before a new resource writes to it, with its owner.

    Args:
        entity: The entity, live or archived.
        declared: The inputs of the resource.
    """
    if entity.status != "ACTIVE":
        return f"{named(entity)} is archived in Atlan ({_owner(entity, declared)}): it will be restored"
    if not is_ours(entity, declared):
        return f"{named(entity)} will be taken over ({_owner(entity, declared)})"
    if same_resource(declared.get("managed_by"), mark_of(entity)):
        why = "it has the ownership mark of this resource, which an interrupted run may have left"
        return f"{named(entity)} will be taken over ({last_written(entity)}): {why}"
    before = resource_of(mark_of(entity))
    return f"{named(entity)} will be taken over from the resource {before!r} ({last_written(entity)})"


def is_news(entity: Entity, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether an update must name an entity first: it is archived, or not the one in the state.

    After a refresh `managed_by` may be the mark of another stack, which is known only where it was written.
    The inputs in a state have no own mark, unless they have another stack's.
    """
    known = (olds.get("own_mark"), olds.get("managed_by"), news.get("managed_by"))
    other = entity.guid != olds.get("guid", entity.guid)
    if entity.status != "ACTIVE" or other or NOT_OURS in known:
        return True
    mark = mark_of(entity)
    if mark is None or mark in (olds.get("own_mark"), news.get("managed_by")):
        return False
    by_us = same_owner(mark, news.get("managed_by")) or stack_of(mark) is None
    return mark != olds.get("managed_by") or not (by_us or _is_own(olds, news))


def _is_own(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether `managed_by` is the mark that was written: outputs have it as `own_mark` as well."""
    return news.get("managed_by") is None or not ("own_mark" in olds or "guid" in olds)


def goes_with(entity: Entity, removed: Entity) -> str:
    """Return the note that names an entity before `force_destroy` removes it together with another."""
    owner = stack_of(mark_of(entity))
    of_stack = f"it belongs to the stack {owner!r}, " if owner else ""
    return f"{named(entity)} will be removed with {named(removed)} ({of_stack}{last_written(entity)})"


def _owner(entity: Entity, declared: Mapping[str, Any]) -> str:
    """Return which stack or writer has an entity."""
    if stack_of(mark_of(entity)) is None or is_ours(entity, declared):
        return last_written(entity)
    return f"it belongs to {_stack(entity, declared)}, {last_written(entity)}"


def leftover(entity: Entity) -> str:
    """Return the note that names what an interrupted run of a resource left, before it is removed."""
    why = "it has the ownership mark of this resource, but neither the state nor the program contains it"
    return f"{named(entity)} will be removed ({last_written(entity)}): {why}"


def ownership_conflict_on_update(
    entity: Entity, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> str | None:
    """Return why an entity is not the one in the state; None where it is.

    A recreated entity may be written to after a refresh, and an imported one: the preview has shown it.
    What another stack took over may not: a refresh may be a part of every run, of theirs as well.
    """
    if news.get("adopt") or is_ours(entity, news):
        return None
    own = olds.get("own_mark") or olds.get("managed_by")
    if stack_of(mark_of(entity)) is not None and mark_of(entity) != own:
        return _lost(named(entity), _stack(entity, news), f" ({last_written(entity)})")
    if entity.status == "ACTIVE" and entity.guid != olds.get("guid"):
        advice = "nothing was written: run `pulumi refresh` to see what differs, then `pulumi up`"
        return f"{named(entity)} was removed and made again ({last_written(entity)}); {advice}"
    return None


def ownership_conflict_on_change(
    type_name: str, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> str | None:
    """Return why a change must be refused: a refresh found that another stack took the entity over.

    Args:
        type_name: What it is.
        olds: The inputs in the state, with what `replaced_guid` adds to them.
        news: The inputs as declared.
    """
    shown = olds.get("managed_by")
    if news.get("adopt") or stack_of(shown) is None or same_owner(shown, news.get("managed_by")):
        return None
    if olds.get("own_mark", shown) in (shown, NOT_OURS):  # the stack was renamed, or the entity imported
        return None
    return _lost(f"{type_name} {olds.get('qualified_name')!r}", f"the stack {stack_of(shown)!r}")


def replaced_guid(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a refresh adds to the inputs in the state where another stack has taken the entity over.

    The engine passes a check the former inputs only. What was imported from another stack has `NOT_OURS`.
    """
    own, shown = outputs.get("own_mark"), outputs.get("managed_by")
    known = own is None or stack_of(shown) is None or same_owner(own, shown)
    return {} if known else {"own_mark": own}


def _lost(what: str, stack: str, written: str = "") -> str:
    return (
        f"{what} belongs to {stack} now{written}; nothing was written: take it out of this "
        "program, or set adopt=True to take it back"
    )


def ownership_conflict_on_delete(entity: Entity, props: Mapping[str, Any]) -> str | None:
    """Return why an entity with the state's own GUID must stay; None where it may be removed.

    The mark that this resource wrote last decides. Where it has written none yet, since it was imported, the
    one that it was imported with decides.
    """
    current, own = mark_of(entity), props.get("own_mark", props.get("managed_by"))
    stack = stack_of(current)
    if stack is None and own == NOT_OURS:
        return f"{named(entity)} was left in Atlan: others made it anew ({last_written(entity)})"
    if stack is None or current == own:
        return None
    return f"{named(entity)} was left in Atlan: it is {resource_of(current)!r} of the stack {stack!r} now"
