"""How a change looks in every picture: sign, word, colors, and labels that fit.

Links have the looks of changes. Assets have neutral looks, since a stack changes lineage, unless it declares
the assets themselves. The sign of an asset that loses an edge differs from the sign of a removal.

Color is never the only difference: each change has a sign, and its links have a dash pattern. Text has a
contrast of at least 4.5 to 1, and lines of at least 3 to 1, in both themes.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from atlan_pulumi.review._compare import ChangeKind
from atlan_pulumi.review._graph import Graph, Node
from atlan_pulumi.text import counted

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class ChangeColors:
    """The colors of a change in one theme: of its lines, and of the background and the text of its nodes."""

    line: str
    ground: str
    ink: str


@dataclass(frozen=True)
class Look:
    """The look of one change, or of an asset.

    Attributes:
        sign: The sign before a name; empty for unchanged links and most assets.
        dash: The lengths of dashes and gaps, as in SVG; empty for a solid line.
        width: The width of a line.
        light: The colors on a light page.
        dark: The colors on a dark page.
        between: A color of lines for pictures on a page of either theme.
    """

    sign: str
    dash: str
    width: float
    light: ChangeColors
    dark: ChangeColors
    between: str


LOOKS: dict[ChangeKind, Look] = {
    "added": Look(
        sign="+",
        dash="",
        width=2.5,
        light=ChangeColors(line="#1a7f4b", ground="#e3f6ea", ink="#0b4a2a"),
        dark=ChangeColors(line="#4cc486", ground="#12301f", ink="#b9f0d2"),
        between="#2a8f47",
    ),
    "removed": Look(
        sign="\N{MINUS SIGN}",  # as wide as the plus
        dash="2 4",
        width=2.5,
        light=ChangeColors(line="#c0322a", ground="#fdeae8", ink="#7c160f"),
        dark=ChangeColors(line="#ff7d72", ground="#3a1a19", ink="#ffd3ce"),
        between="#d64545",
    ),
    "changed": Look(
        sign="~",
        dash="9 4",
        width=2.5,
        light=ChangeColors(line="#a86400", ground="#fdf2d8", ink="#5f3900"),
        dark=ChangeColors(line="#e8a43c", ground="#352709", ink="#fbe3b4"),
        between="#b06a00",
    ),
    "same": Look(
        sign="",
        dash="",
        width=1.25,
        light=ChangeColors(line="#76819a", ground="#ffffff", ink="#1b2230"),
        dark=ChangeColors(line="#7c879c", ground="#191e28", ink="#e8ebf2"),
        between="#768390",
    ),
}


#: The beginnings of the lines of column mappings; a removal has a hyphen in text, and a minus in pictures.
_MAPPINGS: dict[str, ChangeKind] = {f"{look.sign} ": change for change, look in LOOKS.items() if look.sign}
_MAPPINGS["- "] = "removed"

NodeState = Literal["asset", "loses", "created", "deleted"]
"""The state of a node: an asset, one that loses an edge, or one that the deployment creates or deletes."""

LOSES_EDGE = "loses an edge"
#: The words for the states with a sign, in the order of the legend.
STATE_WORDS: dict[NodeState, str] = {
    "created": "asset added",
    "deleted": "asset removed",
    "loses": LOSES_EDGE,
}

NODE_LOOKS: dict[NodeState, Look] = {
    "asset": LOOKS["same"],
    "loses": Look(
        sign="!",
        dash="5 3",
        width=2,
        light=ChangeColors(line="#566074", ground="#ffffff", ink="#1b2230"),
        dark=ChangeColors(line="#9aa5b8", ground="#191e28", ink="#e8ebf2"),
        between="#768390",
    ),
    "created": LOOKS["added"],
    "deleted": LOOKS["removed"],
}


def node_state(graph: Graph, node: Node) -> NodeState:
    """Return the state of a node, which determines its look."""
    return graph.assets.get(node.id) or ("loses" if graph.loses_edge(node) else "asset")


def shown_states(graph: Graph) -> list[NodeState]:
    """Return the states with a sign that the nodes of a graph have, in the order of the legend."""
    found = {node_state(graph, node) for node in graph.nodes}
    return [state for state in STATE_WORDS if state in found]


def node_tooltip(graph: Graph, node: Node) -> str:
    """Return the full name of a node, and what happens to its edges, such as `2 edges removed`."""
    counts = graph.edges_of(node)
    notes = [
        f"{counted(counts[change], 'edge')} {change}"
        for change in LOOKS
        if change != "same" and change in counts
    ]
    if graph.loses_edge(node) and "removed" not in counts:
        notes.append(LOSES_EDGE)  # of several merged links
    if node.id in graph.assets:
        notes.insert(0, STATE_WORDS[graph.assets[node.id]])
    return f"{node.full_name}: {', '.join(notes)}" if notes else node.full_name


def mapping_change(line: str) -> ChangeKind | None:
    """Return the change of a column mapping, by the sign that its line begins with."""
    return _MAPPINGS.get(line[:2])


def mapping_text(line: str) -> str:
    """Return a column mapping with the sign of the legend."""
    change = mapping_change(line)
    return f"{LOOKS[change].sign} {line[2:]}" if change else line


@dataclass(frozen=True)
class PageColors:
    """The colors of everything that does not change: page, boxes around nodes, text, and muted text."""

    ground: str
    box: str
    rim: str
    ink: str
    muted: str


LIGHT = PageColors(ground="#f4f5f8", box="#eaedf3", rim="#c9cfdb", ink="#1b2230", muted="#566074")
DARK = PageColors(ground="#11141b", box="#1a1f2a", rim="#3a4457", ink="#e8ebf2", muted="#9aa5b8")


def single_line(text: str) -> str:
    """Return a text on one line, without invisible characters and text direction marks."""
    shown = "".join(each if each.isprintable() else " " if each.isspace() else _REPLACEMENT for each in text)
    return " ".join(shown.split())


def display_width(text: str) -> int:
    """Return the number of terminal columns of a text: two for a wide character, none for a combining one."""
    return sum(_char_width(each) for each in text)


def _char_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def ellipsize(text: str, most: int) -> str:
    """Return a text with a maximum width. It is cut in the middle, since names differ at both ends."""
    text = single_line(text) or "(unnamed)"
    if display_width(text) <= most:
        return text
    front, back = (most - 1) - (most - 1) // 2, (most - 1) // 2
    return f"{_prefix(text, front)}…{_prefix(text[::-1], back)[::-1]}"


def _prefix(text: str, most: int) -> str:
    """Return the longest prefix with a maximum width."""
    taken = 0
    for index, character in enumerate(text):
        taken += _char_width(character)
        if taken > most:
            return text[:index]
    return text


def cluster_titles(clusters: set[str]) -> dict[str, str]:
    """Return a short title for each cluster: its last two segments, or more if others have the same."""
    return {cluster: _cluster_title(cluster, clusters) for cluster in sorted(clusters)}


def _cluster_title(cluster: str, clusters: set[str]) -> str:
    if "://" in cluster:
        return cluster
    segments = cluster.split("/")
    for length in range(2, len(segments)):
        title = "/".join(segments[-length:])
        if not any(other != cluster and f"/{other}".endswith(f"/{title}") for other in clusters):
            return title
    return cluster


def node_names(graph: Graph) -> dict[str, str]:
    """Return the name of each node outside its box: with its cluster, if other nodes have the same label."""
    labels = Counter(node.label for node in graph.nodes)
    places = cluster_titles({node.cluster for node in graph.nodes if node.cluster})
    names = {}
    for node in graph.nodes:
        place = places.get(node.cluster, "")
        if node.count > 1 and place:
            names[node.id] = f"{node.label} in {place}"
        else:
            names[node.id] = f"{place}/{node.label}" if place and labels[node.label] > 1 else node.label
    return names
