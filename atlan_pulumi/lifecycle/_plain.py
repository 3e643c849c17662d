"""Validated inputs as plain, normalised data: what goes into Pulumi's state, and how it is compared.

Every list of this package's resources is a set to Atlan, so lists are kept sorted and without repeats:
two ways to write the same thing are the same state, and order never makes a diff.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from atlan_pulumi.lifecycle._references import sort_key
from atlan_pulumi.unknown import has_unknown


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
