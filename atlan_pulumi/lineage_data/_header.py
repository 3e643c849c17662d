"""The columns that lineage in rows may have, and their names as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from atlan_pulumi.lifecycle import did_you_mean
from atlan_pulumi.lineage_data._errors import FlawError
from atlan_pulumi.lineage_data._words import kind, shown

REQUIRED = ["process", "input_table", "output_table"]
ATTRIBUTES = ["name", "sql", "description", "source_url"]
"""What is said of a process as a whole."""
NAMES = [*REQUIRED, "input_column", "output_column", *ATTRIBUTES, "column_sql", "input_type", "output_type"]
VERBATIM = frozenset({"sql", "description", "column_sql"})
"""Where blanks around a text are part of it."""

_FOLDED = {name.replace("_", ""): name for name in NAMES}


def columns_of(names: Iterable[object]) -> list[str]:
    """The columns that a header names, in its order.

    Raises:
        FlawError: A name is not known, or is there twice, or a required one is missing.
    """
    found: dict[str, object] = {}
    for number, name in enumerate(names, 1):
        column = _column(name, number)
        if column in found:
            also = f", as {shown(found[column])}" if found[column] != name else ""
            raise FlawError(f"the column {shown(name)} is there already{also}; take one out")
        found[column] = name
    for column in REQUIRED:
        if column not in found:
            raise FlawError(f"the column {column!r} is missing; {', '.join(REQUIRED)} are required")
    return list(found)


def known_in(names: Iterable[str]) -> int:
    """How many of some names are columns."""
    return sum(_fold(name) in _FOLDED for name in names)


def _column(name: object, number: int) -> str:
    if not isinstance(name, str):
        raise FlawError(f"the name of column {number} is {kind(name)}, and must be a text")
    if not name.strip():
        raise FlawError(
            f"column {number} has no name (an index, written by pandas?); name it, or take it out"
        )
    column = _FOLDED.get(_fold(name))
    if column is None:
        near = did_you_mean(name, NAMES) or f"; there are {', '.join(NAMES)}"
        raise FlawError(f"there is no column {shown(name)}{near}")
    return column


def _fold(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()
