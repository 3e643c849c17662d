"""Errors in lineage data with their location, and values in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.text import printable

_LONGEST = 80
_MOST = 3
_TYPES: tuple[tuple[Any, str], ...] = (
    (str, "a string"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    (date, "a date"),
    (Mapping, "a mapping"),
    ((list, tuple), "a list"),
    ((set, frozenset), "a set"),
)
_DATA = (str, bytes, int, float, date, Mapping, list, tuple, set, frozenset)


def format_value(value: object) -> str:
    """Format a value on one line, truncated: a misplaced cell may hold a whole query."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]}…{text[-1]}"


def format_values(values: Iterable[object]) -> str:
    """Format the first few values."""
    texts = [format_value(value) for value in values]
    return ", ".join(texts[:_MOST]) + (f" and {len(texts) - _MOST} more" if len(texts) > _MOST else "")


def type_in_words(value: object) -> str:
    """Return the type of a value in words, such as `a string`."""
    if value is None:
        return "nothing"
    other = f"a value of type {type(value).__name__}"
    return next((words for type_, words in _TYPES if isinstance(value, type_)), other)


class InvalidDataError(ValueError):
    """A problem in the data, not yet with its location."""


def source_error(where: str, reason: object) -> LineageDataError:
    """Return the error for a source, such as a file."""
    # File names and text quoted by a parser may contain any character.
    return LineageDataError(printable(f"cannot read lineage from {where}: {reason}"))


@contextmanager
def located(place: str) -> Iterator[None]:
    """Prefix the problems raised within with a location."""
    try:
        yield
    except InvalidDataError as problem:
        raise InvalidDataError(f"{place}: {problem}") from None


def refuse_data(value: object, expected: str) -> None:
    """Refuse plain data of the wrong type.

    Any other object may be a value that Pulumi does not know yet, and is accepted.

    Args:
        value: The value.
        expected: The expected type, in words.

    Raises:
        InvalidDataError: The value is a string, a number, a date, a mapping, a list, a set, or None.
    """
    if value is None or isinstance(value, _DATA):
        # YAML parses an unquoted NO, 007, or 2024-01-01 as another type.
        hint = "; quote it" if isinstance(value, (bool, int, float, date)) else ""
        raise InvalidDataError(f"expected {expected}, got {type_in_words(value)}{hint}")


def require_text(value: Any, expected: str) -> Any:
    """Return a string, or a value that may become a string.

    Raises:
        InvalidDataError: The value is plain data of another type, or blank.
    """
    if not isinstance(value, str):
        refuse_data(value, expected)
    elif not value.strip():
        raise InvalidDataError("must not be blank")
    return value
