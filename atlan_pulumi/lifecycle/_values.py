"""UNKNOWN; plain normalized data, compared as sets.

Atlan treats every list of this package's resources as a set, so lists are kept sorted and without duplicates.
Two ways to write the same thing are the same state, and order never causes a diff.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, final

from pydantic import BaseModel


@final
class Unknown:
    """The type of `UNKNOWN`, with exactly one instance."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; compare with `is UNKNOWN`")


UNKNOWN: Final = Unknown()


def is_known(value: object) -> bool:
    """Return whether a value is known as a whole. Any property may be `UNKNOWN`, whatever its type."""
    return value is not UNKNOWN


def has_unknown(value: Any) -> bool:
    """Return whether a value, or anything nested in it, is `UNKNOWN`."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple, set, frozenset)):
        return value is UNKNOWN
    return any(type(item) is not str and has_unknown(item) for item in value)


def sort_key(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a sort key for references or OpenLineage datasets that gives a readable order in a preview."""
    kind = item.get("type_name") or item.get("namespace") or ""
    return (kind, item.get("qualified_name") or item.get("name") or "", item.get("guid") or "")


def to_plain(inputs: BaseModel) -> dict[str, Any]:
    """Return inputs as plain data, without those that are not set."""
    values = {name: getattr(inputs, name) for name in type(inputs).model_fields} | (inputs.model_extra or {})
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return to_plain(value)
    if isinstance(value, list):
        return as_set([_plain(item) for item in value])
    if isinstance(value, dict):
        return {key: to_plain(item) if isinstance(item, BaseModel) else item for key, item in value.items()}
    return value


def as_set(items: list[Any]) -> list[Any]:
    """Return the items sorted and without duplicates. Unknown items come last, unchanged."""
    if len(items) <= 1:
        return list(items)
    known = [item for item in items if not has_unknown(item)]
    unique = [item for index, item in enumerate(known) if item not in known[:index]]
    ordered = sorted(unique, key=lambda item: sort_key(item) if isinstance(item, dict) else (item,))
    return ordered + [item for item in items if has_unknown(item)]


def same(old: Any, new: Any) -> bool:
    """Return whether two plain values are equal. Unknown values never are."""
    if has_unknown(new) or (old is not new and has_unknown(old)):
        return False
    if old == new:
        return True
    return isinstance(old, list) and isinstance(new, list) and as_set(old) == as_set(new)
