"""Read Markdown as GitHub does, with an independent parser and with tables."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")


def tokens(markdown: str) -> list[Token]:
    return _PARSER.parse(markdown)


def kinds(markdown: str) -> set[str]:
    """Return the kinds of all tokens, including those inside lines."""
    found = tokens(markdown)
    return {each.type for token in found for each in (token, *(token.children or ()))}


def tables(markdown: str) -> list[list[list[str]]]:
    """Return the rows of each table without its head; a cell is the text of its code spans, one per line."""
    found: list[list[list[str]]] = []
    body = cell = False
    for token in tokens(markdown):
        if token.type == "tbody_open":
            found.append([])
        body = token.type == "tbody_open" or (body and token.type != "tbody_close")
        if body and token.type == "tr_open":
            found[-1].append([])
        if cell and token.type == "inline":
            found[-1][-1].append(_cell(token.children or []))
        cell = token.type == "td_open"
    return found


def _cell(children: list[Token]) -> str:
    assert {child.type for child in children} <= {"code_inline", "html_inline"}, children
    assert {child.content for child in children if child.type == "html_inline"} <= {"<br>"}
    return "\n".join(child.content for child in children if child.type == "code_inline")


def prose(markdown: str) -> str:
    """Return the text of a paragraph or heading that contains only text."""
    (inline,) = (token for token in tokens(markdown) if token.type == "inline")
    children = inline.children or []
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return "".join(child.content for child in children)


def fences(markdown: str) -> list[tuple[str, str]]:
    return [(token.info, token.content) for token in tokens(markdown) if token.type == "fence"]
