"""The words in which a message tells of what was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

_LONGEST = 80
_MOST = 3
_KINDS: tuple[tuple[Any, str], ...] = (
    (str, "a text"),
    (bool, "a truth value"),
    ((int, float), "a number"),
    (date, "a date"),
    (Mapping, "a mapping"),
    ((list, tuple), "a list"),
    ((set, frozenset), "a set"),
)


def shown(value: object) -> str:
    """A value on one line, and not without end: a mistaken cell may hold a whole query."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]}…{text[-1]}"


def shown_all(values: Iterable[object]) -> str:
    """The first few of some values."""
    texts = [shown(value) for value in values]
    return ", ".join(texts[:_MOST]) + (f" and {len(texts) - _MOST} more" if len(texts) > _MOST else "")


def kind(value: object) -> str:
    """What a value is, in words."""
    if value is None:
        return "empty"
    other = f"something of type {type(value).__name__}"
    return next((words for type_, words in _KINDS if isinstance(value, type_)), other)
