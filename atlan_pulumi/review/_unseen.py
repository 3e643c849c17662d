"""Which edges cost lineage, and of which it cannot be told."""

from __future__ import annotations

from atlan_pulumi.review._edges import EdgeChange
from atlan_pulumi.review._present import asked_by
from atlan_pulumi.review._resource_change import ResourceChange

_SIDES = frozenset({"inputs", "outputs"})


def loses(edge: EdgeChange) -> bool:
    """Whether something may lose lineage. A side that is not known yet is taken to stay."""
    if edge.change == "removed" or edge.old is None or edge.new is None:
        return edge.change == "removed"
    known = _SIDES - edge.new.unknown
    return any(set(getattr(edge.old, side)) - set(getattr(edge.new, side)) for side in known)


def unseen(change: ResourceChange) -> int:
    """How many edges of a resource that may cost lineage cannot be looked at, or not as a whole.

    Of those that are not known at all nobody knows how many there are: they count as one.
    """
    if change.operation == "create":
        return sum(map(_is_open, change.edges))  # of those that another resource declares now
    if change.kept or change.operation not in ("update", "replace", "delete"):
        return 0
    if not change.readable:
        return 1
    known = sum(map(_is_open, change.edges))
    if change.whole or change.old is None:
        return known
    compared = sum(edge.old is not None and not edge.former for edge in change.edges)
    return known + len(change.old.edges) - compared + (not change.old.whole)


def _is_open(edge: EdgeChange) -> bool:
    if edge.old is None or edge.change == "same":
        return False
    if asked_by(edge.old) is None:
        return loses(edge)
    return edge.new is not None and bool(edge.new.unknown & _SIDES)
