"""UNKNOWN; plain normalized data, compared as sets.

Every list of this package's resources is a set to Atlan, so lists are kept sorted and without repeats:
two ways to write the same thing are the same state, and order never makes a diff.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, final

from pydantic import BaseModel


@final
class Unknown:
    """The type of `UNKNOWN`; there is exactly one instance."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false; compare with `is UNKNOWN`")


UNKNOWN: Final = Unknown()


def is_known(value: object) -> bool:
    """Whether a value is known as a whole; what a model declares as `str` may be `UNKNOWN` all the same."""
    return value is not UNKNOWN


def has_unknown(value: Any) -> bool:
    """Whether `value`, or anything nested in its lists and dicts, is `UNKNOWN`."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def sort_key(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """An order for sets of references, or of OpenLineage datasets, that reads well in a preview."""
    kind = item.get("type_name") or item.get("namespace") or ""
    return (kind, item.get("qualified_name") or item.get("name") or "", item.get("guid") or "")


def plain(inputs: BaseModel) -> dict[str, Any]:
    """The given inputs as a dict of plain data, without what is not given."""
    values = {name: getattr(inputs, name) for name in type(inputs).model_fields} | (inputs.model_extra or {})
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, list):
        return as_set([_plain(item) for item in value])
    if isinstance(value, dict):
        return {key: plain(item) if isinstance(item, BaseModel) else item for key, item in value.items()}
    return value


def as_set(items: list[Any]) -> list[Any]:
    """The items sorted and without repeats; what is unknown comes last, as it is."""
    known = [item for item in items if not has_unknown(item)]
    unique = [item for index, item in enumerate(known) if item not in known[:index]]
    ordered = sorted(unique, key=lambda item: sort_key(item) if isinstance(item, dict) else (item,))
    return ordered + [item for item in items if has_unknown(item)]


def same(old: Any, new: Any) -> bool:
    """Whether two plain values mean the same; an unknown one may always differ."""
    if has_unknown(old) or has_unknown(new):
        return False
    if isinstance(old, list) and isinstance(new, list):
        return as_set(old) == as_set(new)
    return bool(old == new)
