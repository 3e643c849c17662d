"""What an import file says of the mark, so that a preview shows no change unless there is one to make."""

from __future__ import annotations

from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import NOT_OURS, Props, mark, resource_of, stack_of


def marked(resource: Resource, stack: str | None) -> tuple[Props, Props]:
    """The mark among the inputs and among the outputs of a resource.

    What this stack made under another name, such as a column process of a mapping, keeps its mark in Atlan
    until it is written for another reason: that alone is no change.

    Args:
        resource: The resource.
        stack: The stack that the import is for; None where that is not known.
    """
    seen = resource.declared.mark
    if seen is None:
        return {}, {}
    named = stack_of(seen)
    as_seen = {"managed_by": seen}
    if named is None:  # the name of a workflow
        return as_seen, as_seen
    if stack is not None and named != stack:
        return as_seen, {**as_seen, "own_mark": NOT_OURS}
    own = {"own_mark": seen}
    wanted = mark_of_resource(resource, named)
    if resource.declared.mixed or wanted == seen or stack is None:
        return as_seen, as_seen | own
    if resource.declared.kind.is_many:
        return {"managed_by": wanted}, {"managed_by": wanted, **own}
    return {}, own


def is_of_a_map(mark_: str | None) -> bool:
    """Whether a mark is that of a `LineageMap`, and so no name for a single process or for its columns."""
    stack, name = stack_of(mark_), resource_of(mark_)
    return stack is not None and mark_ == mark_as(stack, str(name), "ProcessSet", "LineageMap")


def mark_of_resource(resource: Resource, stack: str) -> str:
    """The mark that a stack's program gives a resource."""
    declared = resource.declared
    return mark_as(stack, resource.name, declared.kind.name, declared.component)


def mark_as(stack: str, name: str, _kind: str, component: str = "") -> str:
    """The mark of a resource of that name and kind, which a component of the same name may declare."""
    return mark(stack, name, f"atlan:index:{component}" if component else "")
