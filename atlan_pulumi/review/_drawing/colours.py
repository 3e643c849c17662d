"""How a change looks: a sign, a word and colours, the same in every picture.

Colour never stands alone: each change has a sign of its own, and its links a dash of their own.
Texts have a contrast of at least 4.5 to 1 on their ground, lines one of 3 to 1, in both themes.
"""

from __future__ import annotations

from dataclasses import dataclass

from atlan_pulumi.review._graph import Change


@dataclass(frozen=True)
class Colours:
    """The colours of one change in one theme: of its lines, and of the ground and the ink of its nodes."""

    line: str
    ground: str
    ink: str


@dataclass(frozen=True)
class Look:
    """How one change looks.

    Attributes:
        sign: What stands before a name; empty for what stays.
        dash: The lengths of dashes and gaps, as SVG writes them; empty for a solid line.
        width: The width of a line.
        light: The colours on a light page.
        dark: The colours on a dark page.
        between: A colour of lines that shows on both, for pictures that do not know their page.
    """

    sign: str
    dash: str
    width: float
    light: Colours
    dark: Colours
    between: str


LOOKS: dict[Change, Look] = {
    "added": Look(
        sign="+",
        dash="",
        width=2.5,
        light=Colours(line="#1a7f4b", ground="#e3f6ea", ink="#0b4a2a"),
        dark=Colours(line="#4cc486", ground="#12301f", ink="#b9f0d2"),
        between="#2a8f47",
    ),
    "removed": Look(
        sign="\N{MINUS SIGN}",  # as wide as the plus
        dash="2 4",
        width=2.5,
        light=Colours(line="#c0322a", ground="#fdeae8", ink="#7c160f"),
        dark=Colours(line="#ff7d72", ground="#3a1a19", ink="#ffd3ce"),
        between="#d64545",
    ),
    "changed": Look(
        sign="~",
        dash="9 4",
        width=2.5,
        light=Colours(line="#a86400", ground="#fdf2d8", ink="#5f3900"),
        dark=Colours(line="#e8a43c", ground="#352709", ink="#fbe3b4"),
        between="#b06a00",
    ),
    "same": Look(
        sign="",
        dash="",
        width=1.25,
        light=Colours(line="#76819a", ground="#ffffff", ink="#1b2230"),
        dark=Colours(line="#7c879c", ground="#191e28", ink="#e8ebf2"),
        between="#768390",
    ),
}


@dataclass(frozen=True)
class Page:
    """The colours of what does not change: the page, the boxes around nodes, text and faint text."""

    ground: str
    box: str
    rim: str
    ink: str
    muted: str


LIGHT = Page(ground="#f4f5f8", box="#eaedf3", rim="#c9cfdb", ink="#1b2230", muted="#566074")
DARK = Page(ground="#11141b", box="#1a1f2a", rim="#3a4457", ink="#e8ebf2", muted="#9aa5b8")
