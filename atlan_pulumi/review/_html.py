"""The review as one HTML file that needs no network, and no script for reading.

The script in it adds zoom, search, filters, and tracing. A content security policy has the hashes of the
script and of the two style sheets, so that nothing else can run or load, whatever a name contains.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple, TypeVar
from xml.etree.ElementTree import Element, tostring

from atlan_pulumi.review._compare import ChangeKind
from atlan_pulumi.review._graph import Graph, Link, fold_to_fit
from atlan_pulumi.review._looks import (
    LOOKS,
    NODE_LOOKS,
    STATE_WORDS,
    mapping_change,
    mapping_text,
    node_names,
    shown_states,
    single_line,
)
from atlan_pulumi.review._sections import FIRST, Section
from atlan_pulumi.review.picture import COUNT_NOTE, MOST_LINKS, SIZES, picture, sign_styles, style_sheet
from atlan_pulumi.text import printable

_Item = TypeVar("_Item")

_HERE = Path(__file__).parent
_MAX_LISTED = 300
"""The maximum number of links in the list, and of column mappings in a link. The tables are complete."""
_MAX_PROCESSES = 20
_UNCHANGED = "="
"""The sign of unchanged links in the list; the picture has none."""
_TOP_HEADS = ("Message", "Note")
"""The columns that come first where the cells of a row are stacked."""
_TOP = ' class="top"'
_CONTENTS = 2  # the minimum number of sections for a table of contents


def html(title: str, summary: list[str], graph: Graph, sections: list[Section]) -> str:
    """Return the text of the file.

    Args:
        title: The title, such as the name of a stack.
        summary: The lines of the summary.
        graph: The changed lineage.
        sections: The tables.
    """
    small = fold_to_fit(graph, SIZES, MOST_LINKS)
    drawing = _drawing(small)
    listed, more = _limit(_shown_links(small), _MAX_LISTED)
    shown = [_section(index, section) for index, section in enumerate(sections)]
    first = [index for index, each in enumerate(sections) if each.title in FIRST and each.rows]
    sheet, script = sign_styles() + _read("page.css"), _read("page.js")
    return Template(_read("page.html")).substitute(
        policy=_policy(script, sheet, style_sheet()),
        title=_text(title),
        style=sheet,
        script=script,
        summary=_list("summary", map(_text, summary)),
        contents=_contents(sections),
        chips="\n".join(_chips(small)),
        marks=_list("marks", _marks(small, drawing)),
        kind="" if small.nodes else ' class="is-empty"',
        hint=_about_picture(small),
        picture=tostring(drawing, encoding="unicode"),
        key=_key(listed),
        links="\n".join([*_links(small, listed), *map(_hint, more)]) or _hint("No link changes."),
        first="\n".join(shown[index] for index in first),
        sections="\n".join(shown[index] for index in range(len(shown)) if index not in first),
    )


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(script: str, *sheets: str) -> str:
    """Return a policy that loads nothing, and allows only the script and the style sheets of this file."""
    styles = " ".join(_hash(sheet) for sheet in sheets)
    parts = ["default-src 'none'", f"script-src {_hash(script)}", f"style-src {styles}"]
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(text: str) -> str:
    """Return plain text as HTML, with its line breaks."""
    return escape("\n".join(map(single_line, text.splitlines())))


def _cell(text: str) -> str:
    """Return the text of a table cell, with all its blanks, which may be the change."""
    return escape("\n".join(map(printable, text.split("\n"))))


def _list(kind: str, entries: Iterable[str]) -> str:
    items = "\n".join(f"<li>{entry}</li>" for entry in entries)
    return f'<ul class="{kind}">\n{items}\n</ul>' if items else ""


def _contents(sections: list[Section]) -> str:
    if len(sections) < _CONTENTS:
        return ""
    links = (f'<a href="#section-{i}">{_heading(section)}</a>' for i, section in enumerate(sections))
    return f'<nav aria-label="Contents">{_list("contents", links)}</nav>'


def _heading(section: Section) -> str:
    count = f' <span class="count">{len(section.rows):,}</span>' if section.rows else ""
    return _text(section.title) + count


def _chips(graph: Graph) -> Iterator[str]:
    """Yield the entries of the legend. With the script, each one shows and hides its kind of change."""
    for change, look in LOOKS.items():
        if count := sum(link.change == change for link in graph.links):
            line = f'<path class="way" d="M1 4h28" stroke-width="{look.width}"/>'
            sample = (
                f'<svg class="lineage" viewBox="0 0 30 8" aria-hidden="true"><g class="{change}">{line}</g>'
            )
            word = f"{look.sign} {change}".strip()
            yield (
                f'<button type="button" class="chip" data-change="{change}" disabled>'
                f'{sample}</svg>{word} <span class="count">{count:,}</span></button>'
            )


def _marks(graph: Graph, drawing: Element) -> Iterator[str]:
    """Yield the entries of the legend that are not about links."""
    for state in shown_states(graph):
        sign = f'<span class="sign {state}" aria-hidden="true">{NODE_LOOKS[state].sign}</span>'
        yield f"{sign}{STATE_WORDS[state]}"
    if any(each.get("class", "").startswith("count ") for each in drawing.iter("g")):
        yield COUNT_NOTE


def _about_picture(graph: Graph) -> str:
    """Return a note if the picture is empty or incomplete."""
    if not graph.nodes:
        return _hint("No lineage changes.")
    return _hint(f"{graph.hidden:,} assets are folded into summary nodes.") if graph.hidden else ""


def _hint(text: str) -> str:
    return f'<p class="hint">{text}</p>'


def _drawing(graph: Graph) -> Element:
    drawing = picture(graph, legend=False)
    drawing.set("role", "group")
    return drawing


class _LinkEnd(NamedTuple):
    """An end of a link: its id in the picture, its short name, and its full name."""

    id: str
    names: str
    full_name: str


def _shown_links(graph: Graph) -> list[Link]:
    """Return each link that changes or has column mappings, folded as in the picture."""
    changes = list(LOOKS)
    shown = [link for link in graph.links if link.change != "same" or link.columns]
    return sorted(shown, key=lambda link: (changes.index(link.change), link))


def _links(graph: Graph, listed: Sequence[Link]) -> Iterator[str]:
    names = node_names(graph)
    ends = {
        node.id: _LinkEnd(f"n{index}", _text(names[node.id]), _text(node.full_name))
        for index, node in enumerate(graph.nodes)
    }
    yield from (_link(link, ends[link.source], ends[link.target]) for link in listed)


def _sign(change: ChangeKind) -> str:
    return LOOKS[change].sign or _UNCHANGED


def _key(listed: Sequence[Link]) -> str:
    """Return the legend of the list: each sign of its links and column mappings."""
    mappings = (mapping_change(line) for link in listed for line in _limit(link.columns, _MAX_LISTED)[0])
    used = {*(link.change for link in listed), *mappings}
    entries = [f"{_sign(change)} {change}" for change in LOOKS if change in used]
    return f'<p class="hint key">{", ".join(entries)}</p>' if entries else ""


def _limit(items: Sequence[_Item], most: int) -> tuple[Sequence[_Item], list[str]]:
    """Return the first items, and how many more there are."""
    more = len(items) - most
    return (items[:most], [f"and {more:,} more"]) if more > 1 else (items, [])


def _link(link: Link, source: _LinkEnd, target: _LinkEnd) -> str:
    count = len(link.columns)
    columns = f'<span class="count">{count:,} column{"" if count == 1 else "s"}</span>' if count else ""
    sign = _sign(link.change)
    listed, more = _limit(link.columns, _MAX_LISTED)
    return (
        f'<details class="link-row {link.change}" data-source="{source.id}" data-target="{target.id}">'
        f'<summary><span class="sign" role="img" aria-label="{link.change}" title="{link.change}">'
        f"{sign}</span>"
        f'<span class="ends">{source.names} → {target.names}</span>{columns}</summary>'
        f'<div class="body">{_list("details", _describe(link, source, target))}'
        f"{_list('columns', [*map(_text, map(mapping_text, listed)), *more])}</div></details>"
    )


def _describe(link: Link, source: _LinkEnd, target: _LinkEnd) -> Iterator[str]:
    listed, more = _limit(link.processes, _MAX_PROCESSES)
    processes = ", ".join([*map(_text, listed), *more])
    yield ": ".join([link.change.capitalize(), *filter(None, [processes])])
    yield f'<span class="hint">from {source.full_name}</span>'
    yield f'<span class="hint">to {target.full_name}</span>'


def _section(index: int, section: Section) -> str:
    title = f'<h2 id="section-{index}">{_heading(section)}</h2>'
    intro = f"<p>{_text(section.intro)}</p>" if section.intro else ""
    return f'<section aria-labelledby="section-{index}">{title}{intro}{_table(index, section)}</section>'


def _table(index: int, section: Section) -> str:
    """Return the table of a section. Its roles stay when a narrow page stacks the cells of each row."""
    if not section.rows:
        return ""
    heads = "".join(f'<th scope="col" role="columnheader">{_text(head)}</th>' for head in section.heads)
    rows = "\n".join(_row(section.heads, row) for row in section.rows)
    return (
        f'<div class="table" tabindex="0" role="region" aria-labelledby="section-{index}">'
        f'<table role="table" aria-labelledby="section-{index}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{rows}\n</tbody></table></div>'
    )


def _row(heads: Sequence[str], row: Sequence[str]) -> str:
    """Return a row. Each cell has its head, which a narrow page shows beside it."""
    cells = (
        f'<td role="cell" data-head="{_text(head)}"{_TOP if head in _TOP_HEADS else ""}>{_cell(text)}</td>'
        for head, text in zip(heads, row, strict=True)
    )
    return f'<tr role="row">{"".join(cells)}</tr>'
