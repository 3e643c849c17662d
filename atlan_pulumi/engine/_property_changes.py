"""Compare two versions of a resource's properties, and format the changes as lines."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from atlan_pulumi.engine._notation import SECRET_MARK, SIGNATURE
from atlan_pulumi.text import printable

Props = Mapping[str, Any]
#: Characters of the longest pair of values on one line.
_MOST_CHARACTERS = 80
_CONTEXT = 20
_MOST_LINES = 20
_LONGEST_LINE = 200


@dataclass(frozen=True)
class ValueChange:
    """A property with a different value.

    Attributes:
        property: The property, such as `sql` or `query_preview_config["limit"]`.
        declared: Value in the state; None = not set.
        actual: Value in Atlan; None = not set.
    """

    kind: ClassVar[str] = "value"
    property: str
    declared: Any
    actual: Any


@dataclass(frozen=True)
class SetChange:
    """A list, compared as a set, with different items.

    Attributes:
        property: The property, such as `inputs`.
        removed: Items only in the state.
        added: Items only in Atlan.
    """

    kind: ClassVar[str] = "set"
    property: str
    removed: tuple[Any, ...]
    added: tuple[Any, ...]


@dataclass(frozen=True)
class SecretChange:
    """A secret property that differs; Pulumi hides both values.

    Attributes:
        property: The property.
    """

    kind: ClassVar[str] = "secret"
    property: str


Change = ValueChange | SetChange | SecretChange


def changes(declared: Props, actual: Props) -> Iterator[Change]:
    """Yield the visible differences, sorted by property; skips Pulumi's internal properties and secrets."""
    for name in sorted({*declared, *actual}):
        if not name.startswith("__"):
            yield from _compare(name, declared.get(name), actual.get(name))


def secrets(props: Props) -> list[str]:
    """Return the names of the properties that contain a secret."""
    return sorted(name for name, value in props.items() if _holds_secret(value))


def _compare(name: str, declared: Any, actual: Any) -> Iterator[Change]:
    if declared == actual or _holds_secret(declared) or _holds_secret(actual):
        return
    if isinstance(declared, list) or isinstance(actual, list):
        removed, added = _missing(declared, actual), _missing(actual, declared)
        if removed or added:
            yield SetChange(name, removed, added)
    elif all(each is None or _is_mapping(each) for each in (declared, actual)):
        olds, news = declared or {}, actual or {}
        for key in sorted({*olds, *news}):
            yield from _compare(f"{name}[{json.dumps(key)}]", olds.get(key), news.get(key))
    else:
        yield ValueChange(name, declared, actual)


def _missing(wanted: Any, existing: Any) -> tuple[Any, ...]:
    """Return the items of `wanted` that are not in `existing`; each is a list, a single item, or None."""
    known = {json.dumps(item, sort_keys=True) for item in _items(existing)}
    return tuple(item for item in _items(wanted) if json.dumps(item, sort_keys=True) not in known)


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_mapping(value: Any) -> bool:
    """Return whether a value is compared by its keys; an asset reference is one value."""
    return isinstance(value, dict) and "type_name" not in value


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get(SIGNATURE) == SECRET_MARK or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))


def lines(change: Change) -> list[str]:
    """Return a change as lines: `-` marks the state, `+` marks Atlan."""
    every = [printable(line) for line in _lines(change)]
    more = len(every) - _MOST_LINES
    return [*every[:_MOST_LINES], f"… {more} more lines"] if more > 1 else every


def _lines(change: Change) -> Iterator[str]:
    if isinstance(change, SecretChange):
        yield "[secret] → [secret]"
    elif isinstance(change, SetChange):
        yield from (f"- {_text(item)}" for item in change.removed)
        yield from (f"+ {_text(item)}" for item in change.added)
    else:
        yield from _value_lines(change)


def _value_lines(change: ValueChange) -> Iterator[str]:
    unified = _unified(change.declared, change.actual)
    old, new = _text(change.declared), _text(change.actual)
    if unified:
        yield from unified
    elif len(old) + len(new) <= _MOST_CHARACTERS:
        yield f"{old} → {new}"
    else:
        yield from (f"{sign} {part}" for sign, part in zip("-+", _windows(old, new), strict=True))


def _text(value: Any) -> str:
    if value is None:
        return "(not set)"
    if isinstance(value, dict) and "type_name" in value:
        return f"{value['type_name']} {value.get('qualified_name') or value.get('guid')}"
    return json.dumps(value, ensure_ascii=False)


def _unified(old: Any, new: Any) -> list[str]:
    """Return a unified diff of two multiline texts; empty for other values, and if all lines are equal."""
    before, after = ((side if isinstance(side, str) else "") for side in (old, new))
    if "\n" not in before.strip() + after.strip():
        return []
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    body = islice(diff, 2, None)  # without the file names
    return [
        line if line.startswith("@") else f"{line[0]} {_cut(line[1:], 0, _LONGEST_LINE)}" for line in body
    ]


def _windows(old: str, new: str) -> tuple[str, str]:
    """Return the parts of two texts around their first difference."""
    same = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    start = max(0, same - _CONTEXT) if max(len(old), len(new)) > _LONGEST_LINE else 0
    return _cut(old, start, _LONGEST_LINE), _cut(new, start, _LONGEST_LINE)


def _cut(text: str, start: int, most: int) -> str:
    shown = text[start : start + most]
    return ("…" if start else "") + shown + ("…" if len(text) > start + most else "")
