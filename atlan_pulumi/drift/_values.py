"""Changes as lines for a person: short, and safe on a terminal whatever somebody wrote into Atlan."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from atlan_pulumi.drift._changes import Change, SecretChange, SetChange, ValueChange
from atlan_pulumi.printable import printable

#: The longest pair of values, in characters, that is shown on one line.
_MOST_CHARACTERS = 80
_CONTEXT = 20
_MOST_LINES = 20
_LONGEST_LINE = 200


def lines(change: Change) -> list[str]:
    """A change as lines: those with `-` are the state's, those with `+` Atlan's."""
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
    """A unified diff of texts of several lines; empty for others, and where all lines are the same."""
    before, after = ((side if isinstance(side, str) else "") for side in (old, new))
    if "\n" not in before.strip() + after.strip():
        return []
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    body = islice(diff, 2, None)  # without the names of two files
    return [
        line if line.startswith("@") else f"{line[0]} {_cut(line[1:], 0, _LONGEST_LINE)}" for line in body
    ]


def _windows(old: str, new: str) -> tuple[str, str]:
    """The parts of two texts about their first difference."""
    same = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    start = max(0, same - _CONTEXT) if max(len(old), len(new)) > _LONGEST_LINE else 0
    return _cut(old, start, _LONGEST_LINE), _cut(new, start, _LONGEST_LINE)


def _cut(text: str, start: int, most: int) -> str:
    shown = text[start : start + most]
    return ("…" if start else "") + shown + ("…" if len(text) > start + most else "")
