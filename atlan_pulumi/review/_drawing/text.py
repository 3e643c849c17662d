"""Names in pictures: how wide they are, and how they are made shorter."""

from __future__ import annotations

import unicodedata
from collections import Counter

from atlan_pulumi.review._graph import Graph

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


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
