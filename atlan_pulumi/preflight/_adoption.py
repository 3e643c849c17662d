"""What taking over an entity changes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from atlan_pulumi.lifecycle import managed, same
from atlan_pulumi.preflight._declaration import Declaration
from atlan_pulumi.unknown import has_unknown

if TYPE_CHECKING:
    from atlan_pulumi.client import AtlanClient, Entity

_LONGEST = 60
_MOST_ITEMS = 5


def what_adoption_changes(declaration: Declaration, entity: Entity, client: AtlanClient) -> list[str]:
    """Each property that would be another afterwards, such as `name: 'Theirs' -> 'Load orders'`.

    The mark of ownership changes in any case, and is left out; values that are secret are not shown.
    """
    lifecycle, declared = declaration.lifecycle, declaration.inputs
    changes = []
    for name in managed(lifecycle.model, declared):
        wanted = declared[name]
        if name == "managed_by" or has_unknown(wanted):
            continue
        seen = lifecycle.observe(client, entity, name, wanted)
        if not same(seen, wanted):
            changes.append(name if name in declaration.secret else f"{name}: {change_of(seen, wanted)}")
    return changes


def change_of(seen: Any, wanted: Any) -> str:
    """A change of a value in a few words, such as `-'…/A' +'…/B'` for a set."""
    if isinstance(wanted, list):
        removed = [f"-{_short(item)}" for item in seen or [] if item not in wanted]
        added = [f"+{_short(item)}" for item in wanted if item not in (seen or [])]
        items = removed + added
        more = [f"and {len(items) - _MOST_ITEMS} more"] if len(items) > _MOST_ITEMS else []
        return " ".join(items[:_MOST_ITEMS] + more)
    return f"{_short(seen)} -> {_short(wanted)}"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("qualified_name") or value.get("guid")
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= _LONGEST or "/" in text[:_LONGEST] else f"{text[:_LONGEST]}…"
