"""Write Python expressions in the layout of a formatter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH = 88
"""The maximum line length of formatters by default."""
_INDENT = "    "


def literal(value: object) -> str:
    """Return a literal on one line, with line ends escaped."""
    if isinstance(value, str):
        quote = _quote(value)
        return f"{quote}{_escaped(value, quote)}{quote}"
    return repr(value)


def below(constant: str, rest: str) -> str:
    """Return the f-string of a constant and the text that follows it."""
    quote = _quote(rest)
    text = _escaped(rest, quote).replace("{", "{{").replace("}", "}}")
    return f"f{quote}{{{constant}}}{text}{quote}"


def block(text: str) -> str:
    """Return a triple-quoted literal for a text of several lines, independent of the indentation."""
    body = "\n".join(_line(line) for line in text.split("\n"))
    closed = re.sub(r'"{3,}|"+\Z', lambda quotes: quotes[0].replace('"', r"\""), body)
    return f'"""\\\n{closed}"""'


def pieces(text: str, width: int) -> list[str]:
    """Split a long text at blanks into adjacent literals."""
    return [literal(part) for part in _parts(text, width)]


def _parts(text: str, width: int) -> Iterator[str]:
    part = ""
    for word in re.findall(r" *[^ ]+ *\Z| *[^ ]+", text) or [text]:
        if part and len(literal(part + word)) > width:
            yield part
            part = ""
        part += word
    yield part


def _line(line: str) -> str:
    """Return a line between triple quotes, with trailing blanks escaped so that no editor strips them."""
    kept = line.rstrip(" \t")
    escaped = "\t".join(_escaped(part, "") for part in kept.split("\t"))
    blanks = line[len(kept) :]
    return escaped + (_escaped(blanks[:-1], "") + f"\\x{ord(blanks[-1]):02x}" if blanks else "")


def _quote(text: str) -> str:
    return "'" if text.count('"') > text.count("'") else '"'


def _escaped(text: str, quote: str) -> str:
    return "".join(_character(character, quote) for character in text)


def _character(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return "\\" + character
    if character.isprintable():
        return character
    return repr(character)[1:-1]


@dataclass(frozen=True)
class Text:
    """A text of one line that may be split."""

    value: str


@dataclass(frozen=True)
class Items:
    """A bracketed expression: a call, a list, or a dict.

    Attributes:
        opening: The opening, such as `atlan.table(` or `[`.
        closing: The closing, such as `)` or `]`.
        items: The prefix of each item, such as `name=`, and the item.
        spread: Whether each item is on a separate line, even if short.
    """

    opening: str
    closing: str
    items: Sequence[tuple[str, Node]]
    spread: bool = field(default=False)


Node = str | Text | Items
"""An expression. A `str` is written unchanged."""


def format_lines(node: Node, *, before: str = "", after: str = "", depth: int = 0) -> list[str]:
    """Return the lines of an expression.

    Args:
        node: The expression.
        before: The prefix of the first line, such as `load = `.
        after: The suffix of the last line, such as `,`.
        depth: The indentation level.
    """
    indent = _INDENT * depth
    flat = _flat(node)
    if flat is not None and len(indent + before + flat + after) <= WIDTH:
        return [indent + before + flat + after]
    if isinstance(node, Items):
        return _spread(node, before, after, depth)
    if isinstance(node, Text):
        return _parted(node, before, after, depth)
    return [indent + before + node + after]


def _flat(node: Node) -> str | None:
    """Return the expression on one line, or None if it needs several."""
    if isinstance(node, str):
        return None if "\n" in node else node
    if isinstance(node, Text):
        return literal(node.value)
    parts = [(before, _flat(item)) for before, item in node.items]
    if node.spread or any(item is None for _, item in parts):
        return None
    return node.opening + ", ".join(f"{before}{item}" for before, item in parts) + node.closing


def _spread(node: Items, before: str, after: str, depth: int) -> list[str]:
    indent = _INDENT * depth
    inner = [
        line
        for name, item in node.items
        for line in format_lines(item, before=name, after=",", depth=depth + 1)
    ]
    return [indent + before + node.opening, *inner, indent + node.closing + after]


def _parted(text: Text, before: str, after: str, depth: int) -> list[str]:
    indent, deeper = _INDENT * depth, _INDENT * (depth + 1)
    parts = pieces(text.value, WIDTH - len(deeper))
    if len(parts) == 1:
        return [indent + before + parts[0] + after]
    return [f"{indent}{before}(", *(deeper + part for part in parts), f"{indent}){after}"]


def expression(value: Any, texts: Mapping[str, str] = {}) -> Node:
    """Return the expression for a text, a number, a list, or a dict.

    Args:
        value: The value.
        texts: Constants for long texts, by their value.
    """
    if isinstance(value, str):
        return texts.get(value) or text(value)
    if isinstance(value, list):
        return Items("[", "]", [("", expression(item, texts)) for item in value])
    if isinstance(value, dict):
        return Items(
            "{", "}", [(f"{literal(key)}: ", expression(item, texts)) for key, item in value.items()]
        )
    return literal(value)


def text(value: str) -> Node:
    """Return the expression for a text, triple-quoted if it has several lines."""
    return block(value) if "\n" in value.rstrip("\n") else Text(value)
