"""Text for messages: printable text, counts, and similar names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_SHORT, _LONG = 5, 12
"""Longest names for which one difference counts as a typo, and two; in longer names three."""
_DIGITS = re.compile(r"\d+")


def printable(text: str) -> str:
    r"""Return text with control characters and invisible characters escaped.

    Example:
        >>> printable("red: \x1b[31m")
        'red: \\x1b[31m'
    """
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    Example:
        >>> counted(1_000, "process")
        '1,000 processes'
    """
    plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def enumerate_first(names: Sequence[str], most: int = 3) -> str:
    """Return the first names, and the number of further ones.

    Example:
        >>> enumerate_first(["A", "B", "C", "D", "E"])
        'A, B, C and 2 more'
        >>> enumerate_first(["A", "B", "C", "D"])
        'A, B, C and D'
    """
    more = len(names) - most
    if more > 1:
        return f"{', '.join(names[:most])} and {more:,} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known qualifiedNames that `name` may be a typo of, the most similar first.

    They have the same number of segments, each equal except for case or a typo: `ORDRES` for `ORDERS`, but
    neither `PAYMENTS` in the same schema, nor `MART/ORDERS` for `RAW/ORDERS`, nor `T2` for `T9`.

    Args:
        name: A qualifiedName.
        known: The existing qualifiedNames.
        most: Most names to return.
    """
    found = []
    for each in known:
        distances = _distances(name.lower().split("/"), each.lower().split("/"))
        if distances is not None:
            found.append((sum(distances), each))
    return [each for _, each in sorted(found)[:most]]


def _distances(wanted: list[str], given: list[str]) -> list[int] | None:
    """Return the number of typos in each segment; None if a segment is another name."""
    if len(wanted) != len(given):
        return None
    found = []
    for one, other in zip(wanted, given, strict=True):
        typos = 0 if one == other else _typos(one, other)
        if typos is None:
            return None
        found.append(typos)
    return found


def _typos(one: str, other: str) -> int | None:
    """Return the number of typos between two segments; None if they are different names."""
    longest = max(len(one), len(other))
    most = 1 if longest <= _SHORT else 2 if longest <= _LONG else 3
    if abs(len(one) - len(other)) > most or _DIGITS.findall(one) != _DIGITS.findall(other):
        return None
    typos = _edits(one, other)
    is_other_letter = len(one) == len(other) and sorted(one) != sorted(other)
    too_short = longest <= 3 and is_other_letter  # noqa: PLR2004 - such as ID and NO
    return None if typos > most or too_short else typos


def _edits(one: str, other: str) -> int:
    """Return the number of wrong, added, missing, or swapped characters."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def did_you_mean(value: object, known: Mapping[str, Any] | list[str]) -> str:
    """Return `; did you mean 'x'?` if a known name is similar, else an empty text."""
    lowered = {name.lower(): name for name in known}
    near = difflib.get_close_matches(str(value).lower(), lowered, n=1, cutoff=0.6)
    return f"; did you mean {lowered[near[0]]!r}?" if near else ""


def fold_name(name: str) -> str:
    """Return the form in which the spellings of a column's name are equal.

    Example:
        >>> fold_name("Input Table") == fold_name("input_table")
        True
    """
    return re.sub(r"[\s_-]", "", name).casefold()
