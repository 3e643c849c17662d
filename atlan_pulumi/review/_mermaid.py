"""The lineage that changes as Mermaid text, which GitHub draws inside a comment.

GitHub draws at most 500 links and 50,000 characters, in a theme of the reader's: a picture here stays well
below that, and its colours show on both grounds. Names come from the catalog and may hold anything, so
whatever Mermaid or Markdown could read as syntax is written as the number of its character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from atlan_pulumi.review._compare import EdgeFate as Change
from atlan_pulumi.review._graph import Graph, Link, Node, capped
from atlan_pulumi.review._looks import LOOKS, drawable, shortened, titles

MOST_LINKS = 250
MOST_CHARACTERS = 30_000

_SIZES = (40, 30, 20, 12, 8)  # of nodes: a comment is too narrow for more
_LABEL = 32
_TITLE = 60
_ARROWS: dict[Change, str] = {"added": "==>", "removed": "-.->", "changed": "-->", "same": "-->"}
_CHANGES: tuple[Change, ...] = ("added", "removed", "changed", "same")
# What stays as it is: letters and digits of any script, single spaces, and marks within a word. Markdown
# would make a list of a leading dash, bold text of a leading underscore, and a link of `www.`. Mermaid
# takes a line for a direction that has `direction TB` anywhere.
_PLAIN = re.compile(r"(?<=[A-Za-z0-9])[_/-]+(?=[A-Za-z0-9])|[^\W_]|(?<!direction) ")
# Mermaid writes entities with these marks while it works, and reads them again wherever they stand.
_OWN_MARKS = str.maketrans({"ﬂ": "fl", "¶": "\N{REPLACEMENT CHARACTER}"})


def mermaid(graph: Graph) -> str:
    """The text of a Mermaid flowchart, without the fence around it."""
    for size in _SIZES:
        small = capped(graph, size)
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
    yield from _legend(shown)
    yield from _styles(graph, ids)


def _description(graph: Graph) -> str:
    counts = [
        f"{count} {change}" for change in _CHANGES if (count := sum(e.change == change for e in graph.links))
    ]
    return f"Links between assets: {', '.join(counts) or 'none'}"


def _clusters(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    """A subgraph per cluster; what lies in none stands by itself."""
    names = titles({node.cluster for node in graph.nodes if node.cluster})
    for index, (cluster, title) in enumerate(names.items()):
        yield f'  subgraph c{index}["{escaped(shortened(title, _TITLE))}"]'
        yield "    direction LR"
        yield from (f"    {_node(graph, node, ids)}" for node in graph.nodes if node.cluster == cluster)
        yield "  end"
    yield from (f"  {_node(graph, node, ids)}" for node in graph.nodes if not node.cluster)


def _node(graph: Graph, node: Node, ids: dict[str, str]) -> str:
    """A table is the usual thing; the type of any other asset is told."""
    sign = LOOKS[graph.change_of(node)].sign
    kind = "" if node.type_name in ("", "Table") else f" · {shortened(node.type_name, _LABEL)}"
    label = _signed(sign, f"{shortened(node.label, _LABEL)}{kind}")
    return f'{ids[node.id]}(["{label}"])' if node.count > 1 else f'{ids[node.id]}["{label}"]'


def _arrow(link: Link) -> str:
    arrow = _ARROWS[link.change]
    count = len(link.columns)
    mappings = f"{count} column{'' if count == 1 else 's'}" if count else ""
    label = _signed(LOOKS[link.change].sign, mappings)
    return f'{arrow}|"{label}"|' if label else arrow


def _signed(sign: str, text: str) -> str:
    """A sign and a text that are not torn apart where Mermaid breaks a long line."""
    return "#160;".join(escaped(part) for part in (sign, text) if part)


def _legend(changes: list[Change]) -> Iterator[str]:
    """A box with a node for each change that there is."""
    if not changes:
        return
    yield '  subgraph legend["Legend"]'
    yield "    direction LR"
    yield from (f'    l{change}["{_signed(LOOKS[change].sign, change)}"]' for change in changes)
    yield "  end"


def _styles(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    """The colours. They are given apart from the nodes, as `:::` after a label could be part of one."""
    for change in _CHANGES:
        members = [ids[node.id] for node in graph.nodes if graph.change_of(node) == change]
        links = [str(index) for index, link in enumerate(graph.links) if link.change == change]
        yield from _style(change, members + [f"l{change}"] * bool(links), links)
    boxes = [f"c{index}" for index in range(len({node.cluster for node in graph.nodes} - {""}))]
    boxes += ["legend"] * bool(graph.links)
    if boxes:
        yield f"  classDef box fill:none,stroke:{LOOKS['same'].between}"
        yield f"  class {','.join(boxes)} box"


def _style(change: Change, nodes: list[str], links: list[str]) -> Iterator[str]:
    look = LOOKS[change]
    line = f"stroke-width:{look.width}px{f',stroke-dasharray:{look.dash}' if look.dash else ''}"
    if nodes:
        fill = f"fill:{look.light.ground},stroke:{look.between},color:{look.light.ink}"
        yield f"  classDef {change} {fill},{line}"
        yield f"  class {','.join(nodes)} {change}"
    if links:
        yield f"  linkStyle {','.join(links)} stroke:{look.between},{line}"


def escaped(text: str) -> str:
    """A text between quotes that is nothing but text: no syntax of Mermaid's, no Markdown, no HTML."""
    text = drawable(text).translate(_OWN_MARKS)
    out, place = [], 0
    while place < len(text):
        plain = _PLAIN.match(text, place)
        out.append(plain.group() if plain else f"#{ord(text[place])};")
        place = plain.end() if plain else place + 1
    return "".join(out)
