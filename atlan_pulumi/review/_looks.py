"""How a change looks in every picture: sign, word, colors; labels that fit.

Colour never stands alone: each change has a sign of its own, and its links a dash of their own.
Texts have a contrast of at least 4.5 to 1 on their ground, lines one of 3 to 1, in both themes.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

from atlan_pulumi.review._compare import EdgeFate as Change
from atlan_pulumi.review._graph import Graph

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


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


def drawable(text: str) -> str:
    """A text on one line, without characters that cannot be seen or that turn the writing around."""
    shown = "".join(each if each.isprintable() else " " if each.isspace() else _REPLACEMENT for each in text)
    return " ".join(shown.split())


def units(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for an accent put on."""
    return sum(_units(each) for each in text)


def _units(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shortened(text: str, most: int) -> str:
    """A text to draw, of at most so many columns: its middle goes, since names differ at both ends."""
    text = drawable(text) or "(unnamed)"
    if units(text) <= most:
        return text
    front, back = (most - 1) - (most - 1) // 2, (most - 1) // 2
    return f"{_within(text, front)}…{_within(text[::-1], back)[::-1]}"


def _within(text: str, most: int) -> str:
    """As much of a text's beginning as that many columns hold."""
    taken = 0
    for index, character in enumerate(text):
        taken += _units(character)
        if taken > most:
            return text[:index]
    return text


def titles(clusters: set[str]) -> dict[str, str]:
    """A short name for each cluster: its last two segments, or as many as tell it from the others."""
    return {cluster: _title(cluster, clusters) for cluster in sorted(clusters)}


def _title(cluster: str, clusters: set[str]) -> str:
    if "://" in cluster:
        return cluster
    segments = cluster.split("/")
    for length in range(2, len(segments)):
        title = "/".join(segments[-length:])
        if not any(other != cluster and f"/{other}".endswith(f"/{title}") for other in clusters):
            return title
    return cluster


def names(graph: Graph) -> dict[str, str]:
    """What each node is called where its box is not seen: with its cluster, if others bear the same label."""
    labels = Counter(node.label for node in graph.nodes)
    places = titles({node.cluster for node in graph.nodes if node.cluster})
    called = {}
    for node in graph.nodes:
        place = places.get(node.cluster, "")
        if node.count > 1 and place:
            called[node.id] = f"{node.label} in {place}"
        else:
            called[node.id] = f"{place}/{node.label}" if place and labels[node.label] > 1 else node.label
    return called
