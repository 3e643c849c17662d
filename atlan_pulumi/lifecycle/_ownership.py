"""Ownership: what may be done to an entity, according to its ownership mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle._observe import another_name, describe_entity, last_written
from atlan_pulumi.naming import asset_types
from atlan_pulumi.ownership_mark import (
    OWNERSHIP_ATTRIBUTE,
    kind_of,
    resource_of,
    same_owner,
    same_resource,
    stack_of,
)

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

#: The output with the mark that the resource last wrote.
OWN_MARK = "own_mark"
#: The hidden property with the own mark of a state, if a refresh found another owner.
HIDDEN_MARK = "__own_mark"
#: Replaces the own mark in the state of an entity that others recreated, until the next deployment.
NOT_OURS = ""


def mark_of(entity: Entity) -> str | None:
    """Return the ownership attribute: a stack's mark, the name of a crawler's workflow, or None."""
    return entity.attributes.get(OWNERSHIP_ATTRIBUTE) or None


def is_ours(entity: Entity, declared: Mapping[str, Any]) -> bool:
    """Return whether the stack that declares the resource has created the entity or taken it over."""
    return same_owner(declared.get("managed_by"), mark_of(entity))


def has_stack(entity: Entity) -> bool:
    """Return whether an entity has a stack's mark."""
    return stack_of(mark_of(entity)) is not None


def crawler_of(entity: Entity, own_mark: object) -> str | None:
    """Return the crawler that owns a declared asset: it writes its id over the mark of the stack.

    Args:
        entity: The entity.
        own_mark: The mark of the resource. Only that of a declared asset names the type of its entity.
    """
    mark = mark_of(entity)
    if kind_of(own_mark) != entity.type_name:
        return None
    return mark if asset_types.is_source_type(entity.type_name) and stack_of(mark) is None else None


def is_recreated(entity: Entity, props: Mapping[str, Any]) -> bool:
    """Return whether others removed the entity in the state and created one of the same name."""
    other = entity.guid != props.get("guid", entity.guid)
    return other and not same_owner(props.get("own_mark"), mark_of(entity))


def owner_change(entity: Entity, props: Mapping[str, Any]) -> str:
    """Return the note that an entity's owner is not the one in the state; empty if it is.

    Args:
        entity: The entity.
        props: The outputs in the state.
    """
    stack = stack_of(mark_of(entity))
    if crawler := crawler_of(entity, props.get("own_mark")):
        return f"its crawler, {crawler!r}, owns it now"
    if stack is not None:
        known = same_owner(props.get("own_mark"), mark_of(entity))
        return "" if known else f"it belongs to the stack {stack!r} now"
    if not is_recreated(entity, props):
        return ""
    return "others removed it and created it again, so that the next `pulumi up` takes it over"


def ownership_conflict_on_create(entity: Entity, declared: Mapping[str, Any]) -> str | None:
    """Return why a creation must not write to an existing entity; None if it may.

    An entity with this stack's mark comes from an interrupted run: see `takeover_note`. An archived entity of
    another stack is refused too, since that stack would restore it.
    """
    if declared.get("adopt") or is_ours(entity, declared):
        return None
    stack = stack_of(mark_of(entity))
    if stack is None and entity.status != "ACTIVE":
        return None
    if stack is not None:
        return (
            f"{describe_entity(entity)} belongs to {_stack(entity, declared)} ({last_written(entity)}); "
            "nothing was written: remove it there first, or set adopt=True to take it over, or choose "
            f"{another_name(entity.type_name)}"
        )
    return (
        f"{describe_entity(entity)} exists in Atlan already ({last_written(entity)}); "
        f"nothing was written: set adopt=True to take it over, or choose {another_name(entity.type_name)}"
    )


def _stack(entity: Entity, declared: Mapping[str, Any]) -> str:
    """Return the words for the stack of an entity, which may have the same name as this stack."""
    theirs, ours = stack_of(mark_of(entity)), stack_of(declared.get("managed_by"))
    if theirs != ours:
        return f"the stack {theirs!r}"
    return f"another stack named {theirs!r}, of another backend or an earlier one"


def takeover_note(entity: Entity, declared: Mapping[str, Any]) -> str:
    """Return the note that names an existing entity and its owner before a new resource writes to it.

    Args:
        entity: The entity, live or archived.
        declared: The inputs of the resource.
    """
    if entity.status != "ACTIVE":
        owner = _owner(entity, declared)
        return f"{describe_entity(entity)} is archived in Atlan ({owner}): it will be restored"
    if not is_ours(entity, declared):
        return f"{describe_entity(entity)} will be taken over ({_owner(entity, declared)})"
    if same_resource(declared.get("managed_by"), mark_of(entity)):
        why = "it has the ownership mark of this resource, which an interrupted run may have left"
        return f"{describe_entity(entity)} will be taken over ({last_written(entity)}): {why}"
    before = resource_of(mark_of(entity))
    return (
        f"{describe_entity(entity)} will be taken over from the resource {before!r} ({last_written(entity)})"
    )


