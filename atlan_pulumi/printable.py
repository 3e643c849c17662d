"""Text from outside, made safe to show: in a terminal, or in a file of code."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text with what a terminal or an editor would obey, or not show, as an escape.

    Example:
        >>> printable("red: \x1b[31m")
        'red: \\x1b[31m'
    """
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
