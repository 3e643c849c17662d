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
from xml.etree.ElementTree import tostring

from atlan_pulumi.review._graph import Graph, Link, fold_to_fit
from atlan_pulumi.review._looks import LOOKS, node_names, single_line
from atlan_pulumi.review._sections import FIRST, Section
from atlan_pulumi.review.picture import MOST_LINKS, SIZES, picture, sign_styles, style_sheet
from atlan_pulumi.text import printable

_Item = TypeVar("_Item")

_HERE = Path(__file__).parent
_MAX_LISTED = 300
"""The maximum number of links in the list, and of column mappings in a link. The tables are complete."""
_MAX_PROCESSES = 20
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
        kind="" if small.nodes else ' class="is-empty"',
        hint=_hint(small),
        picture=_picture(small),
        links="\n".join(_links(small)) or '<p class="hint">No link changes.</p>',
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


def _hint(graph: Graph) -> str:
    """Return a note if the picture is empty or incomplete."""
    if not graph.nodes:
        return '<p class="hint">No lineage changes.</p>'
    if not graph.hidden:
        return ""
    return f'<p class="hint">{graph.hidden:,} assets are folded into summary nodes.</p>'


def _picture(graph: Graph) -> str:
    drawing = picture(graph, legend=False)
    drawing.set("role", "group")
    return tostring(drawing, encoding="unicode")


class _LinkEnd(NamedTuple):
    """An end of a link: its id in the picture, its short name, and its full name."""

    id: str
    names: str
    full_name: str


def _links(graph: Graph) -> Iterator[str]:
    """Yield each link that changes or has column mappings, folded as in the picture."""
    names = node_names(graph)
    ends = {
        node.id: _LinkEnd(f"n{index}", _text(names[node.id]), _text(node.full_name))
        for index, node in enumerate(graph.nodes)
    }
    changes = list(LOOKS)
    shown = [link for link in graph.links if link.change != "same" or link.columns]
    rows = sorted(shown, key=lambda link: (changes.index(link.change), link))
    listed, more = _limit(rows, _MAX_LISTED)
    yield from (_link(link, ends[link.source], ends[link.target]) for link in listed)
    yield from (f'<p class="hint">{each}</p>' for each in more)


def _limit(items: Sequence[_Item], most: int) -> tuple[Sequence[_Item], list[str]]:
    """Return the first items, and how many more there are."""
    more = len(items) - most
    return (items[:most], [f"and {more:,} more"]) if more > 1 else (items, [])


def _link(link: Link, source: _LinkEnd, target: _LinkEnd) -> str:
    count = len(link.columns)
    columns = f'<span class="count">{count:,} column{"" if count == 1 else "s"}</span>' if count else ""
    sign = LOOKS[link.change].sign or "="
    listed, more = _limit(link.columns, _MAX_LISTED)
    return (
        f'<details class="link-row {link.change}" data-source="{source.id}" data-target="{target.id}">'
        f'<summary><span class="sign" title="{link.change}">{sign}</span>'
        f'<span class="ends">{source.names} → {target.names}</span>{columns}</summary>'
        f'<div class="body">{_list("details", _describe(link, source, target))}'
        f"{_list('columns', [*map(_text, listed), *more])}</div></details>"
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
    if not section.rows:
        return ""
    heads = "".join(f'<th scope="col">{_text(head)}</th>' for head in section.heads)
    rows = "\n".join(f"<tr>{''.join(f'<td>{_cell(text)}</td>' for text in row)}</tr>" for row in section.rows)
    return (
        f'<div class="table" tabindex="0" role="region" aria-labelledby="section-{index}"><table>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )
