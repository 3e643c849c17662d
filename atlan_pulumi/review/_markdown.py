"""A review as Markdown: the comment that a pull request gets.

GitHub takes 65,536 characters a comment. Tables are cut to fit, between two rows, and say how many rows are
missing; short ones are kept as they are, and the long ones share what is left.

A name stands in a code span: there is no syntax in it, no HTML, no mention and no link. What stands outside
of one, such as a title, has its punctuation escaped, and a character of no width behind what begins a mention
or a link to an issue: GitHub looks for these in the text that has been rendered, where backslashes are gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from atlan_pulumi.review._mermaid import mermaid
from atlan_pulumi.review._review import Review
from atlan_pulumi.review._sections import FIRST, Section
from atlan_pulumi.text import printable

#: What may be syntax anywhere, what begins a link, and what is syntax at the beginning of a block.
_SYNTAX = re.compile(
    r"[\\`*_\[\]<>&~$|!]|:(?=//)|(?<=www)\.|^[-+=>]|^#(?= )|(?<=^\d)[.)]|(?<=^\d\d)[.)]", re.IGNORECASE
)
_LINKS = re.compile(r"[@#]|\bGH-(?=\d)", re.IGNORECASE)
_NO_WIDTH = "&#8203;"
#: By this line a CI job finds the comment that it wrote before.
MARKER = "<!-- atlan-pulumi review -->"
MOST_CHARACTERS = 60_000

_MOST_ROWS = 200
_MOST_LINES = 30
_LONGEST_CELL = 2_000
_LONGEST_TITLE = 200
_ROOM = 200
"""Characters that a section may need besides its heading and its rows, such as for how many are missing."""


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


def as_markdown(review: Review) -> str:
    """The review as Markdown for GitHub, of less than 60,000 characters.

    It begins with a line that no reader sees: `<!-- atlan-pulumi review -->`. Names stand in code spans.
    """
    head = [MARKER, f"# {prose(_cut(review.title, _LONGEST_TITLE))}", _bullets(review.summary)]
    diagram = [_fenced(mermaid(review.graph))] if review.graph.links else []
    sections = review.sections
    room = MOST_CHARACTERS - sum(len(part) + 2 for part in [*head, *diagram])
    texts = dict(zip([section.title for section in sections], _rendered(sections, room), strict=True))
    first = [texts.pop(each.title) for each in sections if each.title in FIRST and each.rows]
    return "\n\n".join([*head, *first, *diagram, *texts.values()]) + "\n"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {prose(line)}" for line in lines)


def _fenced(diagram: str) -> str:
    """The diagram between fences that nothing in it can close."""
    longest = max((len(run) for run in re.findall("`+", diagram)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}mermaid\n{diagram.rstrip()}\n{fence}"


def _rendered(sections: Sequence[Section], room: int) -> list[str]:
    """The sections, together no longer than the room: the shorter ones first take what they need."""
    rows = [[_row(row) for row in section.rows] for section in sections]
    needed = [
        sum(len(row) + 1 for row in of_one) + _overhead(section)
        for section, of_one in zip(sections, rows, strict=True)
    ]
    shares = [0] * len(sections)
    left = room
    for place, index in enumerate(sorted(range(len(sections)), key=lambda each: (needed[each], each))):
        shares[index] = min(needed[index], left // (len(sections) - place))
        left -= shares[index]
    return [
        _section(section, of_one, share - _overhead(section))
        for section, of_one, share in zip(sections, rows, shares, strict=True)
    ]


def _overhead(section: Section) -> int:
    return len(_heading(section)) + _ROOM


def _section(section: Section, rows: Sequence[str], room: int) -> str:
    taken = 0
    while taken < min(len(rows), _MOST_ROWS) and room >= len(rows[taken]) + 1:
        room -= len(rows[taken]) + 1
        taken += 1
    more = len(rows) - taken
    table = "\n".join([_heads(section.heads), *rows[:taken]]) if taken else ""
    missing = f"and {more:,} more" if more else ""
    return "\n\n".join(part for part in (_heading(section), table, missing) if part)


def _heading(section: Section) -> str:
    intro = f"\n\n{prose(section.intro)}" if section.intro else ""
    return f"## {prose(section.title)}{intro}"


def _heads(heads: Sequence[str]) -> str:
    return f"| {' | '.join(map(prose, heads))} |\n|{' --- |' * len(heads)}"


def _row(row: Sequence[str]) -> str:
    return f"| {' | '.join(cell(_fitting(text)) for text in row)} |"


def _fitting(text: str) -> str:
    """The first lines of a text, as many as a cell takes."""
    lines = text.split("\n")
    fit, left = 0, _LONGEST_CELL
    while fit < min(len(lines), _MOST_LINES) and len(lines[fit]) <= left:
        left -= len(lines[fit])
        fit += 1
    shown = lines[:fit] or [_cut(lines[0], _LONGEST_CELL)]
    more = len(lines) - len(shown)
    return "\n".join([*shown, *([f"and {more:,} more"] if more else [])])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
