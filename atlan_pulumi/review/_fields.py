"""Which properties of a resource, or of one edge of it, have other values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from atlan_pulumi.declared import HIDDEN, SECRET
from atlan_pulumi.drift import Change, SecretChange, changes, lines
from atlan_pulumi.unknown import UNKNOWN

Props = Mapping[str, Any]

LATER = "(known after apply)"
_MAPPING = "(a mapping)"
#: What stands for a value rather than being one.
_STANDING_IN = "|".join(map(re.escape, (HIDDEN, LATER, _MAPPING, SECRET)))
_QUOTED = re.compile(f'"({_STANDING_IN})"')
#: What tells whose a resource is and how it is called, rather than what is declared of it.
MANAGEMENT = frozenset({"managed_by", "own_mark", "qualified_name", "guid"})
#: What steers this package rather than describes what is in Atlan.
SETTINGS = frozenset({"adopt", "delete_type", "force_destroy"})


def field_changes(old: Props, new: Props, *, without: Collection[str] = ()) -> tuple[Change, ...]:
    """The properties that differ, in the order of their names; those of management are left out.

    Args:
        old: The properties before.
        new: The properties after.
        without: Others that are left out.
    """
    before, after = _comparable(shown(old, without), shown(new, without))
    return tuple(changes(before, after))


def shown(props: Props, without: Collection[str] = ()) -> dict[str, Any]:
    """The properties as they are shown: without those of management, and with words for what is not known."""
    left_out = {*MANAGEMENT, *without}
    return {name: _in_words(value) for name, value in props.items() if name not in left_out}


def secret_changes(old: Props, new: Props) -> tuple[Change, ...]:
    """The secret properties. The engine shows no values: where nothing else differs, one of these does."""
    return tuple(SecretChange(name) for name in sorted(held_secrets(old) | held_secrets(new)))


def held_secrets(props: Props) -> set[str]:
    """The properties that are secret, or in which something is."""
    return {name for name, value in props.items() if _holds_secret(value)} - MANAGEMENT


def property_of(change: Change) -> str:
    """The top-level property that differs."""
    return change.property.partition("[")[0]


def change_lines(change: Change) -> list[str]:
    """A change as lines: those with `-` are as it is now, those with `+` as it would be."""
    return [_QUOTED.sub(lambda found: found[1].replace(HIDDEN, SECRET), line) for line in lines(change)]


def _in_words(value: Any) -> Any:
    if value is UNKNOWN:
        return LATER
    if isinstance(value, Mapping):
        return {key: _in_words(item) for key, item in value.items()}
    return [_in_words(item) for item in value] if isinstance(value, list) else value


def _comparable(old: Any, new: Any) -> tuple[Any, Any]:
    """Two values; where one is a mapping, and of the other nothing is known, it is not gone into."""
    mappings = isinstance(old, Mapping), isinstance(new, Mapping)
    if all(mappings):
        pairs = {key: _comparable(old.get(key), new.get(key)) for key in {*old, *new}}
        return tuple({key: pair[side] for key, pair in pairs.items()} for side in (0, 1))  # type: ignore[return-value]
    if any(mappings) and old is not None and new is not None:
        return (_MAPPING, new) if mappings[0] else (old, _MAPPING)
    return old, new


def _holds_secret(value: Any) -> bool:
    if isinstance(value, (Mapping, list)):
        return any(map(_holds_secret, value.values() if isinstance(value, Mapping) else value))
    return isinstance(value, str) and value == SECRET
