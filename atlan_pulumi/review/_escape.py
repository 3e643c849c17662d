r"""Text from outside, made safe for Markdown as GitHub reads it.

A name stands in a code span: there is no syntax in it, no HTML, no mention and no link. What stands outside
of one, such as a title, has its punctuation escaped, and a character of no width behind what begins a mention
or a link to an issue: GitHub looks for these in the text that has been rendered, where backslashes are gone.
"""

from __future__ import annotations

import re

from atlan_pulumi.printable import printable

#: What may be syntax anywhere, what begins a link, and what is syntax at the beginning of a block.
_SYNTAX = re.compile(
    r"[\\`*_\[\]<>&~$|!]|:(?=//)|(?<=www)\.|^[-+=>]|^#(?= )|(?<=^\d)[.)]|(?<=^\d\d)[.)]", re.IGNORECASE
)
_LINKS = re.compile(r"[@#]|\bGH-(?=\d)", re.IGNORECASE)
_NO_WIDTH = "&#8203;"


def code(line: str) -> str:
    """A line as a code span. It is as it was but for what cannot be printed, which shows as an escape.

    Example:
        >>> code("a `b` | c")
        '``a `b` | c``'
    """
    line = printable(line)
    if not line:
        return ""
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    # A blank at both ends is taken for padding, unless there is nothing else.
    padded = line.startswith("`") or line.endswith("`") or (line[0] == line[-1] == " " and line.strip())
    return f"{fence} {line} {fence}" if padded else f"{fence}{line}{fence}"


def cell(text: str) -> str:
    """A text in a table: each of its lines as a code span."""
    return "<br>".join(code(line).replace("|", "\\|") for line in text.split("\n") if line)


def prose(text: str) -> str:
    r"""A text outside of code spans, on one line.

    Example:
        >>> prose("fix #12 of @me")
        'fix #&#8203;12 of @&#8203;me'
    """
    escaped = _SYNTAX.sub(r"\\\g<0>", printable(" ".join(text.split())))
    return _LINKS.sub(rf"\g<0>{_NO_WIDTH}", escaped)
