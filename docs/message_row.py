"""A row of the list of messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z]+")
_FEWEST_WORDS = 4


class Message(NamedTuple):
    """Messages with one cause: their texts, with `…` for any values, why they appear, and what to do."""

    texts: tuple[str, ...]
    cause: str
    fix: str


def message(*texts: str, cause: str, fix: str) -> Message:
    """Return a row."""
    return Message(texts, cause, fix)


def matches(text: str, template: str) -> bool:
    """Return whether a text of a row describes the whole template.

    A short text must be the template, since its `…` could stand for quite another message.

    Example:
        >>> matches("Atlan has no user …", "Atlan has no user … (…)")
        True
        >>> matches("… is missing", "… is missing: … is not the last one")
        False
    """
    return _pattern(text).fullmatch(template) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    if len(_WORD.findall(text)) < _FEWEST_WORDS:
        return re.compile(re.escape(text))
    return re.compile(".*".join(map(re.escape, text.split("…"))))


def uncovered(rows: Iterable[Message], templates: Iterable[str]) -> list[str]:
    """Return the templates that no row describes."""
    patterns = [text for row in rows for text in row.texts]
    return [each for each in dict.fromkeys(templates) if not any(matches(text, each) for text in patterns)]


def unused(rows: Iterable[Message], templates: Iterable[str]) -> list[str]:
    """Return the texts of rows that describe no template."""
    every = list(dict.fromkeys(templates))
    return [text for row in rows for text in row.texts if not any(matches(text, each) for each in every)]
