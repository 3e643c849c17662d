"""Ownership: the mark that each entity carries, and what may be done to one that carries another's.

The mark is stored in `lastSyncWorkflowName`, where Atlan keeps which workflow synchronized an asset last
(docs.atlan.com, asset attributes). It names the stack, the resource in it as a URN does, and the origin,
which tells two stacks of one name apart: `pulumi:<project>/<stack>#<types>::<resource name>@<origin>`.
Earlier versions wrote `pulumi:<project>/<stack>#[<parent's type>$]<resource name>`, which stays readable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from atlan_pulumi.errors import ConfigurationError
from atlan_pulumi.lifecycle._observe import last_written, named

if TYPE_CHECKING:
    from atlan_pulumi.client import Entity

#: Atlan's attribute that holds the mark.
ATTRIBUTE = "lastSyncWorkflowName"
#: Replaces the own mark in the state of an entity that others recreated, until the next deployment.
NOT_OURS = ""
_PREFIX = "pulumi:"
_RESOURCE = re.compile(r"(?P<types>(?:.*?\$)?atlan:\w+)::(?P<name>.+)@(?P<origin>[0-9a-f]{8})", re.DOTALL)


class Mark(NamedTuple):
    """A mark of ownership, in its parts.

    Attributes:
        stack: The stack, such as `shop/prod`.
        types: The resource's type below its parents' types, as in a URN. In marks of earlier versions the
            parent's type alone; empty for none.
        name: The resource's name.
        origin: 8 hexadecimal digits that tell two stacks of one name apart; empty in marks of earlier
            versions.
    """

    stack: str
    types: str
    name: str
    origin: str

    def __str__(self) -> str:
        if self.origin:
            return f"{stack_prefix(self.stack)}{self.types}::{self.name}@{self.origin}"
        return f"{stack_prefix(self.stack)}{self.types}{'$' if self.types else ''}{self.name}"

    def has_owner_of(self, other: Mark) -> bool:
        """Return whether both name one stack; a mark without an origin fits every stack of its name."""
        return self.stack == other.stack and (
            self.origin == other.origin or not (self.origin and other.origin)
        )

    def is_of_resource(self, other: Mark) -> bool:
        """Return whether both name one resource of one stack, whichever version wrote them."""
        if (self.stack, self.name) != (other.stack, other.name):
            return False
        if bool(self.origin) == bool(other.origin):
            return self.types == other.types
        new, old = (self, other) if self.origin else (other, self)
        parents = new.types.split("$")[:-1]
        return old.types == (parents[-1] if parents else "")


def stack_prefix(stack: str) -> str:
    """Return how the marks of a stack begin.

    Example:
        >>> stack_prefix("shop/prod")
        'pulumi:shop/prod#'
    """
    return f"{_PREFIX}{stack}#"


def mark(stack: str, resource_name: str, types: str = "atlan:Process", origin: str = "00000000") -> str:
    """Return the mark of a resource.

    Args:
        stack: The stack, such as `shop/prod`.
        resource_name: The resource's name in that stack.
        types: Its type below its parents' types, joined by `$` as in a URN.
        origin: 8 hexadecimal digits that tell two stacks of one name apart.

    Raises:
        ConfigurationError: The stack's text contains `#`, which ends it in a mark.

    Example:
        >>> mark("shop/prod", "load-orders", "shop:pipelines:Nightly$atlan:Process", "3f9c2e1a")
        'pulumi:shop/prod#shop:pipelines:Nightly$atlan:Process::load-orders@3f9c2e1a'
    """
    if problem := ownership_text_problem(stack):
        raise ConfigurationError(problem)
    return str(Mark(stack, types, resource_name, origin))


def ownership_text_problem(stack: str | None) -> str | None:
    """Return why a text cannot name the stack in a mark; None where it can."""
    if stack is None or "#" not in stack:
        return None
    return (
        f"atlan:ownershipMark must not contain '#', which ends the stack in a mark, but is {stack!r}: "
        "choose another text, such as 'team-a/lineage'"
    )


def parse_mark(text: object) -> Mark | None:
    """Return the parts of a stack's mark; None where the text is not one.

    Example:
        >>> parse_mark("pulumi:shop/prod#shop:pipelines:Nightly$load-orders")
        Mark(stack='shop/prod', types='shop:pipelines:Nightly', name='load-orders', origin='')
    """
    if not isinstance(text, str) or not text.startswith(_PREFIX):
        return None
    stack, _, resource = text[len(_PREFIX) :].partition("#")
    if found := _RESOURCE.fullmatch(resource):
        return Mark(stack, found["types"], found["name"], found["origin"])
    before, _, after = resource.partition("$")
    return Mark(stack, before, after, "") if after else Mark(stack, "", before, "")


def mark_of(entity: Entity) -> str | None:
    """Return what the entity carries: a stack's mark, the name of a crawler's workflow, or nothing."""
    return entity.attributes.get(ATTRIBUTE) or None


def stack_of(mark_: object) -> str | None:
    """Return the stack that a mark names, such as `shop/prod`; None where it is not the mark of a stack.

    Example:
        >>> stack_of("pulumi:shop/prod#atlan:Process::load-orders@3f9c2e1a")
        'shop/prod'
    """
    parsed = parse_mark(mark_)
    return parsed.stack if parsed else None


def resource_of(mark_: object) -> str | None:
    """Return the name of the resource that a mark names; None where it is not the mark of a stack.

    Example:
        >>> resource_of("pulumi:shop/prod#atlan:Process::load-orders@3f9c2e1a")
        'load-orders'
    """
    parsed = parse_mark(mark_)
    return parsed.name if parsed else None


def same_owner(one: object, other: object) -> bool:
    """Return whether two texts are marks of one stack."""
    first, second = parse_mark(one), parse_mark(other)
    return first is not None and second is not None and first.has_owner_of(second)


def same_resource(one: object, other: object) -> bool:
    """Return whether two texts are marks of one resource, whichever version wrote them."""
    first, second = parse_mark(one), parse_mark(other)
    return first is not None and second is not None and first.is_of_resource(second)


def continued(old: str | None, new: str | None) -> str | None:
    """Return the mark that a resource goes on with: the one in its state, as long as it names the resource.

    The origin may differ between two runs of one stack, as where one spells the backend's URL another way.
    """
    return old if same_resource(old, new) else new


def is_precise(mark_: object) -> bool:
    """Return whether a mark can be no other resource's: those of earlier versions may be shared."""
    parsed = parse_mark(mark_)
    return parsed is not None and bool(parsed.origin)


