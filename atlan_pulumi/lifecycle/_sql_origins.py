"""Where derived column lineage comes from: the note of a preview, which a review reads.

A place is no input of a resource: a SELECT that moves by a line would change it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

Origins = dict[str, dict[str, int]]
"""The line of each derived column, by the file or the process with the SQL."""
_NAME = r'"(?:[^"\\]|\\.)*"'
_ENTRY = re.compile(rf"({_NAME}) in line (\d+)")
_LIST = rf"{_NAME} in line \d+(?:, {_NAME} in line \d+)*"
_NOTE = re.compile(rf"derived from (.+?): ({_LIST})(?: and [\d,]+ more)?")


def origin_note(source: str, lines: Mapping[str, int], more: int = 0) -> str:
    """Return the note on where derived columns are in SQL.

    Args:
        source: The file, or the process with the SQL.
        lines: The lines by the paths of the columns.
        more: The number of further columns.

    Example:
        >>> origin_note("sql/orders.sql", {"MART/PUBLIC/ORDERS/NET": 12})
        'derived from sql/orders.sql: "MART/PUBLIC/ORDERS/NET" in line 12'
    """
    entries = (f"{json.dumps(column, ensure_ascii=False)} in line {line}" for column, line in lines.items())
    return f"derived from {source}: {', '.join(entries)}{f' and {more:,} more' if more else ''}"


def read_origin_note(note: str) -> dict[str, str]:
    """Return the place of each column in a note of `origin_note`, by path; empty for any other note.

    Example:
        >>> read_origin_note('derived from sql/orders.sql: "MART/PUBLIC/ORDERS/NET" in line 12')
        {'MART/PUBLIC/ORDERS/NET': 'sql/orders.sql:12'}
    """
    found = _NOTE.fullmatch(note)
    entries = _ENTRY.findall(found[2]) if found else ()
    return {json.loads(column): _place(found[1], line) for column, line in entries} if found else {}


def _place(source: str, line: str) -> str:
    is_process = source.endswith("' sql")
    return f"{source}, line {line}" if is_process else f"{source}:{line}"
