"""A change of a value in a few words, for the note on an entity that is taken over or updated.

Long texts are shown around their difference. An ellipsis touches the text that it shortens, so that the
redaction in a review recognizes the rest of a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LONGEST = 60
_BEFORE = 20
"""The number of characters shown before the first and after the last difference."""
_LONGEST_WORD = 40
_MOST_ITEMS = 5
_NAMES = ("qualified_name", "guid", "name")


def change_of(seen: Any, wanted: Any) -> str:
    """Return a change of a value in a few words, such as `-'…/A' +'…/B'` for a set.

    Example:
        >>> change_of("select 1", "select 2")
        "'select 1' -> 'select 2'"
    """
    if isinstance(wanted, list):
        return _change_of_items(seen or [], wanted)
    if _is_mapping(wanted) and (seen is None or _is_mapping(seen)):
        return _change_of_mapping(seen or {}, wanted)
    if isinstance(seen, str) and isinstance(wanted, str):
        return _change_of_text(seen, wanted)
    return f"{_short(seen)} -> {_short(wanted)}"


def _is_mapping(value: Any) -> bool:
    """Return whether a value is a mapping, rather than a reference to an asset."""
    return isinstance(value, Mapping) and not any(name in value for name in _NAMES)


def _change_of_items(seen: list[Any], wanted: list[Any]) -> str:
    removed = [item for item in seen if item not in wanted]
    added = [item for item in wanted if item not in seen]
    typed = not {_short(item) for item in removed}.isdisjoint(_short(item) for item in added)
    shown = [f"-{_item(item, typed=typed)}" for item in removed]
    shown += [f"+{_item(item, typed=typed)}" for item in added]
    more = [f"and {len(shown) - _MOST_ITEMS} more"] if len(shown) > _MOST_ITEMS else []
    return " ".join(shown[:_MOST_ITEMS] + more)


def _item(item: Any, *, typed: bool) -> str:
    """Return an item of a set, with its type if the name alone would not show the difference."""
    if not typed:
        return _short(item)
    kind = (item.get("type_name") or item.get("namespace")) if isinstance(item, Mapping) else None
    return f"{kind} {_short(item)}" if kind else repr(item)


def _change_of_mapping(seen: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    keys = [key for key in dict.fromkeys([*seen, *wanted]) if seen.get(key) != wanted.get(key)]
    shown = [f"[{key!r}] {change_of(seen.get(key), wanted.get(key))}" for key in keys[:_MOST_ITEMS]]
    more = [f"and {len(keys) - _MOST_ITEMS} more"] if len(keys) > _MOST_ITEMS else []
    return ", ".join(shown + more)


def _change_of_text(seen: str, wanted: str) -> str:
    """Return both texts around their difference, with the line number if they have several lines."""
    if max(len(seen), len(wanted)) <= _LONGEST:
        return f"{seen!r} -> {wanted!r}"
    start = _common_length(seen, wanted)
    common = _common_length(seen[start:][::-1], wanted[start:][::-1])
    line = seen.count("\n", 0, start) + 1
    where = f"line {line}: " if "\n" in seen or "\n" in wanted else ""
    first = _beginning(wanted, start)
    one, other = (_excerpt(text, first, start, len(text) - common) for text in (seen, wanted))
    return f"{where}{one} -> {other}"


def _common_length(one: str, other: str) -> int:
    """Return the number of characters that two texts have in common at the beginning."""
    differing = (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return next(differing, min(len(one), len(other)))


def _beginning(text: str, start: int) -> int:
    """Return where an excerpt begins: some characters before `start`, in the same line.

    It begins with a whole word, unless that is very long.
    """
    first = max(text.rfind("\n", 0, start) + 1, start - _BEFORE)
    word = max(0, start - _BEFORE - _LONGEST_WORD)
    while first > word and not text[first - 1].isspace():
        first -= 1
    return first


def _excerpt(text: str, first: int, start: int, end: int) -> str:
    """Return a text from `first` on, with everything that differs from `start` to `end`, if that is short."""
    last = min(len(text), end + _BEFORE, start + _LONGEST)
    return repr(f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}")


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return repr(next((value[name] for name in _NAMES if value.get(name)), value))
    if value is None:
        return "nothing"
    if not isinstance(value, str) or len(value) <= _LONGEST or _is_path(value):
        return repr(value)
    return repr(f"{value[:_LONGEST]}…")


def _is_path(text: str) -> bool:
    """Return whether a text looks like a qualifiedName or a URL, whose end matters most."""
    return "/" in text and len(text.split()) == 1
