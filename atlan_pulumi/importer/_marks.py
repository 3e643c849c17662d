"""Read ownership marks for an import, and write them to the import file."""

from __future__ import annotations

from atlan_pulumi.importer._declare import ImportedResource
from atlan_pulumi.importer._plan import Resource
from atlan_pulumi.lifecycle import HIDDEN_MARK, NOT_OURS, OWN_MARK, Props, mark, parse_mark
from atlan_pulumi.ownership_mark import kind_of

_MAP = "atlan:index:LineageMap"


def mark_properties(resource: Resource, stack: str | None) -> tuple[Props, Props]:
    """Return the mark for the inputs and for the outputs of a resource.

    Entities that this stack created under another name, such as the column processes of a mapping, keep their
    mark in Atlan until another change. The mark alone is no change.

    Args:
        resource: The resource.
        stack: The stack that the import is for, or None if unknown.
    """
    seen = resource.declared.mark
    if seen is None:
        return {}, {}
    parsed, as_seen = parse_mark(seen), {"managed_by": seen}
    if parsed is None:  # the name of a workflow
        return as_seen, as_seen
    if stack is not None and parsed.stack != stack:
        # Also in the inputs, so that the next check names the takeover; hidden, so that no preview shows it.
        return as_seen | {HIDDEN_MARK: NOT_OURS}, as_seen | {OWN_MARK: NOT_OURS}
    own = {"own_mark": seen}
    wanted = _wanted(resource, parsed.stack, parsed.origin)
    if resource.declared.mixed or wanted == seen or stack is None:
        return as_seen, as_seen | own
    if resource.declared.kind.is_many:
        return {"managed_by": wanted}, {"managed_by": wanted, **own}
    return {}, own


def _wanted(resource: Resource, stack: str, origin: str) -> str:
    """Return the mark that the program gives a resource. Without an origin, in the earlier form."""
    declared = resource.declared
    parents = [*resource.parents, *([f"atlan:index:{declared.component}"] if declared.component else ())]
    types = [*parents, f"atlan:{declared.kind.name}"] if origin else parents[-1:]
    return mark(stack, resource.name, "$".join(types), origin)


def parents_in(name: str, declared: ImportedResource, stack: str | None) -> tuple[str, ...]:
    """Return the types of the components above a resource according to its mark, if this stack created it.

    Args:
        name: The resource's name.
        declared: The resource.
        stack: The stack that the import is for.
    """
    parsed = parse_mark(declared.mark)
    if parsed is None or declared.mixed or (parsed.stack, parsed.name) != (stack, name):
        return ()
    if parsed.origin and kind_of(declared.mark) != declared.kind.name:
        return ()
    types = parsed.types.split("$") if parsed.types else []
    above = types[:-1] if parsed.origin else types
    return tuple(above[:-1] if declared.component else above)


def is_of_a_set(mark_: str | None) -> bool:
    """Check whether many processes have this mark, so that it cannot name one of them or its columns."""
    return kind_of(mark_) == "ProcessSet" or component_in(mark_) == "LineageMap"


def component_in(mark_: str | None) -> str:
    """Return `LineageMap` if the mark is of a resource of such a component, or an empty string."""
    parsed = parse_mark(mark_)
    parents = parsed.types.split("$") if parsed else []
    return "LineageMap" if _MAP in parents[-2:] else ""
