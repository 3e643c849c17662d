"""The changed lineage as a Mermaid diagram, which GitHub draws in a comment.

GitHub draws at most 500 links and 50,000 characters, in the reader's theme. The diagram stays well below
these limits, and its colors are visible in both themes. Names come from the catalog and may contain anything,
so that every character that Mermaid or Markdown could read as syntax is written as its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlan_pulumi.review._compare import ChangeKind
from atlan_pulumi.review._graph import Graph, Link, Node, fold
from atlan_pulumi.review._looks import (
    LOOKS,
    NODE_LOOKS,
    STATE_WORDS,
    Look,
    NodeState,
    cluster_titles,
    ellipsize,
    node_state,
    shown_states,
    single_line,
)

MOST_LINKS = 250
MOST_CHARACTERS = 30_000

_SIZES = (40, 30, 20, 12, 8)  # numbers of nodes; a comment is too narrow for more
_LABEL = 32
_TITLE = 60
_ARROWS: dict[ChangeKind, str] = {"added": "==>", "removed": "-.->", "changed": "-->", "same": "-->"}
_CHANGES: tuple[ChangeKind, ...] = ("added", "removed", "changed", "same")
# Not escaped: letters and digits of any script, single spaces, and marks within a word. Markdown reads a
# leading dash as a list, a leading underscore as bold text, and `www.` as a link. Mermaid reads a line with
# `direction TB` anywhere as a direction.
_PLAIN = re.compile(r"(?<=[A-Za-z0-9])[_/-]+(?=[A-Za-z0-9])|[^\W_]|(?<!direction) ")
# Mermaid uses these characters internally to mark entities.
_OWN_MARKS = str.maketrans({"ﬂ": "fl", "¶": "\N{REPLACEMENT CHARACTER}"})


def mermaid(graph: Graph) -> str:
    """Return the text of a Mermaid flowchart, without a fence."""
    for size in _SIZES:
        small = fold(graph, size)
        text = "\n".join(_lines(small)) + "\n"
        if len(small.links) <= MOST_LINKS and len(text) <= MOST_CHARACTERS:
            break
    return text


def _lines(graph: Graph) -> Iterator[str]:
    ids = {node.id: f"n{index}" for index, node in enumerate(graph.nodes)}
    shown = sorted({link.change for link in graph.links}, key=_CHANGES.index)
    yield "flowchart LR"
    yield "  accTitle: Lineage that changes"
    yield f"  accDescr: {_description(graph)}"
    yield from _clusters(graph, ids)
    yield from (f"  {ids[link.source]} {_arrow(link)} {ids[link.target]}" for link in graph.links)
    yield from _legend(shown, shown_states(graph))
    yield from _styles(graph, ids)


def _description(graph: Graph) -> str:
    counts = [
        f"{count} {change}" for change in _CHANGES if (count := sum(e.change == change for e in graph.links))
    ]
    return f"Links between assets: {', '.join(counts) or 'none'}"


def _clusters(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    """Yield a subgraph per cluster, and the nodes without a cluster."""
    names = cluster_titles({node.cluster for node in graph.nodes if node.cluster})
    for index, (cluster, title) in enumerate(names.items()):
        yield f'  subgraph c{index}["{escape(ellipsize(title, _TITLE))}"]'
        yield "    direction LR"
        yield from (f"    {_node(graph, node, ids)}" for node in graph.nodes if node.cluster == cluster)
        yield "  end"
    yield from (f"  {_node(graph, node, ids)}" for node in graph.nodes if not node.cluster)


def _node(graph: Graph, node: Node, ids: dict[str, str]) -> str:
    """Return a node. The label has the type of assets that are not tables."""
    sign = NODE_LOOKS[node_state(graph, node)].sign
    kind = "" if node.type_name in ("", "Table") else f" · {ellipsize(node.type_name, _LABEL)}"
    label = _with_sign(sign, f"{ellipsize(node.label, _LABEL)}{kind}")
    return f'{ids[node.id]}(["{label}"])' if node.count > 1 else f'{ids[node.id]}["{label}"]'


def _arrow(link: Link) -> str:
    arrow = _ARROWS[link.change]
    count = len(link.columns)
    mappings = f"{count} column{'' if count == 1 else 's'}" if count else ""
    label = _with_sign(LOOKS[link.change].sign, mappings)
    return f'{arrow}|"{label}"|' if label else arrow


def _with_sign(sign: str, text: str) -> str:
    """Return a sign and a text, joined so that Mermaid does not break the line between them."""
    return "#160;".join(escape(part) for part in (sign, text) if part)


def _legend(changes: list[ChangeKind], states: list[NodeState]) -> Iterator[str]:
    """Yield a box with a sample for each kind of link, and for each state of assets.

    A sample of a link is an outline without a background, so that it does not look like an asset.
    """
    if not (changes or states):
        return
    yield '  subgraph legend["Legend"]'
    yield "    direction LR"
    yield from (f'    l{change}["{_with_sign(LOOKS[change].sign, f"{change} edge")}"]' for change in changes)
    for state in states:
        yield f'    l{state}["{_with_sign(NODE_LOOKS[state].sign, STATE_WORDS[state])}"]'
    yield "  end"


def _styles(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    """Yield the colors, separately from the nodes: a `:::` after a label could be a part of it."""
    for change in _CHANGES:
        links = [str(index) for index, link in enumerate(graph.links) if link.change == change]
        if links:
            stroke = f"stroke:{LOOKS[change].between},{_line(LOOKS[change])}"
            yield f"  classDef {change} fill:none,{stroke}"
            yield f"  class l{change} {change}"
            yield f"  linkStyle {','.join(links)} {stroke}"
    for state, look in NODE_LOOKS.items():
        members = [ids[node.id] for node in graph.nodes if node_state(graph, node) == state]
        if members:
            fill = f"fill:{look.light.ground},stroke:{look.between},color:{look.light.ink}"
            yield f"  classDef {state} {fill},{_line(look)}"
            yield f"  class {','.join(members + [f'l{state}'] * (state in STATE_WORDS))} {state}"
    boxes = [f"c{index}" for index in range(len({node.cluster for node in graph.nodes} - {""}))]
    boxes += ["legend"] * bool(graph.links or graph.assets)
    if boxes:
        yield f"  classDef box fill:none,stroke:{LOOKS['same'].between}"
        yield f"  class {','.join(boxes)} box"


def _line(look: Look) -> str:
    dash = f",stroke-dasharray:{look.dash}" if look.dash else ""
    return f"stroke-width:{look.width}px{dash}"


def escape(text: str) -> str:
    """Return a text for use in quotes, without syntax of Mermaid, Markdown, or HTML."""
    text = single_line(text).translate(_OWN_MARKS)
    out, place = [], 0
    while place < len(text):
        plain = _PLAIN.match(text, place)
        out.append(plain.group() if plain else f"#{ord(text[place])};")
        place = plain.end() if plain else place + 1
    return "".join(out)