def must_be_named(entity: Entity, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether a note must name an entity first: it is archived, or not the one in the state.

    After a refresh, `managed_by` may be another stack's mark; only `own_mark` shows that. The inputs in a
    state have an own mark only if another stack took the entity over.
    """
    known = (olds.get("own_mark"), olds.get("managed_by"), news.get("managed_by"))
    other = entity.guid != olds.get("guid", entity.guid)
    if entity.status != "ACTIVE" or other or NOT_OURS in known:
        return True
    mark = mark_of(entity)
    if mark is None or mark in (olds.get("own_mark"), news.get("managed_by")):
        return False
    by_us = same_owner(mark, news.get("managed_by")) or (
        stack_of(mark) is None and not crawler_of(entity, news.get("managed_by"))
    )
    return mark != olds.get("managed_by") or not (by_us or _is_own(olds, news))


def _is_own(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Return whether `managed_by` is the mark that this resource wrote."""
    return news.get("managed_by") is None or not ("own_mark" in olds or "guid" in olds)


def forced_removal_note(entity: Entity, removed: Entity) -> str:
    """Return the note that names a dependent before `force_destroy` removes it with another entity."""
    owner = stack_of(mark_of(entity))
    of_stack = f"it belongs to the stack {owner!r}, " if owner else ""
    what = f"{describe_entity(entity)} will be removed with {describe_entity(removed)}"
    return f"{what} ({of_stack}{last_written(entity)})"


def _owner(entity: Entity, declared: Mapping[str, Any]) -> str:
    """Return the words for the stack or writer that owns an entity."""
    if stack_of(mark_of(entity)) is None or is_ours(entity, declared):
        return last_written(entity)
    return f"it belongs to {_stack(entity, declared)}, {last_written(entity)}"


def leftover_note(entity: Entity) -> str:
    """Return the note that names an entity of an interrupted run before it is removed."""
    why = "it has the ownership mark of this resource, but neither the state nor the program contains it"
    return f"{describe_entity(entity)} will be removed ({last_written(entity)}): {why}"


def ownership_conflict_on_update(
    entity: Entity, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> str | None:
    """Return why an update must not write to an entity; None if it may.

    A recreated or imported entity may be written to after a refresh, since the preview has shown it. An
    entity that another stack took over may not, even after a refresh: every run may include one.
    """
    if news.get("adopt") or is_ours(entity, news):
        return None
    own = olds.get("own_mark") or olds.get("managed_by")
    if crawler := crawler_of(entity, news.get("managed_by")):
        return _lost(describe_entity(entity), f"the crawler {crawler!r}", f" ({last_written(entity)})")
    if stack_of(mark_of(entity)) is not None and mark_of(entity) != own:
        return _lost(describe_entity(entity), _stack(entity, news), f" ({last_written(entity)})")
    if entity.status == "ACTIVE" and entity.guid != olds.get("guid"):
        advice = "nothing was written: run `pulumi refresh` to see what differs, then `pulumi up`"
        return f"{describe_entity(entity)} was removed and created again ({last_written(entity)}); {advice}"
    return None


def ownership_conflict_on_change(
    type_name: str, olds: Mapping[str, Any], news: Mapping[str, Any]
) -> str | None:
    """Return why a change must be refused: a refresh found that another stack took the entity over.

    Args:
        type_name: The entity's type.
        olds: The inputs in the state, with the additions of `replaced_guid`.
        news: The inputs as declared.
    """
    shown = olds.get("managed_by")
    if shown and stack_of(shown) is None and asset_types.is_source_type(type_name):
        ours = stack_of(news.get("managed_by")) and not news.get("adopt")
        return (
            _lost(f"{type_name} {olds.get('qualified_name')!r}", f"the crawler {shown!r}") if ours else None
        )
    if news.get("adopt") or stack_of(shown) is None or same_owner(shown, news.get("managed_by")):
        return None
    if olds.get("own_mark", shown) in (shown, NOT_OURS):  # the stack was renamed, or the entity imported
        return None
    return _lost(f"{type_name} {olds.get('qualified_name')!r}", f"the stack {stack_of(shown)!r}")


def replaced_guid(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a refresh adds to the inputs in the state if another stack took the entity over.

    The engine passes only the former inputs to `check`. An entity imported from another stack has `NOT_OURS`.
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
    """Return why the entity in the state must not be removed; None if it may be.

    The mark that this resource last wrote decides. If it has written none, since the entity was imported, the
    mark at the import decides.
    """
    current, own = mark_of(entity), props.get("own_mark", props.get("managed_by"))
    stack = stack_of(current)
    if crawler := crawler_of(entity, own):
        return f"{describe_entity(entity)} was left in Atlan: its crawler, {crawler!r}, owns it now"
    if stack is None and own == NOT_OURS:
        return f"{describe_entity(entity)} was left in Atlan: others recreated it ({last_written(entity)})"
    if stack is None or current == own:
        return None
    owner = f"{resource_of(current)!r} of the stack {stack!r}"
    return f"{describe_entity(entity)} was left in Atlan: it is {owner} now"
