"""The error of this part, and how a mistake finds its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from atlan_pulumi.errors import AtlanError
from atlan_pulumi.lineage_data._words import kind
from atlan_pulumi.printable import printable

_DATA = (str, bytes, int, float, date, Mapping, list, tuple, set, frozenset)


class LineageDataError(AtlanError):
    """Lineage cannot be read from what was given; the message names the place, and what to do."""


class FlawError(ValueError):
    """What is wrong in some data, before it is told where that data stands."""


def unreadable(where: str, reason: object) -> LineageDataError:
    """The error for a source, such as a file, and what is wrong with it."""
    # Names of files, and what a parser quotes, may hold anything.
    return LineageDataError(printable(f"cannot read lineage from {where}: {reason}"))


@contextmanager
def at(place: str) -> Iterator[None]:
    """Put a place before what is found wrong within."""
    try:
        yield
    except FlawError as flaw:
        raise FlawError(f"{place}: {flaw}") from None


def refuse_data(value: object, must: str) -> None:
    """Refuse plain data of a wrong kind.

    Anything else may be a value that Pulumi is still to know: it is not looked into, and passes.

    Args:
        value: What stands where something else is due.
        must: What is due there.

    Raises:
        FlawError: The value is a text, a number, a date, a mapping, a list, a set, or empty.
    """
    if value is None or isinstance(value, _DATA):
        # What YAML makes of a bare NO, 007 or 2024-01-01.
        hint = "; quote it" if isinstance(value, (bool, int, float, date)) else ""
        raise FlawError(f"is {kind(value)}, and must be {must}{hint}")


def text_of(value: Any, must: str) -> Any:
    """A text, or a value that may become one.

    Raises:
        FlawError: It is data of another kind, or blank.
    """
    if not isinstance(value, str):
        refuse_data(value, must)
    elif not value.strip():
        raise FlawError("must not be blank")
    return value
