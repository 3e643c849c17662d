"""Whose an entity is: the mark that each one carries, and what may be done to one that carries another's.

The mark stands in `lastSyncWorkflowName`, where Atlan keeps which workflow synchronised an asset last
(docs.atlan.com, asset attributes). It names the stack, and the resource in it:
`pulumi:<project>/<stack>#<resource name>`, the name led by its parent's type where it has a parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle._observe import last_written, named

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

#: Atlan's attribute that holds the mark.
ATTRIBUTE = "lastSyncWorkflowName"
#: Stands in the state for the own mark of an entity that others made, until the next deployment mends it.
NOT_OURS = ""
_PREFIX = "pulumi:"


def mark(stack: str, resource_name: str, parent_type: str = "") -> str:
    """The mark of a resource.

    Args:
        stack: The stack, such as `shop/prod`.
        resource_name: The resource's name in that stack.
        parent_type: The type of its parent, such as a component's: below parents of two types there may be
            two resources of one name. Empty for none.

    Example:
        >>> mark("shop/prod", "load-orders")
        'pulumi:shop/prod#load-orders'
        >>> mark("shop/prod", "load-orders", "shop:pipelines:Nightly")
        'pulumi:shop/prod#shop:pipelines:Nightly$load-orders'
    """
    return f"{_PREFIX}{stack}#{parent_type}{'$' if parent_type else ''}{resource_name}"


def mark_of(entity: Entity) -> str | None:
    """What the entity carries: a stack's mark, the name of a crawler's workflow, or nothing."""
    return entity.attributes.get(ATTRIBUTE) or None


def stack_of(mark_: object) -> str | None:
    """The stack that a mark names, such as `shop/prod`; None where it is not the mark of a stack.

    Example:
        >>> stack_of("pulumi:shop/prod#load-orders")
        'shop/prod'
    """
    if not isinstance(mark_, str) or not mark_.startswith(_PREFIX):
        return None
    return mark_[len(_PREFIX) :].partition("#")[0]


def resource_of(mark_: object) -> str | None:
    """The name of the resource that a mark names; None where it is not the mark of a stack.

    Example:
        >>> resource_of("pulumi:shop/prod#shop:pipelines:Nightly$load-orders")
        'load-orders'
    """
    if stack_of(mark_) is None:
        return None
    before, _, after = str(mark_).partition("#")[2].partition("$")
    return after or before


def is_ours(entity: Entity, declared: Mapping[str, Any]) -> bool:
    """Whether the stack that declares the resource made the entity, or has taken it over."""
    stack = stack_of(declared.get("managed_by"))
    return stack is not None and stack == stack_of(mark_of(entity))


def made_anew(entity: Entity, props: Mapping[str, Any]) -> bool:
    """Whether others removed what the state tells of, and made another entity of its name."""
    ours = stack_of(props.get("own_mark"))
    return entity.guid != props.get("guid", entity.guid) and (
        ours is None or ours != stack_of(mark_of(entity))
    )


def objection_to_create(entity: Entity, declared: Mapping[str, Any]) -> str | None:
    """Why a live entity of the name must not be written to; None where it may be.

    That which this stack made, in an earlier run that was cut off, is its own.
    """
    if declared.get("adopt") or is_ours(entity, declared):
        return None
    stack = stack_of(mark_of(entity))
    if stack is not None:
        return (
            f"{named(entity)} belongs to the stack {stack!r} ({last_written(entity)}); nothing was written: "
            "remove it there first, or set adopt=True to take it over, or choose another id"
        )
    return (
        f"{named(entity)} exists in Atlan already ({last_written(entity)}); "
        "nothing was written: set adopt=True to take it over, or choose another id"
    )


def objection_to_update(entity: Entity, olds: Mapping[str, Any], news: Mapping[str, Any]) -> str | None:
    """Why a live entity is not the one that the state tells of; None where it is.

    What was made anew may be written to after a refresh, and what was imported: the preview has shown it.
    What another stack took over may not: a refresh may be a part of every run, of theirs as well.
    """
    if news.get("adopt") or is_ours(entity, news):
        return None
    stack = stack_of(mark_of(entity))
    own = olds.get("own_mark") or olds.get("managed_by")
    if stack is not None and mark_of(entity) != own:
        return _lost(named(entity), stack, f" ({last_written(entity)})")
    if entity.guid != olds.get("guid"):
        advice = "nothing was written: run `pulumi refresh` to see what differs, then `pulumi up`"
        return f"{named(entity)} was removed and made again ({last_written(entity)}); {advice}"
    return None


def objection_to_change(type_name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> str | None:
    """Why a change is to be refused as far as the state tells: a refresh found that another stack took it.

    Args:
        type_name: What it is.
        olds: The inputs in the state, with what `memory_of_loss` adds to them.
        news: The inputs as declared.
    """
    shown = olds.get("managed_by")
    stack = stack_of(shown)
    if news.get("adopt") or stack in (None, stack_of(news.get("managed_by"))):
        return None
    if shown == olds.get("own_mark", shown):  # the stack was renamed, or the entity imported
        return None
    return _lost(f"{type_name} {olds.get('qualified_name')!r}", str(stack))


def memory_of_loss(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a refresh adds to the inputs in the state where another stack has taken the entity over.

    The engine shows a check the former inputs only; an import shows another's mark as well, but has no own.
    """
    own = outputs.get("own_mark")
    stack = stack_of(outputs.get("managed_by"))
    return {"own_mark": own} if own and stack not in (None, stack_of(own)) else {}


def _lost(what: str, stack: str, written: str = "") -> str:
    return (
        f"{what} belongs to the stack {stack!r} now{written}; nothing was written: take it out of this "
        "program, or set adopt=True to take it back"
    )


def objection_to_delete(entity: Entity, props: Mapping[str, Any]) -> str | None:
    """Why an entity of the state's own GUID is another's to remove; None where it is ours to.

    What counts is the mark that was written last by this resource. Where it has written none yet, since it
    was imported, it is the one that it was imported with.
    """
    current, own = mark_of(entity), props.get("own_mark", props.get("managed_by"))
    stack = stack_of(current)
    if stack is None and own == NOT_OURS:
        return f"{named(entity)} was left in Atlan: others made it anew ({last_written(entity)})"
    if stack is None or current == own:
        return None
    return f"{named(entity)} was left in Atlan: it is {resource_of(current)!r} of the stack {stack!r} now"
