"""The review as Markdown, for the comment of a pull request.

GitHub accepts 65,536 characters per comment. Tables that are too long are cut between two rows, and show how
many rows are missing. Short tables are kept, and the long ones share the remaining space.

Names are code spans, which contain no syntax, HTML, mentions, or links. In other text, such as titles,
punctuation is escaped, and a zero-width space follows each character that starts a mention or a link to an
issue. GitHub looks for these in the rendered text, where backslashes are gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from atlan_pulumi.review._mermaid import mermaid
from atlan_pulumi.review._review import Review
from atlan_pulumi.review._sections import FIRST, Section
from atlan_pulumi.text import printable

#: Syntax anywhere, the start of a link, and syntax at the start of a block.
_SYNTAX = re.compile(
    r"[\\`*_\[\]<>&~$|!]|:(?=//)|(?<=www)\.|^[-+=>]|^#(?= )|(?<=^\d)[.)]|(?<=^\d\d)[.)]", re.IGNORECASE
)
_LINKS = re.compile(r"[@#]|\bGH-(?=\d)", re.IGNORECASE)
_NO_WIDTH = "&#8203;"
#: A CI job finds its previous comment by this line.
MARKER = "<!-- atlan-pulumi review -->"
MOST_CHARACTERS = 60_000

_MAX_ROWS = 200
_MAX_LINES = 30
_MAX_LENGTH_OF_CELL = 2_000
_MAX_LENGTH_OF_TITLE = 200
_ROOM = 200
"""The room in a section in addition to its heading and rows, such as for the number of missing rows."""


def code_span(line: str) -> str:
    """Return a line as a code span, unchanged except for unprintable characters, which are escaped.

    Example:
        >>> code_span("a `b` | c")
        '``a `b` | c``'
    """
    line = printable(line)
    if not line:
        return ""
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    # Blanks at both ends are read as padding, unless there is nothing else.
    padded = line.startswith("`") or line.endswith("`") or (line[0] == line[-1] == " " and line.strip())
    return f"{fence} {line} {fence}" if padded else f"{fence}{line}{fence}"


def table_cell(text: str) -> str:
    """Return the text of a table cell, with each line as a code span."""
    return "<br>".join(code_span(line).replace("|", "\\|") for line in text.split("\n") if line)


def escape_text(text: str) -> str:
    """Return text on one line, escaped for use outside of code spans.

    Example:
        >>> escape_text("fix #12 of @me")
        'fix #&#8203;12 of @&#8203;me'
    """
    escaped = _SYNTAX.sub(r"\\\g<0>", printable(" ".join(text.split())))
    return _LINKS.sub(rf"\g<0>{_NO_WIDTH}", escaped)


def as_markdown(review: Review) -> str:
    """Return the review as Markdown for GitHub, with less than 60,000 characters.

    The first line is invisible to readers: `<!-- atlan-pulumi review -->`. Names are code spans.
    """
    head = [
        MARKER,
        f"# {escape_text(_truncate(review.title, _MAX_LENGTH_OF_TITLE))}",
        _bullets(review.summary),
    ]
    diagram = [_fenced(mermaid(review.graph))] if review.graph.links else []
    sections = review.sections
    room = MOST_CHARACTERS - sum(len(part) + 2 for part in [*head, *diagram])
    texts = dict(zip([section.title for section in sections], _render_sections(sections, room), strict=True))
    first = [texts.pop(each.title) for each in sections if each.title in FIRST and each.rows]
    return "\n\n".join([*head, *first, *diagram, *texts.values()]) + "\n"


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {escape_text(line)}" for line in lines)


def _fenced(diagram: str) -> str:
    """Return the diagram in a fence that nothing in it can close."""
    longest = max((len(run) for run in re.findall("`+", diagram)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}mermaid\n{diagram.rstrip()}\n{fence}"


def _render_sections(sections: Sequence[Section], room: int) -> list[str]:
    """Return the sections, with a maximum total length. Short sections get the space that they need first."""
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
    while taken < min(len(rows), _MAX_ROWS) and room >= len(rows[taken]) + 1:
        room -= len(rows[taken]) + 1
        taken += 1
    more = len(rows) - taken
    table = "\n".join([_heads(section.heads), *rows[:taken]]) if taken else ""
    missing = f"and {more:,} more" if more else ""
    return "\n\n".join(part for part in (_heading(section), table, missing) if part)


def _heading(section: Section) -> str:
    intro = f"\n\n{escape_text(section.intro)}" if section.intro else ""
    return f"## {escape_text(section.title)}{intro}"


def _heads(heads: Sequence[str]) -> str:
    return f"| {' | '.join(map(escape_text, heads))} |\n|{' --- |' * len(heads)}"


def _row(row: Sequence[str]) -> str:
    return f"| {' | '.join(table_cell(_truncate_cell(text)) for text in row)} |"


def _truncate_cell(text: str) -> str:
    """Return the first lines of a text, as many as a cell may have."""
    lines = text.split("\n")
    fit, left = 0, _MAX_LENGTH_OF_CELL
    while fit < min(len(lines), _MAX_LINES) and len(lines[fit]) <= left:
        left -= len(lines[fit])
        fit += 1
    shown = lines[:fit] or [_truncate(lines[0], _MAX_LENGTH_OF_CELL)]
    more = len(lines) - len(shown)
    return "\n".join([*shown, *([f"and {more:,} more"] if more else [])])


def _truncate(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
