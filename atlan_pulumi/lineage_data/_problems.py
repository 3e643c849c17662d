"""InvalidData, and where it stands in the source; a value in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from atlan_pulumi.errors import LineageDataError
from atlan_pulumi.text import printable

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
_DATA = (str, bytes, int, float, date, Mapping, list, tuple, set, frozenset)


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


class InvalidDataError(ValueError):
    """What is wrong in some data, before it is told where that data stands."""


def unreadable(where: str, reason: object) -> LineageDataError:
    """The error for a source, such as a file, and what is wrong with it."""
    # Names of files, and what a parser quotes, may hold anything.
    return LineageDataError(printable(f"cannot read lineage from {where}: {reason}"))


@contextmanager
def located(place: str) -> Iterator[None]:
    """Put a place before what is found wrong within."""
    try:
        yield
    except InvalidDataError as problem:
        raise InvalidDataError(f"{place}: {problem}") from None


def refuse_data(value: object, must: str) -> None:
    """Refuse plain data of a wrong kind.

    Anything else may be a value that Pulumi is still to know: it is not looked into, and passes.

    Args:
        value: What stands where something else is due.
        must: What is due there.

    Raises:
        InvalidDataError: The value is a text, a number, a date, a mapping, a list, a set, or empty.
    """
    if value is None or isinstance(value, _DATA):
        # What YAML makes of a bare NO, 007 or 2024-01-01.
        hint = "; quote it" if isinstance(value, (bool, int, float, date)) else ""
        raise InvalidDataError(f"is {kind(value)}, and must be {must}{hint}")


def text_of(value: Any, must: str) -> Any:
    """A text, or a value that may become one.

    Raises:
        InvalidDataError: It is data of another kind, or blank.
    """
    if not isinstance(value, str):
        refuse_data(value, must)
    elif not value.strip():
        raise InvalidDataError("must not be blank")
    return value