def is_ours(entity: Entity, declared: Mapping[str, Any]) -> bool:
    """Return whether the stack that declares the resource made the entity, or has taken it over."""
    return same_owner(declared.get("managed_by"), mark_of(entity))


def made_anew(entity: Entity, props: Mapping[str, Any]) -> bool:
    """Return whether others removed the entity in the state, and created another one of its name."""
    other = entity.guid != props.get("guid", entity.guid)
    return other and not same_owner(props.get("own_mark"), mark_of(entity))


def objection_to_create(entity: Entity, declared: Mapping[str, Any]) -> str | None:
    """Return why a live entity of the name must not be written to; None where it may be.

    An entity with the mark of this stack was made by a run that was interrupted: see `takeover`.
    """
    if declared.get("adopt") or is_ours(entity, declared):
        return None
    stack = stack_of(mark_of(entity))
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
    return f"another stack with the name {theirs!r}, in another backend or from before a rename"


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
    """Return whether an update must name an entity first: it is archived, or not the one in the state."""
    if entity.status != "ACTIVE":
        return True
    known = (olds.get("own_mark"), olds.get("managed_by"), news.get("managed_by"))
    if entity.guid != olds.get("guid", entity.guid) or NOT_OURS in known:
        return True
    return mark_of(entity) not in (None, *known)


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


def objection_to_update(entity: Entity, olds: Mapping[str, Any], news: Mapping[str, Any]) -> str | None:
    """Return why a live entity is not the one in the state; None where it is.

    A recreated entity may be written to after a refresh, and an imported one: the preview has shown it.
    What another stack took over may not: a refresh may be a part of every run, of theirs as well.
    """
    if news.get("adopt") or is_ours(entity, news):
        return None
    own = olds.get("own_mark") or olds.get("managed_by")
    if stack_of(mark_of(entity)) is not None and mark_of(entity) != own:
        return _lost(named(entity), _stack(entity, news), f" ({last_written(entity)})")
    if entity.guid != olds.get("guid"):
        advice = "nothing was written: run `pulumi refresh` to see what differs, then `pulumi up`"
        return f"{named(entity)} was removed and made again ({last_written(entity)}); {advice}"
    return None


def objection_to_change(type_name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> str | None:
    """Return why a change must be refused: a refresh found that another stack took the entity over.

    Args:
        type_name: What it is.
        olds: The inputs in the state, with what `memory_of_loss` adds to them.
        news: The inputs as declared.
    """
    shown = olds.get("managed_by")
    if news.get("adopt") or stack_of(shown) is None or same_owner(shown, news.get("managed_by")):
        return None
    if shown == olds.get("own_mark", shown):  # the stack was renamed, or the entity imported
        return None
    return _lost(f"{type_name} {olds.get('qualified_name')!r}", f"the stack {stack_of(shown)!r}")


def memory_of_loss(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a refresh adds to the inputs in the state where another stack has taken the entity over.

    The engine passes a check the former inputs only; an import has another's mark as well, but no own one.
    """
    own, shown = outputs.get("own_mark"), outputs.get("managed_by")
    return {"own_mark": own} if own and stack_of(shown) is not None and not same_owner(own, shown) else {}


def _lost(what: str, stack: str, written: str = "") -> str:
    return (
        f"{what} belongs to {stack} now{written}; nothing was written: take it out of this "
        "program, or set adopt=True to take it back"
    )


def objection_to_delete(entity: Entity, props: Mapping[str, Any]) -> str | None:
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
